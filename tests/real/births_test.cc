// What increase() never sees, on a real Prometheus: what counters held at their first sample. Every event
// is known. The known error of PromQL is printed beside.
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/time/time.h>
#include <gtest/gtest.h>

#include "tests/real/eight_days.h"
#include "tests/real/gate.h"
#include "tests/testing/prometheus_server.h"
#include "tests/testing/temp_folder.h"

namespace slogate {
namespace {

constexpr absl::Duration kDay = absl::Hours(24);
constexpr absl::Duration kMinute = absl::Minutes(1);

// lazy_requests_total  1000 a minute of one process for eight days. Its counter of failures is made
//                      by the first 20,000 of them, two days ago, and 5 more came every minute since
// pods_requests_total  processes of ten minutes, one after the other, for eight days: each is scraped
//                      ten times, fails 20 times before its first scrape and 5 times after it, and
//                      serves 1000 a minute
// moved_requests_total 1000 a minute, 1 of them bad, of three processes for eight days; three days
//                      ago their labels changed, and the counters went on at 50 million
std::string Births(absl::Time base) {
  const absl::Time start = base - 8 * kDay, end = base;
  std::vector<fake::Series> all;
  const auto add = [&](const char* name, std::map<std::string, std::string> labels, absl::Time from,
                       absl::Time to, double first, double later) {
    all.push_back(fake::Minutely(name, std::move(labels), from, to,
                                 [=](absl::Time time) { return time == from ? first : later; }));
  };
  const auto add_start = [&](const std::string& instance, absl::Time from, absl::Time to,
                             absl::Time began) {
    fake::Series series =
        fake::Minutely("process_start_time_seconds", {{"instance", instance}, {"job", "pods"}},
                       from, to, fake::Constant(absl::ToDoubleSeconds(began - absl::UnixEpoch())));
    series.kind = fake::Series::Kind::kGauge;
    all.push_back(std::move(series));
  };
  add("lazy_requests_total", {{"code", "200"}, {"instance", "a"}}, start, end, 1000, 1000);
  add("lazy_requests_total", {{"code", "500"}, {"instance", "a"}}, base - 2 * kDay, end, 20'000, 5);
  int pod = 0;
  for (absl::Time from = start; from < end; from += 10 * kMinute) {
    const std::string instance = absl::StrCat("pod-", pod++);
    const absl::Time to = from + 9 * kMinute;
    add("pods_requests_total", {{"code", "200"}, {"instance", instance}, {"job", "pods"}}, from, to,
        1000, 1000);
    fake::Series failed = fake::Minutely(
        "pods_requests_total", {{"code", "500"}, {"instance", instance}, {"job", "pods"}}, from, to,
        [=](absl::Time time) { return time == from                 ? 20
                                      : time == from + 5 * kMinute ? 5
                                                                   : 0; });
    all.push_back(std::move(failed));
    add_start(instance, from, to, from - absl::Seconds(50));
  }
  const absl::Time move = base - 3 * kDay;
  for (const std::string instance : {"a", "b", "c"}) {
    for (const auto& [code, rate] : {std::pair<std::string, double>{"200", 999}, {"500", 1}}) {
      add("moved_requests_total", {{"code", code}, {"instance", instance}}, start, move - kMinute,
          rate, rate);
      add("moved_requests_total", {{"code", code}, {"instance", instance}, {"zone", "z"}}, move,
          end, rate * 50'000, rate);
    }
  }
  return fake::OpenMetrics(all);
}

class RealBirths : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (NoPrometheus()) return;
    base_ = absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now()) / 900 * 900);
    folder_ = std::make_unique<fake::TempFolder>();
    const absl::Status filled = Backfill(Births(base_), folder_->path());
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

  // As of `base_`, over seven days.
  fake::Checked Check(const std::string& name, const std::string& counting,
                      const std::string& bad = R"({code=~"5.."})") {
    gate_.Write("policy.yaml", absl::StrCat(R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: test}
sources: {main: {url: ')",
                                            server_->url(), "', counting: ", counting, R"(}}
rules:
  - {id: spent, when: {budget_remaining: {at_most: 0%}}, verdict: deny}
service: shop
slos:
  - {name: availability, objective: 99.8%, window: 7d, sli: {events: {total: ')",
                                            name, "_requests_total', bad: '", bad, "'}}}\n"));
    const std::string base = absl::FormatTime(absl::RFC3339_sec, base_, absl::UTCTimeZone());
    return gate_.Check(
        {"--policy", "policy.yaml", "--dry-run", "--detailed-exit-code", "--at", base}, "");
  }

  static void ExpectCounted(const fake::Checked& samples, const fake::Checked& promql, double total,
                            double bad) {
    EXPECT_LE(samples.Number("bad_low"), bad);
    EXPECT_GE(samples.Number("bad"), bad);
    EXPECT_EQ(samples.Number("bad"), bad);
    EXPECT_EQ(samples.Number("total"), total);
    std::printf("%s", absl::StrFormat("true %.0f bad, by samples %.2f %%, by PromQL %.2f %%\n", bad,
                                      100 * (samples.Number("bad") / bad - 1),
                                      100 * (promql.Number("bad") / bad - 1))
                          .c_str());
  }

  static inline absl::Time base_;
  static inline std::unique_ptr<fake::TempFolder> folder_;
  static inline std::unique_ptr<PrometheusServer> server_;
  fake::Gate gate_;
};

// Two days at 5 a minute are 14,400; 0.2 % of 10.1 million are 20,229.
TEST_F(RealBirths, FailuresThatMadeTheirCounterCount) {
  const fake::Checked samples = Check("lazy", "samples"), promql = Check("lazy", "promql");
  EXPECT_EQ(samples.exit, 11) << samples.screen << samples.err;
  EXPECT_EQ(samples.Findings(), "");
  EXPECT_EQ(promql.exit, 0) << promql.screen << promql.err;  // where it should deny
  EXPECT_FALSE(samples.slo()["estimate"].boolean());
  EXPECT_TRUE(promql.slo()["estimate"].boolean());
  EXPECT_NEAR(promql.Number("bad"), 14'400, 20);
  ExpectCounted(samples, promql, 10'080'000 + 20'000 + 14'400, 20'000 + 14'400);
  // A part that only the server decides is witnessed by the whole all the same.
  const fake::Checked apart = Check("lazy", "samples", R"({code=~"5[0-9]+"})");
  EXPECT_EQ(apart.slo(), samples.slo());
}

// 1,007 whole processes in seven days, 25 failures each, which is more than 0.2 %; and what one counted
// that was first scraped when the window began.
TEST_F(RealBirths, FailuresBeforeTheFirstScrapeCount) {
  const fake::Checked samples = Check("pods", "auto"), promql = Check("pods", "promql");
  EXPECT_EQ(samples.exit, 11) << samples.screen << samples.err;
  EXPECT_EQ(promql.exit, 0) << promql.screen << promql.err;  // where it should deny
  EXPECT_EQ(samples.Findings(), "");
  ExpectCounted(samples, promql, 1007 * 10'025 + 9'005, 1007 * 25 + 5);
}

TEST_F(RealBirths, OldCountersUnderNewLabelsAreNoWaveOfFailures) {
  const fake::Checked samples = Check("moved", "samples");
  EXPECT_EQ(samples.exit, 10) << samples.screen << samples.err;
  EXPECT_EQ(samples.Findings(), "births!");
  // A scrape of each is lost where the labels changed.
  EXPECT_EQ(samples.Number("bad"), 3 * (7 * 1440 - 1));
}

}  // namespace
}  // namespace slogate
