// A source against a server that lies, over real connections.
#include <memory>
#include <string>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include "gate/prometheus/prometheus_source.h"
#include "tests/testing/fake_prometheus.h"
#include "tests/testing/fake_server.h"
#include "tests/testing/fakes.h"

namespace slogate {
namespace {

const absl::Time kAt = absl::FromUnixSeconds(1795658347);
constexpr char kQuery[] = "sum(increase(x_total[1h]))";

class LyingServer : public testing::Test {
 protected:
  // The reading of one question about events.
  Reading Measure(const std::string& url, absl::Duration wait) {
    SourceConfig config;
    config.url.value = url;
    Deadline deadline(*clock_, wait);
    auto source = PrometheusSource("main", config, credentials_, *http_, deadline, {});
    const Question question = {QuestionKind::kEvents, "main", Selector{"x_total", {}},
                               absl::Hours(1)};
    evidence_ = source->Measure({question}, kAt);
    return evidence_.readings.at(0);
  }

  Reading MeasureAt(fake::Reply reply, absl::Duration wait = absl::Seconds(60)) {
    fake::Server server([&](const fake::Request&) { return reply; });
    return Measure(server.url(), wait);
  }

  std::unique_ptr<Clock> clock_ = RealClock();
  std::unique_ptr<Http> http_ = CurlHttp(fake::NoPause);
  Credentials credentials_;
  Evidence evidence_;
};

constexpr char kSeven[] =
    R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1795658347,"7"]}]}})";

std::string Finding1(const Reading& reading) {
  if (reading.value) return "a value";
  return reading.findings.empty() ? "no data" : std::string(Word(reading.findings[0].kind));
}

TEST_F(LyingServer, AnHonestOneIsSentAFormAndGivesAValue) {
  credentials_.username = "gate";
  credentials_.password = "hunter2";
  credentials_.headers = {{"X-Scope-OrgID", "tenant"}};
  fake::PrometheusReplies replies(kAt);
  replies.Value(kQuery, "7");
  fake::Server server(replies);
  const Reading reading = Measure(server.url() + "/prefix/", absl::Seconds(60));
  ASSERT_EQ(Finding1(reading), "a value");
  EXPECT_EQ(reading.value->low.ExactDecimal(), "6.999999993");
  ASSERT_EQ(server.requests().size(), 1u);
  const fake::Request request = server.requests()[0];
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "/prefix/api/v1/query");
  EXPECT_EQ(request.Header("Content-Type"), "application/x-www-form-urlencoded");
  EXPECT_EQ(request.Header("Authorization"), "Basic Z2F0ZTpodW50ZXIy");
  EXPECT_EQ(request.Header("X-Scope-OrgID"), "tenant");
  EXPECT_EQ(request.Form("query"), kQuery);
  EXPECT_EQ(request.Form("time"), "1795658347");
}

TEST_F(LyingServer, TornAnswersAreNone) {
  using Then = fake::Reply::Then;
  const std::pair<const char*, fake::Reply> replies[] = {
      {"closed", fake::CloseWithoutAnswer()},
      {"reset", fake::ResetWithoutAnswer()},
      {"half, then closed", fake::HalfOf(fake::Json(kSeven), Then::kClose)},
      {"half, then reset", fake::HalfOf(fake::Json(kSeven), Then::kReset)},
      {"longer than it says it is", fake::WrongLength(kSeven, sizeof kSeven + 10)},
      {"no HTTP", fake::Raw("SSH-2.0-OpenSSH_9.2\r\n")},
      {"endless headers", fake::EndlessHeaders()},
  };
  for (const auto& [name, reply] : replies) {
    const Reading reading = MeasureAt(reply, absl::Seconds(5));
    EXPECT_FALSE(reading.value.has_value()) << name;
    ASSERT_EQ(reading.findings.size(), 1u) << name;
    EXPECT_NE(reading.findings[0].detail, "") << name;
  }
}

TEST_F(LyingServer, ABodyShorterThanItsLengthIsCutAndSoNone) {
  // The server announces less than it sends: what is read is the beginning.
  EXPECT_EQ(Finding1(MeasureAt(fake::WrongLength(kSeven, 40))), "malformed_answer");
}

TEST_F(LyingServer, ASilentOneTimesOut) {
  EXPECT_EQ(Finding1(MeasureAt(fake::Hang(), absl::Milliseconds(200))), "timed_out");
  EXPECT_EQ(evidence_.answers.at(0).status, 0);
}

TEST_F(LyingServer, AnEndlessBodyIsTooLarge) {
  EXPECT_EQ(Finding1(MeasureAt(fake::EndlessChunks())), "too_large");
}

TEST_F(LyingServer, ARedirectIsNotFollowed) {
  fake::Server target([](const fake::Request&) { return fake::Json(kSeven); });
  const Reading reading =
      MeasureAt(fake::Answer(307, "text/html", "", {{"Location", target.url() + "/api/v1/query"}}));
  ASSERT_EQ(Finding1(reading), "malformed_answer");
  EXPECT_EQ(reading.findings[0].detail,
            absl::StrCat("HTTP 307: redirected to ", target.url(),
                         "/api/v1/query; slogate follows no redirects: put the final URL into the "
                         "policy"));
  EXPECT_EQ(target.connections(), 0u);
}

TEST_F(LyingServer, WhatItEchoesOfASecretIsMasked) {
  credentials_.headers = {{"Authorization", "Bearer s3cr3t-t0ken"}};
  credentials_.secrets = {"s3cr3t-t0ken"};
  fake::Server server([](const fake::Request& request) {
    return fake::Answer(403, "text/plain", "refused: " + request.Header("Authorization"));
  });
  const Reading reading = Measure(server.url(), absl::Seconds(60));
  ASSERT_EQ(Finding1(reading), "unauthorized");
  EXPECT_EQ(reading.findings[0].detail, "HTTP 403: refused: Bearer ***");
  EXPECT_EQ(evidence_.answers.at(0).body, "refused: Bearer ***");
}

TEST_F(LyingServer, NobodyThereIsUnreachable) {
  fake::RefusingPort nobody;
  const Reading reading = Measure(nobody.url(), absl::Seconds(60));
  ASSERT_EQ(Finding1(reading), "unreachable");
  EXPECT_TRUE(absl::StrContains(reading.findings[0].detail, "refused"))
      << reading.findings[0].detail;
}

}  // namespace
}  // namespace slogate
