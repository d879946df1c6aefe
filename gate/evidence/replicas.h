// HA replicas: the same counter scraped by several servers, each of which misses something else.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <absl/time/time.h>
#include <absl/types/span.h>

#include "gate/base/bounds.h"
#include "gate/evidence/samples.h"

namespace slogate {

// What the series of one target, or one series of no known target, counted in one window; the truth lies in [low - across, high + across].
struct PartCount {
  Bounds events;
  Rational across;
  int64_t first_ms = 0, last_ms = 0;  // from when to when one was there, within the window
};

// The labels that all replicas have in common.
SeriesLabels WithoutReplicas(const SeriesLabels& labels, const std::vector<std::string>& replicas);

// What they come to, being one: the largest count. Where none of them was there from the first sample
// to the last, but for `max_age`, one may have taken over from another: then it may be the sum of
// all. `replicas` must not be empty.
PartCount Worst(absl::Span<const PartCount> replicas, absl::Duration max_age);

}  // namespace slogate
