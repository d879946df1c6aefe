// Objectives that were weakened: whoever lowers an objective, or changes its window, while the window it was
// measured over still runs, is judged by both. Pure.
#pragma once

#include <optional>

#include "gate/history/history.h"
#include "gate/policy/effective.h"

namespace slogate {

// The policy with, behind each of its SLOs, what that SLO was by the last decision there: its objective where
// that was higher, or its window was another, for as long as that window from the moment on at which it
// was last decided by. By that decision's own note of such SLOs, one decision is enough to know them all.
// `policy` is pinned; a calendar's period counts until it is over, by its own length and beginning.
// An SLO that was renamed or removed is not found. Without history, the policy as it is.
EffectivePolicy WithEarlierObjectives(const EffectivePolicy& policy,
                                      const std::optional<History>& history,
                                      const Subject& subject);

}  // namespace slogate
