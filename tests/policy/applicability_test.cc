// Which rules look at which SLOs, and over which windows.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "gate/base/duration.h"
#include "gate/policy/effective.h"

namespace slogate {
namespace {

Rational Decimal(const char* text) { return Rational::FromDecimal(text).value(); }

absl::Duration Length(const char* text) { return ParseDuration(text).value(); }

Rule MakeRule(const char* id) {
  Rule rule;
  rule.id = id;
  rule.when = BudgetRemaining{{Comparator::kAtMost, 0, {}}};
  return rule;
}

TEST(LooksAtSlosTest, AllButTheLastRelease) {
  EXPECT_TRUE(LooksAtSlos(BudgetRemaining{}));
  EXPECT_TRUE(LooksAtSlos(BudgetSpent{}));
  EXPECT_TRUE(LooksAtSlos(BurnRate{}));
  EXPECT_TRUE(LooksAtSlos(SliLevel{}));
  EXPECT_FALSE(LooksAtSlos(LastRelease{}));
}

struct AppliesCase {
  const char* name;
  Condition when;
  Applicability
      want;  // for an objective of 90 % over 30 d: burn at most 10, remaining at least -900 %
};

std::vector<Placed<absl::Duration>> Over(std::vector<const char*> lengths) {
  std::vector<Placed<absl::Duration>> over;
  for (const char* length : lengths) over.push_back({Length(length), {}});
  return over;
}

Placed<absl::Duration> Confirmed(const char* length) { return {Length(length), {}}; }

Threshold Is(Comparator comparator, const char* value) { return {comparator, Decimal(value), {}}; }

class AppliesTest : public testing::TestWithParam<AppliesCase> {};

TEST_P(AppliesTest, NinetyPercentOverThirtyDays) {
  Rule rule = MakeRule("r");
  rule.when = GetParam().when;
  EXPECT_EQ(Applies(rule, "availability", {}, Decimal("0.9"), Length("30d")), GetParam().want);
}

constexpr Comparator kAtMost = Comparator::kAtMost;
constexpr Comparator kBelow = Comparator::kBelow;
constexpr Comparator kAtLeast = Comparator::kAtLeast;
constexpr Comparator kAbove = Comparator::kAbove;
constexpr Applicability kYes = Applicability::kApplies;
constexpr Applicability kNever = Applicability::kUnreachable;
constexpr Applicability kTooLong = Applicability::kWindowTooLong;

const AppliesCase kApplies[] = {
    {"remaining_at_its_lowest", BudgetRemaining{Is(kAtMost, "-9")}, kYes},
    {"remaining_below_its_lowest", BudgetRemaining{Is(kBelow, "-9")}, kNever},
    {"remaining_just_above_its_lowest", BudgetRemaining{Is(kBelow, "-8.999")}, kYes},
    {"remaining_too_low", BudgetRemaining{Is(kAtMost, "-20")}, kNever},
    {"burn_at_its_highest", BurnRate{Is(kAtLeast, "10"), Over({"1h"})}, kYes},
    {"burn_above_its_highest", BurnRate{Is(kAbove, "10"), Over({"1h"})}, kNever},
    {"burn_just_below_its_highest", BurnRate{Is(kAbove, "9.9999999999999999999"), Over({"1h"})},
     kYes},
    {"burn_of_the_usual_fast_alert", BurnRate{Is(kAtLeast, "14.4"), Over({"1h", "5m"})}, kNever},
    {"burn_window_as_long_as_the_slo", BurnRate{Is(kAbove, "1"), Over({"6h", "30d"})}, kTooLong},
    {"burn_window_just_shorter", BurnRate{Is(kAbove, "1"), Over({"29d23h59m"})}, kYes},
    {"spent_at_its_highest", BudgetSpent{Is(kAtLeast, "0.1"), Over({"7h12m"}), {}}, kYes},
    {"spent_above_its_highest", BudgetSpent{Is(kAbove, "0.1"), Over({"7h12m"}), {}}, kNever},
    {"spent_in_a_window_too_short_for_it", BudgetSpent{Is(kAtLeast, "0.1"), Over({"7h11m"}), {}},
     kNever},
    {"spent_where_one_of_two_cannot", BudgetSpent{Is(kAtLeast, "0.1"), Over({"1d", "1h"}), {}},
     kNever},
    {"spent_with_a_confirmation_too_long",
     BudgetSpent{Is(kAtLeast, "0.01"), Over({"1h"}), Confirmed("30d")}, kTooLong},
    {"spent_with_a_confirmation", BudgetSpent{Is(kAtLeast, "0.01"), Over({"1h"}), Confirmed("5m")},
     kYes},
    {"spent_window_as_long_as_the_slo", BudgetSpent{Is(kAtLeast, "0.01"), Over({"30d"}), {}},
     kTooLong},
    {"sli_over_the_whole_window", SliLevel{Is(kBelow, "0.5"), Over({"30d"})}, kYes},
    {"sli_over_more_than_the_window", SliLevel{Is(kBelow, "0.5"), Over({"1h", "31d"})}, kTooLong},
    {"sli_at_zero", SliLevel{Is(kAtMost, "0"), Over({"1h"})}, kYes},
    {"sli_below_zero", SliLevel{Is(kBelow, "0"), Over({"1h"})}, kNever},
    {"a_band_changes_nothing", BudgetRemaining{Is(kAtMost, "-20"), {{Decimal("0.05"), {}}}},
     kNever},
    {"a_release_is_about_no_slo", LastRelease{{Length("15m"), {}}}, Applicability::kNotSelected},
    {"a_release_longer_ago_than_any_window", LastRelease{{Length("60d"), {}}},
     Applicability::kNotSelected},
};

std::string CaseName(const testing::TestParamInfo<AppliesCase>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(Conditions, AppliesTest, testing::ValuesIn(kApplies), CaseName);

TEST(AppliesTest, SelectsByNameOrByAllLabels) {
  const Labels labels = {{"tier", "1"}, {"team", "shop"}};
  const auto selected = [&](SloSelection selection) {
    Rule rule = MakeRule("r");
    rule.slos = std::move(selection);
    return Applies(rule, "availability", labels, Decimal("0.9"), Length("30d")) == kYes;
  };
  using SloNames = std::vector<Placed<std::string>>;
  EXPECT_TRUE(selected({}));
  EXPECT_TRUE(selected(Labels{{"tier", "1"}}));
  EXPECT_TRUE(selected(labels));
  EXPECT_FALSE(selected(Labels{{"tier", "2"}}));
  EXPECT_FALSE(selected(Labels{{"tier", "1"}, {"region", "eu"}}));
  EXPECT_TRUE(selected(SloNames{{"latency", {}}, {"availability", {}}}));
  EXPECT_FALSE(selected(SloNames{{"latency", {}}}));
  EXPECT_FALSE(selected(SloNames{}));
}

TEST(AppliesTest, AnSloNotSelectedIsThatFirst) {
  Rule rule = MakeRule("r");
  rule.when = BurnRate{Is(kAbove, "10"), Over({"60d"})};
  rule.slos = Labels{{"tier", "1"}};
  EffectiveSlo slo;
  slo.objective = Decimal("0.9");
  slo.window = Length("30d");
  EXPECT_EQ(Applies(rule, slo), Applicability::kNotSelected);
  slo.labels = {{"tier", "1"}};
  EXPECT_EQ(Applies(rule, slo), kTooLong);
}

TEST(WindowsOfTest, InOrderWithoutDuplicates) {
  const absl::Duration month = Length("30d");
  using Windows = std::vector<absl::Duration>;
  EXPECT_EQ(WindowsOf(BudgetRemaining{}, month), (Windows{month}));
  EXPECT_EQ(WindowsOf(BudgetSpent{{}, Over({"1h"}), Confirmed("5m")}, month),
            (Windows{Length("1h"), Length("5m")}));
  EXPECT_EQ(WindowsOf(BudgetSpent{{}, Over({"1h"}), {}}, month), (Windows{Length("1h")}));
  EXPECT_EQ(WindowsOf(BurnRate{{}, Over({"3d", "6h", "3d"})}, month),
            (Windows{Length("3d"), Length("6h")}));
  EXPECT_EQ(WindowsOf(SliLevel{{}, Over({"5m", "30d"})}, month), (Windows{Length("5m"), month}));
  EXPECT_EQ(WindowsOf(LastRelease{{Length("15m"), {}}}, month), Windows{});
}

}  // namespace
}  // namespace slogate
