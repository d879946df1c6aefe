// Rational against a second implementation: exhaustively for small fractions, and for large ones
// that a seeded generator makes.
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>

#include "gate/base/rational.h"
#include "tests/base/slow_fraction.h"

namespace slogate {
namespace {

Rational Over(int64_t top, int64_t bottom) { return Quotient(top, bottom).value(); }

int SignOf(int64_t value) { return value == 0 ? 0 : value < 0 ? -1 : 1; }

int SignOf(std::strong_ordering order) { return order < 0 ? -1 : order > 0 ? 1 : 0; }

struct Small {
  int64_t top, bottom;
  Rational value;
};

// Every top/bottom with |top| and bottom up to 12, unreduced ones too.
std::vector<Small> AllSmall() {
  std::vector<Small> all;
  for (int64_t bottom = 1; bottom <= 12; ++bottom) {
    for (int64_t top = -12; top <= 12; ++top) all.push_back({top, bottom, Over(top, bottom)});
  }
  return all;
}

TEST(SmallFractions, AddSubtractMultiplyDivideAndCompareLikeCrossMultiplication) {
  const std::vector<Small> all = AllSmall();
  for (const Small& a : all) {
    for (const Small& b : all) {
      const int64_t product = a.bottom * b.bottom;
      const int64_t order = SignOf(a.top * b.bottom - b.top * a.bottom);
      const std::optional<Rational> quotient = Quotient(a.value, b.value);
      const bool well = SignOf(a.value <=> b.value) == order &&
                        (a.value == b.value) == (order == 0) &&
                        a.value + b.value == Over(a.top * b.bottom + b.top * a.bottom, product) &&
                        a.value - b.value == Over(a.top * b.bottom - b.top * a.bottom, product) &&
                        a.value * b.value == Over(a.top * b.top, product) &&
                        quotient.has_value() == (b.top != 0) &&
                        (!quotient || *quotient == Over(a.top * b.bottom, a.bottom * b.top));
      ASSERT_TRUE(well) << a.top << "/" << a.bottom << " and " << b.top << "/" << b.bottom;
    }
  }
}

TEST(SmallFractions, HaveTheSignAndSizeOfTheirTop) {
  for (const Small& a : AllSmall()) {
    EXPECT_EQ(a.value.sign(), SignOf(a.top)) << a.top << "/" << a.bottom;
    EXPECT_EQ(-a.value, Over(-a.top, a.bottom)) << a.top << "/" << a.bottom;
    EXPECT_EQ(Abs(a.value), Over(std::abs(a.top), a.bottom)) << a.top << "/" << a.bottom;
  }
}

void ExpectSameTexts(const Rational& value, const slow::Fraction& same, const std::string& name) {
  for (const bool up : {false, true}) {
    const Rounding rounding = up ? Rounding::kUp : Rounding::kDown;
    for (const int places : {0, 1, 2, 3, 12}) {
      ASSERT_EQ(value.Fixed(places, rounding), slow::Fixed(same, static_cast<size_t>(places), up))
          << name << " to " << places << " places, " << (up ? "up" : "down");
    }
    for (const int digits : {1, 2, 3, 12}) {
      const std::string text = value.Significant(digits, rounding);
      const slow::Fraction want =
          slow::Sign(same) == 0 ? same : slow::Significant(same, digits, up);
      // The shortest text of that number: it is read back exactly, and no zero ends a fraction.
      const Rational wanted = Quotient(Rational::FromDecimal(slow::Print(want.top)).value(),
                                       Rational::FromDecimal(slow::Print(want.bottom)).value())
                                  .value();
      ASSERT_EQ(Rational::FromDecimal(text), wanted)
          << name << " to " << digits << " digits, " << (up ? "up" : "down") << ": " << text;
      ASSERT_EQ(text, wanted.ExactDecimal()) << name;
    }
  }
}

TEST(SmallFractions, AreWrittenLikeTheSlowOnes) {
  for (const Small& a : AllSmall()) {
    ExpectSameTexts(a.value, slow::Of(absl::StrCat(a.top), absl::StrCat(a.bottom)),
                    absl::StrCat(a.top, "/", a.bottom));
  }
}

TEST(SmallFractions, HaveAnExactDecimalIffTwosAndFivesMakeTheBottom) {
  for (const Small& a : AllSmall()) {
    bool finite = true;
    for (const int64_t prime : {3, 7, 11}) {  // what else divides 1 to 12
      int64_t top = std::abs(a.top), bottom = a.bottom;
      while (top != 0 && bottom % prime == 0 && top % prime == 0) {
        top /= prime;
        bottom /= prime;
      }
      if (top != 0 && bottom % prime == 0) finite = false;
    }
    const std::optional<std::string> text = a.value.ExactDecimal();
    ASSERT_EQ(text.has_value(), finite) << a.top << "/" << a.bottom;
    if (text) {
      EXPECT_EQ(Rational::FromDecimal(*text), a.value) << *text;
    }
  }
}

class Generator {
 public:
  std::string Integer(size_t digits_most) {
    std::string text = Below(2) == 0 ? "-" : "";
    for (size_t n = 1 + Below(digits_most); n > 0; --n) text += static_cast<char>('0' + Below(10));
    return text;
  }
  std::string Positive(size_t digits_most) {
    std::string text(1, static_cast<char>('1' + Below(9)));
    for (size_t n = Below(digits_most); n > 0; --n) text += static_cast<char>('0' + Below(10));
    return text;
  }
  double Double() { return std::bit_cast<double>(random_()); }

