#include "gate/prometheus/sample_read.h"

#include <algorithm>
#include <initializer_list>
#include <utility>
#include <variant>

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "gate/base/duration.h"
#include "gate/base/limits.h"
#include "gate/prometheus/envelope.h"
#include "gate/text/diagnostic.h"

namespace slogate {
namespace {

using Kind = ReadEnd::Kind;

ReadEnd Because(Kind kind, FindingKind finding, std::string detail) {
  return {kind, {finding, {}, {}, std::move(detail)}};
}

bool IsStream(absl::string_view content_type) {
  const absl::string_view type = content_type.substr(0, content_type.find(';'));
  return absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(type), kStreamType);
}

// What a server says that knows no remote read, or none that streams. VictoriaMetrics says 400.
bool IsNotOffered(const HttpExchange& exchange) {
  for (const int status : {404, 405, 406, 415, 501}) {
    if (exchange.status == status) return true;
  }
  if (exchange.status == 200) return !IsStream(exchange.content_type);
  const std::string words = absl::AsciiStrToLower(exchange.body);
  return exchange.status == 400 && (absl::StrContains(words, "unsupported path requested") ||
                                    absl::StrContains(words, "missing -http.pathprefix"));
}

// An answer that is no stream of samples.
ReadEnd FromAnswer(const HttpExchange& exchange, const Credentials& credentials) {
  const std::string words = Quoted(exchange.body, credentials);
  const std::string told = absl::StrCat(
      "HTTP ", exchange.status,
      exchange.status == 200
          ? absl::StrCat(" with content type ", Quoted(exchange.content_type, credentials))
          : "",
      words.empty() ? "" : absl::StrCat(": ", words));
  if (IsNotOffered(exchange)) {
    return Because(
        Kind::kNotOffered, FindingKind::kRejectedQuery,
        absl::StrCat(
            "it streams no raw samples (", told,
            "), which counting: samples wants; counting: auto would make do with increase()"));
  }
  for (const int status : {400, 413, 422}) {
    if (exchange.status != status) continue;
    return Because(Kind::kFailed, FindingKind::kRejectedQuery,
                   absl::StrCat("a read of raw samples: ", told));
  }
  auto read = ReadEnvelope(exchange, credentials);
  if (auto* finding = std::get_if<Finding>(&read)) return {Kind::kFailed, std::move(*finding)};
  return Because(Kind::kFailed, FindingKind::kMalformedAnswer, told);
}

ReadEnd FromStatus(const absl::Status& status) {
  const std::string detail = absl::StrCat("a read of raw samples: ", std::string(status.message()));
  if (absl::IsResourceExhausted(status))
    return Because(Kind::kTooLarge, FindingKind::kTooLarge, detail);
  if (absl::IsUnimplemented(status))
    return Because(Kind::kUnknownForm, FindingKind::kRejectedQuery, detail);
  return Because(Kind::kFailed, FindingKind::kMalformedAnswer, detail);
}

std::string RangeText(const ReadQuery& query) {
  return absl::StrCat(Print(query.selector), "[",
                      PrintDuration(absl::Milliseconds(query.end_ms - query.start_ms)), "]");
}

}  // namespace

SampleRead::SampleRead(std::vector<ReadQuery> queries, SampleSink& sink, size_t most_bytes)
    : queries_(std::move(queries)), most_bytes_(most_bytes), frames_(queries_, sink) {}

HttpRequest SampleRead::RequestTo(const SourceConfig& source, const Credentials& credentials) {
  HttpRequest request = RemoteReadRequest(source, credentials, queries_);
  request.sink = {kStreamType, [this](absl::string_view bytes) { return Take(bytes); }};
  return request;
}

bool SampleRead::Take(absl::string_view bytes) {
  bytes_ += bytes.size();
  sha256_.Add(bytes);
  status_ = bytes_ > most_bytes_
                ? absl::ResourceExhaustedError(absl::StrCat("more than ", most_bytes_, " bytes"))
                : frames_.Feed(bytes);
  return status_.ok();
}

ReadEnd SampleRead::Finish(const HttpExchange& exchange, const Credentials& credentials) {
  if (!status_.ok()) return FromStatus(status_);
  if (exchange.end == HttpEnd::kAnswered && exchange.status == 200 &&
      IsStream(exchange.content_type)) {
    status_ = frames_.Finish();
    return status_.ok() ? ReadEnd{Kind::kRead} : FromStatus(status_);
  }
  if (exchange.end == HttpEnd::kAnswered) return FromAnswer(exchange, credentials);
  auto read = ReadEnvelope(exchange, credentials);  // only what failed
  return {exchange.end == HttpEnd::kTooLarge ? Kind::kTooLarge : Kind::kFailed,
          std::get<Finding>(std::move(read))};
}

Answer SampleRead::Record(const std::string& source, const HttpExchange& exchange,
                          const ReadEnd& end, json::Object kept, const Credentials& credentials) {
  Answer answer{source, kSamplesPath,
                absl::StrJoin(queries_, ", ",
                              [](auto* out, const auto& one) { out->append(RangeText(one)); }),
                exchange.status, ""};
  if (end.kind == Kind::kRead) {
    kept["bytes"] = json::Value::Number(static_cast<int64_t>(bytes_));
    kept["sha256"] = Hex(sha256_.Finish());
    answer.body = json::Dump(json::Value(std::move(kept)));
  } else {
    answer.body = exchange.body;
  }
  answer.body = MaskCredentials(credentials, std::move(answer.body));
  if (end.kind != Kind::kRead) answer.body = Cut(answer.body, 4 * limits::kQuotedBytes);
  return answer;
}

}  // namespace slogate
