#include "gate/decision/numbers.h"

#include <random>
#include <string>

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>

namespace slogate {
namespace {

Rational Decimal(absl::string_view text) { return Rational::FromDecimal(text).value(); }

// "1/3", "0.25"
Rational Number(const std::string& text) {
  const size_t slash = text.find('/');
  if (slash == std::string::npos) return Decimal(text);
  return *Quotient(Decimal(text.substr(0, slash)), Decimal(text.substr(slash + 1)));
}

struct PercentCase {
  const char* ratio;
  const char* threshold;
  Rounding rounding;
  const char* want;
};

TEST(PercentTextTest, Table) {
  const PercentCase cases[] = {
      {"0", "0", Rounding::kDown, "0 %"},
      {"1", "0", Rounding::kDown, "100 %"},
      {"-1/250000", "0", Rounding::kDown, "-0.0004 %"},
      {"1/250000", "0", Rounding::kUp, "0.0004 %"},
      {"1/3", "0", Rounding::kDown, "33.33 %"},
      {"1/3", "0", Rounding::kUp, "33.34 %"},
      {"-1/3", "0", Rounding::kDown, "-33.34 %"},
      {"0.1", "0.1", Rounding::kDown, "10 %"},
      {"0.09999", "0.1", Rounding::kDown, "9.999 %"},
      {"0.100000001", "0.1", Rounding::kDown, "10.0000001 %"},
      {"100000001/300000000", "1/3", Rounding::kUp, "33.33333367 %"},
      {"-0.0532", "0", Rounding::kDown, "-5.32 %"},
      {"-12.3456789", "0", Rounding::kDown, "-1234.57 %"},
      {"0.62", "0.1", Rounding::kDown, "62 %"},
  };
  for (const PercentCase& test : cases) {
    EXPECT_EQ(PercentText(Number(test.ratio), Number(test.threshold), test.rounding), test.want)
        << test.ratio << " beside " << test.threshold;
  }
}

TEST(PercentTextTest, OfBoundsTheWorseEndWithoutFloatNoise) {
  const struct {
    const char *low, *high, *threshold;
    Rounding rounding;
    const char* want;
  } cases[] = {
      {"0.499999999", "0.500000001", "0", Rounding::kDown, "50 %"},
      {"0.499999999", "0.500000001", "0", Rounding::kUp, "50 %"},
      {"0.49998", "0.50002", "0", Rounding::kDown, "49.99 %"},
      {"0.49998", "0.50002", "0", Rounding::kUp, "50.01 %"},
      {"0.4999999951", "0.4999999971", "0", Rounding::kDown, "49.99 %"},
      {"0.5", "0.5", "0", Rounding::kDown, "50 %"},
      {"-0.000000001", "0.000000001", "0.1", Rounding::kDown, "0 %"},
      // What is not nothing does not become it, and what is not at its threshold does not get there.
      {"0.000000001", "0.000000003", "0", Rounding::kUp, "0.0000003 %"},
      {"0.100000001", "0.100000003", "0.1", Rounding::kUp, "10.0000003 %"},
      {"0.099999997", "0.099999999", "0.1", Rounding::kDown, "9.9999997 %"},
  };
  for (const auto& test : cases) {
    EXPECT_EQ(PercentText(Bounds{Decimal(test.low), Decimal(test.high)}, Decimal(test.threshold),
                          test.rounding),
              test.want)
        << test.low << " to " << test.high;
  }
}

// Values within 10^-10 of their threshold and further, both sides, both roundings.
TEST(PercentTextTest, NeverOnTheWrongSideNeverZeroAlwaysWorse) {
  std::mt19937 random(7);
  for (int i = 0; i < 5'000; ++i) {
    const Rational threshold =
        Rational(static_cast<int64_t>(random() % 2001) - 1000) * Decimal("0.001");
    const Rational tenth = Decimal("0.1");
    Rational distance = Rational(static_cast<int64_t>(random() % 1999) - 999);
    for (auto n = random() % 11; n > 0; --n) distance = distance * tenth;
    if (random() % 2 == 0) distance = *Quotient(distance, 7);
    const Rational value = threshold + distance;
    for (const Rounding rounding : {Rounding::kDown, Rounding::kUp}) {
      std::string text = PercentText(value, threshold, rounding);
      ASSERT_EQ(text.substr(text.size() - 2), " %");
      const Rational shown = Decimal(text.substr(0, text.size() - 2)) * Decimal("0.01");
      ASSERT_EQ((shown - threshold).sign(), distance.sign()) << text << " " << i;
      ASSERT_EQ(shown.sign(), value.sign()) << text << " " << i;
      ASSERT_EQ(rounding == Rounding::kDown ? shown <= value : shown >= value, true) << text;
    }
  }
}

TEST(CountTextTest, Table) {
  const std::pair<const char*, std::pair<const char*, const char*>> cases[] = {
      // events, rounded down, rounded up
      {"0", {"0", "0"}},
      {"0.25", {"0.25", "0.25"}},
      {"1/3", {"0.33", "0.34"}},
      {"1/3000", {"0.00033", "0.00034"}},
      {"7", {"7", "7"}},
      {"99.5", {"99", "100"}},
      {"9.99", {"9.9", "10.0"}},  // a zero that was rounded to stays
      {"100", {"100", "100"}},
      {"999.5", {"999", "1,000"}},
      {"1000", {"1,000", "1,000"}},
      {"44107", {"44,107", "44,107"}},
      {"41882310", {"41,882,310", "41,882,310"}},
      {"123456.000001", {"123,456", "123,457"}},
      {"1000000000000000000000",
       {"1,000,000,000,000,000,000,000", "1,000,000,000,000,000,000,000"}},
      {"-5", {"-5", "-5"}},
      {"-123456", {"-123,456", "-123,456"}},
      {"-1234567.5", {"-1,234,568", "-1,234,567"}},
  };
  for (const auto& [events, want] : cases) {
    EXPECT_EQ(CountText(Number(events), Rounding::kDown), want.first) << events;
    EXPECT_EQ(CountText(Number(events), Rounding::kUp), want.second) << events;
  }
}

TEST(CountTextTest, NeverZeroAlwaysWorse) {
  std::mt19937 random(11);
  for (int i = 0; i < 5'000; ++i) {
    Rational value = Rational(static_cast<int64_t>(random() % 1'000'000) + 1);
    for (auto n = random() % 13; n > 0; --n) value = value * Decimal("0.1");
    if (random() % 2 == 0) value = *Quotient(value, 7);
    if (value < Decimal("0.00000000001")) continue;
    for (const Rounding rounding : {Rounding::kDown, Rounding::kUp}) {
      const std::string text = CountText(value, rounding);
      const Rational shown = Decimal(absl::StrReplaceAll(text, {{",", ""}}));
      ASSERT_GT(shown.sign(), 0) << text;
      ASSERT_EQ(rounding == Rounding::kDown ? shown <= value : shown >= value, true) << text;
    }
  }
}

Leg MakeLeg(Measure measure, const char* low, const char* high, const char* threshold) {
  Leg leg;
  leg.measure = measure;
  leg.measured = Bounds{Number(low), Number(high)};
  leg.threshold = Number(threshold);
  return leg;
}

TEST(LegTextTest, TheWorseEndRoundedToWorse) {
  const auto texts = [](const Leg& leg) {
    return absl::StrCat(MeasuredText(leg), " beside ", ThresholdText(leg));
  };
  EXPECT_EQ(texts(MakeLeg(Measure::kBudgetRemaining, "-0.0532", "0.1", "0")), "-5.32 % beside 0 %");
  EXPECT_EQ(texts(MakeLeg(Measure::kBudgetSpent, "0.01", "1/49", "0.02")), "2.041 % beside 2 %");
  EXPECT_EQ(texts(MakeLeg(Measure::kBurnRate, "0", "22/7", "14.4")), "3.15 beside 14.4");
  EXPECT_EQ(texts(MakeLeg(Measure::kBurnRate, "1", "1", "1")), "1 beside 1");
  EXPECT_EQ(texts(MakeLeg(Measure::kBurnRate, "1.0000001", "1.0000001", "1")),
            "1.0000001 beside 1");
  EXPECT_EQ(texts(MakeLeg(Measure::kBurnRate, "1", "1", "1/3")), "1 beside 0.333334");
  EXPECT_EQ(texts(MakeLeg(Measure::kSli, "0.99899", "1", "0.999")), "99.899 % beside 99.9 %");
  Leg unknown;
  EXPECT_EQ(texts(unknown), "not known beside 0 %");
}

}  // namespace
}  // namespace slogate
