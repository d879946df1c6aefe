#include "gate/prometheus/samples_source.h"

#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <gtest/gtest.h>

#include "gate/base/duration.h"
#include "gate/prometheus/remote_read_request.h"
#include "gate/text/json.h"
#include "tests/testing/fake_prometheus.h"
#include "tests/testing/fakes.h"
#include "tests/testing/sample_store.h"

namespace slogate {
namespace {

const absl::Time kAt = absl::FromUnixSeconds(1'795'658'347);
constexpr absl::Duration kMinute = absl::Minutes(1);

Selector Parsed(absl::string_view text) {
  Selector selector;
  SelectorMistake mistake;
  EXPECT_TRUE(ParseSelector(text, selector, mistake)) << text << ": " << mistake.message;
  return selector;
}

Question On(QuestionKind kind, absl::string_view over, absl::string_view selector = "x_total") {
  return {kind, "main", Parsed(selector), ParseDuration(over).value(),
          kind == QuestionKind::kCoverage ? absl::Minutes(5) : absl::ZeroDuration()};
}

Question Events(absl::string_view selector, absl::string_view over = "1h") {
  return On(QuestionKind::kEvents, over, selector);
}

std::string Shown(const Reading& reading) {
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

// The failures' counter is made with the first of them: seven until its first sample.
TEST_F(SamplesSourceTest, CountsWhatACounterHeldAtItsFirstSample) {
  Serving();
  EXPECT_EQ(Measure({Events("x_total"), Events(R"(x_total{code=~"5.."})"),
                     Events(R"(x_total{code=~"5.."})", "5m"), Events(R"(x_total{code="404"})")}),
            "637\n37 rest 600..600\n5 rest 50..50\nno data");
  EXPECT_EQ(reads_, 1);
  ASSERT_EQ(evidence_.answers.size(), 1U);
  EXPECT_EQ(evidence_.answers[0].query, "x_total[1h5m]");
  EXPECT_EQ(evidence_.answers[0].status, 200);
  for (const Reading& reading : evidence_.readings)
    EXPECT_EQ(reading.answers, std::vector<size_t>{0});
}

TEST_F(SamplesSourceTest, KeepsWhatEachSeriesCountedWithTheHashOfAll) {
  Serving();
  Measure({Events("x_total"), Events(R"(x_total{code=~"5.."})")});
  const absl::StatusOr<json::Value> body = json::Parse(evidence_.answers[0].body);
  ASSERT_TRUE(body.ok()) << body.status();
  EXPECT_EQ((*body)["sha256"].text().size(), 64U);
  EXPECT_EQ((*body)["series_left_out"].text(), "0");
  const json::Array& series = (*body)["series"].array();
  ASSERT_EQ(series.size(), 2U);
  EXPECT_EQ(json::Dump(series[0]),
            R"({"counted":{"1h":{"across_start":"0","events":"30"}},)"
            R"("first":{"at":"2026-11-26T01:29:07Z","value":"7"},)"
            R"("labels":{"__name__":"x_total","code":"500","instance":"a"}})");
}

TEST_F(SamplesSourceTest, KeepsNoMoreSeriesThanPeopleCanRead) {
  for (int i = 0; i < 203; ++i) {
    store_.Add(absl::StrCat("x_total{instance=\"", i, "\"}"), kAt - absl::Hours(2), kAt, kMinute, 0,
               i);
  }
  Measure({Events("x_total")});
  const absl::StatusOr<json::Value> body = json::Parse(evidence_.answers[0].body);
  ASSERT_TRUE(body.ok()) << body.status();
  EXPECT_EQ((*body)["series"].array().size(), 200U);
  EXPECT_EQ((*body)["series"].array()[0]["labels"]["instance"].text(), "202");
  EXPECT_EQ((*body)["series_left_out"].text(), "3");
}

TEST_F(SamplesSourceTest, AnswersFreshnessHistoryAndCoverageFromTheSameSamples) {
  store_.Add("x_total", kAt - absl::Hours(3) - absl::Seconds(40), kAt, kMinute, 0, 1);
  EXPECT_EQ(Measure({Events("x_total", "2h"), On(QuestionKind::kNewestSample, "5m"),
                     On(QuestionKind::kHistory, "2h"), On(QuestionKind::kCoverage, "2h")}),
            "119.333333 about\n40\n7200\n24");
  EXPECT_EQ(http_.batches.size(), 1U);
}

TEST_F(SamplesSourceTest, AsksByPromqlWhatSamplesDoNotTell) {
  Serving();
  replies_.Value("group(last_over_time(x_total[1h]))", "1");
  replies_.Value("group(last_over_time(x_total[5m] offset 1h55m))", "1");
  EXPECT_EQ(Measure({{QuestionKind::kClock, "main", {}, {}},
                     Events("x_total"),
                     On(QuestionKind::kSeriesSeen, "1h"),
                     On(QuestionKind::kHistory, "2h"),
                     On(QuestionKind::kNewestSample, "1d", "y_total")}),
            "1795658347 *\n637\n1 *\n7200 *\nno data *");
}

TEST_F(SamplesSourceTest, FollowingQuestionsReadNothingAnew) {
  Serving();
  const auto source = OpenSource("main", config_, credentials_, http_, Deadline(clock_, wait_), {},
                                 Asking::kTogether);
  source->Measure({Events("x_total")}, kAt);
  const Evidence more =
      source->Measure({Events("x_total"), On(QuestionKind::kNewestSample, "1h")}, kAt);
  EXPECT_EQ(Shown(more.readings[0]), "637");
  EXPECT_EQ(Shown(more.readings[1]), "0");
  EXPECT_EQ(more.answers.size(), 1U);
  EXPECT_EQ(reads_, 1);
  source->Measure({Events("x_total")}, kAt - kMinute);
  EXPECT_EQ(reads_, 2);
}

// What only the server can decide comes as a read of its own within the request, and its series are
// told by that, beside the witnesses of the whole.
TEST_F(SamplesSourceTest, LeavesRegularExpressionsToTheServer) {
  Serving();
  EXPECT_EQ(Measure({Events("x_total"), Events(R"(x_total{code=~"5[0-9]+"})")}),
            "637\n37 rest 600..600");
  EXPECT_EQ(reads_, 1);
  EXPECT_EQ(evidence_.answers[0].query, R"(x_total[1h5m], x_total{code=~"5[0-9]+"}[1h5m])");
}

TEST_F(SamplesSourceTest, BucketsOfAHistogramAreWitnessesForEachOther) {
  store_.Add(R"(h_bucket{instance="a",le="+Inf"})", kAt - absl::Hours(2), kAt, kMinute, 0, 10);
  store_.Add(R"(h_bucket{instance="a",le="0.3"})", kAt - absl::Minutes(30), kAt, kMinute, 5, 9);
  EXPECT_EQ(Measure({Events(R"(h_bucket{le="+Inf"})"), Events(R"(h_bucket{le=~"0?[.]30*"})")}),
            "600\n275 rest 325..325");
  EXPECT_EQ(reads_, 1);
}

TEST_F(SamplesSourceTest, AValueThatServersReadDifferentlyIsAskedOfThem) {
  store_.Add("x_total{code=\"5\xc3\xa4\"}", kAt - absl::Hours(2), kAt, kMinute, 0, 10);
  replies_.Value("sum(increase(x_total{code=~\"5..\"}[1h]))", "600");
  EXPECT_EQ(Measure({Events("x_total"), Events(R"(x_total{code=~"5.."})")}),
            "600\n599.9999994..600.0000006 about *");
}

// Nobody knows since when they counted, until the start of their process is known.
TEST_F(SamplesSourceTest, AsksForStartTimesWhereTheyMakeItCertain) {
  store_.Add(R"(x_total{job="j",instance="old"})", kAt - absl::Hours(2), kAt, kMinute, 0, 100);
  store_.Add(R"(x_total{job="j",instance="a"})", kAt - absl::Minutes(30), kAt, kMinute, 7, 1);
  EXPECT_EQ(Measure({Events("x_total")}), "6030..6037");
  EXPECT_EQ(reads_, 2);
  EXPECT_EQ(evidence_.answers[1].query, R"(process_start_time_seconds{job=~"j"}[1h5m])");

  const auto started = [&](absl::string_view instance, absl::Time start) {
    store_.Add(absl::StrCat("process_start_time_seconds{instance=\"", instance, "\",job=\"j\"}"),
               kAt - absl::Minutes(30), kAt, kMinute,
               absl::ToDoubleSeconds(start - absl::UnixEpoch()), 0);
  };
  started("a", kAt - absl::Minutes(31));
  started("old", kAt - absl::Hours(9));
  EXPECT_EQ(Measure({Events("x_total")}), "6037");
}

// All counters at once look new: what they hold is no wave of events.
class Step : public SamplesSourceTest {
 protected:
  Step() {
    for (const char* instance : {"a", "b", "c"}) {
      store_.Add(absl::StrCat("x_total{job=\"j\",instance=\"", instance, "\"}"),
                 kAt - absl::Minutes(30), kAt, kMinute, 1e6, 1);
    }
  }
};

TEST_F(Step, LeavesOutWhatOldCountersHoldUnderNewLabels) {
  EXPECT_EQ(Measure({Events("x_total")}), "90 step");
}

// Else losing the start times would turn a million failures into a warning.
TEST_F(Step, IsNoneWhereStartTimesCouldNotBeRead) {
  before_answer_ = [this] {
    if (reads_ == 1) instead_ = fake::NotAnswered(HttpEnd::kTimedOut, "too late");
  };
  EXPECT_EQ(Measure({Events("x_total")}), "no data; timed_out: too late");
  EXPECT_EQ(evidence_.readings[0].answers.size(), 2U);
}

TEST_F(SamplesSourceTest, AValueNoCounterHasIsNotFinite) {
  store_.Add("x_total", {{absl::ToUnixMillis(kAt) - 60'000, 5}, {absl::ToUnixMillis(kAt), -1}});
  EXPECT_EQ(Measure({Events("x_total")}), "no data; not_finite: a counter stood at -1");
}

struct Refusal {
  const char* name;
  int status;
  const char* type;
  const char* body;
  const char* by_samples;  // the finding where the policy wants samples
  bool falls_back;         // where it leaves the choice
};

void PrintTo(const Refusal& refusal, std::ostream* out) { *out << refusal.name; }

class SamplesRefused : public SamplesSourceTest, public testing::WithParamInterface<Refusal> {};

TEST_P(SamplesRefused, IsAFindingOrAskedByPromql) {
  const Refusal& refusal = GetParam();
  replies_.Value("sum(increase(x_total[1h]))", "7");
  instead_ = fake::Answered(refusal.status, refusal.type, refusal.body);
  const std::string finding = absl::StrCat("no data; ", refusal.by_samples);
  EXPECT_EQ(Measure({Events("x_total")}),
            refusal.falls_back ? "6.999999993..7.000000007 about *" : finding);
  EXPECT_EQ(evidence_.answers.size(), 1U);
  config_.counting = Counting::kSamples;
  EXPECT_EQ(Measure({Events("x_total"), On(QuestionKind::kNewestSample, "5m")}),
            absl::StrCat(finding, "\n", finding));
  ASSERT_EQ(evidence_.answers.size(), 1U);
  EXPECT_EQ(evidence_.answers[0].path, kSamplesPath);
  EXPECT_EQ(evidence_.answers[0].body, refusal.body);
}

INSTANTIATE_TEST_SUITE_P(
    Servers, SamplesRefused,
    testing::Values(
        Refusal{"NoSuchPath", 404, "text/plain", "404 page not found",
                "rejected_query: it streams no raw samples (HTTP 404: 404 page not found), and the "
                "policy wants them: counting: samples",
                true},
        Refusal{"NoSuchMethod", 405, "text/plain", "",
                "rejected_query: it streams no raw samples (HTTP 405), and the policy wants them: "
                "counting: samples",
                true},
        Refusal{"NoSuchType", 415, "text/plain", "snappy?",
                "rejected_query: it streams no raw samples (HTTP 415: snappy?), and the policy "
                "wants them: counting: samples",
                true},
        Refusal{"NotImplemented", 501, "text/plain", "no",
                "rejected_query: it streams no raw samples (HTTP 501: no), and the policy wants "
                "them: counting: samples",
                true},
        Refusal{"VictoriaMetrics", 400, "text/plain", "unsupported path requested: /api/v1/read",
                "rejected_query: it streams no raw samples (HTTP 400: unsupported path requested: "
                "/api/v1/read), and the policy wants them: counting: samples",
                true},
        Refusal{"NoStream", 200, "application/x-protobuf", "xx",
                "rejected_query: it streams no raw samples (HTTP 200 with content type "
                "application/x-protobuf: xx), and the policy wants them: counting: samples",
                true},
        Refusal{"Unauthorized", 401, "text/plain", "who?", "unauthorized: HTTP 401: who?", false},
        Refusal{"Forbidden", 403, "text/plain", "no", "unauthorized: HTTP 403: no", false},
        Refusal{"Rejected", 400, "text/plain", "bad matcher",
                "rejected_query: a read of raw samples: HTTP 400: bad matcher", false},
        Refusal{"Broken", 500, "text/plain", "oops", "unreachable: HTTP 500: oops", false},
        Refusal{"Late", 504, "text/plain", "late", "timed_out: HTTP 504: late", false}),
    [](const auto& test) { return std::string(test.param.name); });

struct Breach {
  const char* name;
  std::function<void(std::string& frames)> spoil;
  const char* finding;
};

void PrintTo(const Breach& breach, std::ostream* out) { *out << breach.name; }

class SamplesBroken : public SamplesSourceTest, public testing::WithParamInterface<Breach> {};

// Neither a count nor, silently, another way of counting.
TEST_P(SamplesBroken, IsAFindingForEveryQuestion) {
  Serving();
  spoil_ = GetParam().spoil;
  const std::string finding = absl::StrCat("no data; ", GetParam().finding);
  for (const Counting counting : {Counting::kAuto, Counting::kSamples}) {
    config_.counting = counting;
    EXPECT_EQ(Measure({Events("x_total"), Events(R"(x_total{code="500"})"),
                       On(QuestionKind::kNewestSample, "5m"), On(QuestionKind::kCoverage, "1h")}),
              absl::StrCat(finding, "\n", finding, "\n", finding, "\n", finding));
    EXPECT_EQ(evidence_.answers.size(), 1U);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Servers, SamplesBroken,
    testing::Values(
        Breach{"Checksum", [](std::string& frames) { frames.back() ^= 1; },
               "malformed_answer: a read of raw samples: frame 2: its checksum is wrong"},
        Breach{"Torn", [](std::string& frames) { frames.pop_back(); },
               "malformed_answer: a read of raw samples: frame 2: it is cut short"},
        Breach{"WordsBehindTheFrames",
               [](std::string& frames) { frames += "expanding series: context canceled"; },
               "malformed_answer: a read of raw samples: frame 3: it is cut short"},
        Breach{"TheSameTwice", [](std::string& frames) { frames += frames; },
               "malformed_answer: a read of raw samples: frame 3: a series comes again after "
               "others"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST_F(SamplesSourceTest, ASeriesThatWasNotAskedForSpoilsAll) {
  store_.Add("y_total", kAt - absl::Hours(2), kAt, kMinute, 0, 1);
  const std::string other = store_.Frames(
      EncodeReadRequest(std::vector<ReadQuery>{{Parsed("y_total"), 0, absl::ToUnixMillis(kAt)}}));
  spoil_ = [&](std::string& frames) { frames = other; };
  EXPECT_EQ(
      Measure({Events("x_total")}),
      "no data; malformed_answer: a read of raw samples: frame 1: a series is not one of those "
      "that were asked for");
}

TEST_F(SamplesSourceTest, WhatBreaksOffIsAFinding) {
  instead_ = fake::NotAnswered(HttpEnd::kFailed, "the connection was reset");
  EXPECT_EQ(Measure({Events("x_total")}), "no data; unreachable: the connection was reset");
}

TEST_F(SamplesSourceTest, TooManySamplesAreSumsWhereThePolicyLeavesTheChoice) {
  instead_ = fake::NotAnswered(HttpEnd::kTooLarge, "too large");
  replies_.Value("sum(increase(x_total[1h]))", "7");
  EXPECT_EQ(Measure({Events("x_total")}), "6.999999993..7.000000007 about *");
  EXPECT_EQ(evidence_.readings[0].answers, (std::vector<size_t>{0, 1}));
  EXPECT_EQ(evidence_.answers[0].path, kSamplesPath);
  config_.counting = Counting::kSamples;
  EXPECT_EQ(Measure({Events("x_total")}), "no data; too_large: too large");
}

TEST_F(SamplesSourceTest, ThePolicyMayForbidSamples) {
  Serving();
  config_.counting = Counting::kPromql;
  replies_.Value("sum(increase(x_total[1h]))", "7");
  EXPECT_EQ(Measure({Events("x_total")}), "6.999999993..7.000000007 about *");
  EXPECT_EQ(reads_, 0);
}

TEST_F(SamplesSourceTest, WhereTheFirstReadIsRefusedNobodyAsksForOthers) {
  instead_ = fake::Answered(404, "text/plain", "no");
  Measure({Events("x_total"), Events(R"(y_total{a="b"})"), Events(R"(z_total{c="d"})")});
  EXPECT_EQ(reads_, 1);
}

// Requests are witnesses for failures under another name, where the same matchers select both.
TEST_F(SamplesSourceTest, CountersOfOtherNamesAreReadTogether) {
  store_.Add(R"(x_total{instance="a"})", kAt - absl::Hours(2), kAt, kMinute, 0, 10);
  store_.Add(R"(errors_total{instance="a"})", kAt - absl::Minutes(30), kAt, kMinute, 7, 1);
  EXPECT_EQ(Measure({Events("x_total"), Events("errors_total")}), "600\n37");
  EXPECT_EQ(reads_, 1);
  EXPECT_EQ(evidence_.answers[0].query, "errors_total[1h5m], x_total[1h5m]");
}

// What nobody knows of a process is the same for its requests and for the good ones among them.
TEST_F(SamplesSourceTest, WhatIsNotGoodIsCountedInOneGo) {
  store_.Add(R"(x_total{code="200"})", kAt - absl::Minutes(30), kAt, kMinute, 500, 1000);
  store_.Add(R"(x_total{code="500"})", kAt - absl::Minutes(30), kAt, kMinute, 5, 1);
  EXPECT_EQ(Measure({Events("x_total"), Events(R"(x_total{code="200"})")}),
            "30030..30535\n30000..30500 rest 30..35");
}

// The server was replaced by one that writes bounds otherwise: the bucket is old.
TEST_F(SamplesSourceTest, ABucketOfAnotherSpellingIsNotNew) {
  store_.Add(R"(h_bucket{instance="a",le="+Inf"})", kAt - absl::Hours(2), kAt, kMinute, 0, 10);
  store_.Add(R"(h_bucket{instance="a",le="1"})", kAt - absl::Hours(2), kAt - absl::Minutes(31),
             kMinute, 0, 9);
  store_.Add(R"(h_bucket{instance="a",le="1.0"})", kAt - absl::Minutes(30), kAt, kMinute, 810, 9);
  EXPECT_EQ(Measure({Events(R"(h_bucket{le="+Inf"})"), Events(R"(h_bucket{le=~"1([.]0*)?"})")}),
            "600\n531 step");
}

TEST_F(SamplesSourceTest, WithoutTimeNothingIsAsked) {
  wait_ = absl::ZeroDuration();
  EXPECT_EQ(Measure({Events("x_total")}), "no data; timed_out: not asked: the time was up before");
  EXPECT_TRUE(http_.batches.empty());
}

TEST_F(SamplesSourceTest, SendsTheCredentialsAndMasksThem) {
  credentials_.headers = {{"Authorization", "Bearer s3cr3t-t0ken"}};
  credentials_.secrets = {"s3cr3t-t0ken"};
  instead_ = fake::Answered(401, "text/plain", "bad token s3cr3t-t0ken");
  EXPECT_EQ(Measure({Events("x_total")}), "no data; unauthorized: HTTP 401: bad token ***");
  EXPECT_EQ(evidence_.answers[0].body, "bad token ***");
  EXPECT_EQ(http_.batches[0].requests[0].headers[0].second, "Bearer s3cr3t-t0ken");
}

}  // namespace
}  // namespace slogate
