// The same policies on the same data in a real Prometheus and a real VictoriaMetrics: slogate check
// comes to the same verdict on both. What the data is stands in eight_days.h.
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>
#include <absl/strings/strip.h>
#include <absl/time/time.h>
#include <gtest/gtest.h>

#include "tests/real/eight_days.h"
#include "tests/real/gate.h"
#include "tests/testing/prometheus_server.h"
#include "tests/testing/victoria_metrics_server.h"

namespace slogate {
namespace {

// Eight days of histograms besides, of 2000 requests a minute:
//   quick_…   all but one take at most 300 ms, a bound that is spelt 0.30
//   slow_…    40 take longer
//   coarse_…  has no such bound
std::string Data(absl::Time base) {
  const absl::Time start = base - absl::Hours(8 * 24), end = base + absl::Minutes(45);
  std::vector<fake::Series> all;
  const auto add = [&](const char* name, const char* bound, double rate) {
    all.push_back(fake::Minutely(absl::StrCat(name, "_seconds_bucket"), {{"le", bound}}, start, end,
                                 fake::Constant(rate)));
  };
  add("quick", "0.30", 1999);
  add("slow", "0.30", 1960);
  add("coarse", "0.25", 1800);
  add("coarse", "0.5", 1999);
  for (const char* name : {"quick", "slow", "coarse"}) add(name, "+Inf", 2000);
  return absl::StrCat(absl::StripSuffix(fake::EightDays(base), fake::kOpenMetricsEnd),
                      fake::OpenMetrics(all));
}

std::string Policy(const std::string& url, const std::string& sli, const std::string& more = "") {
  return absl::StrCat(R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: test}
rules:
  - {id: spent,     when: {budget_remaining: {at_most: 0%}}, verdict: deny}
  - {id: fast-burn, when: {budget_spent: {at_least: 2%, over: 1h, confirmed_over: 5m}}, verdict: hold}
  - {id: slow-burn, when: {burn_rate: {above: 1, over: [1d, 6h]}}, verdict: warn}
  - {id: low-sli,   when: {sli: {below: 99.5%, over: 1h}}, verdict: warn}
service: shop
slos:
  - {name: slo, objective: 99.9%, window: 7d, sli: {)",
                      sli, "}}\nsources: {main: {url: '", url, "'}}\n", more);
}

struct Case {
  const char* name;
  const char* sli;
  int exit, detailed_exit;
  const char* findings;
  const char* more = "";  // further lines of the policy
  // What VictoriaMetrics' screen says in place of Prometheus'; "": the same.
  const char* prometheus_says = "";
  const char* victoria_says = "";
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.name; }

class BothServers : public testing::TestWithParam<Case> {
 protected:
  static void SetUpTestSuite() {
    if (NoPrometheus() || NoVictoriaMetrics()) return;
    base_ = absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now()) / 900 * 900);
    const std::string data = Data(base_);
    folder_ = std::make_unique<fake::TempFolder>();
    const absl::Status filled = Backfill(data, folder_->path());
    ASSERT_TRUE(filled.ok()) << filled;
    auto prometheus = PrometheusServer::Start({.data = folder_->path()});
    ASSERT_TRUE(prometheus.ok()) << prometheus.status();
    prometheus_ = *std::move(prometheus);
    // Or it would show the state of half a minute ago.
    auto victoria = VictoriaMetricsServer::Start({"-search.latencyOffset=0s"});
    ASSERT_TRUE(victoria.ok()) << victoria.status();
    const absl::Status imported = (*victoria)->Import(data);
    ASSERT_TRUE(imported.ok()) << imported;
    victoria_ = *std::move(victoria);
  }
  static void TearDownTestSuite() {
    prometheus_.reset();
    victoria_.reset();
    folder_.reset();
  }
  void SetUp() override {
    if (const auto why = NoPrometheus()) GTEST_SKIP() << *why;
    if (const auto why = NoVictoriaMetrics()) GTEST_SKIP() << *why;
    ASSERT_NE(victoria_, nullptr);
  }

  fake::Checked Check(const std::string& url, std::vector<std::string> arguments) {
    gate_.Write("policy.yaml", Policy(url, GetParam().sli, GetParam().more));
    arguments.insert(arguments.begin(), {"--policy", "policy.yaml"});
    return gate_.Check(arguments, url);
  }

  static inline absl::Time base_;
  static inline std::unique_ptr<fake::TempFolder> folder_;
  static inline std::unique_ptr<PrometheusServer> prometheus_;
  static inline std::unique_ptr<VictoriaMetricsServer> victoria_;
  fake::Gate gate_;
};

