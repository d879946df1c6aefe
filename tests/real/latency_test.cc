// Latency SLIs on a real Prometheus: classic histograms whose every count is known, a sample a
// minute on whole minutes, as eight_days.h tells of counters. 7 d are 10,080 minutes.
#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
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

constexpr absl::Duration kDay = absl::Hours(24);

// The buckets of one process, by the spelling of their bounds, with events a minute.
using Buckets = std::map<std::string, double>;

struct Histogram {
  std::string name, instance;
  Buckets buckets;
  absl::Time start, end;
};

void Add(const Histogram& histogram, std::vector<fake::Series>& all) {
  for (const auto& [bound, rate] : histogram.buckets) {
    all.push_back(fake::Minutely(histogram.name + "_seconds_bucket",
                                 {{"instance", histogram.instance}, {"le", bound}}, histogram.start,
                                 histogram.end, fake::Constant(rate)));
  }
}

// Of 1000 requests a minute and process, 5 take longer than 300 ms in all that follows but slow.
//   v2        writes its bounds as they were exposed: 0.30
//   mixed     three processes, each with another spelling
//   upgraded  the server was replaced four days ago: 1 before, 1.0 since
//   slow      20 of 1000 take longer
//   other     has no bucket at 300 ms
//   new       has the bucket since two days, the histogram for eight
//   young     began two days ago, whole
//   dropped   lost the bucket an hour ago, and goes on
//   idle      stands still
std::string Histograms(absl::Time base) {
  const absl::Time start = base - 8 * kDay, end = base + absl::Minutes(45);
  const Buckets usual = {{"0.1", 800}, {"0.3", 995}, {"1", 999}, {"+Inf", 1000}};
  std::vector<Histogram> all = {
      {"v2", "a", {{"0.10", 800}, {"0.30", 995}, {"1", 999}, {"+Inf", 1000}}, start, end},
      {"mixed", "a", usual, start, end},
      {"mixed", "b", {{"0.300", 995}, {"1.0", 999}, {"+Inf", 1000}}, start, end},
      {"mixed", "c", {{"3e-01", 995}, {"1e+00", 999}, {"+Inf", 1000}}, start, end},
      {"upgraded", "a", {{"1", 995}}, start, base - 4 * kDay},
      {"upgraded", "a", {{"1.0", 995}}, base - 4 * kDay + absl::Minutes(1), end},
      {"upgraded", "a", {{"+Inf", 1000}}, start, end},
      {"slow", "a", {{"0.3", 980}, {"+Inf", 1000}}, start, end},
      {"other",
       "a",
       {{"0.1", 800}, {"0.25", 900}, {"0.5", 998}, {"10", 1000}, {"+Inf", 1000}},
       start,
       end},
      {"new", "a", {{"0.25", 900}, {"+Inf", 1000}}, start, end},
      {"new", "a", {{"0.3", 995}}, base - 2 * kDay, end},
      {"young", "a", usual, base - 2 * kDay, end},
      {"dropped", "a", {{"0.25", 900}, {"+Inf", 1000}}, start, end},
      {"dropped", "a", {{"0.3", 995}}, start, base - absl::Hours(1)},
      {"idle", "a", {{"0.3", 0}, {"+Inf", 0}}, start, end},
  };
  std::vector<fake::Series> series;
  for (const Histogram& histogram : all) Add(histogram, series);
  series.push_back(fake::Minutely("summary_seconds_count", {}, start, end, fake::Constant(1000)));
  return fake::OpenMetrics(series);
}

struct Case {
  const char* name;
  const char* latency;  // of the SLO's sli
  int detailed_exit;
  const char* findings;
  const char* screen;  // as of `base`
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.name; }

