// slogate init on a real Prometheus: what it proposes lints, and a check with it measures.
#include <memory>
#include <string>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>
#include <absl/time/time.h>
#include <gtest/gtest.h>

#include "tests/real/eight_days.h"
#include "tests/real/gate.h"
#include "tests/testing/prometheus_server.h"
#include "tests/testing/temp_folder.h"
#include "tests/testing/victoria_metrics_server.h"

namespace slogate {
namespace {

constexpr absl::Duration kDay = absl::Hours(24);

// Eight days of `shop`: 2000 requests a minute of which one fails, and two are slow; in staging
// half as many. Of the calls that it makes itself, ten a minute fail.
std::string Shop(absl::Time end) {
  struct Kind {
    const char* name;
    const char* label;
    const char* value;
    double per_minute;
  };
  const Kind kinds[] = {
      {"http_requests_total", "code", "200", 1999},
      {"http_requests_total", "code", "503", 1},
      {"http_client_requests_total", "code", "503", 10},
      {"http_request_duration_seconds_bucket", "le", "0.25", 1996},
      {"http_request_duration_seconds_bucket", "le", "0.5", 1998},
      {"http_request_duration_seconds_bucket", "le", "+Inf", 2000},
  };
  std::vector<fake::Series> series;
  for (const Kind& kind : kinds) {
    for (const std::string env : {"prod", "staging"}) {
      series.push_back(fake::Minutely(
          kind.name, {{"app", "shop"}, {"env", env}, {kind.label, kind.value}, {"pod", "a"}},
          end - 8 * kDay, end, fake::Constant(kind.per_minute / (env == "prod" ? 1 : 2))));
    }
  }
  return fake::OpenMetrics(series);
}

class Init : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (NoPrometheus()) return;
    const absl::Time end = absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now()) / 60 * 60);
    folder_ = std::make_unique<fake::TempFolder>();
    const absl::Status filled = Backfill(Shop(end), folder_->path());
    ASSERT_TRUE(filled.ok()) << filled;
    auto server = PrometheusServer::Start({.data = folder_->path()});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }
  static void TearDownTestSuite() {
    server_.reset();
    folder_.reset();
  }
  void SetUp() override {
    if (const auto why = NoPrometheus()) GTEST_SKIP() << *why;
    ASSERT_NE(server_, nullptr);
  }

  fake::Ran Run(std::vector<std::string> arguments) { return gate_.Run(arguments, *CurlHttp()); }
  fake::Ran InitFor(const std::string& service, const std::vector<std::string>& more = {}) {
    std::vector<std::string> words = {"init",  "circleci",     "--service",
                                      service, "--prometheus", server_->url()};
    words.insert(words.end(), more.begin(), more.end());
    return Run(words);
  }

  static inline std::unique_ptr<fake::TempFolder> folder_;
  static inline std::unique_ptr<PrometheusServer> server_;
  fake::Gate gate_;
};

TEST_F(Init, ProposesWhatThenMeasures) {
  const fake::Ran ran = InitFor("shop");
  EXPECT_EQ(ran.exit, 0) << ran.err;
  EXPECT_EQ(RealFiles()->Read("shop.yaml", 10'000).value_or(""),
            R"(# What shop promises, kept by its team. It can spell neither a rule nor a URL.
apiVersion: slogate/v1
kind: ServiceObjectives
service: shop
slos:
  # Objectives and windows are a place to start: a dry run shows what the service really did.
  - name: availability
    objective: 99.9%
    window: 30d
    # Of `code` there is now: 200, 503. Change `bad` where it means other failures.
    sli: {events: {total: 'http_requests_total{app="shop"}', bad: '{code=~"5.."}'}}
  - name: latency
    objective: 99%
    window: 30d
    # Bounds to choose from: 250ms, 500ms. Take the one that users call fast enough.
    sli: {latency: {histogram: 'http_request_duration_seconds{app="shop"}', within: 500ms}}
)");
  const fake::Ran lint = Run({"lint", "release-policy.yaml", "shop.yaml"});
  EXPECT_EQ(lint.exit, 0);
  EXPECT_EQ(lint.err, "");

  const fake::Checked checked = gate_.Check(
      {"--policy", "release-policy.yaml", "--slos", "shop.yaml", "--environment", "production"},
      server_->url());
  // Eight days for thirty is a warning, no more.
  EXPECT_EQ(checked.Findings(), "short_history!");
  EXPECT_EQ(checked.decision["verdict"].text(), "warn");
  EXPECT_EQ(checked.exit, 0);
  const json::Array& slos = checked.decision["slos"].array();
  ASSERT_EQ(slos.size(), 2) << checked.err;
  // Production alone, of eight days: one failure a minute, and two that are slow.
  const double minutes = 8 * 24 * 60;
  EXPECT_NEAR(std::stod(slos[0]["bad"].text()), minutes, 10);
  EXPECT_NEAR(std::stod(slos[0]["total"].text()), 2000 * minutes, 20'000);
  EXPECT_NEAR(std::stod(slos[1]["bad"].text()), 2 * minutes, 20);
}

TEST_F(Init, FindsNothingOfAServiceThatIsNotThere) {
  const fake::Ran ran = InitFor("shoop");
  EXPECT_EQ(ran.exit, 2);
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(
      ran.err,
      absl::StrCat(
          "slogate: nothing is written: ", server_->url(),
          " has no counter or histogram of seconds whose label service, service_name, app, "
          "app_kubernetes_io_name, application, job is shoop\n"
          "slogate: perhaps the service has another name there; without --prometheus the files "
          "come with an example's URL and SLO, to be changed by hand\n"));
  EXPECT_EQ(RealFiles()->Read("release-policy.yaml", 10).status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(Init, LooksAtTheNamedMetricAlone) {
  const fake::Ran ran = InitFor("shop", {"--metric", "http_client_requests_total", "--print"});
  EXPECT_EQ(ran.exit, 0) << ran.err;
  EXPECT_NE(
      ran.out.find("{total: 'http_client_requests_total{app=\"shop\"}', bad: '{code=~\"5..\"}'}"),
      std::string::npos)
      << ran.out;
  EXPECT_EQ(ran.out.find("latency"), std::string::npos);
}

// The other kind of server answers the same, so it is proposed the same.
TEST_F(Init, ProposesTheSameByVictoriaMetrics) {
  if (const auto why = NoVictoriaMetrics()) GTEST_SKIP() << *why;
  const auto victoria = VictoriaMetricsServer::Start();
  ASSERT_TRUE(victoria.ok()) << victoria.status();
  const absl::Time end = absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now()) / 60 * 60);
  const absl::Status imported = (*victoria)->Import(Shop(end));
  ASSERT_TRUE(imported.ok()) << imported;
  const fake::Ran prometheus = InitFor("shop", {"--print"});
  const fake::Ran other =
      Run({"init", "circleci", "--service", "shop", "--print", "--prometheus", (*victoria)->url()});
  EXPECT_EQ(other.exit, 0) << other.err;
  EXPECT_EQ(absl::StrReplaceAll(other.out, {{(*victoria)->url(), server_->url()}}), prometheus.out);
}

}  // namespace
}  // namespace slogate
