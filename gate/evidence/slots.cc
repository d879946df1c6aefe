#include "gate/evidence/slots.h"

#include <algorithm>

namespace slogate {

Slots SlotsOf(absl::Duration window, absl::Duration max_age) {
  constexpr absl::Duration kShortest = absl::Seconds(1);
  const absl::Duration wanted = std::max(window / 120, std::min(max_age, window / 2));
  const absl::Duration length = std::max(absl::Trunc(wanted, kShortest), kShortest);
  absl::Duration rest;
  return {length, std::max<int64_t>(1, absl::IDivDuration(window, length, &rest))};
}

int64_t SlicesIn(absl::Duration window, absl::Duration length) {
  absl::Duration rest;
  // Only an SLO's window of old, from before it was weakened, may be shorter than its slices now.
  return std::max<int64_t>(1, absl::IDivDuration(window, length, &rest));
}

}  // namespace slogate
