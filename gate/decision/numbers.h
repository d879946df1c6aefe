// Numbers for people: rounded towards worse, with enough digits that a value never reads 0 or on
// the wrong side of its threshold when it is not (DESIGN §6). Comparisons are never made on these.
#pragma once

#include <string>

#include "gate/base/bounds.h"
#include "gate/decision/decision.h"

namespace slogate {

// A ratio as a percentage, "62.1 %", distinct from `threshold` where it differs from it.
std::string PercentText(const Rational& ratio, const Rational& threshold, Rounding rounding);

// The same of bounds: their worse end by `rounding`. Where they differ by mere float noise, the
// roundest number between them, as 50 % ± 0.0000001 is not 49.99 %.
std::string PercentText(const Bounds& ratio, const Rational& threshold, Rounding rounding);

// A percentage as a policy wrote it, with the blank that this house puts before the sign.
std::string ThresholdText(const Leg& leg);

// Events with thousands separated: "44,107"; fractions only where the number is small ("0.25").
std::string CountText(const Rational& events, Rounding rounding);

// The same of bounds: their worse end by `rounding`, but for mere float noise, which would make
// 44,108 of 44,107 ± 0.00004.
std::string CountText(const Bounds& events, Rounding rounding);

// The same beside `other`, with as many digits as it takes to tell the two apart: 41,882.2 of
// 41,882.3.
std::string CountText(const Bounds& events, const Bounds& other, Rounding rounding);

// The end of what a leg measured that speaks against the service: for remaining budgets and SLIs
// the lower, for burn rates and spent budgets the upper. Only where something was measured.
const Rational& WorseEnd(const Leg& leg);
Rounding WorseRounding(Measure measure);

// A number for machines, in documents and records: plain digits, 12 of them significant.
std::string DecimalText(const Rational& value, Rounding rounding);

// What a leg measured: "-5.32 %", or "3.21" for a burn rate, or "not known".
std::string MeasuredText(const Leg& leg);

}  // namespace slogate
