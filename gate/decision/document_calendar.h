// The parts of a decision document that tell of calendars: the windows of SLOs, and what the machine's time
// zones made of the policy. A replay goes by these and not by the zones of its own machine, which change.
#pragma once

#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include "gate/decision/decision.h"
#include "gate/text/json.h"

namespace slogate {

// The window that ended at `instant`.
json::Value WindowValue(const SloResult& slo, absl::Time instant);

json::Value CalendarValue(const CalendarFacts& calendar);

// What CalendarValue wrote in a decision of `instant`. InvalidArgument, in one printable line, for anything
// else, such as a period that does not hold the instant. Null is a policy without either.
absl::StatusOr<CalendarFacts> ReadCalendar(const json::Value& value, absl::Time instant);

}  // namespace slogate
