#include "gate/decision/numbers.h"

#include <absl/strings/str_cat.h>

namespace slogate {
namespace {

bool HigherIsBetter(Measure measure) {
  return measure == Measure::kBudgetRemaining || measure == Measure::kSli ||
         measure == Measure::kLastRelease;  // times of a freeze are exact
}

// Zeros at the end carry meaning where the number was rounded, and none where it is exact.
std::string Trimmed(const Rational& value, std::string text) {
  if (text.find('.') == std::string::npos || Rational::FromDecimal(text) != value) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string Distinct(const Rational& value, const Rational& other, Rounding rounding) {
  return Trimmed(value, value.Fixed(PlacesFor(value, other, 2), rounding));
}

std::string WithSeparators(const std::string& digits) {
  const size_t point = std::min(digits.find('.'), digits.size());
  std::string text = digits;
  const size_t first = digits[0] == '-' ? 1 : 0;
  for (size_t at = point; at > first + 3; at -= 3) text.insert(at - 3, 1, ',');
  return text;
}

// The end of the bounds to show: the middle, where they differ by no more than float noise.
Rational Shown(const Bounds& events, Rounding rounding) {
  const Rational noise = events.high * *Rational::FromDecimal("0.00000001");
  if (events.high - events.low <= noise) {
    return (events.low + events.high) * *Rational::FromDecimal("0.5");
  }
  return rounding == Rounding::kUp ? events.high : events.low;
}

// The end of a ratio or a burn rate to show.
Rational ShownRatio(const Bounds& ratio, Rounding rounding) {
  const Rational step = *Rational::FromDecimal("0.0000001");
  if (!ratio.exact() && ratio.high - ratio.low < step) {
    const Rational round = *Rational::FromDecimal(ratio.high.Fixed(7, Rounding::kDown));
    if (round >= ratio.low) return round;
  }
  return rounding == Rounding::kUp ? ratio.high : ratio.low;
}

}  // namespace

std::string PercentText(const Rational& ratio, const Rational& threshold, Rounding rounding) {
  const Rational hundred = 100;
  return absl::StrCat(Distinct(ratio * hundred, threshold * hundred, rounding), " %");
}

std::string PercentText(const Bounds& ratio, const Rational& threshold, Rounding rounding) {
  return PercentText(ShownRatio(ratio, rounding), threshold, rounding);
}

std::string ThresholdText(const Leg& leg) {
  // What a file wrote is a decimal, but the burn rate that stands for a confirmed share may be
  // none.
  if (leg.measure == Measure::kBurnRate) {
    return Trimmed(leg.threshold, leg.threshold.Significant(6, Rounding::kUp));
  }
  const Rational percent = leg.threshold * Rational(100);
  return absl::StrCat(percent.ExactDecimal().value_or(percent.Significant(12, Rounding::kUp)),
                      " %");
}

std::string CountText(const Rational& events, Rounding rounding) {
  const bool whole = Abs(events) >= Rational(100);
  return WithSeparators(
      Trimmed(events, events.Fixed(whole ? 0 : PlacesFor(events, events, 0), rounding)));
}

std::string CountText(const Bounds& events, Rounding rounding) {
  return CountText(Shown(events, rounding), rounding);
}

std::string CountText(const Bounds& events, const Bounds& other, Rounding rounding) {
  const Rational shown = Shown(events, rounding);
  const Rational beside = Shown(other, rounding == Rounding::kUp ? Rounding::kDown : Rounding::kUp);
  if (shown == beside || Abs(shown - beside) >= Rational(2)) return CountText(shown, rounding);
  return WithSeparators(Trimmed(shown, shown.Fixed(PlacesFor(shown, beside, 0), rounding)));
}

const Rational& WorseEnd(const Leg& leg) {
  return HigherIsBetter(leg.measure) ? leg.measured->low : leg.measured->high;
}

Rounding WorseRounding(Measure measure) {
  return HigherIsBetter(measure) ? Rounding::kDown : Rounding::kUp;
}

std::string DecimalText(const Rational& value, Rounding rounding) {
  return value.Significant(12, rounding);
}

std::string MeasuredText(const Leg& leg) {
  if (!leg.measured) return "not known";
  const Rounding rounding = WorseRounding(leg.measure);
  if (leg.measure == Measure::kBurnRate) {
    return Distinct(ShownRatio(*leg.measured, rounding), leg.threshold, rounding);
  }
  return PercentText(*leg.measured, leg.threshold, rounding);
}

}  // namespace slogate
