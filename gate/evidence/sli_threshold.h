// Threshold SLIs: a value at the end of each slice of time. What to ask, and what the answers come
// to.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <absl/time/time.h>

#include "gate/evidence/event_count.h"
#include "gate/evidence/evidence.h"
#include "gate/policy/policy.h"

namespace slogate {

std::vector<Selector> WatchedSelectors(const ThresholdSli& sli);

// None: slices of a period that is over are not asked for.
inline std::vector<Selector> TotalCounters(const ThresholdSli&) { return {}; }

// In how many slices there was a value, and in how many a bad one.
std::vector<Question> AskEvents(const ThresholdSli& sli, const std::string& source,
                                absl::Duration window);

// Nothing is left open.
std::vector<Question> AskFurther(const ThresholdSli& sli, const std::string& source,
                                 absl::Duration window, absl::Duration slo_window,
                                 const Evidence& evidence);

// The slices of `window`, or the findings that stand in the way.
std::variant<EventCount, std::vector<Finding>> CountEvents(const ThresholdSli& sli,
                                                           const std::string& source,
                                                           absl::Duration window,
                                                           absl::Duration slo_window,
                                                           const Evidence& evidence);

// The gap, where less than `least` of the slices since the first sample of the SLO's window have a
// value: a value may be missing although what it is made of is sampled. Only once they are counted.
std::optional<Finding> GapOfValues(const ThresholdSli& sli, const std::string& source,
                                   absl::Duration slo_window, const Rational& least,
                                   const Evidence& evidence);

}  // namespace slogate
