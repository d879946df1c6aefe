// How many events an SLO counted over one window: what every SLI kind comes to, and all that
// gate/slo knows.
#pragma once

#include <algorithm>
#include <optional>

#include "gate/base/bounds.h"

namespace slogate {

struct EventCount {
  Bounds bad,
      total;  // events or slices, never negative; bad may exceed total where the server says so
  bool estimate = false;      // extrapolated rather than counted
  bool interpolated = false;  // the share that is bad was read between two bounds of a histogram
  bool step = false;          // counters look new and may be old; what they began with is left out
  // More good events than events in all were read, as extrapolation can: good was total + bad.high,
  // and bad lies anywhere in its bounds.
  bool good_exceeds_total = false;
  // Of a calendar window: the events of the whole period before. The budget goes by the larger of the
  // two, or one failure on the first day would be more than all of it.
  std::optional<Bounds> previous_total = std::nullopt;

  // The events that the budget is a share of.
  Bounds Basis() const {
    if (!previous_total) return total;
    return {std::max(total.low, previous_total->low), std::max(total.high, previous_total->high)};
  }
};

}  // namespace slogate
