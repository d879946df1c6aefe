// How many events an SLO counted over one window: what every SLI kind comes to, and all that
// gate/slo knows.
#pragma once

#include "gate/base/bounds.h"

namespace slogate {

struct EventCount {
  Bounds bad, total;      // events, never negative; bad may exceed total where the server says so
  bool estimate = false;  // extrapolated rather than counted
  // More good events than events in all were read, as extrapolation can: good was total + bad.high,
  // and bad lies anywhere in its bounds.
  bool good_exceeds_total = false;
};

}  // namespace slogate
