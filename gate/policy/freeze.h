// Freezes: times in which releases stop. In what applies to an environment each is a rule about no SLO.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <absl/time/time.h>

#include "gate/policy/policy.h"
#include "gate/text/diagnostic.h"

namespace slogate {

// Local moments by the machine's time zones. nullopt where such a moment has no zone, or one that the
// machine does not know.
std::optional<Freeze> ResolvedFreeze(const FreezeConfig& freeze);

// The freezes of `environment` as rules. One whose times nobody knows holds at all times.
std::vector<Rule> FreezesIn(const ReleasePolicy& policy, const std::string& environment);

// Warnings about freezes that are over at `now`, or begin more than a year later: a year mistyped, or
// something that nobody looks after. Loading has no clock, so it does not tell.
std::vector<Diagnostic> FreezesOutOfTime(const ReleasePolicy& policy, absl::Time now);

}  // namespace slogate
