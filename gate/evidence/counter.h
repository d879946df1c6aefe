// What all kinds of SLI do that count with counters: ask for their increase, and make sense of what
// comes back.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <absl/time/time.h>

#include "gate/base/bounds.h"
#include "gate/evidence/event_count.h"
#include "gate/evidence/evidence.h"

namespace slogate {

Rational Seconds(absl::Duration duration);

// Of the `window` that ended `ago` before the instant.
Question EventsOf(const Selector& counter, const std::string& source, absl::Duration window,
                  absl::Duration ago = absl::ZeroDuration());

// What is known of a reading; nullptr, a question that was not asked, is neither.
bool HasData(const Reading* reading);
bool IsEmpty(const Reading* reading);  // the source answered, and there is no such data

// Appends why `reading` cannot be counted with. That nobody asked for it is a finding, too.
void AddFindings(const Reading* reading, std::vector<Finding>& findings);

// That nothing could be counted.
Finding NoSamples(const Selector& counter, absl::Duration window);

// How much `total`, of that selector, is above `good`: by the reading of good itself where that knows
// it, else by their difference.
Bounds RestOf(const Selector& whole, const Bounds& total, const Reading& part, const Bounds& good);

// The failures, of the rest that is not good. Extrapolation can make it negative: then the truth is
// somewhere from no failure to as many as the two readings are apart (facts: seen up to good = 1.0075 ×
// total).
Bounds BadFrom(const Bounds& rest);

// The finding against a count of events of `part` where `total` counted none at all.
std::optional<Finding> Mismatch(const EventCount& count, const Selector& total,
                                const Selector& part, absl::Duration window);

}  // namespace slogate
