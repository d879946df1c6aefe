// A second, slow implementation of exact fractions, to hold Rational against: integers as decimal
// digits with the arithmetic of school, fractions never reduced and compared crosswise. Shares
// nothing with gate/base.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

namespace slogate::slow {

struct Integer {
  bool negative = false;
  std::string digits = "0";  // the highest first, no leading zeros

  friend bool operator==(const Integer&, const Integer&) = default;
};

inline Integer Normal(bool negative, std::string digits) {
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
  if (digits.empty()) return {};
  return {negative, std::move(digits)};
}

inline Integer Parse(const std::string& text) {
  const bool negative = text[0] == '-';
  return Normal(negative, text.substr(negative ? 1 : 0));
}

inline std::string Print(const Integer& a) { return (a.negative ? "-" : "") + a.digits; }

inline Integer Negate(const Integer& a) { return Normal(!a.negative, a.digits); }

// -1, 0 or 1, signs left out.
inline int CompareSizes(const Integer& a, const Integer& b) {
  if (a.digits.size() != b.digits.size()) return a.digits.size() < b.digits.size() ? -1 : 1;
  return a.digits == b.digits ? 0 : a.digits < b.digits ? -1 : 1;
}

inline int DigitFromRight(const std::string& digits, size_t i) {
  return i < digits.size() ? digits[digits.size() - 1 - i] - '0' : 0;
}

inline Integer AddSizes(const Integer& a, const Integer& b, bool negative) {
  std::string sum;
  int carry = 0;
  for (size_t i = 0; i <= std::max(a.digits.size(), b.digits.size()); ++i) {
    const int column = DigitFromRight(a.digits, i) + DigitFromRight(b.digits, i) + carry;
    sum += static_cast<char>('0' + column % 10);
    carry = column / 10;
  }
  std::reverse(sum.begin(), sum.end());
  return Normal(negative, sum);
}

// The larger less the smaller, for |a| >= |b|.
inline Integer SubtractSizes(const Integer& a, const Integer& b, bool negative) {
  std::string rest;
  int borrow = 0;
  for (size_t i = 0; i < a.digits.size(); ++i) {
    int column = DigitFromRight(a.digits, i) - DigitFromRight(b.digits, i) - borrow;
    borrow = column < 0 ? 1 : 0;
    if (column < 0) column += 10;
    rest += static_cast<char>('0' + column);
  }
  std::reverse(rest.begin(), rest.end());
  return Normal(negative, rest);
}

inline Integer Add(const Integer& a, const Integer& b) {
  if (a.negative == b.negative) return AddSizes(a, b, a.negative);
  return CompareSizes(a, b) >= 0 ? SubtractSizes(a, b, a.negative)
                                 : SubtractSizes(b, a, b.negative);
}

inline Integer Multiply(const Integer& a, const Integer& b) {
  Integer product;
  for (size_t i = 0; i < b.digits.size(); ++i) {
    const Integer shifted = Normal(false, a.digits + std::string(i, '0'));
    for (int n = DigitFromRight(b.digits, i); n > 0; --n) {
      product = AddSizes(product, shifted, false);
    }
  }
  return Normal(a.negative != b.negative, product.digits);
}

inline Integer TimesPowerOfTen(const Integer& a, size_t power) {
  return Normal(a.negative, a.digits + std::string(power, '0'));
}

// |a| / |b| by long division, and whether something is left over. `b` must not be 0.
inline std::pair<Integer, bool> DivideSizes(const Integer& a, const Integer& b) {
  const Integer divisor{false, b.digits};
  std::string quotient;
  Integer rest;
  for (const char digit : a.digits) {
    rest = Normal(false, rest.digits + digit);
    char times = '0';
    while (CompareSizes(rest, divisor) >= 0) {
      rest = SubtractSizes(rest, divisor, false);
      ++times;
    }
    quotient += times;
  }
  return {Normal(false, quotient), rest.digits != "0"};
}

// a / b as an integer, rounded up or down.
inline Integer DivideRounded(const Integer& a, const Integer& b, bool up) {
  const bool negative = a.negative != b.negative;
  auto [quotient, rest] = DivideSizes(a, b);
  if (rest && up != negative) quotient = AddSizes(quotient, {false, "1"}, false);
  return Normal(negative, quotient.digits);
}

struct Fraction {
  Integer top;
  Integer bottom{false, "1"};  // above 0
};

inline Fraction Of(const std::string& top, const std::string& bottom) {
  return {Parse(top), Parse(bottom)};
}

inline Fraction Add(const Fraction& a, const Fraction& b) {
  return {Add(Multiply(a.top, b.bottom), Multiply(b.top, a.bottom)), Multiply(a.bottom, b.bottom)};
}
inline Fraction Negate(const Fraction& a) { return {Negate(a.top), a.bottom}; }
inline Fraction Multiply(const Fraction& a, const Fraction& b) {
  return {Multiply(a.top, b.top), Multiply(a.bottom, b.bottom)};
}
// `b` must not be 0.
inline Fraction Divide(const Fraction& a, const Fraction& b) {
  const Integer top = Multiply(a.top, b.bottom), bottom = Multiply(a.bottom, b.top);
  return bottom.negative ? Fraction{Negate(top), Negate(bottom)} : Fraction{top, bottom};
}

// -1, 0 or 1.
inline int Sign(const Fraction& a) {
  if (a.top.digits == "0") return 0;
  return a.top.negative ? -1 : 1;
}
inline int Compare(const Fraction& a, const Fraction& b) { return Sign(Add(a, Negate(b))); }

inline std::string Fixed(const Fraction& a, size_t places, bool up) {
  const Integer scaled = DivideRounded(TimesPowerOfTen(a.top, places), a.bottom, up);
  std::string digits = scaled.digits;
  if (digits.size() <= places) digits = std::string(places + 1 - digits.size(), '0') + digits;
  if (places > 0) digits.insert(digits.size() - places, ".");
  return (scaled.negative ? "-" : "") + digits;
}

// The value with `count` significant digits, as another fraction. `a` must not be 0.
inline Fraction Significant(const Fraction& a, int count, bool up) {
  const Fraction size{{false, a.top.digits}, a.bottom};
  const auto power_of_ten = [](int power) {
    const Integer one{false, "1"};
    const Integer many = TimesPowerOfTen(one, static_cast<size_t>(power < 0 ? -power : power));
    return power < 0 ? Fraction{one, many} : Fraction{many, one};
  };
  // The power of ten just above, found by trying from one that is surely too low.
  int above = static_cast<int>(a.top.digits.size()) - static_cast<int>(a.bottom.digits.size()) - 1;
  while (Compare(size, power_of_ten(above)) >= 0) ++above;
  const int unit = above - count;  // the last digit stands for 10^unit
  if (unit >= 0) {
    const auto power = static_cast<size_t>(unit);
    return {TimesPowerOfTen(DivideRounded(a.top, TimesPowerOfTen(a.bottom, power), up), power),
            {false, "1"}};
  }
  const auto power = static_cast<size_t>(-unit);
  return {DivideRounded(TimesPowerOfTen(a.top, power), a.bottom, up),
          TimesPowerOfTen({false, "1"}, power)};
}

}  // namespace slogate::slow
