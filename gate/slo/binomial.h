// What a few events say about a service: if each fails with the same chance, how large may that
// chance be? Pure. The exact interval of Clopper and Pearson (Biometrika 26, 1934): each end is the
// chance at which what was seen, or something rarer, still happens in (1 - confidence) / 2 of all
// cases; so the interval holds the true chance at least as often as `confidence` says.
#pragma once

#include "gate/base/bounds.h"
#include "gate/slo/budget.h"

namespace slogate {

// The chance of failing, a ratio in [0, 1]; it always holds bad / total. `count.total.low` is above
// 0, and 0 < confidence < 1. Where counts are bounds, all that any count within them leaves open.
Bounds PlausibleBadRatio(const EventCount& count, const Rational& confidence);

// `count` with as many bad events as the plausible ratios come to. A count without any events says
// nothing, and is left as it is.
EventCount Plausible(const EventCount& count, const Rational& confidence);

}  // namespace slogate
