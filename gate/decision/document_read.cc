#include <utility>

#include <absl/status/status.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

#include "gate/base/duration.h"
#include "gate/base/limits.h"
#include "gate/base/sha256.h"
#include "gate/decision/document.h"
#include "gate/decision/document_calendar.h"
#include "gate/decision/document_past.h"
#include "gate/decision/document_question.h"
#include "gate/text/diagnostic.h"

namespace slogate {
namespace {

using json::Value;

// Reads members of the document and remembers the first that is not what it must be.
class Reader {
 public:
  const absl::Status& status() const { return status_; }

  // `what` may quote the document.
  void Fail(absl::string_view what) {
    if (!status_.ok()) return;
    status_ = absl::InvalidArgumentError(
        absl::StrCat("not a decision document: ", Cut(Printable(what), limits::kQuotedBytes)));
  }

  // What people wrote into files, and servers into answers: any text.
  std::string Content(const Value& object, absl::string_view key) {
    const Value& value = object[key];
    if (!value.is_string()) Fail(absl::StrCat("\"", key, "\" is missing or no text"));
    return value.text();
  }

  // Everything else stands on a terminal as it is; the gate writes nothing that cannot.
  std::string Text(const Value& object, absl::string_view key) {
    std::string text = Content(object, key);
    if (Printable(text) != text) {
      Fail(
          absl::StrCat("\"", key, "\" holds characters that a terminal does not show as they are"));
    }
    return text;
  }

  std::string TextOrEmpty(const Value& object, absl::string_view key) {
    return object[key].is_null() ? "" : Text(object, key);
  }

  const json::Array& List(const Value& object, absl::string_view key) {
    if (!object[key].is_array()) Fail(absl::StrCat("\"", key, "\" is missing or no list"));
    return object[key].array();
  }

  bool Bool(const Value& object, absl::string_view key) {
    if (!object[key].is_bool())
      Fail(absl::StrCat("\"", key, "\" is missing or neither true nor false"));
    return object[key].boolean();
  }

  int64_t Integer(const Value& value, absl::string_view what) {
    int64_t number = 0;
    if (!value.is_number() || !absl::SimpleAtoi(value.text(), &number)) {
      Fail(absl::StrCat("\"", what, "\" is missing or no integer"));
    }
    return number;
  }

  Rational Exact(const Value& object, absl::string_view key) {
    const std::optional<Rational> value = Rational::FromDecimal(Text(object, key));
    if (!value) Fail(absl::StrCat("\"", key, "\" is no decimal"));
    return value.value_or(0);
  }

  std::optional<Rational> ExactOrNone(const Value& object, absl::string_view key) {
    if (object[key].is_null()) return std::nullopt;
    return Exact(object, key);
  }

