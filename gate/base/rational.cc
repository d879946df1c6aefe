#include "gate/base/rational.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include <absl/strings/ascii.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

#include "gate/base/limits.h"

namespace slogate {
namespace {

// What two float64 can be apart by stands within this many places; a line of text has an end.
constexpr int kPlacesMost = 30;

// An mpz_t that frees itself.
class Integer {
 public:
  Integer() { mpz_init(value_); }
  ~Integer() { mpz_clear(value_); }
  Integer(const Integer&) = delete;
  Integer& operator=(const Integer&) = delete;
  mpz_t& get() { return value_; }

 private:
  mpz_t value_;
};

void PowerOfTen(mpz_t out, int exponent) {
  mpz_ui_pow_ui(out, 10, static_cast<unsigned long>(exponent));
}

std::string Digits(const mpz_t value) {
  std::string text(mpz_sizeinbase(value, 10) + 2, '\0');
  mpz_get_str(text.data(), 10, value);
  text.resize(text.find('\0'));
  return text;
}

// value × 10^places as an integer, rounded as told.
void Scaled(mpz_t out, const mpq_t value, int places, Rounding rounding) {
  Integer power, scaled;
  PowerOfTen(power.get(), places);
  mpz_mul(scaled.get(), mpq_numref(value), power.get());
  if (rounding == Rounding::kDown) {
    mpz_fdiv_q(out, scaled.get(), mpq_denref(value));
  } else {
    mpz_cdiv_q(out, scaled.get(), mpq_denref(value));
  }
}

// Puts the point `places` digits from the right of an integer's text.
std::string WithPoint(std::string digits, int places) {
  const bool negative = digits[0] == '-';
  if (negative) digits.erase(0, 1);
  const auto width = static_cast<size_t>(places);
  if (digits.size() <= width) digits.insert(0, width + 1 - digits.size(), '0');
  if (places > 0) digits.insert(digits.size() - width, 1, '.');
  return negative ? absl::StrCat("-", digits) : digits;
}

std::string WithoutTrailingZeros(std::string text) {
  if (text.find('.') == std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

// The power of ten of the leading digit: 0 for 1…9.99, -3 for 0.00123. `value` must not be 0.
int Magnitude(const Rational& value) {
  const Rational size = Abs(value);
  int magnitude = 0;
  Rational power = 1;
  const Rational ten = 10;
  while (power * ten <= size) {
    power = power * ten;
    ++magnitude;
  }
  const Rational tenth = *Rational::FromDecimal("0.1");
  while (power > size) {
    power = power * tenth;
    --magnitude;
  }
  return magnitude;
}

}  // namespace

Rational::Rational(int64_t integer) {
  mpq_init(value_);
  mpq_set_si(value_, integer, 1);
}

Rational::Rational(const Rational& other) {
  mpq_init(value_);
  mpq_set(value_, other.value_);
}

Rational::Rational(Rational&& other) noexcept {
  mpq_init(value_);
  mpq_swap(value_, other.value_);
}

Rational& Rational::operator=(const Rational& other) {
  mpq_set(value_, other.value_);  // GMP allows both to be the same
  return *this;
}

Rational& Rational::operator=(Rational&& other) noexcept {
  mpq_swap(value_, other.value_);
  return *this;
}

Rational::~Rational() { mpq_clear(value_); }

std::optional<Rational> Rational::FromDecimal(absl::string_view text) {
  const bool negative = !text.empty() && text[0] == '-';
  if (negative) text.remove_prefix(1);
  std::string digits;
  int point = 0;  // digits after the point
  size_t i = 0;
  const auto take_digits = [&](int per_digit) {
    const size_t start = i;
    for (; i < text.size() && absl::ascii_isdigit(static_cast<unsigned char>(text[i])); ++i) {
      digits += text[i];
      point += per_digit;
    }
    return i > start;
  };
  if (text.size() > limits::kDecimalDigits + 16 || !take_digits(0)) return std::nullopt;
  if (i < text.size() && text[i] == '.') {
    ++i;
    if (!take_digits(1)) return std::nullopt;
  }
  int exponent = 0;
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    const bool plus = i < text.size() && text[i] == '+';
    const char* begin = text.data() + i + (plus ? 1 : 0);
    const char* end = text.data() + text.size();
    if (plus && begin < end && *begin == '-') return std::nullopt;
    const auto [stop, error] = std::from_chars(begin, end, exponent);
    if (error != std::errc() || stop != end) return std::nullopt;
    i = text.size();
  }
  if (i != text.size() || digits.size() > limits::kDecimalDigits ||
      exponent < -limits::kDecimalExponent || exponent > limits::kDecimalExponent) {
    return std::nullopt;
  }
  Rational result;
  mpz_set_str(mpq_numref(result.value_), digits.c_str(), 10);
  const int shift = exponent - point;
  Integer power;
  PowerOfTen(power.get(), std::abs(shift));
  if (shift >= 0) {
    mpz_mul(mpq_numref(result.value_), mpq_numref(result.value_), power.get());
  } else {
    mpz_set(mpq_denref(result.value_), power.get());
    mpq_canonicalize(result.value_);
  }
  if (negative) mpq_neg(result.value_, result.value_);
  return result;
}

std::optional<Rational> Rational::FromDouble(double value) {
  if (!std::isfinite(value)) return std::nullopt;
  // Integers that a float64 tells apart are their own shortest decimals, and counters hold little else.
  constexpr double kAllToldApart = 9007199254740992;  // 2^53
  if (std::abs(value) <= kAllToldApart && value == std::trunc(value)) {
    return Rational(static_cast<int64_t>(value));
  }
  char text[32];
  // Only the scientific form is shortest everywhere: the plain one spells out integers above 2^53.
  const auto [end, error] =
      std::to_chars(text, text + sizeof text, value, std::chars_format::scientific);
  if (error != std::errc()) return std::nullopt;
  return FromDecimal(absl::string_view(text, static_cast<size_t>(end - text)));
}

std::optional<std::string> Rational::ExactDecimal() const {
  // A fraction in lowest terms is a finite decimal iff its denominator is 2^a 5^b; it has max(a, b)
  // places.
  Integer rest, two, five;
  mpz_set_ui(two.get(), 2);
  mpz_set_ui(five.get(), 5);
  const auto twos = mpz_remove(rest.get(), mpq_denref(value_), two.get());
  const auto fives = mpz_remove(rest.get(), rest.get(), five.get());
  if (mpz_cmp_ui(rest.get(), 1) != 0) return std::nullopt;
  return Fixed(static_cast<int>(std::max(twos, fives)), Rounding::kDown);
}

std::string Rational::Fixed(int places, Rounding rounding) const {
  Integer scaled;
  Scaled(scaled.get(), value_, places, rounding);
  return WithPoint(Digits(scaled.get()), places);
}

std::string Rational::Significant(int digits, Rounding rounding) const {
  if (sign() == 0) return "0";
  const int places = digits - 1 - Magnitude(*this);
  if (places >= 0) return WithoutTrailingZeros(Fixed(places, rounding));
  // More digits before the point than wanted: zeros take their place.
  Integer power, quotient, divisor;
  PowerOfTen(power.get(), -places);
  mpz_mul(divisor.get(), mpq_denref(value_), power.get());
  if (rounding == Rounding::kDown) {
    mpz_fdiv_q(quotient.get(), mpq_numref(value_), divisor.get());
  } else {
    mpz_cdiv_q(quotient.get(), mpq_numref(value_), divisor.get());
  }
  mpz_mul(quotient.get(), quotient.get(), power.get());
  return Digits(quotient.get());
}

int Rational::sign() const { return mpq_sgn(value_); }

Rational Rational::operator-() const {
  Rational result;
  mpq_neg(result.value_, value_);
  return result;
}

Rational operator+(const Rational& a, const Rational& b) {
  Rational result;
  mpq_add(result.value_, a.value_, b.value_);
  return result;
}

Rational operator-(const Rational& a, const Rational& b) {
  Rational result;
  mpq_sub(result.value_, a.value_, b.value_);
  return result;
}

Rational operator*(const Rational& a, const Rational& b) {
  Rational result;
  mpq_mul(result.value_, a.value_, b.value_);
  return result;
}

bool operator==(const Rational& a, const Rational& b) { return mpq_equal(a.value_, b.value_) != 0; }

std::strong_ordering operator<=>(const Rational& a, const Rational& b) {
  return mpq_cmp(a.value_, b.value_) <=> 0;
}

std::optional<Rational> Quotient(const Rational& a, const Rational& b) {
  if (b.sign() == 0) return std::nullopt;  // GMP would raise SIGFPE
  Rational result;
  mpq_div(result.value_, a.value_, b.value_);
  return result;
}

Rational Abs(const Rational& a) { return a.sign() < 0 ? -a : a; }

int PlacesFor(const Rational& value, const Rational& other, int least) {
  int places = least;
  const Rational distance = value - other;
  if (value.sign() != 0) places = std::max(places, 1 - Magnitude(value));
  if (distance.sign() != 0) places = std::max(places, 1 - Magnitude(distance));
  return std::min(places, std::max(kPlacesMost, least));
}

}  // namespace slogate
