// Latency SLIs: a classic histogram, and the time within which an event is good. What to ask, and
// what the answers come to. Two buckets of the histogram are asked for and never the whole of it,
// which costs about six times as much.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include <absl/time/time.h>

#include "gate/evidence/event_count.h"
#include "gate/evidence/evidence.h"
#include "gate/policy/policy.h"

namespace slogate {

// The bucket at the bound, whose newest and oldest samples say whether the data is fresh and goes
// back far enough. Not the one of all events: that one lives on where a release drops the bound.
std::vector<Selector> WatchedSelectors(const LatencySli& sli);

// The counter of all events.
std::vector<Selector> TotalCounters(const LatencySli& sli);

// The counts over `window`, two questions.
std::vector<Question> AskEvents(const LatencySli& sli, const std::string& source,
                                absl::Duration window);

// What is still to be asked once the counts over `window` are in: which bounds there are where the
// bucket is missing, and whether the histogram is older than its bucket.
std::vector<Question> AskFurther(const LatencySli& sli, const std::string& source,
                                 absl::Duration window, absl::Duration slo_window,
                                 const Evidence& evidence);

// The count over `window`, or the findings that stand in its way. A missing bucket is never zero
// good events, and nothing is interpolated from its neighbours.
std::variant<EventCount, std::vector<Finding>> CountEvents(const LatencySli& sli,
                                                           const std::string& source,
                                                           absl::Duration window,
                                                           absl::Duration slo_window,
                                                           const Evidence& evidence);

}  // namespace slogate
