#include "gate/evidence/births.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/evidence/tally_case.h"

namespace slogate {
namespace {

// Windows of 10 and 5 minutes up to 1000 s: they begin at 400 s and at 700 s.
const TallyPlan kPlan = {
    {absl::Minutes(10), absl::Minutes(5)}, absl::FromUnixSeconds(1000), absl::Minutes(2), {}};

TEST(TargetOfTest, AreTheLabelsOfAProcess) {
  const std::pair<const char*, const char*> cases[] = {
      {"", ""},
      {"code=500", ""},
      {"code=500,job=api", ""},
      {"code=500,job=api,namespace=shop,cluster=eu", ""},
      {"code=500,instance=10.0.0.1:80", "instance=10.0.0.1:80"},
      {"code=500,pod=api-1", "pod=api-1"},
      {"__name__=x,cluster=eu,code=500,container=c,instance=i,job=j,namespace=n,pod=p,path=/",
       "cluster=eu,container=c,instance=i,job=j,namespace=n,pod=p"},
      {"code=500,instance=i,replica=a", "instance=i,replica=a"},
      {"code=500,replica=a", ""},
  };
  for (const auto& [labels, target] : cases) {
    EXPECT_EQ(Text(TargetOf(LabelsOf(labels), {"replica"})), target) << labels;
  }
  EXPECT_EQ(Text(TargetOf(LabelsOf("code=500,instance=i,replica=a"), {})), "instance=i");
}

struct BirthCase {
  const char* name;
  std::vector<StoredSeries> stored;
  std::vector<std::pair<const char*, std::vector<int>>> starts;  // target, seconds
  const char* ten_minutes;
  const char* five_minutes;
  const char* unexplained = "";
};

class BirthsTest : public testing::TestWithParam<BirthCase> {};

TEST_P(BirthsTest, CountFrom) {
  const BirthCase& test = GetParam();
  StartTimes starts;
  for (const auto& [target, seconds] : test.starts) {
    std::vector<absl::Time>& times = starts[LabelsOf(target)];
    for (const int second : seconds) times.push_back(absl::FromUnixSeconds(second));
  }
  // Whoever is first: a witness may come before or after.
  std::vector<StoredSeries> stored = test.stored;
  for (int round = 0; round < 2; ++round) {
    const Tallied tallied = TallyOf(kPlan, stored).Count(Everything, starts);
    EXPECT_EQ(Text(tallied.windows[0]), test.ten_minutes);
    EXPECT_EQ(Text(tallied.windows[1]), test.five_minutes);
    std::vector<std::string> unexplained;
    for (const SeriesLabels& target : tallied.unexplained) unexplained.push_back(Text(target));
    EXPECT_EQ(absl::StrJoin(unexplained, " "), test.unexplained);
    std::reverse(stored.begin(), stored.end());
  }
}

constexpr char kUncertainPod[] = "29..60: 1 series, 0 resets, 0 births, 1 uncertain, step";
constexpr char kNewPod[] = "60: 1 series, 0 resets, 1 births, 0 uncertain";
constexpr char kItsLastMinutes[] = "29: 1 series, 0 resets, 0 births, 0 uncertain";

// A pod that is first seen at 700 s, with 31 events.
std::vector<StoredSeries> Pod() { return {{"code=200,instance=b", "700:31 1000:60"}}; }

INSTANTIATE_TEST_SUITE_P(
    StartTimes, BirthsTest,
    testing::ValuesIn(std::vector<BirthCase>{
        {"Unknown", Pod(), {}, kUncertainPod, kItsLastMinutes, "instance=b"},
        {"OfAnotherTarget",
         Pod(),
         {{"instance=a", {690}}},
         kUncertainPod,
         kItsLastMinutes,
         "instance=b"},
        {"JustBefore", Pod(), {{"instance=b", {690}}}, kNewPod, kItsLastMinutes},
        {"AsEarlyAsMayBe", Pod(), {{"instance=b", {580}}}, kNewPod, kItsLastMinutes},
        {"TooEarlyNotToHaveBeenSeen",
         Pod(),
         {{"instance=b", {579}}},
         kUncertainPod,
         kItsLastMinutes},
        {"BeforeTheWindow", Pod(), {{"instance=b", {100}}}, kUncertainPod, kItsLastMinutes},
        {"LaterThanTheSample", Pod(), {{"instance=b", {701}}}, kUncertainPod, kItsLastMinutes},
        {"TheLatest", Pod(), {{"instance=b", {690, 100, 800}}}, kNewPod, kItsLastMinutes},
        {"None", Pod(), {{"instance=b", {}}}, kUncertainPod, kItsLastMinutes},
        {"BeforeTheShorterWindow",
         {{"code=200,instance=b", "720:30 1000:60"}},
         {{"instance=b", {690}}},
         "60: 1 series, 0 resets, 1 births, 0 uncertain",
         "49.99998 ±30: 1 series, 0 resets, 1 births, 0 uncertain"},
        {"NoTarget", {{"code=200", "700:31 1000:60"}}, {}, kUncertainPod, kItsLastMinutes},
        {"NothingToExplain",
         {{"code=200,instance=b", "700:0 1000:60"}},
         {},
         "60: 1 series, 0 resets, 0 births, 0 uncertain",
         "60: 1 series, 0 resets, 0 births, 0 uncertain"},
    }),
    [](const auto& test) { return test.param.name; });

// The pod's first series, and one made at 760 s with its first 4 failures.
std::vector<StoredSeries> WithFailures(const char* healthy) {
  return {{"code=200,instance=a", healthy}, {"code=500,instance=a", "760:4 1000:5"}};
}

INSTANTIATE_TEST_SUITE_P(Witnesses, BirthsTest,
                         testing::ValuesIn(std::vector<BirthCase>{
                             {"SeenInTheWindowBefore",
                              WithFailures("400:0 700:0 705:1 760:1 1000:1"),
                              {},
                              "6: 2 series, 0 resets, 1 births, 0 uncertain",
                              "6: 2 series, 0 resets, 1 births, 0 uncertain"},
                             {"SeenAtTheStartOfTheShorterWindow",
                              WithFailures("400:0 700:0 760:0 1000:1"),
                              {},
                              "6: 2 series, 0 resets, 1 births, 0 uncertain",
                              "6: 2 series, 0 resets, 1 births, 0 uncertain"},
                             {"SeenBeforeTheShorterWindow",
                              WithFailures("400:0 640:0 760:0 1000:1"),
                              {},
                              "6: 2 series, 0 resets, 1 births, 0 uncertain",
                              "4 ±4: 2 series, 0 resets, 1 births, 0 uncertain"},
                             {"NotSeenSinceLongBefore",
                              WithFailures("400:0 1000:1"),
                              {},
                              "6: 2 series, 0 resets, 1 births, 0 uncertain",
                              "2.166664 ±5: 2 series, 0 resets, 1 births, 0 uncertain"},
                             {"SeenBeforeBothWindows",
                              WithFailures("340:0 390:0 760:0 1000:1"),
                              {},
                              "5.891888 ±4: 2 series, 0 resets, 1 births, 0 uncertain",
                              "2.648648 ±4: 2 series, 0 resets, 1 births, 0 uncertain"},
                             {"SeenLastTogether",
                              WithFailures("400:0 700:0 760:1"),
                              {},
                              "6: 2 series, 0 resets, 1 births, 0 uncertain",
                              "6: 2 series, 0 resets, 1 births, 0 uncertain"},
                             {"SeenTogetherFirst",
                              WithFailures("760:0 1000:1"),
                              {},
                              "2..6: 2 series, 0 resets, 0 births, 1 uncertain, step",
                              "2..6: 2 series, 0 resets, 0 births, 1 uncertain, step",
                              "instance=a"},
                             {"GoneWhenTheNewOneCame",
                              WithFailures("400:0 700:0 730:1"),
                              {},
                              "2..6: 2 series, 0 resets, 0 births, 1 uncertain, step",
                              "2..6: 2 series, 0 resets, 0 births, 1 uncertain, step",
                              "instance=a"},
                             {"OfAnotherTarget",
                              {{"code=200,instance=b", "400:0 700:0 1000:1"},
                               {"code=500,instance=a", "760:4 1000:5"}},
                              {},
                              "2..6: 2 series, 0 resets, 0 births, 1 uncertain, step",
                              "2..6: 2 series, 0 resets, 0 births, 1 uncertain, step",
                              "instance=a"},
                             {"NobodyAsksForStartTimesWhereThereIsAWitness",
                              WithFailures("400:0 640:0 760:0 1000:1"),
                              {{"instance=a", {730}}},
                              "6: 2 series, 0 resets, 1 births, 0 uncertain",
                              "4 ±4: 2 series, 0 resets, 1 births, 0 uncertain"},
                         }),
                         [](const auto& test) { return test.param.name; });

// Ten processes that have counted a million failures each, and one more in these ten minutes.
std::vector<StoredSeries> Fleet(const char* labels, const char* samples) {
  std::vector<StoredSeries> fleet;
  for (int i = 0; i < 10; ++i) fleet.push_back({absl::StrCat(labels, ",instance=", i), samples});
  return fleet;
}

TEST(Births, AMoveIsAStepAndNoWaveOfFailures) {
  std::vector<StoredSeries> moved = Fleet("job=old", "400:1000000 640:1000001 700:stale");
  for (StoredSeries& series : Fleet("job=new", "700:1000001 1000:1000001"))
    moved.push_back(std::move(series));
  StartTimes long_ago;
  for (int i = 0; i < 10; ++i) {
    long_ago[LabelsOf(absl::StrCat("job=new,instance=", i))] = {absl::FromUnixSeconds(10)};
  }
  for (const StartTimes& starts : {StartTimes(), long_ago}) {
    const Tallied tallied = TallyOf(kPlan, moved).Count(Everything, starts);
    EXPECT_EQ(Text(tallied.windows[0]),
              "10..10000020: 20 series, 0 resets, 0 births, 10 uncertain, step");
    EXPECT_EQ(Text(tallied.windows[1]), "0: 10 series, 0 resets, 0 births, 0 uncertain");
    EXPECT_EQ(tallied.unexplained.size(), starts.empty() ? 10U : 0U);
  }
}

// Newcomers come a second after each other, as scrapes do.
TEST(Births, AStepIsAtLeastHalfOfTheSeriesAtOneTime) {
  for (const int stay : {9, 10, 11}) {
    std::vector<StoredSeries> stored = Fleet("job=gone", "400:0 640:1");
    for (int i = 0; i < 10; ++i) {
      stored.push_back(
          {absl::StrCat("job=new,instance=", i), absl::StrCat(700 + i, ":1000000 1000:1000001")});
    }
    for (int i = 0; i < stay; ++i)
      stored.push_back({absl::StrCat("job=stays,instance=", i), "400:10 640:11 1000:12"});
    EXPECT_EQ(
        Text(TallyOf(kPlan, stored).Count(Everything, {}).windows[0]),
        absl::StrCat(20 + 2 * stay, "..", 10'000'020 + 2 * stay, ": ", 20 + stay,
                     " series, 0 resets, 0 births, 10 uncertain", stay <= 10 ? ", step" : ""));
  }
}

TEST(Births, ADeploymentWithFewEventsIsNoStep) {
  std::vector<StoredSeries> stored = Fleet("job=old", "400:10 640:31 700:stale");
  for (StoredSeries& series : Fleet("job=new", "700:20 1000:40"))
    stored.push_back(std::move(series));
  EXPECT_EQ(Text(TallyOf(kPlan, stored).Count(Everything, {}).windows[0]),
            "410..610: 20 series, 0 resets, 0 births, 10 uncertain");
}

}  // namespace
}  // namespace slogate
