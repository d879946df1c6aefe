// Conditions: a rule's comparison of what was counted with its thresholds, window by window.
#pragma once

#include <functional>
#include <vector>

#include "gate/decision/decision.h"
#include "gate/evidence/event_count.h"
#include "gate/policy/effective.h"

namespace slogate {

// What is known of one window: a count, or nothing (then the leg is unknown), or that the policy
// takes the SLO to have had no traffic (then it is false).
struct WindowCount {
  const EventCount* count = nullptr;
  bool no_traffic = false;
};

// One leg for each comparison of `condition`, each true, false or unknown.
std::vector<Leg> Evaluate(const Condition& condition, const EffectiveSlo& slo,
                          const std::function<WindowCount(absl::Duration window)>& count_over);

// Kleene's AND of all legs; no legs are unknown.
Truth AllOf(const std::vector<Leg>& legs);

}  // namespace slogate
