// Query SLIs: events counted by the author's own PromQL. What to ask, and what the answers come to.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include <absl/time/time.h>

#include "gate/evidence/event_count.h"
#include "gate/evidence/evidence.h"
#include "gate/policy/policy.h"

namespace slogate {

std::vector<Selector> WatchedSelectors(const QuerySli& sli);

// None: an author's own PromQL has no place for an earlier time.
inline std::vector<Selector> TotalCounters(const QuerySli&) { return {}; }

// The counts over `window`, two questions.
std::vector<Question> AskEvents(const QuerySli& sli, const std::string& source,
                                absl::Duration window);

// Nothing is left open.
std::vector<Question> AskFurther(const QuerySli& sli, const std::string& source,
                                 absl::Duration window, absl::Duration slo_window,
                                 const Evidence& evidence);

// The count over `window`, or the findings that stand in its way. PromQL that gives nothing is never
// zero: nobody can tell here what it is made of.
std::variant<EventCount, std::vector<Finding>> CountEvents(const QuerySli& sli,
                                                           const std::string& source,
                                                           absl::Duration window,
                                                           absl::Duration slo_window,
                                                           const Evidence& evidence);

}  // namespace slogate
