#include "gate/slo/binomial.h"

#include <string>

#include <gtest/gtest.h>

namespace slogate {
namespace {

Rational Number(const char* text) { return *Rational::FromDecimal(text); }

EventCount Count(const char* bad, const char* total) {
  return {Bounds::Exactly(Number(bad)), Bounds::Exactly(Number(total))};
}

std::string Text(const Bounds& bounds) {
  return bounds.low.Fixed(7, Rounding::kDown) + " " + bounds.high.Fixed(7, Rounding::kDown);
}

struct Case {
  const char *name, *bad, *total, *confidence, *want;
};

class PlausibleRatios : public testing::TestWithParam<Case> {};

TEST_P(PlausibleRatios, AreThoseOfThePublishedTables) {
  const Case& c = GetParam();
  EXPECT_EQ(Text(PlausibleBadRatio(Count(c.bad, c.total), Number(c.confidence))), c.want);
}

INSTANTIATE_TEST_SUITE_P(
    Counts, PlausibleRatios,
    testing::Values(Case{"none_of_ten", "0", "10", "0.95", "0.0000000 0.3084971"},
                    Case{"one_of_ten", "1", "10", "0.95", "0.0025285 0.4450161"},
                    Case{"half", "5", "10", "0.95", "0.1870860 0.8129139"},
                    Case{"all", "10", "10", "0.95", "0.6915028 1.0000000"},
                    Case{"one_of_one", "1", "1", "0.95", "0.0249999 1.0000000"},
                    Case{"less_sure_is_narrower", "1", "10", "0.9", "0.0051161 0.3941633"},
                    Case{"fractions_as_extrapolation_makes_them", "1.5", "900.5", "0.95",
                         "0.0001198 0.0071057"}),
    [](const auto& one) { return std::string(one.param.name); });

// The chance that at least `least` of `total` fail where each does with `ratio`, exactly.
Rational AtLeast(int least, int total, const Rational& ratio) {
  const Rational good = Rational(1) - ratio;
  Rational sum = 0, choose = 1;
  for (int k = 0; k <= total; ++k) {
    if (k > 0) choose = *Quotient(choose * Rational(total - k + 1), k);
    if (k < least) continue;
    Rational term = choose;
    for (int i = 0; i < total; ++i) term = term * (i < k ? ratio : good);
    sum = sum + term;
  }
  return sum;
}

TEST(PlausibleRatios, HaveTheTailsOfTheirDefinition) {
  const Rational tail = Number("0.025");
  for (int total = 1; total <= 12; ++total) {
    for (int bad = 0; bad <= total; ++bad) {
      const Bounds ratio =
          PlausibleBadRatio({Bounds::Exactly(bad), Bounds::Exactly(total)}, Number("0.95"));
      SCOPED_TRACE(std::to_string(bad) + " of " + std::to_string(total));
      const Rational near = Number("0.0000001");
      if (bad > 0) {
        EXPECT_LT(Abs(AtLeast(bad, total, ratio.low) - tail), near);
        EXPECT_LT(AtLeast(bad, total, ratio.low), tail) << "the end lies on the safe side";
      }
      if (bad < total) {
        const Rational below = Rational(1) - AtLeast(bad + 1, total, ratio.high);
        EXPECT_LT(Abs(below - tail), near);
        EXPECT_LT(below, tail) << "the end lies on the safe side";
      }
      const Rational seen = *Quotient(bad, total);
      EXPECT_LE(ratio.low, seen);
      EXPECT_GE(ratio.high, seen);
    }
  }
}

TEST(PlausibleRatios, OfBoundsHoldThoseOfEveryCountWithin) {
  const EventCount bounds{{1, 3}, {90, 100}};
  const Bounds all = PlausibleBadRatio(bounds, Number("0.95"));
  for (int bad = 1; bad <= 3; ++bad) {
    for (int total = 90; total <= 100; ++total) {
      const Bounds one =
          PlausibleBadRatio({Bounds::Exactly(bad), Bounds::Exactly(total)}, Number("0.95"));
      EXPECT_LE(all.low, one.low);
      EXPECT_GE(all.high, one.high);
    }
  }
}

TEST(PlausibleCounts, WidenWhatWasCounted) {
  const EventCount plausible = Plausible(Count("1", "10"), Number("0.95"));
  EXPECT_EQ(Text(plausible.bad), "0.0252857 4.4501611");
  EXPECT_EQ(plausible.total, Bounds::Exactly(10));
}

TEST(PlausibleCounts, LeaveNoEventsAndMoreBadThanAllAsTheyAre) {
  EXPECT_EQ(Plausible(Count("0", "0"), Number("0.95")).bad, Bounds{});
  EXPECT_EQ(Plausible({{0, 0}, {0, 5}}, Number("0.95")).bad, Bounds{});
  const EventCount more = Plausible(Count("7", "5"), Number("0.95"));
  EXPECT_EQ(more.bad.high, Rational(7));
  EXPECT_LT(more.bad.low, Rational(5));
}

}  // namespace
}  // namespace slogate
