// What readings come to for one SLO; which questions they answer is in plan_test.cc, and coverage in
// weigh_coverage_test.cc.
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "gate/evidence/plan.h"
#include "tests/evidence/weigh_case.h"

namespace slogate {
namespace {

class WeighTest : public testing::TestWithParam<WeighCase> {};

std::string NameOf(const testing::TestParamInfo<WeighCase>& info) { return info.param.name; }

TEST_P(WeighTest, ComesTo) {
  EXPECT_EQ(WeighedInAll(kTotalBad, "", HealthyBut(GetParam().changes)), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Fresh, WeighTest,
    testing::ValuesIn(std::vector<WeighCase>{
        {"Healthy", {}, {kHourCount, kMonthCount}},
        {"AsOldAsItMayBe", {{kNewest, "300"}}, {kHourCount, kMonthCount}},
        {"WithinTheLimitSomewhere", {{kNewest, "0..300"}}, {kHourCount, kMonthCount}},
        {"TooOld",
         {{kNewest, "300.5"}},
         {kHourCount, kMonthCount, "all: stale, 300.5 against 300: requests"}},
        {"PerhapsTooOld",
         {{kNewest, "200..400"}},
         {kHourCount, kMonthCount, "all: stale, 400 against 300: requests"}},
        {"NoneWithinTheLimit",
         {{kNewest, "none"}},
         {kHourCount, kMonthCount, "all: stale, nothing against 300: requests"}},
        {"NotTold",
         {{kNewest, "timed_out"}},
         {kHourCount, kMonthCount, "all: timed_out: said of newest_sample requests 5m"}},
    }),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    History, WeighTest,
    testing::ValuesIn(std::vector<WeighCase>{
        {"ReachesBackFarEnough", {{kHistory, "2592000..2592300"}}, {kHourCount, kMonthCount}},
        {"IsTooShortForTheMonth",
         {{kHistory, "864000"}},
         {kHourCount, kMonthCount, "30d: short_history, 864000 against 2592000: requests"}},
        {"IsTakenAtItsShortest",
         {{kHistory, "2591999..2600000"}},
         {kHourCount, kMonthCount, "30d: short_history, 2591999 against 2592000: requests"}},
        {"IsTooShortForEveryWindow",
         {{kHistory, "600"}},
         {kHourCount, kMonthCount, "1h: short_history, 600 against 3600: requests",
          "30d: short_history, 600 against 2592000: requests"}},
        {"IsNone",
         {{kHistory, "none"}},
         {kHourCount, kMonthCount, "1h: short_history, 0 against 3600: requests",
          "30d: short_history, 0 against 2592000: requests"}},
        // It could be too short for the hour as well.
        {"IsNotTold",
         {{kHistory, "too_large"}},
         {kHourCount, kMonthCount, "all: too_large: said of history requests 30d"}},
        {"IsTooShortAndStale",
         {{kHistory, "864000"}, {kNewest, "none"}},
         {kHourCount, kMonthCount, "all: stale, nothing against 300: requests",
          "30d: short_history, 864000 against 2592000: requests"}},
    }),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Traffic, WeighTest,
    testing::ValuesIn(std::vector<WeighCase>{
        {"NoneInTheMonth",
         {{kTotalHour, "0"}, {kBadHour, "0"}, {kTotalMonth, "0"}, {kBadMonth, "0"}},
         {"1h: 0 of 0", "30d: 0 of 0", "30d: no_traffic, 0 against nothing: "}},
        {"NoneInTheHourIsNothingToTell",
         {{kTotalHour, "0"}, {kBadHour, "0"}},
         {"1h: 0 of 0", kMonthCount}},
        {"JustEnoughForABudgetOfTen",
         {{kTotalMonth, "10000"}, {kBadMonth, "0"}},
         {kHourCount, "30d: 0 of 10000"}},
        {"FewEvents",
         {{kTotalMonth, "9999"}, {kBadMonth, "0"}},
         {kHourCount, "30d: 0 of 9999", "all: few_events, 9.999 against 10: "}},
        {"PerhapsFewEvents",
         {{kTotalMonth, "~9000..11000"}, {kBadMonth, "0"}},
         {kHourCount, "30d: 0 of 9000..11000 (estimate)", "all: few_events, 9 against 10: "}},
        {"PerhapsNoEvents",
         {{kTotalMonth, "0..5"}, {kBadMonth, "0"}},
         {kHourCount, "30d: 0 of 0..5", "all: few_events, 0 against 10: "}},
    }),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Counts, WeighTest,
    testing::ValuesIn(std::vector<WeighCase>{
        {"OneWindowFailed",
         {{kTotalMonth, "timed_out"}},
         {kHourCount, "30d: timed_out: said of events requests 30d"}},
        {"BothHalvesFailedAlike",
         {{kTotalMonth, "timed_out"}, {kBadMonth, "timed_out"}},
         {kHourCount, "30d: timed_out: said of events requests 30d"}},
        {"BothHalvesFailedEachItsWay",
         {{kTotalMonth, "timed_out"}, {kBadMonth, "too_large"}},
         {kHourCount, "30d: timed_out: said of events requests 30d",
          R"(30d: too_large: said of events requests{code=~"5.."} 30d)"}},
        {"OneWindowIsEmpty",
         {{kTotalHour, "none"}, {kBadHour, "none"}},
         {kMonthCount, "1h: no_series: no series of requests has two samples in the last 1 h"}},
        {"NoFailureYet",
         {{kBadHour, "none"}, {kBadMonth, "none"}, {kCarries, "1"}},
         {"1h: 0 of 10000", "30d: 0 of 5000000"}},
        {"NoFailureInTheHour", {{kBadHour, "none"}}, {"1h: 0 of 10000", kMonthCount}},
        {"FailuresInTheHourButNoneInTheMonth",
         {{kBadMonth, "none"}, {kCarries, "1"}},
         {kHourCount,
          "30d: malformed_answer: the source has data of requests{code=~\"5..\"} within the last 1 "
          "h "
          "but none within the last 30 d"}},
        {"NobodyKnowsWhetherTheEmptyMonthIsTrue",
         {{kBadHour, "timed_out"}, {kBadMonth, "none"}, {kCarries, "1"}},
         {"1h: timed_out: said of events requests{code=~\"5..\"} 1h",
          "30d: timed_out: said of events requests{code=~\"5..\"} 1h"}},
        {"WrongLabel",
         {{kBadHour, "none"}, {kBadMonth, "none"}, {kCarries, "0"}},
         {"1h: no_series: no series of requests carries the label code",
          "30d: no_series: no series of requests carries the label code"}},
        {"WrongName",
         {{kTotalHour, "none"},
          {kTotalMonth, "none"},
          {kBadHour, "none"},
          {kBadMonth, "none"},
          {kNewest, "none"},
          {kHistory, "none"},
          {kCoverage, "none"}},
         {"1h: no_series: no series of requests has two samples in the last 1 h",
          "30d: no_series: no series of requests has two samples in the last 30 d"}},
    }),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Noise, WeighTest,
    testing::ValuesIn(std::vector<WeighCase>{
        {"AnHourWithoutDataIsPartOfStale",
         {{kTotalHour, "none"}, {kBadHour, "none"}, {kNewest, "none"}},
         {kMonthCount, "all: stale, nothing against 300: requests"}},
        {"AMissingHalfOfACountedMonthIsNot",
         {{kBadMonth, "none"}, {kNewest, "none"}, {kCarries, "0"}},
         {kHourCount, "all: stale, nothing against 300: requests",
          "30d: no_series: no series of requests carries the label code"}},
        {"AFailedHourIsNot",
         {{kTotalHour, "timed_out"}, {kBadHour, "none"}, {kNewest, "none"}},
         {kMonthCount, "all: stale, nothing against 300: requests",
          "1h: timed_out: said of events requests 1h"}},
        {"HalfAFailedHourIsNot",
         {{kTotalHour, "none"}, {kBadHour, "timed_out"}, {kNewest, "none"}},
         {kMonthCount, "all: stale, nothing against 300: requests",
          R"(1h: timed_out: said of events requests{code=~"5.."} 1h)"}},
        {"TheSameDefectOfAllWindowsIsSaidOnce",
         {{kNewest, "timed_out"}, {kHistory, "timed_out"}, {kTotalHour, "timed_out"}},
         {kMonthCount, "all: timed_out: said of newest_sample requests 5m"}},
        {"AnUnreachableSourceIsSaidOnce",
         {{"clock", "unreachable"},
          {kNewest, "unreachable"},
          {kHistory, "unreachable"},
          {kCoverage, "unreachable"},
          {kTotalHour, "unreachable"},
          {kTotalMonth, "unreachable"},
          {kBadHour, "unreachable"},
          {kBadMonth, "unreachable"}},
         {"all: unreachable: said of clock"}},
        {"TheClockStandsBesideWhatWasCounted",
         {{"clock", "clock_skew"}},
         {kHourCount, kMonthCount, "all: clock_skew: said of clock"}},
    }),
    NameOf);

// Takes away one reading at a time: what nobody asked is never as good as an answer.
TEST(WeighMissingTest, NothingThatNobodyAskedCountsAsWell) {
  constexpr char kNotAsked[] = "malformed_answer: the question was not asked";
  const std::pair<const char*, Strings> cases[] = {
      {kTotalHour, {kMonthCount, absl::StrCat("1h: ", kNotAsked)}},
      {kBadHour, {kMonthCount, absl::StrCat("1h: ", kNotAsked)}},
      {kTotalMonth, {kHourCount, absl::StrCat("30d: ", kNotAsked)}},
      {kBadMonth, {kHourCount, absl::StrCat("30d: ", kNotAsked)}},
      {kNewest, {kHourCount, kMonthCount, "all: stale, nothing against 300: requests"}},
      {kHistory,
       {kHourCount, kMonthCount, "1h: short_history, 0 against 3600: requests",
        "30d: short_history, 0 against 2592000: requests"}},
      {kCoverage, {kHourCount, kMonthCount, absl::StrCat("30d: ", kNotAsked)}},
      // A dry run with a time of its own does not ask for the clock.
      {"clock", {kHourCount, kMonthCount}},
  };
  for (const auto& [missing, want] : cases) {
    Readings readings = Healthy();
    ASSERT_EQ(readings.erase(missing), 1u) << missing;
    EXPECT_EQ(WeighedInAll(kTotalBad, "", readings), want) << missing;
  }
  EXPECT_EQ(WeighedInAll(kTotalBad, "", {}),
            (Strings{absl::StrCat("1h: ", kNotAsked), absl::StrCat("30d: ", kNotAsked)}));
}

TEST(WeighLimitsTest, AreThePolicys) {
  const std::string more =
      "findings: {stale: {older_than: 10m}, few_events: {budget_below: 5001}}\n";
  Readings readings =
      HealthyBut({{"newest_sample requests 10m", "600"}, {"coverage requests 30d 10m", "120"}});
  readings.erase(kNewest);
  readings.erase(kCoverage);
  constexpr char kFew[] = "all: few_events, 5000 against 5001: ";
  EXPECT_EQ(WeighedInAll(kTotalBad, more, readings), (Strings{kHourCount, kMonthCount, kFew}));
  readings["newest_sample requests 10m"] = "none";
  EXPECT_EQ(WeighedInAll(kTotalBad, more, readings),
            (Strings{kHourCount, kMonthCount, "all: stale, nothing against 600: requests", kFew}));
}

// Whether there are few events is told by the month's count: where a policy holds for few, it also
// holds where the month cannot be counted, in every window.
TEST(WeighLimitsTest, AHoldForFewEventsNeedsTheMonthCounted) {
  const Readings readings = HealthyBut({{kTotalMonth, "timed_out"}});
  constexpr char kAll[] = "all: timed_out: said of events requests 30d";
  constexpr char kMonth[] = "30d: timed_out: said of events requests 30d";
  const std::pair<const char*, const char*> cases[] = {
      {"allow", kMonth}, {"warn", kMonth}, {"hold", kAll}, {"deny", kAll}};
  for (const auto& [verdict, want] : cases) {
    EXPECT_EQ(
        WeighedInAll(kTotalBad, absl::StrCat("findings: {few_events: ", verdict, "}\n"), readings),
        (Strings{kHourCount, want}))
        << verdict;
  }
  // A short window that cannot be counted says nothing about the month.
  EXPECT_EQ(WeighedInAll(kTotalBad, "findings: {few_events: hold}\n",
                         HealthyBut({{kTotalHour, "timed_out"}})),
            (Strings{kMonthCount, "1h: timed_out: said of events requests 1h"}));
}

// Without a total, either half shows that data is fresh and goes back far enough.
TEST(WeighHalvesTest, TheFresherAndTheOlderOneCount) {
  const Readings healthy = {{"events served 1h", "9997"},      {"events failed 1h", "3"},
                            {"events served 30d", "4998000"},  {"events failed 30d", "2000"},
                            {"newest_sample served 5m", "15"}, {"newest_sample failed 5m", "none"},
                            {"history served 30d", "2592000"}, {"history failed 30d", "600"},
                            {"coverage served 30d 5m", "120"}, {"coverage failed 30d 5m", "1"}};
  EXPECT_EQ(WeighedInAll(kGoodBad, "", healthy), (Strings{kHourCount, kMonthCount}));

  Readings readings = healthy;
  readings["newest_sample served 5m"] = "none";
  readings["history served 30d"] = "7200";
  EXPECT_EQ(WeighedInAll(kGoodBad, "", readings),
            (Strings{kHourCount, kMonthCount, "all: stale, nothing against 300: served or failed",
                     "30d: short_history, 7200 against 2592000: served or failed"}));

  readings["newest_sample served 5m"] = "timed_out";
  readings["history served 30d"] = "2592000";
  EXPECT_EQ(WeighedInAll(kGoodBad, "", readings),
            (Strings{kHourCount, kMonthCount, "all: timed_out: said of newest_sample served 5m"}));
}

TEST(WeighClockTest, ItsFindingsReachEverySlo) {
  const EffectivePolicy policy =
      PolicyOf({.slos = {SloWith("availability", kTotalBad), SloWith("orders", kGoodBad)}});
  const Readings readings = HealthyBut({{"clock", "clock_skew"}});
  ASSERT_EQ(policy.slos.size(), 2u);
  EXPECT_EQ(Weighed(policy, policy.slos[0], readings),
            (Strings{kMonthCount, "all: clock_skew: said of clock"}));
  EXPECT_EQ(Weighed(policy, policy.slos[1], readings),
            (Strings{"all: clock_skew: said of clock",
                     "30d: malformed_answer: the question was not asked"}));
}

}  // namespace
}  // namespace slogate
