// Failures as requests without the good ones, where what is not known of a process is the same for both.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "gate/evidence/tally.h"
#include "tests/evidence/tally_case.h"

namespace slogate {
namespace {

struct DifferenceCase {
  const char* name;
  std::vector<StoredSeries> stored;
  const char* requests;
  const char* good;
  const char* failed;
  std::vector<std::string> replicas = {};
};

class TallyDifferenceTest : public testing::TestWithParam<DifferenceCase> {};

int IsGood(const SeriesLabels& labels) {
  for (const auto& [name, value] : labels) {
    if (name == "le") return value == "0.3" ? 1 : 0;
  }
  return 0;
}
int IsRequest(const SeriesLabels& labels) { return 1 - IsGood(labels); }
int IsFailed(const SeriesLabels& labels) { return IsRequest(labels) - IsGood(labels); }

// One window of 10 minutes up to 1000 s.
TEST_P(TallyDifferenceTest, ComesTo) {
  const DifferenceCase& test = GetParam();
  const TallyPlan plan{
      {absl::Minutes(10)}, absl::FromUnixSeconds(1000), absl::Minutes(2), test.replicas};
  const Tally tally = TallyOf(plan, test.stored);
  const auto text = [&](int (*sign)(const SeriesLabels&)) {
    const WindowTally window = tally.Count(sign, {}).windows[0];
    return absl::StrCat(
        Text(window.events),
        window.estimate() ? absl::StrCat(" ±", window.across.ExactDecimal().value_or("?")) : "");
  };
  EXPECT_EQ(text(IsRequest), test.requests);
  EXPECT_EQ(text(IsGood), test.good);
  EXPECT_EQ(text(IsFailed), test.failed);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, TallyDifferenceTest,
    testing::ValuesIn(std::vector<DifferenceCase>{
        {"Certain",
         {{"instance=a,le=+Inf", "400:10 700:20 1000:50"},
          {"instance=a,le=0.3", "400:9 700:18 1000:45"}},
         "40",
         "36",
         "4"},
        {"OneBirthForBoth",
         {{"instance=a,le=+Inf", "700:1000 1000:1100"}, {"instance=a,le=0.3", "700:990 1000:1085"}},
         "100..1100",
         "95..1085",
         "5..15"},
        {"OneBirthForBothAndNoneFailed",
         {{"instance=a,le=+Inf", "700:1000 1000:1100"},
          {"instance=a,le=0.3", "700:1000 1000:1100"}},
         "100..1100",
         "100..1100",
         "0"},
        {"EachTargetForItself",
         {{"instance=a,le=+Inf", "700:1000 1000:1100"},
          {"instance=a,le=0.3", "700:990 1000:1085"},
          {"instance=b,le=+Inf", "700:100 1000:110"},
          {"instance=b,le=0.3", "700:100 1000:109"}},
         "110..1210",
         "104..1194",
         "6..16"},
        {"BirthsAtDifferentTimes",
         {{"instance=a,le=+Inf", "700:1000 740:1100"}, {"instance=a,le=0.3", "760:9 1000:18"}},
         "100..1100",
         "9..18",
         "82..1091"},
        {"NoTarget",
         {{"le=+Inf", "700:1000 1000:1100"}, {"le=0.3", "700:990 1000:1085"}},
         "100..1100",
         "95..1085",
         "-985..1005"},
        {"AcrossTheStartTogether",
         {{"instance=a,le=+Inf", "370:10 430:16 1000:30"},
          {"instance=a,le=0.3", "370:9 430:14 1000:27"}},
         "17 ±6",
         "15.5 ±5",
         "1.5 ±1"},
        {"AcrossTheStartApart",
         {{"instance=a,le=+Inf", "370:10 430:16 1000:30"},
          {"instance=a,le=0.3", "380:9 420:14 1000:27"}},
         "17 ±6",
         "15.5 ±5",
         "1.5 ±11"},
        {"MoreGoodOnesThanRequests",
         {{"instance=a,le=+Inf", "400:10 1000:20"}, {"instance=a,le=0.3", "400:9 1000:29"}},
         "10",
         "20",
         "-10"},
        {"Replicas",
         {{"instance=a,le=+Inf,replica=x", "400:10 1000:50"},
          {"instance=a,le=0.3,replica=x", "400:9 1000:45"},
          {"instance=a,le=+Inf,replica=y", "400:10 1000:49"},
          {"instance=a,le=0.3,replica=y", "400:9 1000:43"}},
         "40",
         "36",
         "5",
         {"replica"}},
    }),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace slogate
