// Latency SLIs: a histogram, and the time within which an event is good. What to ask, and what the
// answers come to. Of a classic histogram two buckets are asked for and never the whole of it, which
// costs about six times as much. Where there are no buckets, the histogram may be a native one: a
// single series that holds them all, of which the source interpolates.
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

// The native histogram, whose samples say that where there are no buckets.
const Selector& NativeSelector(const LatencySli& sli);

// Whether the SLO's own window holds no bucket, so that the histogram may be a native one.
bool MayBeNative(const LatencySli& sli, const std::string& source, absl::Duration slo_window,
                 const Evidence& evidence);

// Whether it is one, as far as that was asked.
bool IsNative(const LatencySli& sli, const std::string& source, absl::Duration slo_window,
              const Evidence& evidence);

// The counts over `window`, two questions.
std::vector<Question> AskEvents(const LatencySli& sli, const std::string& source,
                                absl::Duration window);

// What is still to be asked once the counts over `window` are in: which bounds there are where the
// bucket is missing, whether the histogram is older than its bucket, and where it has none, what a native
// one counts.
std::vector<Question> AskFurther(const LatencySli& sli, const std::string& source,
                                 absl::Duration window, absl::Duration slo_window,
                                 const Evidence& evidence);

// The count over `window`, or the findings that stand in its way. A missing bucket is never zero
// good events, and nothing is interpolated from its neighbours; only a native histogram's are.
std::variant<EventCount, std::vector<Finding>> CountEvents(const LatencySli& sli,
                                                           const std::string& source,
                                                           absl::Duration window,
                                                           absl::Duration slo_window,
                                                           const Evidence& evidence);

}  // namespace slogate
