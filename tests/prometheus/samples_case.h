// A server of raw samples that are all known, beside one that is asked by PromQL, and what a source makes
// of both.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <gtest/gtest.h>

#include "gate/base/duration.h"
#include "gate/prometheus/remote_read_request.h"
#include "gate/prometheus/samples_source.h"
#include "tests/testing/fake_prometheus.h"
#include "tests/testing/fakes.h"
#include "tests/testing/sample_store.h"

namespace slogate {

inline const absl::Time kAt = absl::FromUnixSeconds(1'795'658'347);
inline constexpr absl::Duration kMinute = absl::Minutes(1);

inline Selector SelectorOf(absl::string_view text) {
  Selector selector;
  SelectorMistake mistake;
  EXPECT_TRUE(ParseSelector(text, selector, mistake)) << text << ": " << mistake.message;
  return selector;
}

inline Question On(QuestionKind kind, absl::string_view over,
                   absl::string_view selector = "x_total") {
  return {kind, "main", SelectorOf(selector), ParseDuration(over).value(),
          kind == QuestionKind::kCoverage ? absl::Minutes(5) : absl::ZeroDuration()};
}

inline Question Events(absl::string_view selector, absl::string_view over = "1h") {
  return On(QuestionKind::kEvents, over, selector);
}

inline std::string Shown(const Reading& reading) {
  std::string out = "no data";
  if (reading.value) {
    out = reading.value->low.ExactDecimal().value();
    if (!reading.value->exact())
      absl::StrAppend(&out, "..", reading.value->high.ExactDecimal().value());
    if (reading.estimate) out += " about";
    if (reading.step) out += " step";
    if (reading.rest) {
      absl::StrAppend(&out, " rest ", reading.rest->events.low.ExactDecimal().value(), "..",
                      reading.rest->events.high.ExactDecimal().value());
    }
  }
  for (const Finding& finding : reading.findings)
    absl::StrAppend(&out, "; ", Word(finding.kind), ": ", finding.detail);
  return out;
}

class SamplesSourceTest : public testing::Test {
 protected:
  // Each reading in a line; a '*' where the server was asked by PromQL.
  std::string Measure(std::vector<Question> questions) {
    const auto source = OpenSource("main", config_, credentials_, http_, Deadline(clock_, wait_),
                                   {}, Asking::kTogether);
    evidence_ = source->Measure(questions, kAt);
    EXPECT_EQ(evidence_.readings.size(), questions.size());
    return absl::StrJoin(evidence_.readings, "\n", [&](std::string* out, const Reading& reading) {
      absl::StrAppend(out, Shown(reading), AskedByPromql(reading) ? " *" : "");
    });
  }

  bool AskedByPromql(const Reading& reading) const {
    return !reading.answers.empty() &&
           evidence_.answers[reading.answers.back()].path != kSamplesPath;
  }

  HttpExchange Serve(const HttpRequest& request) {
    before_answer_();
    if (!absl::EndsWith(request.url, kSamplesPath)) return replies_(request);
    ++reads_;
    if (instead_) return *instead_;
    return fake::Answered(200, absl::StrCat(kStreamType, "; proto=prometheus.ChunkedReadResponse"),
                          Spoilt(store_.Frames(request.content->bytes)));
  }

  std::string Spoilt(std::string frames) const {
    spoil_(frames);
    return frames;
  }

  // One process of which all is known: requests since two hours ago, failures since half an hour ago.
  void Serving() {
    store_.Add(R"(x_total{instance="a",code="200"})", kAt - absl::Hours(2), kAt, kMinute, 0, 10);
    store_.Add(R"(x_total{instance="a",code="500"})", kAt - absl::Minutes(30), kAt, kMinute, 7, 1);
  }

  fake::FixedClock clock_{kAt};
  absl::Duration wait_ = absl::Seconds(60);
  SourceConfig config_ = [] {
    SourceConfig config;
    config.url.value = "https://prometheus.example";
    config.counting = Counting::kAuto;
    return config;
  }();
  Credentials credentials_;
  fake::SampleStore store_;
  fake::PrometheusReplies replies_{kAt};
  std::optional<HttpExchange> instead_;
  std::function<void(std::string& frames)> spoil_ = [](std::string&) {};
  std::function<void()> before_answer_ = [] {};
  int reads_ = 0;
  Evidence evidence_;
  fake::ScriptedHttp http_{[this](const HttpRequest& request) { return Serve(request); }};
};

}  // namespace slogate