 private:
  absl::Status status_;
};

Answer ReadAnswer(Reader& in, const Value& value) {
  return {in.Text(value, "source"), in.Text(value, "path"), in.Text(value, "query"),
          static_cast<int>(in.Integer(value["status"], "status")), in.Content(value, "body")};
}

Finding ReadFinding(Reader& in, const Value& value) {
  const std::optional<FindingKind> kind = FindingFromWord(in.Text(value, "kind"));
  if (!kind) in.Fail(absl::StrCat("unknown finding \"", value["kind"].text(), "\""));
  return {kind.value_or(FindingKind::kMalformedAnswer), in.ExactOrNone(value, "measured"),
          in.ExactOrNone(value, "limit"), in.Text(value, "detail")};
}

Bounds ReadBounds(Reader& in, const Value& value) {
  const Bounds bounds{in.Exact(value, "low"), in.Exact(value, "high")};
  if (bounds.low > bounds.high) in.Fail("a reading's low end is above its high end");
  return bounds;
}

Selector ReadSelector(Reader& in, const Value& value, absl::string_view key) {
  Selector selector;
  SelectorMistake mistake;
  if (!ParseSelector(in.Text(value, key), selector, mistake))
    in.Fail(absl::StrCat("a selector is broken: ", mistake.message));
  return selector;
}

Reading ReadReading(Reader& in, const Value& value, size_t answers) {
  Reading reading;
  const std::optional<QuestionKind> kind = QuestionFromWord(in.Text(value, "kind"));
  if (!kind) in.Fail(absl::StrCat("unknown question \"", value["kind"].text(), "\""));
  reading.question.kind = kind.value_or(QuestionKind::kClock);
  reading.question.source = in.Text(value, "source");
  if (reading.question.kind != QuestionKind::kClock) {
    // Only PromQL, which says itself what it is about, does without.
    if (value["promql"].is_null()) {
      reading.question.selector = ReadSelector(in, value, "selector");
    }
    reading.question.over = absl::Seconds(in.Integer(value["over_seconds"], "over_seconds"));
  }
  if (reading.question.kind == QuestionKind::kCoverage) {
    reading.question.max_age =
        absl::Seconds(in.Integer(value["max_age_seconds"], "max_age_seconds"));
  }
  if (reading.question.kind == QuestionKind::kEvents && !value["ago_seconds"].is_null()) {
    reading.question.ago = absl::Seconds(in.Integer(value["ago_seconds"], "ago_seconds"));
  }
  if (const absl::Status rare = ReadRareMembers(value, reading.question); !rare.ok()) {
    in.Fail(rare.message());
  }
  if (!value["value"].is_null()) reading.value = ReadBounds(in, value["value"]);
  reading.estimate = in.Bool(value, "estimate");
  // Earlier versions lack both.
  reading.step = !value["step"].is_null() && in.Bool(value, "step");
  if (const Value& rest = value["rest"]; !rest.is_null())
    reading.rest = Rest{ReadSelector(in, rest, "whole"), ReadBounds(in, rest)};
  for (const Value& finding : in.List(value, "findings"))
    reading.findings.push_back(ReadFinding(in, finding));
  for (const Value& index : in.List(value, "answers")) {
    const int64_t answer = in.Integer(index, "answers");
    if (answer < 0 || static_cast<size_t>(answer) >= answers) {
      in.Fail("a reading points to an answer that is not there");
    } else {
      reading.answers.push_back(static_cast<size_t>(answer));
    }
  }
  return reading;
}

SourceNote ReadSource(Reader& in, const Value& value) {
  SourceNote source{in.Text(value, "name"), in.Text(value, "url"), ServerKind::kPrometheus};
  if (value["kind"].is_null()) return source;
  const std::optional<ServerKind> kind = ServerKindFromWord(in.Text(value, "kind"));
  if (!kind) in.Fail("\"kind\" of a source is unknown");
  source.kind = kind.value_or(ServerKind::kPrometheus);
  return source;
}

bool IdMatches(const Value& document) {
  Value rest = document;
  rest.object().erase("id");
  return document["id"].text() ==
         absl::StrCat("sha256:", Sha256Hex(absl::StrCat(json::Dump(rest), "\n")));
}

std::optional<InstantSource> InstantSourceFromWord(absl::string_view word) {
  for (const InstantSource source :
       {InstantSource::kServer, InstantSource::kGate, InstantSource::kFlag}) {
    if (Word(source) == word) return source;
  }
  return std::nullopt;
}

}  // namespace

absl::StatusOr<Document> ReadDocument(absl::string_view bytes) {
  absl::StatusOr<Value> parsed = json::Parse(bytes);
  if (!parsed.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("not a decision document: ", parsed.status().message()));
  }
  Reader in;
  const Value& json = *parsed;
  if (json["apiVersion"].text() != "slogate/v1" || json["kind"].text() != "Decision") {
    in.Fail("it must say \"apiVersion\": \"slogate/v1\" and \"kind\": \"Decision\"");
    return in.status();
  }
  Decision inputs;
  const std::optional<absl::Time> instant = ParseTime(in.Text(json, "instant"));
  if (!instant) in.Fail("\"instant\" is no time");
  inputs.instant = instant.value_or(absl::UnixEpoch());
  const std::optional<InstantSource> source =
      InstantSourceFromWord(in.Text(json, "instant_source"));
  if (!source) in.Fail("\"instant_source\" is unknown");
  inputs.instant_source = source.value_or(InstantSource::kGate);
  inputs.dry_run = in.Bool(json, "dry_run");

  const Value& subject = json["subject"];
  inputs.request.subject = {
      in.Text(subject, "service"),         in.TextOrEmpty(subject, "environment"),
      in.TextOrEmpty(subject, "artifact"), in.TextOrEmpty(subject, "version"),
      in.TextOrEmpty(subject, "commit"),   in.TextOrEmpty(subject, "run_url"),
      in.TextOrEmpty(subject, "actor")};
  for (const char* field : {"actor", "commit", "ref", "repository", "run_url"}) {
    const Value& claimed = subject["claimed"][field];
    if (claimed.is_null()) continue;
    inputs.claims[field] = {in.Text(claimed, "value"), in.Text(claimed, "variable")};
  }
  inputs.request.change = in.Text(subject["change"], "claimed");
  inputs.request.ticket = in.TextOrEmpty(subject["change"], "ticket");

  absl::StatusOr<std::optional<History>> history = ReadHistory(json["history"]);
  if (history.ok()) {
    inputs.request.history = *std::move(history);
  } else {
    in.Fail(history.status().message());
  }

  absl::StatusOr<CalendarFacts> calendar = ReadCalendar(json["calendar"], inputs.instant);
  if (calendar.ok()) {
    inputs.calendar = *std::move(calendar);
  } else {
    in.Fail(calendar.status().message());
  }

  for (const Value& file : in.List(json["policy"], "files")) {
    inputs.files.push_back({in.Text(file, "path"), in.Content(file, "text")});
    if (in.Text(file, "sha256") != Sha256Hex(inputs.files.back().text)) {
      in.Fail(absl::StrCat("the text of ", inputs.files.back().path, " does not have its sha256"));
    }
  }

  if (inputs.files.empty()) in.Fail("\"files\" is empty");

  const Value& evidence = json["evidence"];
  const bool several = !evidence["sources"].is_null();
  const json::Array one = {evidence["source"]};
  for (const Value& asked : several ? in.List(evidence, "sources") : one) {
    inputs.sources.push_back(ReadSource(in, asked));
  }
  if (inputs.sources.empty()) in.Fail("\"sources\" is empty");
  for (const Value& answer : in.List(evidence, "answers")) {
    inputs.evidence.answers.push_back(ReadAnswer(in, answer));
  }
  for (const Value& reading : in.List(evidence, "readings")) {
    inputs.evidence.readings.push_back(ReadReading(in, reading, inputs.evidence.answers.size()));
  }
  if (!in.status().ok()) return in.status();
  const bool id_matches = IdMatches(json);
  return Document{*std::move(parsed), std::move(inputs), id_matches};
}

}  // namespace slogate