class Latency : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (NoPrometheus()) return;
    base_ = absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now()) / 900 * 900);
    folder_ = std::make_unique<fake::TempFolder>();
    const absl::Status filled = Backfill(Histograms(base_), folder_->path());
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

  // A dry run as of `base`.
  fake::Checked Check(const std::string& latency) {
    gate_.Write("policy.yaml", absl::StrCat(R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: test}
sources: {main: {url: ')",
                                            server_->url(), R"('}}
rules:
  - {id: spent,     when: {budget_remaining: {at_most: 0%}}, verdict: deny}
  - {id: fast-burn, when: {budget_spent: {at_least: 2%, over: 1h, confirmed_over: 5m}}, verdict: hold}
service: shop
slos:
  - {name: latency, objective: 99%, window: 7d, sli: {latency: {)",
                                            latency, "}}}\n"));
    const std::string at = absl::FormatTime(absl::RFC3339_sec, base_, absl::UTCTimeZone());
    return gate_.Check({"--policy", "policy.yaml", "--dry-run", "--detailed-exit-code", "--at", at},
                       server_->url());
  }

 private:
  static inline absl::Time base_;
  static inline std::unique_ptr<fake::TempFolder> folder_;
  static inline std::unique_ptr<PrometheusServer> server_;
  fake::Gate gate_;
};

class LatencyCases : public Latency, public testing::WithParamInterface<Case> {};

TEST_P(LatencyCases, AsTheyAre) {
  const Case& test = GetParam();
  const fake::Checked dry = Check(test.latency);
  EXPECT_EQ(dry.exit, test.detailed_exit) << dry.err;
  EXPECT_EQ(dry.Findings(), test.findings);
  EXPECT_EQ(dry.screen, test.screen);
}

// Bad events are a difference of two estimates, each known to 10⁻⁹ of itself, and round up: 50,401 for
// 50,400. A series that ends where another begins loses, or gains, up to the events of one scrape:
// 49,903.
constexpr Case kCases[] = {
    {"as_exposed", "histogram: v2_seconds, within: 300ms", 0, "",
     R"(would ALLOW  shop  feature                                                                     dry run, exit 0
  latency  49.99 % of its 7 d error budget left: 50,401 bad of 10,080,000 events; 99 % within 300 ms allows
    100,800
  All 2 rules pass.
  Measured INSTANT (counts are estimates). Why in full: slogate explain decision.json
)"},
    {"another_bound", "histogram: v2_seconds, within: 1s", 0, "",
     R"(would ALLOW  shop  feature                                                                     dry run, exit 0
  latency  89.99 % of its 7 d error budget left: 10,081 bad of 10,080,000 events; 99 % within 1 s allows
    100,800
  All 2 rules pass.
  Measured INSTANT (counts are estimates). Why in full: slogate explain decision.json
)"},
    {"three_spellings", "histogram: mixed_seconds, within: 300ms", 0, "",
     R"(would ALLOW  shop  feature                                                                     dry run, exit 0
  latency  49.99 % of its 7 d error budget left: 151,201 bad of 30,240,000 events; 99 % within 300 ms allows
    302,400
  All 2 rules pass.
  Measured INSTANT (counts are estimates). Why in full: slogate explain decision.json
)"},
    {"three_spellings_of_a_whole_number", "histogram: mixed_seconds, within: 1s", 0, "",
     R"(would ALLOW  shop  feature                                                                     dry run, exit 0
  latency  89.99 % of its 7 d error budget left: 30,241 bad of 30,240,000 events; 99 % within 1 s allows
    302,400
  All 2 rules pass.
  Measured INSTANT (counts are estimates). Why in full: slogate explain decision.json
)"},
    {"one_process", "histogram: 'mixed_seconds{instance=\"c\"}', within: 300ms", 0, "",
     R"(would ALLOW  shop  feature                                                                     dry run, exit 0
  latency  49.99 % of its 7 d error budget left: 50,401 bad of 10,080,000 events; 99 % within 300 ms allows
    100,800
  All 2 rules pass.
  Measured INSTANT (counts are estimates). Why in full: slogate explain decision.json
)"},
    {"the_server_changed_the_spelling", "histogram: upgraded_seconds, within: 1s", 0, "",
     R"(would ALLOW  shop  feature                                                                     dry run, exit 0
  latency  50.49 % of its 7 d error budget left: 49,903 bad of 10,080,000 events; 99 % within 1 s allows
    100,800
  All 2 rules pass.
  Measured INSTANT (counts are estimates). Why in full: slogate explain decision.json
)"},
    {"too_slow", "histogram: slow_seconds, within: 300ms", 11, "",
     R"(would DENY  shop  feature                                                                     dry run, exit 11
  The 7 d error budget of "latency" is spent: 201,601 bad of 10,080,000 events; 99 % within 300 ms allows
    100,800.
  spent  (policy.yaml:6:5)  remaining -100.01 %, must be above 0 %; all else passes
  The policy leaves no other way out than to wait until the budget recovers.
  Measured INSTANT (counts are estimates). Why in full: slogate explain decision.json
)"},
    {"no_bucket", "histogram: other_seconds, within: 300ms", 13, "no_bucket!",
     R"(would HOLD  shop  feature                                                                     dry run, exit 13
  Not known how much error budget is left of "latency".
  no_bucket  no bucket at 0.3 s of other_seconds; there are 0.1, 0.25, 0.5, 10
  You can  1 set within: to a bound that the histogram has (in seconds), or give it a bucket there
  Measured INSTANT. Why in full: slogate explain decision.json
)"},
    {"a_bucket_in_the_other_place", "histogram: other_seconds, within: 10s", 0, "",
     R"(would ALLOW  shop  feature                                                                     dry run, exit 0
  latency  99.99 % of its 7 d error budget left: 0.021 bad of 10,080,000 events; 99 % within 10 s allows
    100,800
  All 2 rules pass.
  Measured INSTANT (counts are estimates). Why in full: slogate explain decision.json
)"},
    {"no_histogram", "histogram: othr_seconds, within: 300ms", 13, "no_series!",
     R"(would HOLD  shop  feature                                                                     dry run, exit 13
  Not known how much error budget is left of "latency".
  no_series  no series of othr_seconds_bucket{le="+Inf"} has two samples in the last 7 d
  You can  1 compare the metric and label names of the selector with what the source has
  Measured INSTANT. Why in full: slogate explain decision.json
)"},
    {"a_summary", "histogram: summary_seconds, within: 300ms", 13, "no_series!",
     R"(would HOLD  shop  feature                                                                     dry run, exit 13
  Not known how much error budget is left of "latency".
  no_series  no series of summary_seconds_bucket{le="+Inf"} has two samples in the last 7 d
  You can  1 compare the metric and label names of the selector with what the source has
  Measured INSTANT. Why in full: slogate explain decision.json
)"},
    {"the_bucket_is_gone", "histogram: dropped_seconds, within: 300ms", 13, "stale! no_bucket!",
     R"(would HOLD  shop  feature                                                                     dry run, exit 13
  The data does not say enough to judge "latency".
  no_bucket  no bucket at 0.3 s of dropped_seconds; there are 0.25
  stale  no sample of dropped_seconds_bucket{le=~"0?[.]30*|3([.]0*)?[eE]-0*1"} in the last 5 m; the newest is
    up to 1 h old
  You can  1 look whether the service is still scraped (the metric "up"), then run again
           2 set within: to a bound that the histogram has (in seconds), or give it a bucket there
  Measured INSTANT (counts are estimates). Why in full: slogate explain decision.json
)"},
    {"nobody_came", "histogram: idle_seconds, within: 300ms", 13, "no_traffic!",
     R"(would HOLD  shop  feature                                                                     dry run, exit 13
  The data does not say enough to judge "latency".
  no_traffic  no events in the SLO's window, so nothing says how much of the budget is spent
  You can  1 lengthen the SLO's window, or set findings.no_traffic in policy.yaml
  Measured INSTANT (counts are estimates). Why in full: slogate explain decision.json
)"},
};

INSTANTIATE_TEST_SUITE_P(Histograms, LatencyCases, testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string(test.param.name); });

// How old a bucket is depends on a grid that does not stand still, so that only the rest is told.
TEST_F(Latency, EventsBeforeTheBucketWasThereAreNotBad) {
  const fake::Checked dry = Check("histogram: new_seconds, within: 300ms");
  EXPECT_EQ(dry.exit, 13) << dry.screen;
  EXPECT_EQ(dry.Findings(), "short_history! no_bucket!");
  EXPECT_TRUE(
      absl::StrContains(dry.screen, "no bucket at 0.3 s of new_seconds before the last 2 d"))
      << dry.screen;
}

TEST_F(Latency, AYoungHistogramIsCountedSinceItBegan) {
  const fake::Checked dry = Check("histogram: young_seconds, within: 300ms");
  EXPECT_EQ(dry.exit, 10) << dry.screen;
  EXPECT_EQ(dry.Findings(), "short_history!");
  EXPECT_NEAR(dry.Number("total"), 2 * 24 * 60 * 1000, 2000);
  EXPECT_NEAR(dry.Number("bad"), 2 * 24 * 60 * 5, 10);
}

}  // namespace
}  // namespace slogate
