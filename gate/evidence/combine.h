// Several sources' word on one SLO made one. Counts are joined, never ratios; findings all stand. Pure.
#pragma once

#include <vector>

#include <absl/types/span.h>

#include "gate/evidence/event_count.h"
#include "gate/evidence/plan.h"
#include "gate/policy/vocabulary.h"

namespace slogate {

// Of sources that each have events of their own: all of them. `counts` are not empty.
EventCount SumOf(absl::Span<const EventCount> counts);

// Of sources that have the same events: the count with the largest share of bad ones, and of equal
// shares the one with more events. Where their bounds leave open which that is, bounds that hold
// all that it may be. `counts` are not empty.
EventCount WorstOf(absl::Span<const EventCount> counts);

// What each source says of one SLO, in the policy's order, as one. A window has a count where all sources
// have one: nobody knows how many events the one has that did not tell. One source stays as it is.
SloEvidence CombineSources(Combining how, std::vector<SloEvidence> sources);

}  // namespace slogate
