// Events SLIs: counters of any two of good, bad and total. What to ask, and what the answers come
// to.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include <absl/time/time.h>

#include "gate/evidence/event_count.h"
#include "gate/evidence/evidence.h"
#include "gate/policy/policy.h"

namespace slogate {

// The selectors whose newest and oldest samples say whether the SLI's data is fresh and goes back
// far enough: the total, or both halves where no total is named.
std::vector<Selector> WatchedSelectors(const EventsSli& sli);

// The counters whose increases add up to all events: the total, or both halves where none is named.
std::vector<Selector> TotalCounters(const EventsSli& sli);

// What to look for to learn whether `counter`, one of the SLI's, exists where it counted nothing.
Question SeenOf(const EventsSli& sli, const Selector& counter, const std::string& source,
                absl::Duration slo_window);

// What it means that it counted nothing over `window`, once it is clear that it is not zero. `looked`
// is set where the source was asked SeenOf it.
Finding NoSeriesOf(const EventsSli& sli, const Selector& counter, absl::Duration window,
                   bool looked);

// The counts over `window`, two questions.
std::vector<Question> AskEvents(const EventsSli& sli, const std::string& source,
                                absl::Duration window);

// What is still to be asked once the counts over `window` are in: whether a counter without data is
// one that never counted anything, or a wrong name. `slo_window` is how far back that question
// looks.
std::vector<Question> AskFurther(const EventsSli& sli, const std::string& source,
                                 absl::Duration window, absl::Duration slo_window,
                                 const Evidence& evidence);

// The count over `window`, or the findings that stand in its way. A counter without data is zero
// only where the evidence says that it exists (facts: an empty answer is what a wrong name gets,
// too).
std::variant<EventCount, std::vector<Finding>> CountEvents(const EventsSli& sli,
                                                           const std::string& source,
                                                           absl::Duration window,
                                                           absl::Duration slo_window,
                                                           const Evidence& evidence);

}  // namespace slogate
