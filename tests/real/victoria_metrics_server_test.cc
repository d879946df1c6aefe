// The fixture itself, on a real VictoriaMetrics: what other tests take for granted.
#include "tests/testing/victoria_metrics_server.h"

#include <stdlib.h>

#include <memory>
#include <string>
#include <utility>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/time/time.h>
#include <gtest/gtest.h>

#include "gate/io/http.h"
#include "tests/testing/series_generator.h"
#include "tests/testing/temp_folder.h"

namespace slogate {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'795'651'200);

// The body of an instant query.
std::string Query(const VictoriaMetricsServer& server, const std::string& query,
                  const std::string& at) {
  HttpRequest request;
  request.url = server.url() + "/api/v1/query";
  request.form = {{"query", query}, {"time", at}};
  const HttpExchange exchange = CurlHttp()->Perform({request}, 1, absl::Seconds(20), {}).front();
  return exchange.end == HttpEnd::kAnswered ? exchange.body : "no answer: " + exchange.failure;
}

std::string Number(const std::string& time, const std::string& value) {
  return absl::StrCat(
      R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[)", time,
      ",\"", value, "\"]}]}}");
}

class RealVictoriaMetrics : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto why = NoVictoriaMetrics()) GTEST_SKIP() << *why;
  }

  std::unique_ptr<VictoriaMetricsServer> Start() {
    auto server = VictoriaMetricsServer::Start();
    EXPECT_TRUE(server.ok()) << server.status();
    return server.ok() ? *std::move(server) : nullptr;
  }
};

TEST_F(RealVictoriaMetrics, AnswersAtOnceFromWhatWasImported) {
  const auto server = Start();
  ASSERT_NE(server, nullptr);
  const fake::Series requests = {.name = "requests_total",
                                 .labels = {{"path", "/a b\"c"}},
                                 .start = kNow - absl::Hours(100 * 24),
                                 .end = kNow,
                                 .step = absl::Hours(1),
                                 .kind = fake::Series::Kind::kCounter,
                                 .at = [](absl::Time) { return 5; }};
  fake::Series fraction = requests;
  fraction.name = "fraction_total";
  fraction.start += absl::Milliseconds(250);
  const absl::Status imported = server->Import(fake::OpenMetrics({requests, fraction}));
  ASSERT_TRUE(imported.ok()) << imported;
  // 2400 hours and the first sample; and nothing has expired.
  EXPECT_EQ(Query(*server, "sum(requests_total)", "1795651200"), Number("1795651200", "12005"));
  EXPECT_EQ(Query(*server, "sum(count_over_time(requests_total{path=\"/a b\\\"c\"}[200d]))",
                  "1795651200"),
            Number("1795651200", "2401"));
  EXPECT_EQ(Query(*server, "max(tlast_over_time(fraction_total[2h]))", "1795651200"),
            Number("1795651200", "1795647600.25"));
}

TEST_F(RealVictoriaMetrics, ServersStandApart) {
  const auto one = Start(), two = Start();
  ASSERT_NE(one, nullptr);
  ASSERT_NE(two, nullptr);
  EXPECT_NE(one->url(), two->url());
  one->Stop();
  EXPECT_EQ(Query(*one, "1", "7"), "no answer: connection refused");
  EXPECT_EQ(Query(*two, "1", "7"), Number("7", "1"));
  one->Stop();
}

TEST_F(RealVictoriaMetrics, SaysWhyItDoesNotStart) {
  const auto server = VictoriaMetricsServer::Start({"-no-such-flag"});
  ASSERT_FALSE(server.ok());
  EXPECT_EQ(server.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_TRUE(absl::StrContains(server.status().message(), "-no-such-flag")) << server.status();
}

TEST_F(RealVictoriaMetrics, ImportsNoSampleWithoutATime) {
  const auto server = Start();
  ASSERT_NE(server, nullptr);
  for (const char* line : {"x\n", "x 1 soon\n", "x 1 1.5\n"}) {
    EXPECT_EQ(server->Import(line).code(), absl::StatusCode::kInvalidArgument) << line;
  }
  EXPECT_TRUE(server->Import("# EOF\n").ok());
  server->Stop();
  EXPECT_EQ(server->Import("x 1 1\n").code(), absl::StatusCode::kUnavailable);
}

TEST(NoVictoriaMetrics, ANamedFolderWithoutTheProgramIsAnErrorAndNoSkip) {
  const fake::TempFolder empty;
  const char* before = getenv("SLOGATE_VICTORIA_METRICS_DIR");
  const std::string restore = before == nullptr ? "" : before;
  setenv("SLOGATE_VICTORIA_METRICS_DIR", empty.path().c_str(), 1);
  EXPECT_FALSE(NoVictoriaMetrics().has_value());
  EXPECT_FALSE(VictoriaMetricsServer::Start().ok());
  if (before == nullptr) {
    unsetenv("SLOGATE_VICTORIA_METRICS_DIR");
  } else {
    setenv("SLOGATE_VICTORIA_METRICS_DIR", restore.c_str(), 1);
  }
}

}  // namespace
}  // namespace slogate
