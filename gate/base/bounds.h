// Bounds: what is known of a number that was measured: the truth lies in [low, high]. The one way
// in which slogate is honest about doubt; exact where both ends are equal. Truth: what bounds make
// of a comparison.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "gate/base/rational.h"

namespace slogate {

struct Bounds {
  Rational low, high;  // low <= high

  static Bounds Exactly(const Rational& value) { return {value, value}; }
  bool exact() const { return low == high; }
  friend bool operator==(const Bounds&, const Bounds&) = default;

  friend Bounds operator+(const Bounds& a, const Bounds& b) {
    return {a.low + b.low, a.high + b.high};
  }
  friend Bounds operator-(const Bounds& a, const Bounds& b) {
    return {a.low - b.high, a.high - b.low};
  }
};

// `factor` must not be negative.
inline Bounds Scale(const Bounds& a, const Rational& factor) {
  return {a.low * factor, a.high * factor};
}

// a / b for a >= 0 and b > 0, both ends; nullopt where b may be 0.
inline std::optional<Bounds> Ratio(const Bounds& a, const Bounds& b) {
  std::optional<Rational> low = Quotient(a.low, b.high), high = Quotient(a.high, b.low);
  if (!low || !high) return std::nullopt;
  return Bounds{*std::move(low), *std::move(high)};
}

// Kleene's three values. Zero is unknown, so that a truth nobody set is never taken for good news.
enum class Truth : uint8_t { kUnknown, kFalse, kTrue };

inline Truth And(Truth a, Truth b) {
  if (a == Truth::kFalse || b == Truth::kFalse) return Truth::kFalse;
  return a == Truth::kTrue && b == Truth::kTrue ? Truth::kTrue : Truth::kUnknown;
}

// How a measured value is compared with a threshold; the words of the policy language.
enum class Comparator : uint8_t { kAtMost, kBelow, kAtLeast, kAbove };

// Whether every, no, or only some value in `measured` satisfies the comparison.
inline Truth Compare(const Bounds& measured, Comparator comparator, const Rational& threshold) {
  const auto holds = [&](const Rational& value) {
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
  };
  const bool low = holds(measured.low), high = holds(measured.high);
  if (low != high) return Truth::kUnknown;
  return low ? Truth::kTrue : Truth::kFalse;
}

}  // namespace slogate
