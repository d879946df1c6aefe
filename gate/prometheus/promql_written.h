// The PromQL of questions that are asked one by one: what the policy's author wrote, slices of time,
// and native histograms. Pure.
#pragma once

#include <string>

#include "gate/evidence/evidence.h"

namespace slogate {

// Of the kinds kNumber, kSlices, kSlicesWhere, kHistogramEvents and kHistogramWithin.
//
// What is compared is compared with `bool`, and the ones are added up: where there are points at all
// there is a number then, and a missing series does not look like none of a sort. NaN, as 0/0 gives it,
// compares as nothing and adds nothing.
std::string WrittenFor(const Question& question);

}  // namespace slogate
