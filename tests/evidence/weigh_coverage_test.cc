// What coverage of the SLO's own window comes to.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/evidence/weigh_case.h"

namespace slogate {
namespace {

class WeighCoverageTest : public testing::TestWithParam<WeighCase> {};

TEST_P(WeighCoverageTest, ComesTo) {
  EXPECT_EQ(WeighedInAll(kTotalBad, "", HealthyBut(GetParam().changes)), GetParam().want);
}

// 120 slots of 6 h; the limit is 90 % of those since the first sample.
INSTANTIATE_TEST_SUITE_P(
    Cases, WeighCoverageTest,
    testing::ValuesIn(std::vector<WeighCase>{
        {"JustEnough", {{kCoverage, "108"}}, {kHourCount, kMonthCount}},
        {"OneSlotTooFew",
         {{kCoverage, "107"}},
         {kHourCount, kMonthCount,
          "30d: gap, about 0.8916 against 0.9: 13 of 120 slots of 6 h end without a sample of "
          "requests"}},
        {"NoneAtAll",
         {{kCoverage, "none"}},
         {kHourCount, kMonthCount,
          "30d: gap, 0 against 0.9: 120 of 120 slots of 6 h end without a sample of requests"}},
        {"NotTold",
         {{kCoverage, "timed_out"}},
         {kHourCount, kMonthCount, "30d: timed_out: said of coverage requests 30d 5m"}},
        // What lies before the first sample is short history, and no gap beside.
        {"OfTenDaysIsWhole",
         {{kCoverage, "40"}, {kHistory, "864000"}},
         {kHourCount, kMonthCount, "30d: short_history, 864000 against 2592000: requests"}},
        {"OfTenDaysOneSlotMoreMayEndAfterTheFirstSample",
         {{kCoverage, "41"}, {kHistory, "864000"}},
         {kHourCount, kMonthCount, "30d: short_history, 864000 against 2592000: requests"}},
        {"OfTenDaysIsJustEnough",
         {{kCoverage, "36"}, {kHistory, "864000..885600"}},
         {kHourCount, kMonthCount, "30d: short_history, 864000 against 2592000: requests"}},
        {"OfTenDaysIsTooLittle",
         {{kCoverage, "35"}, {kHistory, "885599"}},
         {kHourCount, kMonthCount, "30d: short_history, 885599 against 2592000: requests",
          "30d: gap, 0.875 against 0.9: 5 of 40 slots of 6 h since the first sample end without a "
          "sample of requests"}},
        {"OfLessThanASlotIsNotTold",
         {{kCoverage, "none"}, {kHistory, "21599"}},
         {kHourCount, kMonthCount, "30d: short_history, 21599 against 2592000: requests"}},
        // Whether the hole is a gap or what was before the first sample, nobody knows.
        {"OfATimeThatNobodyKnows",
         {{kCoverage, "40"}, {kHistory, "too_large"}},
         {kHourCount, kMonthCount, "all: too_large: said of history requests 30d"}},
        {"OfATimeThatNobodyNeedsToKnow",
         {{kHistory, "too_large"}},
         {kHourCount, kMonthCount, "all: too_large: said of history requests 30d"}},
        {"IsTooLittleBesideStaleData",
         {{kCoverage, "100"}, {kNewest, "none"}},
         {kHourCount, kMonthCount, "all: stale, nothing against 300: requests",
          "30d: gap, about 0.8333 against 0.9: 20 of 120 slots of 6 h end without a sample of "
          "requests"}},
    }),
    [](const auto& test) { return std::string(test.param.name); });

TEST(WeighBirthsTest, AStepTaintsTheWindowsItIsIn) {
  EXPECT_EQ(WeighedInAll(kTotalBad, "", HealthyBut({{kBadMonth, "^2000"}})),
            (Strings{kHourCount, kMonthCount, "30d: births: requests"}));
  EXPECT_EQ(WeighedInAll(kTotalBad, "", HealthyBut({{kBadHour, "^3"}, {kTotalMonth, "^5000000"}})),
            (Strings{kHourCount, kMonthCount, "1h: births: requests", "30d: births: requests"}));
}

TEST(WeighCoverageLimitsTest, AreThePolicys) {
  const Readings readings = HealthyBut({{kCoverage, "119"}});
  constexpr char kGap[] =
      "30d: gap, about 0.9916 against 1: 1 of 120 slots of 6 h end without a sample of requests";
  EXPECT_EQ(WeighedInAll(kTotalBad, "findings: {gap: {coverage_below: 100%}}\n", readings),
            (Strings{kHourCount, kMonthCount, kGap}));
  EXPECT_EQ(WeighedInAll(kTotalBad, "findings: {gap: {coverage_below: 99.1%}}\n", readings),
            (Strings{kHourCount, kMonthCount}));
  // A sample stands for its slot as long as it is fresh, so no slot is shorter than that.
  Readings slow =
      HealthyBut({{"newest_sample requests 12h", "3600"}, {"coverage requests 30d 12h", "53"}});
  EXPECT_EQ(
      WeighedInAll(kTotalBad, "findings: {stale: {older_than: 12h}}\n", slow),
      (Strings{kHourCount, kMonthCount,
               "30d: gap, about 0.8833 against 0.9: 7 of 60 slots of 12 h end without a sample of "
               "requests"}));
}

// A series of failures is born with the first failure: what it lacks is no gap.
TEST(WeighCoverageHalvesTest, TheBetterCoveredOneCounts) {
  const Readings healthy = {{"events served 1h", "9997"},      {"events failed 1h", "3"},
                            {"events served 30d", "4998000"},  {"events failed 30d", "2000"},
                            {"newest_sample served 5m", "15"}, {"newest_sample failed 5m", "15"},
                            {"history served 30d", "2592000"}, {"history failed 30d", "600"},
                            {"coverage served 30d 5m", "120"}, {"coverage failed 30d 5m", "none"}};
  const auto weighed = [&](const Readings& changes) {
    Readings readings = changes;
    readings.insert(healthy.begin(), healthy.end());
    return WeighedInAll(kGoodBad, "", readings);
  };
  constexpr char kGap[] =
      "30d: gap, 0.5 against 0.9: 60 of 120 slots of 6 h end without a sample of served or failed";
  EXPECT_EQ(weighed({}), (Strings{kHourCount, kMonthCount}));
  EXPECT_EQ(weighed({{"coverage failed 30d 5m", "timed_out"}}), (Strings{kHourCount, kMonthCount}));
  EXPECT_EQ(weighed({{"coverage served 30d 5m", "60"}}), (Strings{kHourCount, kMonthCount, kGap}));
  EXPECT_EQ(weighed({{"coverage served 30d 5m", "50"}, {"coverage failed 30d 5m", "60"}}),
            (Strings{kHourCount, kMonthCount, kGap}));
  // What is lost could have been the better one, or have shown how far back the samples go.
  EXPECT_EQ(weighed({{"coverage served 30d 5m", "timed_out"}, {"coverage failed 30d 5m", "60"}}),
            (Strings{kHourCount, kMonthCount, "30d: timed_out: said of coverage served 30d 5m"}));
  EXPECT_EQ(
      weighed({{"coverage served 30d 5m", "60"}, {"history served 30d", "timed_out"}}),
      (Strings{kHourCount, kMonthCount, "1h: short_history, 600 against 3600: served or failed",
               "30d: short_history, 600 against 2592000: served or failed",
               "30d: timed_out: said of history served 30d"}));
}

}  // namespace
}  // namespace slogate
