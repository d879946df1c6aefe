// What samples come to; births are in births_test.cc, whole worlds in tally_truth_test.cc.
#include "gate/evidence/tally.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/evidence/tally_case.h"

namespace slogate {
namespace {

// Windows of 10 and 5 minutes up to 1000 s: they begin at 400 s and at 700 s.
TallyPlan Plan(std::vector<std::string> replicas = {}) {
  return {{absl::Minutes(10), absl::Minutes(5)},
          absl::FromUnixSeconds(1000),
          absl::Minutes(2),
          std::move(replicas)};
}

struct TallyCase {
  const char* name;
  std::vector<StoredSeries> stored;
  const char* ten_minutes;
  const char* five_minutes;
  std::vector<std::string> replicas = {};
};

class TallyTest : public testing::TestWithParam<TallyCase> {};

TEST_P(TallyTest, ComesToTheSameInPiecesOfAnySize) {
  const TallyCase& test = GetParam();
  for (const size_t piece : {1U, 2U, 3U, 1000U}) {
    const Tallied tallied = TallyOf(Plan(test.replicas), test.stored, piece).Count(Everything, {});
    ASSERT_EQ(tallied.windows.size(), 2U);
    EXPECT_EQ(Text(tallied.windows[0]), test.ten_minutes) << "in pieces of " << piece;
    EXPECT_EQ(Text(tallied.windows[1]), test.five_minutes) << "in pieces of " << piece;
    EXPECT_EQ(tallied.impossible, std::nullopt);
  }
}

constexpr char kNothing[] = "0: 0 series, 0 resets, 0 births, 0 uncertain";

INSTANTIATE_TEST_SUITE_P(
    Samples, TallyTest,
    testing::ValuesIn(std::vector<TallyCase>{
        {"Nothing", {}, kNothing, kNothing},
        {"SeriesWithoutSamples", {{"code=200", ""}}, kNothing, kNothing},
        {"Grows",
         {{"code=200", "340:10 400:12 700:20 1000:30"}},
         "18: 1 series, 0 resets, 0 births, 0 uncertain",
         "10: 1 series, 0 resets, 0 births, 0 uncertain"},
        {"Fractions",
         {{"code=200", "400:0.1 700:0.3 1000:1e15"}},
         "999999999999999.9: 1 series, 0 resets, 0 births, 0 uncertain",
         "999999999999999.7: 1 series, 0 resets, 0 births, 0 uncertain"},
        {"SharesWhatLiesAcrossTheStart",
         {{"code=200", "370:10 430:16 1000:30"}},
         "17 ±6: 1 series, 0 resets, 0 births, 0 uncertain",
         "7.36841 ±14: 1 series, 0 resets, 0 births, 0 uncertain"},
        {"NothingAcrossTheStartIsExact",
         {{"code=200", "370:16 430:16 670:20 730:20 1000:30"}},
         "14: 1 series, 0 resets, 0 births, 0 uncertain",
         "10: 1 series, 0 resets, 0 births, 0 uncertain"},
        {"OneSampleEntersBothWindows",
         {{"code=200", "350:10 750:14 1000:20"}},
         "9.5 ±4: 1 series, 0 resets, 0 births, 0 uncertain",
         "6.5 ±4: 1 series, 0 resets, 0 births, 0 uncertain"},
        {"Reset",
         {{"code=200", "400:100 500:110 600:3 700:5 1000:6"}},
         "16: 1 series, 1 resets, 0 births, 0 uncertain",
         "1: 1 series, 0 resets, 0 births, 0 uncertain"},
        {"ManyResets",
         {{"code=200", "400:9 500:8 600:7 650:0 700:5 800:4 900:4 1000:3"}},
         "27: 1 series, 5 resets, 0 births, 0 uncertain",
         "7: 1 series, 2 resets, 0 births, 0 uncertain"},
        {"ResetAcrossTheStart",
         {{"code=200", "370:100 430:6 1000:8"}},
         "5 ±6: 1 series, 1 resets, 0 births, 0 uncertain",
         "1.05263 ±2: 1 series, 0 resets, 0 births, 0 uncertain"},
        {"ResetBeforeTheWindows",
         {{"code=200", "340:9 370:2 400:3 700:5 1000:6"}},
         "3: 1 series, 0 resets, 0 births, 0 uncertain",
         "1: 1 series, 0 resets, 0 births, 0 uncertain"},
        {"LivesThroughAGap",
         {{"code=200", "400:10 460:12 520:stale 880:20 1000:21"}},
         "11: 1 series, 0 resets, 0 births, 0 uncertain",
         "4.428568 ±8: 1 series, 0 resets, 0 births, 0 uncertain"},
        {"RestartsInAGap",
         {{"code=200", "400:10 460:12 520:stale 700:4 1000:5"}},
         "7: 1 series, 1 resets, 0 births, 0 uncertain",
         "1: 1 series, 0 resets, 0 births, 0 uncertain"},
        {"MarkersAtTheStart",
         {{"code=200", "390:10 410:stale 430:stale 460:17 695:17 705:stale 1000:20"}},
         "8.999994 ±7: 1 series, 0 resets, 0 births, 0 uncertain",
         "2.950818 ±3: 1 series, 0 resets, 0 births, 0 uncertain"},
        {"OnlyMarkers", {{"code=200", "410:stale 460:stale"}}, kNothing, kNothing},
        {"MarkerFirst",
         {{"code=200", "350:stale 400:5 700:6 1000:7"}},
         "2: 1 series, 0 resets, 0 births, 0 uncertain",
         "1: 1 series, 0 resets, 0 births, 0 uncertain"},
        {"EndedBeforeTheWindows", {{"code=200", "100:5 160:6 220:stale"}}, kNothing, kNothing},
        {"EndedBetweenTheStarts",
         {{"code=200", "400:5 460:6"}},
         "1: 1 series, 0 resets, 0 births, 0 uncertain",
         kNothing},
        {"LaterThanTheInstant",
         {{"code=200", "400:1 700:2 1000:5 1000.001:7 1060:50"}},
         "4: 1 series, 0 resets, 0 births, 0 uncertain",
         "3: 1 series, 0 resets, 0 births, 0 uncertain"},
        {"BornWithNothing",
         {{"code=200", "460:0 700:4 1000:6"}},
         "6: 1 series, 0 resets, 0 births, 0 uncertain",
         "2: 1 series, 0 resets, 0 births, 0 uncertain"},
        {"BornWithEventsOfUnknownTimes",
         {{"code=200", "460:7 700:29 1000:30"}},
         "23..30: 1 series, 0 resets, 0 births, 1 uncertain",
         "1: 1 series, 0 resets, 0 births, 0 uncertain"},
        {"Sums",
         {{"code=200", "400:1 700:2 1000:5"}, {"code=500", "370:10 430:16 700:17 1000:19"}},
         "10 ±6: 2 series, 0 resets, 0 births, 0 uncertain",
         "5: 2 series, 0 resets, 0 births, 0 uncertain"},
    }),
    [](const auto& test) { return test.param.name; });

// Both replicas tell of one thing.
INSTANTIATE_TEST_SUITE_P(
    Replicas, TallyTest,
    testing::ValuesIn(std::vector<TallyCase>{
        {"WithoutNameTheyAreTwoThings",
         {{"replica=a", "400:0 700:4 1000:9"}, {"replica=b", "400:0 700:5 1000:8"}},
         "17: 2 series, 0 resets, 0 births, 0 uncertain",
         "8: 2 series, 0 resets, 0 births, 0 uncertain"},
        {"TheWorseCounts",
         {{"replica=a", "400:0 700:4 1000:9"}, {"replica=b", "400:0 700:5 1000:8"}},
         "9: 2 series, 0 resets, 0 births, 0 uncertain",
         "5: 2 series, 0 resets, 0 births, 0 uncertain",
         {"replica"}},
        {"OtherLabelsStillTellThingsApart",
         {{"code=200,replica=a", "400:0 700:4 1000:9"},
          {"code=200,replica=b", "400:0 700:5 1000:8"},
          {"code=500,replica=b", "400:0 700:1 1000:1"}},
         "10: 3 series, 0 resets, 0 births, 0 uncertain",
         "5: 3 series, 0 resets, 0 births, 0 uncertain",
         {"replica"}},
        {"OneThatCameLateIsAsDoubtfulAsAnyNewcomer",
         {{"replica=a", "400:1000 700:1004 1000:1009"}, {"replica=b", "700:1005 1000:1008"}},
         "9..1008: 2 series, 0 resets, 0 births, 1 uncertain, step",
         "5: 2 series, 0 resets, 0 births, 0 uncertain",
         {"replica"}},
        {"OneThatTookOverMayHaveSeenOtherEvents",
         {{"replica=a", "400:0 700:4 760:5"}, {"replica=b", "700:5 1000:8"}},
         "5..13: 2 series, 0 resets, 0 births, 1 uncertain, step",
         "3: 2 series, 0 resets, 0 births, 0 uncertain",
         {"replica"}},
        {"TheWorseOfWhatLiesAcross",
         {{"replica=a", "370:0 430:6 700:6 1000:6"}, {"replica=b", "390:0 410:2 700:7 1000:7"}},
         "6 ±6: 2 series, 0 resets, 0 births, 0 uncertain",
         "0: 2 series, 0 resets, 0 births, 0 uncertain",
         {"replica"}},
    }),
    [](const auto& test) { return test.param.name; });

TEST(Tally, NamesAValueThatNoCounterHas) {
  const std::pair<const char*, const char*> cases[] = {
      {"first", "400:X 1000:5"},
      {"before the windows", "340:X 400:2 1000:5"},
      {"inside", "400:1 500:X 1000:5"},
      {"twice", "400:1 500:X 600:X 1000:5"},
      {"last", "400:1 700:2 1000:X"},
      {"entering", "390:1 410:X 1000:5"},
      {"before it enters", "390:1 400:X 410:2 1000:5"},
      {"after a marker", "400:1 500:stale 600:X 1000:7"},
  };
  for (const char* value : {"NaN", "Inf", "-Inf", "-1"}) {
    for (const auto& [name, samples] : cases) {
      const std::string with_value = absl::StrReplaceAll(samples, {{"X", value}});
      for (const size_t piece : {1U, 1000U}) {
        const Tallied tallied =
            TallyOf(Plan(), {{"code=200", with_value}, {"code=500", "400:0 1000:3"}}, piece)
                .Count(Everything, {});
        ASSERT_TRUE(tallied.impossible) << value << " " << name;
        EXPECT_EQ(absl::StrCat(*tallied.impossible), absl::StrCat(ValueOf(value))) << name;
        EXPECT_EQ(Text(tallied.windows[0]), "3: 1 series, 0 resets, 0 births, 0 uncertain")
            << value << " " << name;
      }
    }
  }
}

TEST(Tally, DoesNotMindAnImpossibleValueOutsideOfWhatIsAsked) {
  const Tally tally =
      TallyOf(Plan(), {{"code=200", "400:0 1000:3 1060:NaN"}, {"code=500", "400:NaN"}});
  const auto healthy = [](const SeriesLabels& labels) { return labels[0].second == "200" ? 1 : 0; };
  EXPECT_EQ(tally.Count(healthy, {}).impossible, std::nullopt);
  EXPECT_TRUE(tally.Count(Everything, {}).impossible);
}

TEST(Tally, CountsWhatIsAskedFor) {
  const Tally tally = TallyOf(
      Plan(), {{"code=200", "400:0 1000:30"}, {"code=500", "460:0 1000:3"}, {"code=503", "500:0"}});
  const auto failed = [](const SeriesLabels& labels) { return labels[0].second[0] == '5' ? 1 : 0; };
  const Tallied tallied = tally.Count(failed, {});
  EXPECT_EQ(Text(tallied.windows[0]), "3: 2 series, 0 resets, 0 births, 0 uncertain");
  EXPECT_EQ(tallied.oldest, absl::FromUnixSeconds(460));
  EXPECT_EQ(tallied.newest, absl::FromUnixSeconds(1000));
}

TEST(Tally, KnowsWhenSamplesBeganAndEnded) {
  const Tallied tallied =
      TallyOf(Plan(), {{"a=1", "310:stale 340:0 900:3 960:stale"}, {"a=2", "500:0 930:1 1060:7"}})
          .Count(Everything, {});
  EXPECT_EQ(tallied.oldest, absl::FromUnixSeconds(340));
  EXPECT_EQ(tallied.newest, absl::FromUnixSeconds(930));
  const Tallied none = TallyOf(Plan(), {{"a=1", "1060:1"}}).Count(Everything, {});
  EXPECT_EQ(none.oldest, std::nullopt);
  EXPECT_EQ(none.newest, std::nullopt);
  EXPECT_EQ(none.covered, 0);
}

// Five slots of two minutes, which end at 520, 640, 760, 880 and 1000 s.
TEST(Tally, SlotsAreCoveredByASampleThatIsFreshAtTheirEnd) {
  struct CoverageCase {
    const char* name;
    std::vector<StoredSeries> stored;
    int64_t covered;
  };
  const CoverageCase cases[] = {
      {"none", {}, 0},
      {"all", {{"a=1", "400:0 520:0 640:0 760:0 880:0 1000:0"}}, 5},
      {"as old as a sample may be", {{"a=1", "400:0"}}, 1},
      {"older", {{"a=1", "399.999:0"}}, 0},
      {"a sample lasts to the next end but one", {{"a=1", "520:0"}}, 2},
      {"later than the end", {{"a=1", "520.001:0"}}, 1},
      {"a marker is none", {{"a=1", "390:0 450:stale 515:stale 700:0"}}, 1},
      {"a marker ends none", {{"a=1", "500:0 515:stale"}}, 1},
      {"a gap", {{"a=1", "500:0 900:0"}}, 2},
      {"series fill each other's gaps", {{"a=1", "500:0 900:0"}, {"a=2", "630:0 880:0"}}, 4},
      {"later than the instant", {{"a=1", "1001:0"}}, 0},
  };
  for (const CoverageCase& test : cases) {
    for (const size_t piece : {1U, 2U, 1000U}) {
      EXPECT_EQ(TallyOf(Plan(), test.stored, piece).Count(Everything, {}).covered, test.covered)
          << test.name << " in pieces of " << piece;
    }
  }
}

}  // namespace
}  // namespace slogate
