// The equal slots into which a window is cut to see how much of it the stored samples cover, and
// how far back they go.
#pragma once

#include <cstdint>

#include <absl/time/time.h>

namespace slogate {

struct Slots {
  absl::Duration length;  // whole seconds
  int64_t count = 0;      // at least one; what is over at the window's start belongs to none
};

// About 120 slots of `window` (at least 1 s), none shorter than `max_age`, for which one sample
// stands. Short windows get two.
Slots SlotsOf(absl::Duration window, absl::Duration max_age);

// How many slices of time of `length` are counted in `window`, which is no shorter: those that end
// within it and have room for one another. What is over belongs to none.
int64_t SlicesIn(absl::Duration window, absl::Duration length);

}  // namespace slogate
