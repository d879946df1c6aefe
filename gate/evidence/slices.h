// What the SLI kinds share whose events are slices of time.
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

// The slices of an SLI, and the series whose samples tell since when there are any.
struct SliceSpan {
  absl::Duration length;
  std::vector<Selector> watched;
  std::string source;
  absl::Duration slo_window;
};

// How many slices of `window` could have data, which is not before the first sample that is stored;
// or why nobody can tell.
std::variant<Bounds, std::vector<Finding>> ExpectedSlices(const SliceSpan& span,
                                                          absl::Duration window,
                                                          const Evidence& evidence);

// `counted`, of the slices with data, and those without counted as `no_data` says; or the findings
// because of which nobody can tell how many those are.
std::variant<EventCount, std::vector<Finding>> WithNoData(EventCount counted, NoData no_data,
                                                          const SliceSpan& span,
                                                          absl::Duration window,
                                                          const Evidence& evidence);

// That there were more bad slices than slices; `what` says of what.
std::optional<Finding> TooManyBad(const EventCount& count, absl::string_view what);

}  // namespace slogate
