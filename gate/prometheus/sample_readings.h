// What a count from raw samples says to each kind of question, in the sense of evidence.h. Pure.
#pragma once

#include <optional>

#include <absl/time/time.h>

#include "gate/evidence/evidence.h"
#include "gate/evidence/tally.h"
#include "gate/prometheus/counter_family.h"

namespace slogate {

// Whether a question of this kind can be answered from samples at all.
bool IsOfSamples(const Question& question);

// The reading for `question` about the selector that `tallied` is of, counted at `at`, without answers;
// nullopt where the samples of `family` do not reach far enough to tell.
std::optional<Reading> ReadingOf(const Question& question, const CounterFamily& family,
                                 const Tallied& tallied, absl::Time at);

// What of `whole` is not of the reading's selector, which is a part of it: for events that were counted,
// where nothing was left out as a step.
void SetRest(const Selector& whole, const CounterFamily& family, const Tallied& rest,
             Reading& reading);

}  // namespace slogate