 private:
  size_t Below(size_t limit) { return random_() % limit; }

  std::mt19937_64 random_{20261123};
};

Rational FromTexts(const std::string& top, const std::string& bottom) {
  return Quotient(Rational::FromDecimal(top).value(), Rational::FromDecimal(bottom).value())
      .value();
}

Rational FromSlow(const slow::Fraction& fraction) {
  return FromTexts(slow::Print(fraction.top), slow::Print(fraction.bottom));
}

TEST(LargeFractions, CalculateAndCompareLikeTheSlowOnes) {
  Generator generate;
  for (int i = 0; i < 1000; ++i) {
    const std::string top_a = generate.Integer(40), bottom_a = generate.Positive(20);
    const std::string top_b = generate.Integer(40), bottom_b = generate.Positive(20);
    const Rational a = FromTexts(top_a, bottom_a), b = FromTexts(top_b, bottom_b);
    const slow::Fraction x = slow::Of(top_a, bottom_a), y = slow::Of(top_b, bottom_b);
    const std::string name = absl::StrCat(top_a, "/", bottom_a, " and ", top_b, "/", bottom_b);

    ASSERT_EQ(a + b, FromSlow(slow::Add(x, y))) << name;
    ASSERT_EQ(a - b, FromSlow(slow::Add(x, slow::Negate(y)))) << name;
    ASSERT_EQ(a * b, FromSlow(slow::Multiply(x, y))) << name;
    ASSERT_EQ(SignOf(a <=> b), slow::Compare(x, y)) << name;
    if (b.sign() != 0) {
      ASSERT_EQ(Quotient(a, b), FromSlow(slow::Divide(x, y))) << name;
    }
  }
}

TEST(LargeFractions, AreWrittenLikeTheSlowOnes) {
  Generator generate;
  for (int i = 0; i < 300; ++i) {
    const std::string top = generate.Integer(30), bottom = generate.Positive(30);
    ExpectSameTexts(FromTexts(top, bottom), slow::Of(top, bottom), absl::StrCat(top, "/", bottom));
    if (HasFatalFailure()) return;
  }
}

TEST(LargeFractions, ReadDecimalsLikeTheSlowOnes) {
  Generator generate;
  for (int i = 0; i < 1000; ++i) {
    const std::string whole = generate.Integer(20), part = generate.Positive(20);
    const int exponent = i % 61 - 30;
    const std::string text = absl::StrCat(whole, ".", part, i % 2 == 0 ? "e" : "E",
                                          exponent > 0 && i % 3 == 0 ? "+" : "", exponent);
    const std::string shift(static_cast<size_t>(std::abs(exponent)), '0');
    const std::string one = absl::StrCat("1", std::string(part.size(), '0'));
    const slow::Fraction want = exponent >= 0
                                    ? slow::Of(absl::StrCat(whole, part, shift), one)
                                    : slow::Of(absl::StrCat(whole, part), absl::StrCat(one, shift));
    ASSERT_EQ(Rational::FromDecimal(text), FromSlow(want)) << text;
  }
}

// The shortest of printf's texts that is read back as the same double.
std::string ShortestByTrying(double value) {
  char text[40];
  for (int digits = 0; digits < 17; ++digits) {
    std::snprintf(text, sizeof text, "%.*e", digits, value);
    if (std::strtod(text, nullptr) == value) break;
  }
  return text;
}

TEST(Doubles, MeanTheShortestDecimalThatReadsBack) {
  Generator generate;
  int tried = 0;
  while (tried < 5000) {
    const double value = generate.Double();
    if (!std::isfinite(value)) continue;
    ++tried;
    const std::string shortest = ShortestByTrying(value);
    ASSERT_EQ(Rational::FromDouble(value), Rational::FromDecimal(shortest)) << shortest;
  }
}

TEST(Doubles, AreNeverConfusedWithTheirNeighbours) {
  Generator generate;
  for (int i = 0; i < 2000; ++i) {
    const double value = generate.Double();
    const double next = std::nextafter(value, HUGE_VAL);
    if (!std::isfinite(value) || !std::isfinite(next)) continue;
    ASSERT_LT(Rational::FromDouble(value), Rational::FromDouble(next)) << value;
  }
}

}  // namespace
}  // namespace slogate
