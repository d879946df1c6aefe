#include "gate/slo/budget.h"

#include <cstdint>
#include <optional>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>

#include "gate/base/duration.h"

namespace slogate {
namespace {

Rational Over(int64_t top, int64_t bottom) { return Quotient(top, bottom).value(); }

Rational Decimal(absl::string_view text) { return Rational::FromDecimal(text).value(); }

absl::Duration Length(const char* text) { return ParseDuration(text).value(); }

EventCount Counted(const Rational& bad, const Rational& total) {
  return {Bounds::Exactly(bad), Bounds::Exactly(total)};
}

TEST(SpendTest, TheExampleOfAnOverspentMonth) {
  // 99.9 % of 41,882,310 events allow 41,882.31 failures.
  const Budget budget = Spend(Decimal("0.999"), Counted(44'107, 41'882'310));
  EXPECT_EQ(budget.total, Bounds::Exactly(41'882'310));
  EXPECT_EQ(budget.bad, Bounds::Exactly(44'107));
  EXPECT_EQ(budget.allowed, Bounds::Exactly(Decimal("41882.31")));
  EXPECT_EQ(budget.consumed, Bounds::Exactly(Over(4'410'700, 4'188'231)));
  EXPECT_EQ(budget.remaining, Bounds::Exactly(Over(-222'469, 4'188'231)));
  EXPECT_FALSE(budget.estimate);
  // -5.3117…%, shown towards worse as on the screen of a deny.
  EXPECT_EQ((budget.remaining->low * Rational(100)).Fixed(2, Rounding::kDown), "-5.32");
}

// On the first day of a month, what is allowed goes by the month before.
TEST(SpendTest, GoesByTheLargerOfTwoPeriods) {
  EventCount count = Counted(1, 500);
  EXPECT_EQ(Spend(Decimal("0.999"), count).remaining, Bounds::Exactly(-1));
  count.previous_total = Bounds::Exactly(10'000);
  const Budget by_previous = Spend(Decimal("0.999"), count);
  EXPECT_EQ(by_previous.allowed, Bounds::Exactly(10));
  EXPECT_EQ(by_previous.basis, Bounds::Exactly(10'000));
  EXPECT_EQ(by_previous.total, Bounds::Exactly(500));
  EXPECT_EQ(by_previous.remaining, Bounds::Exactly(Decimal("0.9")));
  EXPECT_EQ(by_previous.remaining, RemainingOf(Decimal("0.999"), count));
  EXPECT_TRUE(by_previous.by_previous);
  EXPECT_TRUE(by_previous.estimate);

  count.previous_total = Bounds::Exactly(400);
  const Budget by_this = Spend(Decimal("0.999"), count);
  EXPECT_EQ(by_this.allowed, Bounds::Exactly(Decimal("0.5")));
  EXPECT_FALSE(by_this.by_previous);
  EXPECT_FALSE(by_this.estimate);

  // Nobody knows which of the two is larger.
  count.previous_total = Bounds{450, 600};
  const Budget either = Spend(Decimal("0.999"), count);
  EXPECT_EQ(either.allowed, (Bounds{Decimal("0.5"), Decimal("0.6")}));
  EXPECT_TRUE(either.by_previous);
}

// How fast a budget burns, and how good the service is, is of the same events as the failures.
TEST(SpendTest, OnlyTheBudgetGoesByAnotherPeriod) {
  EventCount count = Counted(1, 500);
  const EventCount alone = count;
  count.previous_total = Bounds::Exactly(10'000);
  EXPECT_EQ(BurnRateOf(Decimal("0.999"), count), BurnRateOf(Decimal("0.999"), alone));
  EXPECT_EQ(SliOf(count), SliOf(alone));
  EXPECT_EQ(BudgetSpentOf(Decimal("0.999"), count, Length("1h"), Length("30d")),
            BudgetSpentOf(Decimal("0.999"), alone, Length("1h"), Length("30d")));
}

struct SpendCase {
  const char* name;
  const char* objective;
  const char *bad, *total;
  const char *allowed, *consumed, *remaining;  // exact decimals
};

TEST(SpendTest, Table) {
  const SpendCase cases[] = {
      {"nothing failed", "0.999", "0", "1000", "1", "0", "1"},
      {"half is spent", "0.99", "5", "1000", "10", "0.5", "0.5"},
      {"exactly spent is exactly nothing left", "0.999", "1", "1000", "1", "1", "0"},
      {"one event too many", "0.999", "2", "1000", "1", "2", "-1"},
      {"everything failed", "0.999", "1000", "1000", "1", "1000", "-999"},
      {"less than one failure is allowed", "0.999", "1", "100", "0.1", "10", "-9"},
      {"more bad than there was", "0.9", "30", "10", "1", "30", "-29"},
      {"an objective of many nines", "0.999999", "1", "4000000", "4", "0.25", "0.75"},
      {"a lax objective", "0.5", "1", "8", "4", "0.25", "0.75"},
      {"counts are no integers", "0.9", "1.05", "21.0", "2.1", "0.5", "0.5"},
      {"no floating point: a tenth thrice is spent", "0.7", "0.3", "1", "0.3", "1", "0"},
  };
  for (const SpendCase& test : cases) {
    SCOPED_TRACE(test.name);
    const Budget budget =
        Spend(Decimal(test.objective), Counted(Decimal(test.bad), Decimal(test.total)));
    EXPECT_EQ(budget.allowed, Bounds::Exactly(Decimal(test.allowed)));
    EXPECT_EQ(budget.consumed, Bounds::Exactly(Decimal(test.consumed)));
    EXPECT_EQ(budget.remaining, Bounds::Exactly(Decimal(test.remaining)));
  }
}

TEST(SpendTest, WithoutEventsNothingIsKnownOfTheBudget) {
  for (const EventCount& count :
       {Counted(0, 0), EventCount{{0, 3}, {0, 5}}, EventCount{{0, 0}, {0, 5}}}) {
    const Budget budget = Spend(Decimal("0.999"), count);
    EXPECT_EQ(budget.consumed, std::nullopt);
    EXPECT_EQ(budget.remaining, std::nullopt);
  }
}

TEST(SpendTest, DoubtStaysInTheBounds) {
  const Budget budget = Spend(Decimal("0.9"), {{1, 3}, {50, 100}, true});
  EXPECT_EQ(budget.allowed, (Bounds{5, 10}));
  EXPECT_EQ(budget.consumed, (Bounds{Over(1, 10), Over(3, 5)}));
  EXPECT_EQ(budget.remaining, (Bounds{Over(2, 5), Over(9, 10)}));
  EXPECT_TRUE(budget.estimate);
}

struct BurnCase {
  const char* name;
  const char* objective;
  const char *bad, *total;
  const char *over, *window;
  const char *burn, *spent, *sli;
};

TEST(BurnRateTest, TableOfBurnSpentAndSli) {
  const BurnCase cases[] = {
      {"at one the window spends it all", "0.999", "1", "1000", "30d", "30d", "1", "1", "0.999"},
      {"the fast burn of the books: 2 % in an hour", "0.999", "144", "10000", "1h", "30d", "14.4",
       "0.02", "0.9856"},
      {"the slow burn of the books: 10 % in three days", "0.999", "1", "1000", "3d", "30d", "1",
       "0.1", "0.999"},
      {"all fails for an hour", "0.999", "500", "500", "1h", "30d", "1000",
       "1.38888888888888888888", "0"},  // 1000/720, cut
      {"nothing fails", "0.999", "0", "500", "1h", "30d", "0", "0", "1"},
      {"weeks", "0.95", "1", "10", "7d", "28d", "2", "0.5", "0.9"},
      {"milliseconds", "0.5", "1", "4", "500ms", "1s", "0.5", "0.25", "0.75"},
      {"more bad than there was", "0.5", "6", "4", "1h", "2h", "3", "1.5", "-0.5"},
  };
  for (const BurnCase& test : cases) {
    SCOPED_TRACE(test.name);
    const Rational objective = Decimal(test.objective);
    const EventCount count = Counted(Decimal(test.bad), Decimal(test.total));
    const std::optional<Bounds> burn = BurnRateOf(objective, count);
    EXPECT_EQ(burn, Bounds::Exactly(Decimal(test.burn)));
    const std::optional<Bounds> spent =
        BudgetSpentOf(objective, count, Length(test.over), Length(test.window));
    ASSERT_TRUE(spent && spent->exact());
    EXPECT_EQ(spent->low.Fixed(20, Rounding::kDown),
              Decimal(test.spent).Fixed(20, Rounding::kDown));
    EXPECT_EQ(SliOf(count), Bounds::Exactly(Decimal(test.sli)));
  }
}

TEST(BurnRateTest, AQuietWindowBurnsNothing) {
  const EventCount quiet = Counted(0, 0);
  EXPECT_EQ(BurnRateOf(Decimal("0.999"), quiet), Bounds::Exactly(0));
  EXPECT_EQ(BudgetSpentOf(Decimal("0.999"), quiet, Length("1h"), Length("30d")),
            Bounds::Exactly(0));
  EXPECT_EQ(SliOf(quiet), std::nullopt) << "no events, no share of them";
}

TEST(BurnRateTest, AWindowThatMayBeQuietIsNotCalledQuiet) {
  for (const EventCount& doubtful : {EventCount{{0, 0}, {0, 5}}, EventCount{{0, 2}, {0, 5}},
                                     EventCount{{0, 2}, {0, 0}}, EventCount{{1, 2}, {0, 0}}}) {
    EXPECT_EQ(BurnRateOf(Decimal("0.999"), doubtful), std::nullopt);
    EXPECT_EQ(BudgetSpentOf(Decimal("0.999"), doubtful, Length("1h"), Length("30d")), std::nullopt);
    EXPECT_EQ(SliOf(doubtful), std::nullopt);
  }
}

TEST(ShareOfTest, IsExact) {
  EXPECT_EQ(ShareOf(Length("1h"), Length("30d")), Over(1, 720));
  EXPECT_EQ(ShareOf(Length("30d"), Length("1h")), 720);
  EXPECT_EQ(ShareOf(Length("4w"), Length("4w")), 1);
  EXPECT_EQ(ShareOf(Length("1ms"), Length("732d")), Over(1, 63'244'800'000));
}

// By hand, in integers: an objective of `good_of_12`/12, so that 12 - good_of_12 twelfths may fail.
TEST(ExhaustiveTest, SmallCountsAgreeWithIntegerArithmetic) {
  for (int64_t good_of_12 = 1; good_of_12 < 12; ++good_of_12) {
    const Rational objective = Over(good_of_12, 12);
    const int64_t may_fail = 12 - good_of_12;
    for (int64_t total = 1; total <= 15; ++total) {
      for (int64_t bad = 0; bad <= 17; ++bad) {
        const std::string name = absl::StrCat(bad, " of ", total, " at ", good_of_12, "/12");
        const EventCount count = Counted(bad, total);
        const Budget budget = Spend(objective, count);
        EXPECT_EQ(RemainingOf(objective, count), budget.remaining);
        const Rational consumed = Over(bad * 12, total * may_fail);
        ASSERT_EQ(budget.allowed, Bounds::Exactly(Over(total * may_fail, 12))) << name;
        ASSERT_EQ(budget.consumed, Bounds::Exactly(consumed)) << name;
        ASSERT_EQ(budget.remaining,
                  Bounds::Exactly(Over(total * may_fail - bad * 12, total * may_fail)))
            << name;
        ASSERT_EQ(BurnRateOf(objective, count), Bounds::Exactly(consumed)) << name;
        ASSERT_EQ(SliOf(count), Bounds::Exactly(Over(total - bad, total))) << name;
        // The budget is spent exactly where the SLI is at the objective, and not one event later.
        ASSERT_EQ(budget.remaining->low.sign(), (SliOf(count)->low - objective).sign()) << name;
      }
    }
  }
}

// Whatever the truth is inside the bounds of a count, its result is inside the bounds of the
// result.
TEST(SoundnessTest, EveryPairInsideGivesAValueInside) {
  std::mt19937_64 random(20261123);
  const auto below = [&](int64_t limit) {
    return static_cast<int64_t>(random() % static_cast<uint64_t>(limit));
  };
  constexpr int64_t kSteps = 4;
  for (int i = 0; i < 500; ++i) {
    const Rational objective = Over(1 + below(9999), 10'000);
    const Rational bad = Over(below(1000), 7), total = Over(1 + below(5000), 3);
    const EventCount count = {{bad, bad + Over(below(100), 9)},
                              {total, total + Over(below(100), 11)}};
    const absl::Duration over = absl::Minutes(1 + below(3000)), window = absl::Hours(24 * 30);
    const Budget budget = Spend(objective, count);
    for (int64_t x = 0; x <= kSteps; ++x) {
      for (int64_t y = 0; y <= kSteps; ++y) {
        const auto at = [&](const Bounds& bounds, int64_t step) {
          return bounds.low + (bounds.high - bounds.low) * Over(step, kSteps);
        };
        const EventCount exact = Counted(at(count.bad, x), at(count.total, y));
        const Budget truth = Spend(objective, exact);
        const auto inside = [](const std::optional<Bounds>& value,
                               const std::optional<Bounds>& bounds) {
          return value && bounds && value->exact() && bounds->low <= value->low &&
                 value->low <= bounds->high;
        };
        ASSERT_TRUE(inside(truth.allowed, budget.allowed)) << i;
        ASSERT_TRUE(inside(truth.consumed, budget.consumed)) << i;
        ASSERT_TRUE(inside(truth.remaining, budget.remaining)) << i;
        ASSERT_TRUE(inside(SliOf(exact), SliOf(count))) << i;
        ASSERT_TRUE(inside(BurnRateOf(objective, exact), BurnRateOf(objective, count))) << i;
        ASSERT_TRUE(inside(BudgetSpentOf(objective, exact, over, window),
                           BudgetSpentOf(objective, count, over, window)))
            << i;
      }
    }
  }
}

}  // namespace
}  // namespace slogate
