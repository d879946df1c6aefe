// Conditions: a rule's comparison of what was counted with its thresholds, window by window.
#pragma once

#include <functional>
#include <optional>
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

// One leg for each comparison of `condition`, which is about an SLO; each true, false or unknown.
// `closed_at`: when the last decision found the rule true; what has a band then stays true within it.
std::vector<Leg> Evaluate(const Condition& condition, const EffectiveSlo& slo,
                          const std::function<WindowCount(absl::Duration window)>& count_over,
                          std::optional<absl::Time> closed_at = std::nullopt);

// The one leg about the service's last release, by the request's history; unknown without.
Leg EvaluateLastRelease(const LastRelease& condition, const Request& request);

// The two legs of a freeze, which holds in [from, to); unknown without an instant.
std::vector<Leg> EvaluateFreeze(const Freeze& freeze, std::optional<absl::Time> instant);

// Kleene's AND of all legs; no legs are unknown.
Truth AllOf(const std::vector<Leg>& legs);

}  // namespace slogate