TEST_P(BothServers, ComeToTheSame) {
  const Case& test = GetParam();
  const std::string base = absl::FormatTime(absl::RFC3339_sec, base_, absl::UTCTimeZone());
  std::vector<std::string> screens;
  for (const std::string& url : {prometheus_->url(), victoria_->url()}) {
    SCOPED_TRACE(screens.empty() ? "Prometheus" : "VictoriaMetrics");
    const fake::Checked real = Check(url, {});
    EXPECT_EQ(real.exit, test.exit) << real.screen << real.err;
    EXPECT_EQ(real.Findings(), test.findings);
    const fake::Checked dry = Check(url, {"--dry-run", "--detailed-exit-code", "--at", base});
    EXPECT_EQ(dry.exit, test.detailed_exit) << dry.screen << dry.err;
    EXPECT_EQ(dry.Findings(), test.findings);
    EXPECT_EQ(dry.err, "");
    screens.push_back(dry.screen);
  }
  EXPECT_TRUE(absl::StrContains(screens[0], test.prometheus_says)) << screens[0];
  const std::string wanted =
      *test.prometheus_says == '\0'
          ? screens[0]
          : absl::StrReplaceAll(screens[0], {{test.prometheus_says, test.victoria_says}});
  EXPECT_EQ(screens[1], wanted);
}

constexpr Case kCases[] = {
    {"half_spent", R"(events: {total: 'shop_requests_total{env="prod"}', bad: '{code=~"5.."}'})", 0,
     0, ""},
    {"good_by_label",
     R"(events: {total: 'shop_requests_total{env="prod"}', good: '{code!~"5.."}'})", 0, 0, ""},
    {"good_of_its_own", "events: {total: 'shop_all_total', good: 'shop_good_total'}", 0, 0, ""},
    {"both_of_their_own", "events: {good: 'shop_good_total', bad: 'shop_bad_total'}", 0, 0, ""},
    {"spent", R"(events: {total: 'shop_requests_total{env="staging"}', bad: '{code=~"5.."}'})", 1,
     11, ""},
    {"fast_burn", R"(events: {total: 'fast_requests_total', bad: '{code=~"5.."}'})", 3, 13, ""},
    {"fast_burn_is_over", R"(events: {total: 'over_requests_total', bad: '{code=~"5.."}'})", 0, 10,
     ""},
    {"slow_burn", R"(events: {total: 'slow_requests_total', bad: '{code=~"5.."}'})", 0, 10, ""},
    {"restarts", R"(events: {total: 'pods_requests_total', bad: '{code=~"5.."}'})", 0, 0, ""},
    {"quiet_five_minutes", R"(events: {total: 'lull_requests_total', bad: '{code=~"5.."}'})", 0, 0,
     ""},
    {"no_traffic", R"(events: {total: 'idle_requests_total', bad: '{code=~"5.."}'})", 3, 13,
     "no_traffic!"},
    {"few_events", R"(events: {total: 'rare_requests_total', bad: '{code=~"5.."}'})", 0, 10,
     "few_events!"},
    {"bad_by_label_never_happened",
     R"(events: {total: 'calm_requests_total', bad: '{code=~"5.."}'})", 0, 0, ""},
    {"bad_stands_still", "events: {total: 'calm_requests_total', bad: 'calm_errors_total'}", 0, 0,
     ""},
    // VictoriaMetrics also counts what a new series begins with.
    {"bad_seen_by_one_sample", "events: {total: 'calm_requests_total', bad: 'once_errors_total'}",
     0, 0, "", "", "100 % of its 7 d error budget left: 0 bad",
     "99.95 % of its 7 d error budget left: 5 bad"},
    {"bad_seen_before_the_window",
     "events: {total: 'calm_requests_total', bad: 'old_errors_total'}", 0, 0, ""},
    {"bad_has_a_wrong_name", "events: {total: 'calm_requests_total', bad: 'calm_erors_total'}", 3,
     13, "no_series!"},
    {"bad_has_a_wrong_label", R"(events: {total: 'calm_requests_total', bad: '{cod=~"5.."}'})", 3,
     13, "no_series!"},
    {"good_has_a_wrong_name", "events: {total: 'calm_requests_total', good: 'calm_god_total'}", 3,
     13, "no_series!"},
    {"total_has_a_wrong_name", R"(events: {total: 'clam_requests_total', bad: '{code=~"5.."}'})", 3,
     13, "no_series!"},
    {"total_has_a_wrong_label",
     R"(events: {total: 'calm_requests_total{servce="calm"}', bad: '{code=~"5.."}'})", 3, 13,
     "no_series!"},
    // It tells the age of a sample to the second, not of the last point of a grid.
    {"stale_for_22_minutes", R"(events: {total: 'ended_22m_requests_total', bad: '{code=~"5.."}'})",
     3, 13, "stale!", "", "up to 30 m old", "up to 22 m old"},
    {"stale_for_two_hours", R"(events: {total: 'ended_2h_requests_total', bad: '{code=~"5.."}'})",
     3, 13, "stale!"},
    // It does not stretch what it counted over the whole window.
    {"stale_is_no_reason", R"(events: {total: 'ended_22m_requests_total', bad: '{code=~"5.."}'})",
     0, 0, "no_series", "findings: {stale: {older_than: 1h}}\n", "10,058,500", "10,058,000"},
    {"short_history", R"(events: {total: 'young_requests_total', bad: '{code=~"5.."}'})", 0, 10,
     "short_history!"},
    {"short_history_of_hours", R"(events: {total: 'infant_requests_total', bad: '{code=~"5.."}'})",
     3, 13, "short_history short_history!"},
    {"latency", "latency: {histogram: quick_seconds, within: 300ms}", 0, 0, ""},
    {"latency_spent", "latency: {histogram: slow_seconds, within: 300ms}", 1, 11, ""},
    {"latency_without_a_bucket", "latency: {histogram: coarse_seconds, within: 300ms}", 3, 13,
     "no_bucket!"},
};

