// Slices SLIs: the share of good events in each slice of time. What to ask, and what the answers
// come to.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include <absl/time/time.h>

#include "gate/evidence/event_count.h"
#include "gate/evidence/evidence.h"
#include "gate/policy/policy.h"

namespace slogate {

// As for events: the total, or good and bad.
std::vector<Selector> WatchedSelectors(const SlicesSli& sli);

// None: slices of a period that is over are not asked for.
inline std::vector<Selector> TotalCounters(const SlicesSli&) { return {}; }

// In how many slices there were events; and in how many surely, and in how many perhaps, the share
// of some was beyond the ratio. The increase() of a slice has float noise, and a slice may lie just
// at its ratio: 1 bad event of 100 is not more than 1 %.
std::vector<Question> AskEvents(const SlicesSli& sli, const std::string& source,
                                absl::Duration window);

// Whether counters without data exist at all, as for events.
std::vector<Question> AskFurther(const SlicesSli& sli, const std::string& source,
                                 absl::Duration window, absl::Duration slo_window,
                                 const Evidence& evidence);

// The slices of `window`, or the findings that stand in the way. Slices in which nobody came are
// without data, though not without samples.
std::variant<EventCount, std::vector<Finding>> CountEvents(const SlicesSli& sli,
                                                           const std::string& source,
                                                           absl::Duration window,
                                                           absl::Duration slo_window,
                                                           const Evidence& evidence);

}  // namespace slogate
