// Rational: an exact number of any size. Everything between a decimal text and a verdict is one of
// these, so two people who compute the same budget by hand and by slogate get the same answer.
//
// Total: no overflow, no NaN, no rounding. Division is the one operation that can fail, and says so
// in its type (Quotient). Values own their memory; copying copies.
#pragma once

#include <gmp.h>

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

#include <absl/strings/string_view.h>

namespace slogate {

enum class Rounding : uint8_t { kDown, kUp };  // towards minus infinity, towards plus infinity

class Rational {
 public:
  Rational(int64_t integer = 0);  // NOLINT: integers are rationals
  Rational(const Rational& other);
  Rational(Rational&& other) noexcept;
  Rational& operator=(const Rational& other);
  Rational& operator=(Rational&& other) noexcept;
  ~Rational();

  // Reads -?digits(.digits)?([eE][+-]?digits)?, the way Prometheus and JSON write numbers. Refuses
  // blanks, a leading '+', hex, "NaN", "Inf", and more digits or a larger exponent than limits.h
  // allows.
  static std::optional<Rational> FromDecimal(absl::string_view text);

  // The shortest decimal that round-trips to `value`, exactly; nullopt for NaN and infinities. So
  // 0.1 means 1/10, as people read it, and every transport of the same float64 gives the same
  // Rational.
  static std::optional<Rational> FromDouble(double value);

  // Exact decimal digits without exponent where the value has a finite decimal expansion, as every
  // measured value has ("12.5", "-3", "0"); nullopt for the likes of 1/3.
  std::optional<std::string> ExactDecimal() const;

  // With `places` digits after the point, rounded as told. Trailing zeros stay: "12.50".
  std::string Fixed(int places, Rounding rounding) const;

  // With at most `digits` significant digits, rounded as told, without exponent and trailing zeros.
  std::string Significant(int digits, Rounding rounding) const;

  int sign() const;  // -1, 0, 1

  Rational operator-() const;
  friend Rational operator+(const Rational& a, const Rational& b);
  friend Rational operator-(const Rational& a, const Rational& b);
  friend Rational operator*(const Rational& a, const Rational& b);
  friend bool operator==(const Rational& a, const Rational& b);
  friend std::strong_ordering operator<=>(const Rational& a, const Rational& b);

  // a / b; nullopt iff b is 0.
  friend std::optional<Rational> Quotient(const Rational& a, const Rational& b);

 private:
  mpq_t value_;
};

std::optional<Rational> Quotient(const Rational& a, const Rational& b);
Rational Abs(const Rational& a);

// How many digits after the point keep `value` from reading 0 or wrong: at least `least`, at least
// two significant digits of `value` and, where `other` differs from it, of their distance; at
// most 30.
int PlacesFor(const Rational& value, const Rational& other, int least);

}  // namespace slogate
