#include "gate/prometheus/samples_source.h"

#include <string>
#include <vector>

#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include "gate/text/json.h"
#include "tests/prometheus/samples_case.h"

namespace slogate {
namespace {

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

}  // namespace
}  // namespace slogate
