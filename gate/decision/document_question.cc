#include "gate/decision/document_question.h"

#include <array>
#include <optional>
#include <utility>

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

#include "gate/base/duration.h"

namespace slogate {
namespace {

using json::Value;

constexpr std::array<std::pair<Comparator, absl::string_view>, 4> kComparators = {
    {{Comparator::kAtMost, "at_most"},
     {Comparator::kBelow, "below"},
     {Comparator::kAtLeast, "at_least"},
     {Comparator::kAbove, "above"}}};

absl::string_view Word(Comparator comparator) {
  for (const auto& [known, word] : kComparators) {
    if (known == comparator) return word;
  }
  return "";
}

std::string Exact(const Rational& value) { return value.ExactDecimal().value_or(""); }

absl::Status Broken(absl::string_view member) {
  return absl::InvalidArgumentError(absl::StrCat("\"", member, "\" of a question is broken"));
}

// Whole milliseconds, in seconds.
std::optional<absl::Duration> DurationOf(const Value& value) {
  const std::optional<Rational> seconds = Rational::FromDecimal(value.text());
  int64_t milliseconds = 0;
  if (!seconds || seconds->sign() < 0 ||
      !absl::SimpleAtoi(Exact(*seconds * Rational(1000)), &milliseconds)) {
    return std::nullopt;
  }
  return absl::Milliseconds(milliseconds);
}

absl::Status ReadSlicing(const Value& value, Slicing& slicing) {
  int64_t seconds = 0;
  if (!absl::SimpleAtoi(value["seconds"].text(), &seconds) || seconds <= 0)
    return Broken("seconds");
  slicing.length = absl::Seconds(seconds);
  const std::string& of = value["of"].text();
  if (of != "value" && of != "events") return Broken("of");
  slicing.of = of == "value" ? Slicing::Of::kValue : Slicing::Of::kEvents;
  SelectorMistake mistake;
  if (!value["part"].is_null() && !ParseSelector(value["part"].text(), slicing.part, mistake)) {
    return Broken("part");
  }
  if (!value["beside"].is_bool()) return Broken("beside");
  slicing.beside = value["beside"].boolean();
  bool known = false;
  for (const auto& [comparator, word] : kComparators) {
    if (value["comparator"].text() != word) continue;
    slicing.comparator = comparator;
    known = true;
  }
  if (!known) return Broken("comparator");
  const std::optional<Rational> limit = Rational::FromDecimal(value["limit"].text());
  if (!limit) return Broken("limit");
  slicing.limit = *limit;
  return absl::OkStatus();
}

// ", in slices of 5 m, whose value is above 0.5".
std::string DescribedSlicing(const Question& question) {
  const Slicing& slicing = *question.slicing;
  const std::string slices = absl::StrCat(", in slices of ", SpeakDuration(slicing.length));
  if (question.kind == QuestionKind::kSlices) {
    return absl::StrCat(
        slices, slicing.beside ? absl::StrCat(" with ", Print(slicing.part), " beside it") : "");
  }
  std::string words(Word(slicing.comparator));
  for (char& c : words) c = c == '_' ? ' ' : c;
  return absl::StrCat(
      slices, ": ",
      slicing.of == Slicing::Of::kValue ? "value" : absl::StrCat("share of ", Print(slicing.part)),
      " ", words, " ", Exact(slicing.limit));
}

}  // namespace

void AddRareMembers(const Question& question, json::Object& object) {
  if (question.within > absl::ZeroDuration()) {
    object["within_seconds"] = Exact(*Quotient(absl::ToInt64Milliseconds(question.within), 1000));
  }
  if (!question.promql.text.empty()) object["promql"] = question.promql.text;
  if (!question.slicing) return;
  const Slicing& slicing = *question.slicing;
  const bool of_value = slicing.of == Slicing::Of::kValue;
  object["slicing"] =
      json::Object{{"seconds", Value::Number(absl::ToInt64Seconds(slicing.length))},
                   {"of", of_value ? "value" : "events"},
                   {"part", slicing.part.metric.empty() ? Value() : Value(Print(slicing.part))},
                   {"beside", slicing.beside},
                   {"comparator", Word(slicing.comparator)},
                   {"limit", Exact(slicing.limit)}};
}

absl::Status ReadRareMembers(const Value& object, Question& question) {
  const Value& within = object["within_seconds"];
  if (!within.is_null()) {
    const std::optional<absl::Duration> read = DurationOf(within);
    if (!read) return Broken("within_seconds");
    question.within = *read;
  }
  const Value& promql = object["promql"];
  if (!promql.is_null()) {
    PromqlMistake mistake;
    if (!ParsePromql(promql.text(), {kWindowPlaceholder}, question.promql, mistake)) {
      return Broken("promql");
    }
  }
  const Value& slicing = object["slicing"];
  return slicing.is_null() ? absl::OkStatus() : ReadSlicing(slicing, question.slicing.emplace());
}

std::string Described(const Question& question) {
  std::string text(Word(question.kind));
  if (question.kind == QuestionKind::kClock) return text;
  absl::StrAppend(&text, " of ",
                  question.promql.text.empty() ? Print(question.selector) : question.promql.text,
                  " over ", SpeakDuration(question.over));
  if (question.ago > absl::ZeroDuration()) {
    absl::StrAppend(&text, ", until ", SpeakDuration(question.ago), " before");
  }
  if (question.within > absl::ZeroDuration()) {
    absl::StrAppend(&text, ", within ", SpeakDuration(question.within));
  }
  if (question.slicing) absl::StrAppend(&text, DescribedSlicing(question));
  return text;
}

}  // namespace slogate
