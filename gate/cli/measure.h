// What a check and the doctor do alike: a policy for one release, and when it is measured.
#pragma once

#include <optional>
#include <vector>

#include "gate/cli/options.h"
#include "gate/cli/world.h"
#include "gate/decision/decision.h"
#include "gate/evidence/evidence.h"
#include "gate/policy/effective.h"
#include "gate/text/diagnostic.h"

namespace slogate {

// The policy as it applies here, or nullopt with all its mistakes shown; `files` are those it was
// read from.
std::optional<EffectivePolicy> LoadPolicy(const PolicyOptions& options, World& world,
                                          std::vector<SourceFile>& files);

// Pins the instant by the source's clock, and records how that clock was asked.
Evidence AskClock(const EffectivePolicy& policy, Source& source, Clock& clock, Decision& decision);

}  // namespace slogate
