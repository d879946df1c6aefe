#include "gate/base/rational.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>

namespace slogate {
namespace {

Rational Over(int64_t top, int64_t bottom) { return Quotient(top, bottom).value(); }

Rational Decimal(absl::string_view text) { return Rational::FromDecimal(text).value(); }

// 10^power.
Rational PowerOfTen(int power) {
  Rational result = 1;
  for (int i = 0; i < power; ++i) result = result * Rational(10);
  return result;
}

TEST(FromDecimal, ReadsNumbersAsPrometheusAndJsonWriteThem) {
  const std::pair<const char*, Rational> cases[] = {
      {"0", 0},
      {"-0", 0},
      {"0.0", 0},
      {"-0.000e-400", 0},
      {"7", 7},
      {"007", 7},
      {"-12", -12},
      {"0.1", Over(1, 10)},
      {"99.9", Over(999, 10)},
      {"-2.50", Over(-5, 2)},
      {"1e3", 1000},
      {"1E3", 1000},
      {"1e+3", 1000},
      {"1e-3", Over(1, 1000)},
      {"1e003", 1000},
      {"12.5e1", 125},
      {"12.5e-1", Over(5, 4)},
      {"1e400", PowerOfTen(400)},
      {"1e-400", *Quotient(1, PowerOfTen(400))},
      {"9223372036854775808", Rational(std::numeric_limits<int64_t>::max()) + Rational(1)},
  };
  for (const auto& [text, want] : cases) EXPECT_EQ(Rational::FromDecimal(text), want) << text;
}

TEST(FromDecimal, RefusesEverythingElse) {
  const char* const cases[] = {
      "",
      " ",
      " 1",
      "1 ",
      "1 2",
      "\t1",
      "1\n",
      "+1",
      "--1",
      "-",
      "-+1",
      ".",
      ".5",
      "-.5",
      "5.",
      "1..2",
      "1.2.3",
      "1,5",
      "1_000",
      "0x10",
      "1f",
      "1e",
      "1e+",
      "1e-",
      "1e+-5",
      "1e--5",
      "1e++5",
      "1e 5",
      "e5",
      "1e5 ",
      "1e5e5",
      "1e1.5",
      "nan",
      "NaN",
      "inf",
      "Inf",
      "+Inf",
      "-Inf",
      "infinity",
      "1e401",
      "1e-401",
      "1/3",
      "50%",
      "٣",
      "1e99999999999999999999",
      "1e-99999999999999999999",
      // What fits into an int, but whose size does not.
      "1e-2147483648",
      "1e2147483647",
  };
  for (const char* text : cases) EXPECT_EQ(Rational::FromDecimal(text), std::nullopt) << text;
  EXPECT_EQ(Rational::FromDecimal(absl::string_view("1\0", 2)), std::nullopt);
  EXPECT_EQ(Rational::FromDecimal(absl::string_view("1\0002", 3)), std::nullopt);
}

TEST(FromDecimal, TakesFourHundredDigitsAndNoMore) {
  const std::string nines(400, '9');
  EXPECT_EQ(Rational::FromDecimal(nines), PowerOfTen(400) - Rational(1));
  EXPECT_EQ(Rational::FromDecimal("-0." + nines.substr(1)),
            *Quotient(Rational(1) - PowerOfTen(399), PowerOfTen(399)));
  EXPECT_EQ(Rational::FromDecimal(nines + "9"), std::nullopt);
  EXPECT_EQ(Rational::FromDecimal("0." + nines), std::nullopt);
  EXPECT_EQ(Rational::FromDecimal(std::string(1'000'000, '1')), std::nullopt);
}

TEST(FromDouble, MeansTheDecimalThatPeopleRead) {
  const std::pair<double, const char*> cases[] = {
      {0.0, "0"},
      {-0.0, "0"},
      {0.1, "0.1"},
      {0.3, "0.3"},
      {0.1 + 0.2, "0.30000000000000004"},
      {99.9, "99.9"},
      {-41'882.31, "-41882.31"},
      {1e22, "10000000000000000000000"},
      {1e23, "100000000000000000000000"},
      {9007199254740991.0, "9007199254740991"},
      {9007199254740993.0, "9007199254740992"},
      {-9007199254740992.0, "-9007199254740992"},
      {9007199254740994.0, "9007199254740994"},
      {90071992547409930.0, "90071992547409940"},
      {-1, "-1"},
      {4503599627370495.5, "4503599627370495.5"},
      // Not 123456789012345683968, what the double is: fewer digits tell it from its neighbours.
      {1.2345678901234568e20, "123456789012345680000"},
      {1e-7, "0.0000001"},
  };
  for (const auto& [value, want] : cases) {
    EXPECT_EQ(Rational::FromDouble(value), Decimal(want)) << want;
  }
  EXPECT_EQ(Rational::FromDouble(5e-324), Decimal("5e-324"));
  EXPECT_EQ(Rational::FromDouble(std::numeric_limits<double>::max()),
            Decimal("1.7976931348623157e308"));
  EXPECT_EQ(Rational::FromDouble(std::numeric_limits<double>::lowest()),
            Decimal("-1.7976931348623157e308"));
}

TEST(FromDouble, RefusesWhatIsNoNumber) {
  EXPECT_EQ(Rational::FromDouble(std::nan("")), std::nullopt);
  EXPECT_EQ(Rational::FromDouble(HUGE_VAL), std::nullopt);
  EXPECT_EQ(Rational::FromDouble(-HUGE_VAL), std::nullopt);
}

TEST(ExactDecimal, IsWholeOrNothing) {
  const std::pair<Rational, std::optional<std::string>> cases[] = {
      {0, "0"},
      {-3, "-3"},
      {1000, "1000"},
      {Over(25, 2), "12.5"},
      {Over(-1, 8), "-0.125"},
      {Over(1, 5), "0.2"},
      {Over(3, 40), "0.075"},
      {Over(-1, 250'000), "-0.000004"},
      {Decimal("1e-20"), "0.00000000000000000001"},
      {Over(1, 3), std::nullopt},
      {Over(5, 6), std::nullopt},
      {Over(3, 6), "0.5"},
      {Over(-2, 7), std::nullopt},
  };
  for (const auto& [value, want] : cases) {
    EXPECT_EQ(value.ExactDecimal(), want) << value.Fixed(20, Rounding::kDown);
  }
}

struct TextCase {
  Rational value;
  int digits;
  const char* down;
  const char* up;
};

TEST(Fixed, RoundsAsTold) {
  const TextCase cases[] = {
      {0, 0, "0", "0"},
      {0, 2, "0.00", "0.00"},
      {Over(25, 2), 2, "12.50", "12.50"},
      {Over(25, 2), 0, "12", "13"},
      {Over(-25, 2), 0, "-13", "-12"},
      {Over(1, 3), 2, "0.33", "0.34"},
      {Over(-1, 3), 2, "-0.34", "-0.33"},
      {Over(1, 1000), 2, "0.00", "0.01"},
      {Over(-1, 1000), 2, "-0.01", "0.00"},
      {Over(-1, 250'000), 4, "-0.0001", "0.0000"},
      {Decimal("9.999"), 2, "9.99", "10.00"},
      {Decimal("-9.999"), 2, "-10.00", "-9.99"},
      {Decimal("-0.0004"), 4, "-0.0004", "-0.0004"},
      {Decimal("1e22"), 1, "10000000000000000000000.0", "10000000000000000000000.0"},
  };
  for (const TextCase& test : cases) {
    EXPECT_EQ(test.value.Fixed(test.digits, Rounding::kDown), test.down) << test.up;
    EXPECT_EQ(test.value.Fixed(test.digits, Rounding::kUp), test.up) << test.down;
  }
  // Minus 1/250000, read as a percentage, has its first digit in the fourth place.
  const Rational percent = Over(-1, 250'000) * Rational(100);
  EXPECT_EQ(percent.Fixed(4, Rounding::kDown), "-0.0004");
  EXPECT_EQ(percent.Fixed(2, Rounding::kDown), "-0.01");
}

TEST(Significant, RoundsAsToldAndDropsZeros) {
  const TextCase cases[] = {
      {0, 3, "0", "0"},
      {7, 3, "7", "7"},
      {Over(1, 3), 3, "0.333", "0.334"},
      {Over(-1, 3), 3, "-0.334", "-0.333"},
      {Decimal("12.50"), 4, "12.5", "12.5"},
      {Decimal("9.99"), 2, "9.9", "10"},
      {Decimal("0.0999"), 2, "0.099", "0.1"},
      {Decimal("-0.0999"), 2, "-0.1", "-0.099"},
      {41'882'310, 3, "41800000", "41900000"},
      {-41'882'310, 3, "-41900000", "-41800000"},
      {999'999, 2, "990000", "1000000"},
      {41'882'310, 12, "41882310", "41882310"},
      {Decimal("0.1"), 12, "0.1", "0.1"},
      {Decimal("1e-20"), 1, "0.00000000000000000001", "0.00000000000000000001"},
      {Decimal("1e22"), 1, "10000000000000000000000", "10000000000000000000000"},
      {100, 1, "100", "100"},
      {101, 1, "100", "200"},
  };
  for (const TextCase& test : cases) {
    EXPECT_EQ(test.value.Significant(test.digits, Rounding::kDown), test.down) << test.up;
    EXPECT_EQ(test.value.Significant(test.digits, Rounding::kUp), test.up) << test.down;
  }
}

struct PlacesCase {
  const char* value;
  const char* other;
  int least;
  int want;
};

TEST(PlacesFor, LeavesTwoDigitsOfTheValueAndOfTheDistance) {
  const PlacesCase cases[] = {
      {"0", "0", 2, 2},         {"12.5", "12.5", 0, 0},  {"12.5", "12.5", 2, 2},
      {"5", "5", 0, 1},         {"0.5", "0.5", 0, 2},    {"0.00123", "0.00123", 0, 4},
      {"-0.00123", "10", 2, 4}, {"99.95", "99.9", 2, 3}, {"99.8999995", "99.9", 2, 8},
      {"-5.32", "0", 2, 2},     {"1234", "1000", 0, 0},  {"1234", "1234.1", 0, 2},
      {"0", "0.001", 2, 4},     {"-0.0004", "0", 2, 5},  {"1", "0.000001", 2, 2},
  };
  for (const PlacesCase& test : cases) {
    EXPECT_EQ(PlacesFor(Decimal(test.value), Decimal(test.other), test.least), test.want)
        << test.value << " beside " << test.other << ", at least " << test.least;
  }
}

TEST(PlacesFor, NeverLetsAValueReadZeroOrCrossItsThreshold) {
  // Every distance that numbers of 17 digits and their noise can leave.
  for (int power = 0; power <= 28; ++power) {
    const Rational distance = *Quotient(3, PowerOfTen(power));
    for (const Rational& threshold : {Rational(0), Rational(10), Decimal("99.9")}) {
      for (const Rational& value : {threshold + distance, threshold - distance}) {
        const int places = PlacesFor(value, threshold, 2);
        for (const Rounding rounding : {Rounding::kDown, Rounding::kUp}) {
          const std::string text = value.Fixed(places, rounding);
          EXPECT_EQ(Decimal(text) <=> threshold, value <=> threshold) << text;
          EXPECT_EQ(Decimal(text).sign(), value.sign()) << text;
        }
      }
    }
  }
  EXPECT_LE(PlacesFor(Decimal("5e-324"), 0, 2), 40) << "a line has an end";
}

TEST(Integers, AreRationalsOfAnySize) {
  const int64_t most = std::numeric_limits<int64_t>::max();
  const int64_t least = std::numeric_limits<int64_t>::min();
  EXPECT_EQ(Rational(most).ExactDecimal(), "9223372036854775807");
  EXPECT_EQ(Rational(least).ExactDecimal(), "-9223372036854775808");
  EXPECT_EQ((Rational(most) * Rational(most)).ExactDecimal(),
            "85070591730234615847396907784232501249");
  EXPECT_EQ((Rational(least) - Rational(1)).ExactDecimal(), "-9223372036854775809");
  EXPECT_EQ(Rational(), Rational(0));
}

TEST(Values, OwnTheirMemory) {
  Rational a = Over(1, 3);
  Rational copy = a;
  a = a + Rational(1);
  EXPECT_EQ(copy, Over(1, 3));
  EXPECT_EQ(a, Over(4, 3));

  Rational moved = std::move(a);
  EXPECT_EQ(moved, Over(4, 3));
  copy = std::move(moved);
  EXPECT_EQ(copy, Over(4, 3));

  Rational& same = copy;
  copy = same;
  EXPECT_EQ(copy, Over(4, 3));
}

TEST(QuotientByZero, IsNoValue) {
  EXPECT_EQ(Quotient(1, 0), std::nullopt);
  EXPECT_EQ(Quotient(0, 0), std::nullopt);
  EXPECT_EQ(Quotient(1, Rational(3) - Rational(3)), std::nullopt);
  EXPECT_EQ(Quotient(0, 5), Rational(0));
}

}  // namespace
}  // namespace slogate
