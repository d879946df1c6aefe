// Servers that are set up to say no, and one that dies: each holds the release and says why.
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/time/time.h>
#include <gtest/gtest.h>

#include "tests/real/eight_days.h"
#include "tests/real/gate.h"
#include "tests/testing/prometheus_server.h"
#include "tests/testing/temp_folder.h"

namespace slogate {
namespace {

constexpr char kPassword[] = "correct horse battery";
// bcrypt of that, at the lowest cost.
constexpr char kHash[] = "$2b$04$fmcTV1V9IsnEjQLpAvl.AOlkYSFPZrr4jVoYAvnmXOPmPA/HQFLRG";

class Settings : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (NoPrometheus()) return;
    const absl::Time now = absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now()) / 60 * 60);
    const absl::Time start = now - absl::Hours(8 * 24), end = now + absl::Minutes(30);
    folder_ = std::make_unique<fake::TempFolder>();
    const absl::Status filled = Backfill(
        fake::OpenMetrics(
            {fake::Minutely("requests_total", {{"code", "200"}}, start, end, fake::Constant(1999)),
             fake::Minutely("requests_total", {{"code", "500"}}, start, end, fake::Constant(1))}),
        folder_->path());
    ASSERT_TRUE(filled.ok()) << filled;
  }
  static void TearDownTestSuite() { folder_.reset(); }

  void SetUp() override {
    if (const auto why = NoPrometheus()) GTEST_SKIP() << *why;
  }

  void Start(std::vector<std::string> flags) {
    auto server = PrometheusServer::Start({.data = folder_->path(), .flags = std::move(flags)});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }

  void WritePolicy(const std::string& path, const std::string& auth) {
    gate_.Write("policy.yaml", absl::StrCat(R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: test}
sources: {main: {url: ')",
                                            server_->url(), path, "'", auth, R"(}}
rules:
  - {id: spent,     when: {budget_remaining: {at_most: 0%}}, verdict: deny}
  - {id: fast-burn, when: {budget_spent: {at_least: 2%, over: 1h, confirmed_over: 5m}}, verdict: hold}
service: shop
slos:
  - {name: availability, objective: 99.9%, window: 7d, sli: {events: {total: requests_total, bad: '{code="500"}'}}}
)"));
  }

  fake::Checked Check(const std::string& path = "", const std::string& auth = "") {
    WritePolicy(path, auth);
    return gate_.Check({"--policy", "policy.yaml"}, "");
  }

  static inline std::unique_ptr<fake::TempFolder> folder_;
  std::unique_ptr<PrometheusServer> server_;
  fake::Gate gate_;
};

class BasicAuth : public Settings {
 protected:
  static constexpr char kAuth[] =
      ", auth: {basic: {username: gate, password: {env: PROMETHEUS_PASSWORD}}}";

  void SetUp() override {
    Settings::SetUp();
    if (IsSkipped()) return;
    gate_.Write("web.yml", absl::StrCat("basic_auth_users: {gate: '", kHash, "'}\n"));
    ASSERT_NO_FATAL_FAILURE(Start({"--web.config.file=web.yml"}));
  }

  static void ExpectUnauthorized(const fake::Checked& checked) {
    EXPECT_EQ(checked.exit, 3);
    EXPECT_EQ(checked.Findings(), "unauthorized!");
    EXPECT_EQ(checked.FirstFinding(),
              "the credentials were refused by SOURCE: HTTP 401: Unauthorized\n"
              "check the secret of the source \"main\" in policy.yaml\n");
  }
};

TEST_F(BasicAuth, TheRightPasswordOpens) {
  gate_.environment.variables["PROMETHEUS_PASSWORD"] = kPassword;
  const fake::Checked checked = Check("", kAuth);
  EXPECT_EQ(checked.exit, 0) << checked.screen << checked.err;
  EXPECT_FALSE(absl::StrContains(checked.document, kPassword));
}

TEST_F(BasicAuth, AWrongPasswordHolds) {
  gate_.environment.variables["PROMETHEUS_PASSWORD"] = "incorrect horse";
  const fake::Checked checked = Check("", kAuth);
  ExpectUnauthorized(checked);
  EXPECT_FALSE(absl::StrContains(checked.document, "incorrect horse"));
}

TEST_F(BasicAuth, NoPasswordHolds) { ExpectUnauthorized(Check()); }

TEST_F(Settings, UnderAPathPrefix) {
  ASSERT_NO_FATAL_FAILURE(Start({"--web.route-prefix=/prom"}));
  for (const char* path : {"/prom", "/prom/"}) {
    const fake::Checked right = Check(path);
    EXPECT_EQ(right.exit, 0) << right.screen << right.err;
    EXPECT_NEAR(right.Number("total"), 20'160'000, 0.05);
  }
  for (const char* path : {"", "/", "/other"}) {
    const fake::Checked wrong = Check(path);
    EXPECT_EQ(wrong.exit, 3);
    EXPECT_EQ(wrong.Findings(), "unreachable!");
    EXPECT_EQ(wrong.FirstFinding(),
              "no usable answer from SOURCE: HTTP 404: no Prometheus API under this URL, perhaps "
              "its path lacks a prefix: 404 page not found\n"
              "check that the source \"main\" runs and can be reached from here\n");
  }
}

TEST_F(Settings, MoreSamplesThanTheServerHandles) {
  // Seven days of minutes are more, an hour is not.
  ASSERT_NO_FATAL_FAILURE(Start({"--query.max-samples=1000"}));
  const fake::Checked checked = Check();
  EXPECT_EQ(checked.exit, 3);
  EXPECT_EQ(checked.Findings(), "too_large!");
  EXPECT_EQ(checked.FirstFinding(),
            "too much data from SOURCE: HTTP 422: execution: query processing would load too many "
            "samples into memory in query execution\n"
            "narrow the selector, or raise the source's query limits\n");
}

TEST_F(Settings, NoTimeToQuery) {
  ASSERT_NO_FATAL_FAILURE(Start({"--query.timeout=0s"}));
  const fake::Checked checked = Check();
  EXPECT_EQ(checked.exit, 3);
  EXPECT_EQ(checked.Findings(), "timed_out!");
  // In its queue or in execution, whichever looks at the clock first.
  EXPECT_TRUE(
      absl::StartsWith(checked.FirstFinding(),
                       "waited in vain for SOURCE: HTTP 503: timeout: query timed out in query "))
      << checked.FirstFinding();
}

// Kills the server as soon as it has said what time it is.
class Killing : public Http {
 public:
  explicit Killing(PrometheusServer& server) : server_(server) {}
  std::vector<HttpExchange> Perform(absl::Span<const HttpRequest> requests, int concurrency,
                                    absl::Duration time_left,
                                    const std::function<void(size_t ended)>& on_progress) override {
    std::vector<HttpExchange> exchanges =
        curl_->Perform(requests, concurrency, time_left, on_progress);
    server_.Stop();
    return exchanges;
  }

 private:
  PrometheusServer& server_;
  std::unique_ptr<Http> curl_ = CurlHttp();
};

TEST_F(Settings, TheServerDiesAfterItsClockWasRead) {
  ASSERT_NO_FATAL_FAILURE(Start({}));
  WritePolicy("", "");
  Killing http(*server_);
  // A refused connection may be tried again, as long as there is time.
  const fake::Checked checked =
      gate_.Check({"--policy", "policy.yaml", "--deadline", "3s"}, "", http);
  EXPECT_EQ(checked.exit, 3);
  EXPECT_EQ(checked.decision["instant_source"].text(), "server");
  EXPECT_EQ(checked.Findings(), "unreachable!");
  EXPECT_TRUE(
      absl::StartsWith(checked.FirstFinding(), "no usable answer from SOURCE: connection refused"))
      << checked.FirstFinding();
}

}  // namespace
}  // namespace slogate
