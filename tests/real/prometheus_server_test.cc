// The fixture itself, on a real Prometheus: what other tests take for granted.
#include "tests/testing/prometheus_server.h"

#include <stdlib.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/time/time.h>
#include <gtest/gtest.h>

#include "gate/io/http.h"
#include "tests/testing/exporter.h"
#include "tests/testing/series_generator.h"
#include "tests/testing/temp_folder.h"

namespace slogate {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'795'651'200);

// The body of an instant query; at the server's own time where `at` says nothing.
std::string Query(const PrometheusServer& server, const std::string& query,
                  const std::string& at = "") {
  HttpRequest request;
  request.url = server.url() + "/api/v1/query";
  request.form = {{"query", query}};
  if (!at.empty()) request.form.emplace_back("time", at);
  const std::unique_ptr<Http> http = CurlHttp();
  const HttpExchange exchange = http->Perform({request}, 1, absl::Seconds(20), {}).front();
  return exchange.end == HttpEnd::kAnswered ? exchange.body : "no answer: " + exchange.failure;
}

std::string Scalar(const std::string& time, const std::string& value) {
  return absl::StrCat(R"({"status":"success","data":{"resultType":"scalar","result":[)", time,
                      ",\"", value, "\"]}}");
}

class RealPrometheus : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto why = NoPrometheus()) GTEST_SKIP() << *why;
  }

  std::unique_ptr<PrometheusServer> Start(const PrometheusOptions& options) {
    auto server = PrometheusServer::Start(options);
    EXPECT_TRUE(server.ok()) << server.status();
    return server.ok() ? *std::move(server) : nullptr;
  }
};

TEST_F(RealPrometheus, AnswersFromBackfilledBlocks) {
  const fake::TempFolder data;
  const fake::Series requests = {.name = "requests_total",
                                 .labels = {{"code", "200"}},
                                 .start = kNow - absl::Hours(100 * 24),
                                 .end = kNow,
                                 .step = absl::Hours(1),
                                 .kind = fake::Series::Kind::kCounter,
                                 .at = [](absl::Time) { return 5; }};
  const absl::Status backfilled = Backfill(fake::OpenMetrics({requests}), data.path());
  ASSERT_TRUE(backfilled.ok()) << backfilled;
  const auto server = Start({.data = data.path()});
  ASSERT_NE(server, nullptr);
  // 2400 hours and the first sample; and nothing has expired.
  EXPECT_EQ(Query(*server, "scalar(requests_total)", "1795651200"), Scalar("1795651200", "12005"));
  EXPECT_EQ(Query(*server, "scalar(count_over_time(requests_total[200d]))", "1795651200"),
            Scalar("1795651200", "2401"));
}

TEST_F(RealPrometheus, DataMayEndInTheFuture) {
  const fake::TempFolder data;
  const absl::Time now = absl::Now();
  const fake::Series gauge = {.name = "g",
                              .start = now - absl::Hours(2),
                              .end = now + absl::Hours(2),
                              .at = [](absl::Time) { return 7; }};
  const absl::Status backfilled = Backfill(fake::OpenMetrics({gauge}), data.path());
  ASSERT_TRUE(backfilled.ok()) << backfilled;
  const auto server = Start({.data = data.path()});
  ASSERT_NE(server, nullptr);
  const std::string body = Query(*server, "scalar(g)");
  EXPECT_TRUE(absl::StrContains(body, ",\"7\"]")) << body;
}

TEST_F(RealPrometheus, StoresWhatAnExporterSays) {
  fake::Exporter exporter;
  exporter.Set("up_to_you 1\n");
  const auto server = Start({.scrape_configs = exporter.ScrapeConfig(absl::Milliseconds(100))});
  ASSERT_NE(server, nullptr);
  ASSERT_TRUE(exporter.WaitForScrapes(2));
  std::string body = Query(*server, "scalar(up_to_you)");
  EXPECT_TRUE(absl::StrContains(body, ",\"1\"]")) << body;

  exporter.Set("up_to_you 2\n");
  ASSERT_TRUE(exporter.WaitForScrapes(2));
  body = Query(*server, "scalar(up_to_you)");
  EXPECT_TRUE(absl::StrContains(body, ",\"2\"]")) << body;

  exporter.Fail();
  ASSERT_TRUE(exporter.WaitForScrapes(2));
  body = Query(*server, "up_to_you");  // Prometheus has marked the series stale
  EXPECT_TRUE(absl::StrContains(body, "\"result\":[]")) << body;
  body = Query(*server, "scalar(up)");
  EXPECT_TRUE(absl::StrContains(body, ",\"0\"]")) << body;
}

TEST_F(RealPrometheus, ServersStandApart) {
  const auto one = Start({});
  const auto two = Start({});
  ASSERT_NE(one, nullptr);
  ASSERT_NE(two, nullptr);
  EXPECT_NE(one->url(), two->url());
  one->Stop();
  EXPECT_EQ(Query(*one, "1", "0"), "no answer: connection refused");
  EXPECT_EQ(Query(*two, "1", "0"), Scalar("0", "1"));
  one->Stop();
}

TEST_F(RealPrometheus, TakesFlags) {
  const auto server = Start({.flags = {"--web.route-prefix=/under/here"}});
  ASSERT_NE(server, nullptr);
  EXPECT_EQ(Query(*server, "1", "0"), "404 page not found\n");
}

TEST_F(RealPrometheus, SaysWhyItDoesNotStart) {
  const auto server = PrometheusServer::Start({.flags = {"--no-such-flag"}});
  ASSERT_FALSE(server.ok());
  EXPECT_EQ(server.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_TRUE(absl::StrContains(server.status().message(), "unknown long flag '--no-such-flag'"))
      << server.status();
}

TEST_F(RealPrometheus, BackfillSaysWhatPromtoolSays) {
  const fake::TempFolder data;
  const absl::Status status = Backfill("not a metric line\n# EOF\n", data.path());
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_TRUE(absl::StrContains(status.message(), "promtool failed: ")) << status;
}

TEST(NoPrometheus, ANamedFolderWithoutProgramsIsAnErrorAndNoSkip) {
  const fake::TempFolder empty;
  const char* before = getenv("SLOGATE_PROMETHEUS_DIR");
  const std::string restore = before == nullptr ? "" : before;
  setenv("SLOGATE_PROMETHEUS_DIR", empty.path().c_str(), 1);
  EXPECT_FALSE(NoPrometheus().has_value());
  EXPECT_FALSE(PrometheusServer::Start({}).ok());
  EXPECT_FALSE(Backfill("# EOF\n", empty.path()).ok());
  if (before == nullptr) {
    unsetenv("SLOGATE_PROMETHEUS_DIR");
  } else {
    setenv("SLOGATE_PROMETHEUS_DIR", restore.c_str(), 1);
  }
}

}  // namespace
}  // namespace slogate