INSTANTIATE_TEST_SUITE_P(Cases, BothServers, testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string(test.param.name); });

// Servers that are set up in ways of their own.
class VictoriaMetrics : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto why = NoVictoriaMetrics()) GTEST_SKIP() << *why;
  }

  void Start(const std::vector<std::string>& flags) {
    auto server = VictoriaMetricsServer::Start(flags);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    const absl::Time now = absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now()) / 60 * 60);
    const auto minutely = [&](const char* name, const char* code, absl::Duration until,
                              double rate) {
      return fake::Minutely(name, {{"code", code}}, now - absl::Hours(8 * 24), now + until,
                            fake::Constant(rate));
    };
    const absl::Status imported = server_->Import(
        fake::OpenMetrics({minutely("requests_total", "200", absl::Minutes(30), 1999),
                           minutely("requests_total", "500", absl::Minutes(30), 1)}));
    ASSERT_TRUE(imported.ok()) << imported;
  }

  fake::Checked Check(const std::string& path) {
    gate_.Write("policy.yaml", Policy(server_->url() + path,
                                      R"(events: {total: requests_total, bad: '{code="500"}'})"));
    return gate_.Check({"--policy", "policy.yaml"}, "");
  }

  std::unique_ptr<VictoriaMetricsServer> server_;
  fake::Gate gate_;
};

TEST_F(VictoriaMetrics, AsItIsInstalled) {
  ASSERT_NO_FATAL_FAILURE(Start({}));
  const fake::Checked checked = Check("");
  EXPECT_EQ(checked.exit, 0) << checked.screen << checked.err;
  EXPECT_NEAR(checked.Number("total"), 20'160'000, 0.05);
  EXPECT_NEAR(checked.Number("bad"), 10'080, 0.1);
  EXPECT_EQ(checked.Findings(), "");
}

TEST_F(VictoriaMetrics, UnderAPath) {
  ASSERT_NO_FATAL_FAILURE(Start({"-search.latencyOffset=0s"}));
  const fake::Checked right = Check("/prometheus/");
  EXPECT_EQ(right.exit, 0) << right.screen << right.err;
  const fake::Checked wrong = Check("/other");
  EXPECT_EQ(wrong.exit, 3);
  EXPECT_EQ(wrong.Findings(), "unreachable!");
  EXPECT_TRUE(
      absl::StartsWith(wrong.FirstFinding(),
                       "no usable answer from SOURCE: HTTP 400: no Prometheus API under this "
                       "URL, perhaps its path lacks a prefix: "))
      << wrong.FirstFinding();
}

TEST_F(VictoriaMetrics, MoreSamplesThanItHandles) {
  ASSERT_NO_FATAL_FAILURE(Start({"-search.latencyOffset=0s", "-search.maxSamplesPerQuery=1000"}));
  const fake::Checked checked = Check("");
  EXPECT_EQ(checked.exit, 3);
  EXPECT_EQ(checked.Findings(), "too_large!");
  EXPECT_TRUE(absl::StrContains(checked.FirstFinding(),
                                "cannot select more than -search.maxSamplesPerQuery=1000 samples"))
      << checked.FirstFinding();
}

TEST_F(VictoriaMetrics, LongerQueriesThanItReads) {
  ASSERT_NO_FATAL_FAILURE(Start({"-search.latencyOffset=0s", "-search.maxQueryLen=20"}));
  const fake::Checked checked = Check("");
  EXPECT_EQ(checked.exit, 3);
  EXPECT_EQ(checked.Findings(), "too_large!");
  EXPECT_TRUE(absl::StartsWith(checked.FirstFinding(),
                               "too much data from SOURCE: HTTP 422: 422: too long query; got "))
      << checked.FirstFinding();
}

TEST_F(VictoriaMetrics, NoPasswordHolds) {
  auto server = VictoriaMetricsServer::Start({"-httpAuth.username=gate", "-httpAuth.password=x"});
  ASSERT_TRUE(server.ok()) << server.status();
  server_ = *std::move(server);
  const fake::Checked checked = Check("");
  EXPECT_EQ(checked.exit, 3);
  EXPECT_EQ(checked.Findings(), "unauthorized!");
}

}  // namespace
}  // namespace slogate
