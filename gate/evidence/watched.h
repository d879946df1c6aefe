// The series whose samples say how fresh and how whole an SLO's data is, and the questions about them.
#pragma once

#include <string>
#include <vector>

#include <absl/time/time.h>

#include "gate/evidence/evidence.h"
#include "gate/policy/effective.h"

namespace slogate {

// As they are watched before anything is known.
std::vector<Selector> WatchedAtFirst(const EffectiveSlo& slo);

// The same once the source has answered; of a latency SLI that is found to be a native histogram, that.
std::vector<Selector> Watched(const std::string& source, const EffectiveSlo& slo,
                              const Evidence& evidence);

// Whether its newest sample is at most as old as stale allows.
Question AskNewest(const EffectivePolicy& policy, const std::string& source,
                   const Selector& selector);

// How old the newest is, looked for as far back as this for the reader's sake.
inline constexpr absl::Duration kStaleAge = absl::Hours(24);
Question AskAge(const std::string& source, const Selector& selector);

Question AskHistory(const std::string& source, const Selector& selector, absl::Duration reach);

// A slot counts by the measure that stale goes by: by an instant's lookback of 5 minutes, data scraped
// every 10 would be a gap half of the time.
Question AskCoverage(const EffectivePolicy& policy, const std::string& source,
                     const Selector& selector, absl::Duration window);

}  // namespace slogate
