// When a budget recovers by itself, and when it went: from how old its bad events are. Pure.
#pragma once

#include <optional>
#include <vector>

#include <absl/time/time.h>

#include "gate/base/rational.h"
#include "gate/evidence/profile.h"

namespace slogate {

// How long until at most `limit` bad events lie within a rolling `window`, if no more come: each
// leaves the window once it is older than that. `profile` is in order, the newest stretch first,
// without gaps, from the instant back to the window's start; within a stretch events count as evenly
// spread. Zero where it is so already; nullopt where `limit` is negative or the profile is empty.
std::optional<absl::Duration> UntilAtMost(const Rational& limit, const std::vector<Spent>& profile,
                                          absl::Duration window);

// The stretch with the most bad events, where it has at least half of all; the newest of several.
std::optional<Spent> MostSpent(const std::vector<Spent>& profile);

}  // namespace slogate
