// The sources' clocks: which instant a decision is about, and which of them are wrong. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <absl/time/time.h>
#include <absl/types/span.h>

#include "gate/evidence/evidence.h"

namespace slogate {

// When a clock was asked and when the answer was there, by the gate's own: it was read between.
struct AskedAt {
  absl::Time before, after;
};

// What the oldest of the clocks that answered says, cut to whole seconds; nullopt where none did.
std::optional<absl::Time> OldestOf(absl::Span<const Reading> clocks);

// Adds the finding clock_skew to each of `clocks`, which were asked at `asked`, that differs by more than
// `limit` from the gate's, or is ahead of another's by more than that; such a reading then has no
// value any more.
void CheckClocks(absl::Span<Reading> clocks, absl::Span<const AskedAt> asked, absl::Duration limit);

}  // namespace slogate
