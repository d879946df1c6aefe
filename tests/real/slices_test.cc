// SLIs of slices and of PromQL on a real Prometheus and a real VictoriaMetrics: what slogate counts is what
// a count of the events themselves comes to, nights without a visitor and hours without a sample
// included.
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/time/time.h>
#include <gtest/gtest.h>

#include "tests/real/eight_days.h"
#include "tests/real/gate.h"
#include "tests/testing/prometheus_server.h"
#include "tests/testing/temp_folder.h"
#include "tests/testing/victoria_metrics_server.h"

namespace slogate {
namespace {

constexpr absl::Duration kDay = absl::Hours(24), kWeek = absl::Hours(7 * 24),
                         kSlice = absl::Minutes(5);

int64_t Minute(absl::Time time) { return absl::ToUnixSeconds(time) / 60; }

// What happens in the minute that ends at a time. Nobody comes for 13 hours of each day; by day 100
// requests a minute, of which 6 fail in the first 20 minutes of every seventh hour, and one in any
// other: just at a ratio of 99 %, so the SLOs below go by 98 %.
double Requests(absl::Time time) { return (Minute(time) - 1) / 60 % 24 < 13 ? 0 : 100; }
double Failures(absl::Time time) {
  if (Requests(time) == 0) return 0;
  const int64_t minute = Minute(time) - 1;
  return minute / 60 % 7 == 0 && minute % 60 < 20 ? 6 : 1;
}

// A gauge that is too high in the first half hour of every eleventh hour, and not there for nine hours.
double Queue(absl::Time time) {
  return Minute(time) / 60 % 11 == 0 && Minute(time) % 60 < 30 ? 120.5 : 40;
}
bool IsThere(absl::Time time, absl::Time base) {
  return time <= base - 3 * kDay || time > base - 3 * kDay + absl::Hours(9);
}

std::string Data(absl::Time base) {
  const absl::Time start = base - 8 * kDay, end = base + absl::Minutes(45);
  const auto fine = [](absl::Time time) { return Requests(time) - Failures(time); };
  std::vector<fake::Series> all = {
      fake::Minutely("night_requests_total", {{"code", "200"}}, start, end, fine),
      fake::Minutely("night_requests_total", {{"code", "500"}}, start, end, Failures)};
  // Two pieces of one series, with a gap between them.
  const absl::Time gone = base - 3 * kDay, back = gone + absl::Hours(9) + absl::Minutes(1);
  for (const auto& [from, to] : {std::pair(start, gone), std::pair(back, end)}) {
    fake::Series gauge{"queue_length", {{"job", "shop"}}, from, to};
    gauge.at = Queue;
    all.push_back(std::move(gauge));
  }
  return fake::OpenMetrics(all);
}

struct Count {
  double total = 0, bad = 0;
};

// Every slice that ends within the week before `at`.
template <class Judge>
Count CountSlices(absl::Time at, Judge judge) {
  Count count;
  const absl::Time last = absl::FromUnixSeconds(absl::ToUnixSeconds(at) / 300 * 300);
  for (absl::Time end = last; end > at - kWeek; end -= kSlice) judge(end, count);
  return count;
}

Count BusySlices(absl::Time at) {
  return CountSlices(at, [](absl::Time end, Count& count) {
    double requests = 0, failures = 0;
    for (absl::Time minute = end - absl::Minutes(4); minute <= end; minute += absl::Minutes(1)) {
      requests += Requests(minute);
      failures += Failures(minute);
    }
    if (requests == 0) return;
    ++count.total;
    if (failures > 0.02 * requests) ++count.bad;
  });
}

Count Events(absl::Time at) {
  Count count;
  for (absl::Time minute = at; minute > at - kWeek; minute -= absl::Minutes(1)) {
    count.total += Requests(minute);
    count.bad += Failures(minute);
  }
  return count;
}

// The newest sample of each slice.
Count QueueSlices(absl::Time at, absl::Time base, const std::string& no_data) {
  return CountSlices(at, [&](absl::Time end, Count& count) {
    absl::Time newest = end;
    while (newest > end - kSlice && !IsThere(newest, base)) newest -= absl::Minutes(1);
    const bool there = newest > end - kSlice;
    if (!there && no_data == "skip") return;
    ++count.total;
    if (there ? Queue(newest) > 100 : no_data == "bad") ++count.bad;
  });
}

class Slices : public testing::TestWithParam<bool> {  // whether on VictoriaMetrics
 protected:
  static void SetUpTestSuite() {
    if (NoPrometheus() || NoVictoriaMetrics()) return;
    base_ = absl::FromUnixSeconds(absl::ToUnixSeconds(absl::Now()) / 900 * 900);
    folder_ = std::make_unique<fake::TempFolder>();
    const absl::Status filled = Backfill(Data(base_), folder_->path());
    ASSERT_TRUE(filled.ok()) << filled;
    auto prometheus = PrometheusServer::Start({.data = folder_->path()});
    ASSERT_TRUE(prometheus.ok()) << prometheus.status();
    prometheus_ = *std::move(prometheus);
    auto victoria = VictoriaMetricsServer::Start({"-search.latencyOffset=0s"});
    ASSERT_TRUE(victoria.ok()) << victoria.status();
    const absl::Status imported = (*victoria)->Import(Data(base_));
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

  const std::string& Url() const { return GetParam() ? victoria_->url() : prometheus_->url(); }

  fake::Checked Check(absl::Time at, const std::string& sli, const std::string& more = "") {
    WritePolicy(sli, more);
    return gate_.Check(Arguments(at), Url());
  }

  void WritePolicy(const std::string& sli, const std::string& more = "") {
    gate_.Write("policy.yaml",
                absl::StrCat(R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: test}
rules:
  - {id: spent, when: {budget_remaining: {at_most: 0%}}, verdict: deny}
service: shop
slos:
  - {name: slo, objective: 90%, window: 7d, sli: {)",
                             sli, "}}\nsources: {main: {url: '", Url(), "'}}\n", more));
  }

  static std::vector<std::string> Arguments(absl::Time at) {
    return {"--policy",  "policy.yaml",
            "--dry-run", "--detailed-exit-code",
            "--at",      absl::FormatTime(absl::RFC3339_sec, at, absl::UTCTimeZone())};
  }

  static void ExpectCount(const fake::Checked& checked, const Count& count) {
    EXPECT_EQ(checked.Number("total"), count.total) << checked.screen;
    EXPECT_EQ(checked.Number("bad"), count.bad) << checked.screen;
    EXPECT_EQ(checked.Number("bad_low"), count.bad);
  }

  static inline absl::Time base_;
  static inline std::unique_ptr<fake::TempFolder> folder_;
  static inline std::unique_ptr<PrometheusServer> prometheus_;
  static inline std::unique_ptr<VictoriaMetricsServer> victoria_;
  fake::Gate gate_;
};

constexpr char kTotal[] = "total: night_requests_total";
constexpr char kGood[] = "good: 'night_requests_total{code=\"200\"}'";
constexpr char kBad[] = "bad: 'night_requests_total{code=\"500\"}'";

TEST_P(Slices, OfEventsAreCountedAsTheyWere) {
  for (const absl::Duration later : {absl::ZeroDuration(), absl::Seconds(59), absl::Seconds(301)}) {
    const absl::Time at = base_ + later;
    const Count truth = BusySlices(at);
    ASSERT_GT(truth.bad, 20);
    ASSERT_LT(truth.total, 1000);  // of 2016
    for (const auto& [one, other] :
         {std::pair(kTotal, kBad), std::pair(kTotal, kGood), std::pair(kGood, kBad)}) {
      const fake::Checked checked =
          Check(at, absl::StrCat("slices: {", one, ", ", other, ", ratio: 98%, slice: 5m}"));
      EXPECT_EQ(checked.Findings(), "") << checked.screen;
      ExpectCount(checked, truth);
      EXPECT_EQ(checked.slo()["unit"].text(), "slices");
    }
  }
}

TEST_P(Slices, JustAtTheirRatioAreNotTold) {
  const fake::Checked checked =
      Check(base_, absl::StrCat("slices: {", kTotal, ", ", kBad, ", ratio: 99%, slice: 5m}"));
  EXPECT_EQ(checked.exit, 13) << checked.screen;  // too close to tell
  EXPECT_EQ(checked.Number("bad_low"), BusySlices(base_).bad);
  EXPECT_EQ(checked.Number("bad"), BusySlices(base_).total);
}

TEST_P(Slices, WithoutEventsCountAsThePolicySays) {
  const Count truth = BusySlices(base_);
  const auto check = [&](const char* no_data) {
    return Check(base_, absl::StrCat("slices: {", kTotal, ", ", kBad,
                                     ", ratio: 98%, slice: 5m, no_data: ", no_data, "}"));
  };
  ExpectCount(check("good"), {2016, truth.bad});
  ExpectCount(check("bad"), {2016, truth.bad + 2016 - truth.total});
}

TEST_P(Slices, OfAGaugeAreCountedAsTheyWere) {
  for (const std::string no_data : {"skip", "bad", "good"}) {
    for (const absl::Duration later : {absl::ZeroDuration(), absl::Seconds(301)}) {
      const absl::Time at = base_ + later;
      const fake::Checked checked = Check(
          at, absl::StrCat("threshold: {value: queue_length, at_most: 100, slice: 5m, no_data: ",
                           no_data, "}"));
      EXPECT_EQ(checked.Findings(), "") << checked.screen;  // 9 hours are 5 % of the week
      ExpectCount(checked, QueueSlices(at, base_, no_data));
      EXPECT_FALSE(checked.slo()["estimate"].boolean());
    }
  }
}

// 0/0 is neither good nor bad, whatever the server makes of it.
TEST_P(Slices, OfPromqlAreCountedAsTheyWere) {
  const std::string sli =
      "threshold: {value: 'sum(increase(night_requests_total{code=\"500\"}[5m])) / "
      "sum(increase(night_requests_total[5m]))', at_most: 0.02, slice: 5m, watch: "
      "night_requests_total}";
  const fake::Checked gap = Check(base_, sli);
  EXPECT_EQ(gap.exit, 13) << gap.screen;
  EXPECT_EQ(gap.Findings(), "gap!") << gap.screen;
  const fake::Checked softened = Check(base_, sli, "findings: {gap: {verdict: allow}}\n");
  EXPECT_EQ(softened.exit, 0) << softened.screen;
  ExpectCount(softened, BusySlices(base_));
}

TEST_P(Slices, QueriesCountWhatTheyAreWrittenFor) {
  const Count truth = Events(base_);
  const fake::Checked checked = Check(
      base_,
      "query: {total: 'sum(increase(night_requests_total[$window]))', bad: 'sum by (code) "
      "(increase(night_requests_total{code=\"500\"}[$window]))', watch: night_requests_total}");
  EXPECT_EQ(checked.Findings(), "") << checked.screen;
  EXPECT_NEAR(checked.Number("total"), truth.total, 1e-6 * truth.total);
  EXPECT_NEAR(checked.Number("bad"), truth.bad, 1e-6 * truth.bad);
  EXPECT_EQ(checked.slo()["unit"].text(), "events");
}

struct Wrong {
  const char* sli;
  const char* findings;
};

TEST_P(Slices, WrongNamesAndBrokenPromqlHold) {
  const Wrong cases[] = {
      {"slices: {total: nights_total, bad: 'night_requests_total{code=\"500\"}', ratio: 98%, "
       "slice: "
       "5m}",
       "no_series!"},
      {"slices: {total: night_requests_total, bad: failed_total, ratio: 98%, slice: 5m}",
       "no_series!"},
      {"slices: {good: served_total, bad: 'night_requests_total{code=\"500\"}', ratio: 98%, slice: "
       "5m}",
       "no_series!"},
      {"threshold: {value: queue_size, at_most: 1, slice: 5m}", "no_series!"},
      {"threshold: {value: night_requests_total, at_most: 1, slice: 5m}", "many_series!"},
      {"threshold: {value: 'max(queue_length) max(x)', at_most: 1, slice: 5m, watch: queue_length}",
       "rejected_query!"},
      {"query: {total: 'rate(x[$window]) +', bad: 'rate(y[$window]) +', watch: queue_length}",
       "rejected_query!"},
      {"query: {total: 'sum(increase(night_requests_total[$window]))', bad: "
       "'sum(increase(failed_total[$window]))', watch: night_requests_total}",
       "no_series!"},
  };
  for (const Wrong& test : cases) {
    WritePolicy(test.sli);
    const fake::Checked checked = gate_.Check(Arguments(base_), "");  // some cannot be pasted
    EXPECT_EQ(checked.exit, 13) << checked.screen;
    EXPECT_EQ(checked.Findings(), test.findings) << checked.screen;
  }
}

INSTANTIATE_TEST_SUITE_P(Servers, Slices, testing::Bool(), [](const auto& test) {
  return test.param ? "VictoriaMetrics" : "Prometheus";
});

}  // namespace
}  // namespace slogate
