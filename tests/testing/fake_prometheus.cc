#include "tests/testing/fake_prometheus.h"

#include <cstdint>
#include <set>
#include <utility>

#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_replace.h>
#include <absl/strings/str_split.h>

#include "gate/base/rational.h"

namespace slogate::fake {
namespace {

// Stands for the instant of the answer; a quoted text never has it.
constexpr absl::string_view kInstant = "\x01";

// A JSON string; bytes beyond ASCII as they are.
std::string Quoted(absl::string_view text) {
  std::string quoted = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      absl::StrAppendFormat(&quoted, "\\u%04x", static_cast<unsigned>(c));
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

std::string LabelsJson(const Labels& labels) {
  const std::string members =
      absl::StrJoin(labels, ",", [](std::string* out, const Labels::value_type& label) {
        absl::StrAppend(out, Quoted(label.first), ":", Quoted(label.second));
      });
  return absl::StrCat("{", members, "}");
}

// As Prometheus writes a time: seconds, three decimals only where they are not zero.
std::string Seconds(absl::Time time) {
  const int64_t milliseconds = absl::ToUnixMillis(time);
  if (milliseconds % 1000 == 0) return absl::StrCat(milliseconds / 1000);
  return absl::StrFormat("%d.%03d", milliseconds / 1000, milliseconds % 1000);
}

// The `time` of a request: seconds or RFC 3339; `now` where it has none.
absl::Time InstantOf(const Request& request, absl::Time now) {
  const std::string text = request.Form("time");
  double seconds = 0;
  absl::Time time;
  if (absl::SimpleAtod(text, &seconds))
    return absl::FromUnixMillis(static_cast<int64_t>(seconds * 1000 + 0.5));
  return absl::ParseTime(absl::RFC3339_full, text, &time, nullptr) ? time : now;
}

std::string VectorJson(const std::vector<Sample>& samples) {
  const std::string list = absl::StrJoin(samples, ",", [](std::string* out, const Sample& sample) {
    absl::StrAppend(out, R"({"metric":)", LabelsJson(sample.labels), R"(,"value":[)", kInstant, ",",
                    Quoted(sample.value), "]}");
  });
  return absl::StrCat(R"({"resultType":"vector","result":[)", list, "]}");
}

// What is left of a counter without the parts that are told apart; nothing where nothing is.
std::optional<std::string> Rest(const std::string& whole, const std::vector<std::string>& parts) {
  std::optional<Rational> rest = Rational::FromDecimal(whole);
  if (!rest) return whole;  // NaN
  for (const std::string& part : parts) rest = *rest - Rational::FromDecimal(part).value_or(0);
  if (rest->sign() < 0 || (rest->sign() == 0 && !parts.empty())) return std::nullopt;
  return rest->ExactDecimal();
}

Reply Success(absl::string_view data) {
  return Json(absl::StrCat(R"({"status":"success","data":)", data, "}"));
}

}  // namespace

PrometheusReplies& PrometheusReplies::Scalar(absl::string_view query, absl::string_view value) {
  results_[std::string(query)] =
      absl::StrCat(R"({"resultType":"scalar","result":[)", kInstant, ",", Quoted(value), "]}");
  return *this;
}

PrometheusReplies& PrometheusReplies::Vector(absl::string_view query, std::vector<Sample> samples) {
  results_[std::string(query)] = VectorJson(samples);
  samples_[std::string(query)] = std::move(samples);
  return *this;
}

PrometheusReplies& PrometheusReplies::Value(absl::string_view query, absl::string_view value) {
  return Vector(query, {{{}, std::string(value)}});
}

PrometheusReplies& PrometheusReplies::Series(absl::string_view match, std::vector<Labels> series) {
  series_[std::string(match)] = std::move(series);
  return *this;
}

PrometheusReplies& PrometheusReplies::Instead(absl::string_view query, Reply reply) {
  instead_[std::string(query)] = std::move(reply);
  return *this;
}

PrometheusReplies& PrometheusReplies::Always(Reply reply) {
  always_ = {std::move(reply)};
  return *this;
}

std::vector<std::pair<std::string, Belonging>> PrometheusReplies::DividedBy(
    const std::string& query) const {
  const std::optional<SelectorQuery> divided = SelectorQuery::Parse(query);
  if (!divided || divided->by.empty()) return {};
  std::set<std::string> known;
  for (const auto& [text, samples] : samples_) known.insert(text);
  for (const auto& [text, reply] : instead_) known.insert(text);
  std::vector<std::pair<std::string, Belonging>> singles;
  for (const std::string& text : known) {
    const std::optional<SelectorQuery> single = SelectorQuery::Parse(text);
    const auto belonging = single ? BelongingOf(*single, *divided) : std::nullopt;
    if (belonging) singles.emplace_back(text, *belonging);
  }
  return singles;
}

bool PrometheusReplies::Knows(const std::string& asked) const {
  return !always_.empty() || results_.count(asked) + instead_.count(asked) + series_.count(asked) ||
         !DividedBy(asked).empty();
}

std::optional<Reply> PrometheusReplies::Divided(const std::string& query, absl::Time at) const {
  const auto singles = DividedBy(query);
  if (singles.empty()) return std::nullopt;
  for (const auto& [text, belonging] : singles) {
    const auto instead = instead_.find(text);
    if (instead != instead_.end()) return instead->second;
  }
  const std::string split = SelectorQuery::Parse(query)->by.back();
  std::vector<Sample> answer;
  for (const auto& [text, whole] : singles) {
    std::vector<std::string> parts;
    for (const auto& [part_text, part] : singles) {
      Labels labels = part.labels;
      labels.erase(split);
      if (part.whole || !whole.whole || labels != whole.labels) continue;
      for (const Sample& sample : samples_.at(part_text)) parts.push_back(sample.value);
    }
    const std::vector<Sample>& told = samples_.at(text);
    const bool sum = told.size() == 1;
    for (const Sample& sample : told) {
      const auto value =
          whole.whole && sum ? Rest(sample.value, parts) : std::optional(sample.value);
      Labels labels = whole.labels;
      if (whole.whole) labels.try_emplace(split, "fine");
      if (value) answer.push_back({labels, *value});
    }
  }
  return Success(absl::StrReplaceAll(VectorJson(answer), {{kInstant, Seconds(at)}}));
}

Reply PrometheusReplies::Query(const std::string& query, absl::Time at) const {
  const auto known = results_.find(query);
  if (known != results_.end())
    return Success(absl::StrReplaceAll(known->second, {{kInstant, Seconds(at)}}));
  if (const std::optional<Reply> divided = Divided(query, at)) return *divided;
  if (query != "time()") return Success(R"({"resultType":"vector","result":[]})");
  return Success(absl::StrCat(R"({"resultType":"scalar","result":[)", Seconds(at), ",",
                              Quoted(Seconds(at)), "]}"));
}

Reply PrometheusReplies::operator()(const Request& request) const {
  if (!always_.empty()) return always_[0];
  const bool query = absl::EndsWith(request.path, "/api/v1/query");
  if (!query && !absl::EndsWith(request.path, "/api/v1/series")) {
    return Answer(404, "text/plain; charset=utf-8", "404 page not found\n");
  }
  const std::string asked = request.Form(query ? "query" : "match[]");
  const auto instead = instead_.find(asked);
  if (instead != instead_.end()) return instead->second;
  if (query) return Query(asked, InstantOf(request, now_));
  const auto series = series_.find(asked);
  if (series == series_.end()) return Success("[]");
  return Success(absl::StrCat("[",
                              absl::StrJoin(series->second, ",",
                                            [](std::string* out, const Labels& labels) {
                                              absl::StrAppend(out, LabelsJson(labels));
                                            }),
                              "]"));
}

HttpExchange PrometheusReplies::operator()(const HttpRequest& request) const {
  Request received;
  received.method = "POST";
  const size_t host = request.url.find("://");
  const size_t path = host == std::string::npos ? host : request.url.find('/', host + 3);
  received.target = path == std::string::npos ? "/" : request.url.substr(path);
  received.path = received.target.substr(0, received.target.find('?'));
  received.headers = request.headers;
  received.form = request.form;

  const Reply reply = (*this)(received);
  HttpExchange exchange;
  const std::pair<std::string, std::string> parts =
      absl::StrSplit(reply.bytes, absl::MaxSplits("\r\n\r\n", 1));
  if (reply.then != Reply::Then::kKeepOpen || !reply.endless.empty() || parts.first.size() < 12 ||
      !absl::SimpleAtoi(parts.first.substr(9, 3), &exchange.status)) {
    exchange.failure = "the connection was reset";
    return exchange;
  }
  for (absl::string_view line : absl::StrSplit(parts.first, "\r\n")) {
    const std::pair<absl::string_view, absl::string_view> halves =
        absl::StrSplit(line, absl::MaxSplits(": ", 1));
    if (halves.first == "Content-Type") exchange.content_type = std::string(halves.second);
    if (halves.first == "Location") exchange.location = std::string(halves.second);
  }
  exchange.end = HttpEnd::kAnswered;
  exchange.body = parts.second;
  return exchange;
}

Reply ErrorReply(int status, absl::string_view type, absl::string_view message) {
  return Answer(status, "application/json",
                absl::StrCat(R"({"status":"error","errorType":)", Quoted(type), R"(,"error":)",
                             Quoted(message), "}"));
}

Reply WarnedReply(absl::string_view data, const std::vector<std::string>& warnings) {
  const std::string list = absl::StrJoin(
      warnings, ",",
      [](std::string* out, const std::string& warning) { absl::StrAppend(out, Quoted(warning)); });
  return Json(absl::StrCat(R"({"status":"success","data":)", data, R"(,"warnings":[)", list, "]}"));
}

}  // namespace slogate::fake
