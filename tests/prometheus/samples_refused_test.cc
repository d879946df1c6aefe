// Servers that offer no raw samples, and those that offer them and break them.
#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include "tests/prometheus/samples_case.h"

namespace slogate {
namespace {

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
                "rejected_query: it streams no raw samples (HTTP 404: 404 page not found), which "
                "counting: samples wants; counting: auto would make do with increase()",
                true},
        Refusal{"NoSuchMethod", 405, "text/plain", "",
                "rejected_query: it streams no raw samples (HTTP 405), which counting: samples "
                "wants; counting: auto would make do with increase()",
                true},
        Refusal{"NoSuchType", 415, "text/plain", "snappy?",
                "rejected_query: it streams no raw samples (HTTP 415: snappy?), which counting: "
                "samples wants; counting: auto would make do with increase()",
                true},
        Refusal{"NotImplemented", 501, "text/plain", "no",
                "rejected_query: it streams no raw samples (HTTP 501: no), which counting: samples "
                "wants; counting: auto would make do with increase()",
                true},
        Refusal{"VictoriaMetrics", 400, "text/plain", "unsupported path requested: /api/v1/read",
                "rejected_query: it streams no raw samples (HTTP 400: unsupported path requested: "
                "/api/v1/read), which counting: samples wants; counting: auto would make do with "
                "increase()",
                true},
        Refusal{"NoStream", 200, "application/x-protobuf", "xx",
                "rejected_query: it streams no raw samples (HTTP 200 with content type "
                "application/x-protobuf: xx), which counting: samples wants; counting: auto would "
                "make do with increase()",
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
  const std::string other = store_.Frames(EncodeReadRequest(
      std::vector<ReadQuery>{{SelectorOf("y_total"), 0, absl::ToUnixMillis(kAt)}}));
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
