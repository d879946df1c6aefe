// On which days an SLO's bad events fell, back to its window's start. For forecasts alone, never for a
// verdict: each day is extrapolated by itself, and what happens between the two scrapes at a cut is in
// neither day.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <absl/time/time.h>

#include "gate/evidence/evidence.h"
#include "gate/policy/effective.h"

namespace slogate {

// Bad events of a stretch of time that ended `ago` before the instant and lasted `over`.
struct Spent {
  absl::Duration ago, over;
  Rational bad;  // events, not negative
};

// Its questions; none for SLIs that count something else than events of counters.
std::vector<Question> AskProfile(const std::string& source, const EffectiveSlo& slo);

// One stretch a day, the newest first, without gaps; the last may be shorter. nullopt where anything
// of it was not asked, or not answered.
std::optional<std::vector<Spent>> ProfileOf(const std::string& source, const EffectiveSlo& slo,
                                            const Evidence& evidence);

}  // namespace slogate
