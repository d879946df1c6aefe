#include "gate/base/bounds.h"

#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

namespace slogate {
namespace {

// Numbers on a grid of halves, so that every bound has points of it inside.
Rational Halves(int64_t count) { return Quotient(count, 2).value(); }

// All bounds with both ends from `least` to `most` halves.
struct Grid {
  int64_t low, high;
  Bounds bounds() const { return {Halves(low), Halves(high)}; }
};
std::vector<Grid> AllBounds(int64_t least, int64_t most) {
  std::vector<Grid> all;
  for (int64_t low = least; low <= most; ++low) {
    for (int64_t high = low; high <= most; ++high) all.push_back({low, high});
  }
  return all;
}

bool Inside(const Rational& value, const Bounds& bounds) {
  return bounds.low <= value && value <= bounds.high;
}

testing::AssertionResult HoldsAndTouches(const Bounds& result, const std::vector<Rational>& exact) {
  bool low = false, high = false;
  for (const Rational& value : exact) {
    if (!Inside(value, result)) {
      return testing::AssertionFailure() << value.Fixed(3, Rounding::kDown) << " is outside";
    }
    low = low || value == result.low;
    high = high || value == result.high;
  }
  if (!low || !high) return testing::AssertionFailure() << "an end is further out than needed";
  return testing::AssertionSuccess();
}

TEST(BoundsTest, AreExactWhereBothEndsAreEqual) {
  EXPECT_EQ(Bounds::Exactly(3), (Bounds{3, 3}));
  EXPECT_TRUE(Bounds::Exactly(3).exact());
  EXPECT_TRUE(Bounds().exact());
  EXPECT_FALSE((Bounds{2, 3}).exact());
}

TEST(BoundsTest, SumsAndDifferencesHoldEveryPairInside) {
  for (const Grid& a : AllBounds(-3, 3)) {
    for (const Grid& b : AllBounds(-3, 3)) {
      std::vector<Rational> sums, differences;
      for (int64_t x = a.low; x <= a.high; ++x) {
        for (int64_t y = b.low; y <= b.high; ++y) {
          sums.push_back(Halves(x + y));
          differences.push_back(Halves(x - y));
        }
      }
      ASSERT_TRUE(HoldsAndTouches(a.bounds() + b.bounds(), sums));
      ASSERT_TRUE(HoldsAndTouches(a.bounds() - b.bounds(), differences));
    }
  }
}

TEST(BoundsTest, ScaleHoldsEveryPointInside) {
  for (const Grid& a : AllBounds(-3, 3)) {
    for (int64_t factor = 0; factor <= 4; ++factor) {
      std::vector<Rational> exact;
      for (int64_t x = a.low; x <= a.high; ++x) exact.push_back(Halves(x) * Halves(factor));
      ASSERT_TRUE(HoldsAndTouches(Scale(a.bounds(), Halves(factor)), exact));
    }
  }
}

TEST(BoundsTest, RatioHoldsEveryPairInsideAndIsAbsentWhereTheDivisorMayBeZero) {
  for (const Grid& a : AllBounds(0, 5)) {
    for (const Grid& b : AllBounds(0, 5)) {
      const std::optional<Bounds> ratio = Ratio(a.bounds(), b.bounds());
      ASSERT_EQ(ratio.has_value(), b.low > 0) << b.low << " to " << b.high;
      if (!ratio) continue;
      std::vector<Rational> exact;
      for (int64_t x = a.low; x <= a.high; ++x) {
        for (int64_t y = b.low; y <= b.high; ++y) exact.push_back(Quotient(x, y).value());
      }
      ASSERT_TRUE(HoldsAndTouches(*ratio, exact));
    }
  }
}

bool Holds(int64_t value, Comparator comparator, int64_t threshold) {
  switch (comparator) {
    case Comparator::kAtMost:
      return value <= threshold;
    case Comparator::kBelow:
      return value < threshold;
    case Comparator::kAtLeast:
      return value >= threshold;
    case Comparator::kAbove:
      return value > threshold;
  }
  return false;
}

TEST(CompareTest, IsTrueForAllFalseForNoneAndUnknownForSomePointsInside) {
  for (const Comparator comparator :
       {Comparator::kAtMost, Comparator::kBelow, Comparator::kAtLeast, Comparator::kAbove}) {
    for (const Grid& measured : AllBounds(-4, 4)) {
      for (int64_t threshold = -5; threshold <= 5; ++threshold) {
        bool some = false, all = true;
        for (int64_t value = measured.low; value <= measured.high; ++value) {
          const bool holds = Holds(value, comparator, threshold);
          some = some || holds;
          all = all && holds;
        }
        const Truth want = all ? Truth::kTrue : some ? Truth::kUnknown : Truth::kFalse;
        ASSERT_EQ(Compare(measured.bounds(), comparator, Halves(threshold)), want)
            << static_cast<int>(comparator) << ": " << measured.low << " to " << measured.high
            << " against " << threshold;
      }
    }
  }
}

TEST(TruthTest, AndIsKleenes) {
  constexpr Truth u = Truth::kUnknown, f = Truth::kFalse, t = Truth::kTrue;
  const struct {
    Truth a, b, want;
  } table[] = {{f, f, f}, {f, u, f}, {f, t, f}, {u, f, f}, {u, u, u},
               {u, t, u}, {t, f, f}, {t, u, u}, {t, t, t}};
  for (const auto& row : table) {
    EXPECT_EQ(And(row.a, row.b), row.want)
        << static_cast<int>(row.a) << " and " << static_cast<int>(row.b);
  }
}

TEST(TruthTest, NothingSetIsUnknown) { EXPECT_EQ(Truth(), Truth::kUnknown); }

}  // namespace
}  // namespace slogate
