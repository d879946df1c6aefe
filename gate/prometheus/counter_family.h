// Which raw samples are read together. Counters of one metric that are parts of each other, buckets of one
// histogram, and counters that are selected by the same matchers are one family: one request, counted
// in one go, because what is known of one series says since when another counts (births.h). Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include <absl/time/time.h>
#include <absl/types/span.h>

#include "gate/evidence/evidence.h"
#include "gate/policy/selector.h"

namespace slogate {

// A selector whose events are asked for: those series of one read that match all of `where`, which are
// plain (plain_matcher.h). Where a matcher is not, the selector is a read of its own.
struct CountedSelector {
  Selector selector;  // matchers sorted
  size_t read = 0;
  std::vector<Matcher> where = {};
};

struct CounterFamily {
  std::vector<Selector> reads;  // those that contain others first
  std::vector<CountedSelector> counted;
  std::vector<absl::Duration> windows;  // longest first
  absl::Duration max_age;               // how long a sample stands for what comes after it
};

// Which of CounterFamily::counted the number `part` is likely a part of: the narrowest that contains it,
// and of a bucket all events of its histogram.
std::optional<size_t> WholeOf(size_t part, const CounterFamily& family);

// Sorted matchers: what one selector is looked up by, in whichever order it was written.
Selector Normal(Selector selector);

// The families of those `questions` that ask for events; `max_age` is that of the questions for
// coverage, five minutes where there are none.
std::vector<CounterFamily> FamiliesOf(absl::Span<const Question> questions);

}  // namespace slogate
