#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_split.h>

#include "gate/prometheus/prometheus_source.h"
#include "gate/text/json.h"
#include "tests/fuzz/fuzz.h"
#include "tests/testing/fakes.h"

namespace slogate {
namespace {

constexpr char kSecret[] = "tok-6fd1c2a9";

// The number in a body, found without any of the strictness of the reader of answers.
std::optional<Rational> NumberIn(const std::string& body) {
  const absl::StatusOr<json::Value> json = json::Parse(body);
  if (!json.ok() || !(*json)["data"]["result"].is_array()) return std::nullopt;
  const json::Array& result = (*json)["data"]["result"].array();
  if (result.empty()) return std::nullopt;
  const json::Array& sample = result[0].is_object() ? result[0]["value"].array() : result;
  double number = 0;
  if (sample.size() != 2 || !absl::SimpleAtod(sample[1].text(), &number)) return std::nullopt;
  return Rational::FromDouble(number);
}

void RequireHonest(const Reading& reading, const HttpExchange& exchange) {
  Require(reading.findings.empty() || !reading.value, "a value or findings, never both");
  for (const Finding& finding : reading.findings) {
    RequirePrintable(finding.detail, "a finding is printable");
    Require(!absl::StrContains(finding.detail, kSecret), "a finding shows no secret");
  }
  if (!reading.value) return;
  Require(reading.value->low.sign() >= 0, "no measure is negative");
  Require(reading.value->low <= reading.value->high, "bounds have an order");
  if (reading.question.kind == QuestionKind::kSeriesSeen) return;  // a failure there means no
  Require(exchange.status == 200, "only a success has a value");
  const std::optional<Rational> number = NumberIn(exchange.body);
  Require(number.has_value(), "a value was in the answer");
  if (number && reading.question.kind == QuestionKind::kEvents)
    Require(reading.value->low <= *number && *number <= reading.value->high, "and it is that");
}

// Total and bad of two services, which one query asks for.
std::vector<Question> Together() {
  std::vector<Question> questions;
  for (const char* service : {"a", "b"}) {
    const Selector total{"requests", {{"service", "=", service}}};
    Selector bad = total;
    bad.matchers.push_back({"code", "=~", "5.."});
    for (const Selector& counter : {total, bad})
      questions.push_back({QuestionKind::kEvents, "main", counter, absl::Hours(24)});
  }
  return questions;
}

// What is wrong with an answer that serves several questions never becomes a count for one of them.
bool RequireHonestShares(const Evidence& evidence) {
  bool counted = false;
  for (const Reading& reading : evidence.readings) {
    Require(reading.findings.empty() || !reading.value, "a value or findings, never both");
    for (const Finding& finding : reading.findings) {
      RequirePrintable(finding.detail, "a finding is printable");
      Require(!absl::StrContains(finding.detail, kSecret), "a finding shows no secret");
    }
    counted = counted || reading.value;
  }
  for (const size_t total : {size_t{0}, size_t{2}}) {
    const Reading &whole = evidence.readings[total], &part = evidence.readings[total + 1];
    if (part.value) {
      Require(whole.value || !whole.findings.empty(),
              "where a part is, the whole is, or a finding");
    }
    if (part.value && whole.value) {
      Require(part.value->low.sign() >= 0, "no count is negative");
      Require(part.value->high <= whole.value->high, "no part is more than the whole");
    }
  }
  return counted;
}

}  // namespace

bool FuzzAnswer(absl::string_view input) {
  const std::vector<std::string> parts = absl::StrSplit(input, absl::MaxSplits('\n', 1));
  const std::vector<std::string> head = absl::StrSplit(parts[0], absl::MaxSplits(' ', 1));
  int status = 0;
  if (parts.size() < 2 || head.size() < 2 || !absl::SimpleAtoi(head[0], &status)) return false;
  const HttpExchange exchange = fake::Answered(status, head[1], parts[1]);
  fake::ScriptedHttp http([&](const HttpRequest&) { return exchange; });
  fake::FixedClock clock(absl::FromUnixSeconds(1'795'403'560));
  SourceConfig config;
  config.url.value = "http://prometheus.test";
  Credentials credentials;
  credentials.secrets = {kSecret};
  const std::unique_ptr<Source> source =
      PrometheusSource("main", config, credentials, http, Deadline(clock, absl::Minutes(1)), {});

  std::vector<Question> questions;
  using Kind = QuestionKind;
  for (const Kind kind : {Kind::kClock, Kind::kEvents, Kind::kNewestSample, Kind::kHistory,
                          Kind::kSeriesSeen, Kind::kBucketBounds}) {
    questions.push_back({kind, "main", {"requests", {}}, absl::Hours(24)});
  }
  bool measured = false;
  const Evidence evidence = source->Measure(questions, clock.now);
  Require(evidence.readings.size() == questions.size(), "one reading a question");
  for (const Reading& reading : evidence.readings) {
    RequireHonest(reading, exchange);
    measured = measured || (reading.question.kind == QuestionKind::kEvents && reading.value);
  }
  const Evidence shared = source->Measure(Together(), clock.now);
  Require(shared.readings.size() == Together().size(), "one reading a question");
  measured = RequireHonestShares(shared) || measured;
  for (const Evidence* one : {&evidence, &shared}) {
    for (const Answer& answer : one->answers)
      Require(!absl::StrContains(answer.body, kSecret), "no record holds a secret");
  }
  return measured;
}

}  // namespace slogate
