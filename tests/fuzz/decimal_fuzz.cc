#include <cmath>
#include <cstdlib>
#include <optional>
#include <string>

#include <absl/strings/str_cat.h>
#include <absl/strings/strip.h>

#include "gate/base/limits.h"
#include "gate/base/rational.h"
#include "tests/fuzz/fuzz.h"

namespace slogate {
namespace {

// The second way: digit by digit, and powers of ten one by one.
Rational Slowly(const std::string& digits, int exponent) {
  const Rational ten = 10;
  Rational value;
  for (const char digit : digits) value = value * ten + Rational(digit - '0');
  for (; exponent > 0; --exponent) value = value * ten;
  for (; exponent < 0; ++exponent) value = *Quotient(value, ten);
  return value;
}

// The parts of -?digits(.digits)?([eE][+-]?digits)?
struct Parts {
  std::string whole, fraction, exponent;
};

std::string TakeDigits(absl::string_view& text) {
  std::string digits;
  for (; !text.empty() && text[0] >= '0' && text[0] <= '9'; text.remove_prefix(1))
    digits += text[0];
  return digits;
}

std::optional<Parts> PartsOf(absl::string_view text) {
  Parts parts;
  absl::ConsumePrefix(&text, "-");
  parts.whole = TakeDigits(text);
  const bool point = absl::ConsumePrefix(&text, ".");
  if (point) parts.fraction = TakeDigits(text);
  const bool power = absl::ConsumePrefix(&text, "e") || absl::ConsumePrefix(&text, "E");
  std::string digits;
  if (power) {
    if (!absl::ConsumePrefix(&text, "+") && absl::ConsumePrefix(&text, "-")) parts.exponent = "-";
    digits = TakeDigits(text);
    parts.exponent += digits;
  }
  const bool whole = !parts.whole.empty() && point == !parts.fraction.empty() &&
                     power == !digits.empty() && text.empty();
  return whole ? std::optional(parts) : std::nullopt;
}

void RequireWritten(const Rational& value) {
  const std::string exact = value.ExactDecimal().value_or("");
  Require(Rational::FromDecimal(exact) == value || exact.size() > limits::kDecimalDigits,
          "a decimal is its own exact decimal");
  for (const int places : {0, 2, 9}) {
    const auto low = Rational::FromDecimal(value.Fixed(places, Rounding::kDown));
    const auto high = Rational::FromDecimal(value.Fixed(places, Rounding::kUp));
    if (!low || !high) continue;  // too long to be read again
    const Rational step = Slowly("1", -places);
    Require(*low <= value && value <= *high && *high - *low <= step, "Fixed rounds as told");
    Require((*low == *high) == (*low == value), "and only where it must");
  }
  for (const int digits : {1, 12}) {
    const auto low = Rational::FromDecimal(value.Significant(digits, Rounding::kDown));
    const auto high = Rational::FromDecimal(value.Significant(digits, Rounding::kUp));
    if (!low || !high) continue;
    Require(*low <= value && value <= *high, "Significant rounds as told");
    Require(low->sign() * value.sign() >= 0 && high->sign() * value.sign() >= 0, "keeps the sign");
  }
}

}  // namespace

bool FuzzDecimal(absl::string_view input) {
  const std::optional<Parts> parts = PartsOf(input);
  const std::optional<Rational> value = Rational::FromDecimal(input);
  Require(parts || !value, "only decimals are read");
  if (!value) {
    Require(!parts || input.size() > limits::kDecimalDigits || parts->exponent.size() > 2,
            "every decimal of a sane size is read");
    return false;
  }
  const Rational size =
      Slowly(absl::StrCat(parts->whole, parts->fraction),
             std::atoi(parts->exponent.c_str()) - static_cast<int>(parts->fraction.size()));
  Require(*value == (input[0] == '-' ? -size : size), "it is read as it is computed by hand");
  RequireWritten(*value);

  const double nearest = std::strtod(std::string(input).c_str(), nullptr);
  const std::optional<Rational> rounded = Rational::FromDouble(nearest);
  Require(rounded.has_value() == std::isfinite(nearest), "every finite double is a number");
  if (rounded) {
    const std::string text = rounded->ExactDecimal().value_or("");
    Require(std::strtod(text.c_str(), nullptr) == nearest, "a double comes back as it was");
  }
  return true;
}

}  // namespace slogate
