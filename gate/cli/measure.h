// What a check and the doctor do alike: a policy for one release, and when it is measured.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include <absl/time/time.h>

#include "gate/cli/options.h"
#include "gate/cli/progress.h"
#include "gate/cli/world.h"
#include "gate/decision/decision.h"
#include "gate/evidence/evidence.h"
#include "gate/policy/effective.h"
#include "gate/prometheus/credentials.h"
#include "gate/text/diagnostic.h"

namespace slogate {

// The policy as it applies here, or nullopt with all its mistakes shown; `files` are those it was
// read from.
std::optional<EffectivePolicy> LoadPolicy(const PolicyOptions& options, World& world,
                                          std::vector<SourceFile>& files);

// The secrets of the policy's sources, in their order. Not `needed`: a source whose secrets cannot be read is
// asked without, so that what it does not tell is unauthorized. Otherwise nullopt, with all diagnostics
// shown.
std::optional<std::vector<Credentials>> LoadCredentials(const EffectivePolicy& policy, bool needed,
                                                        World& world,
                                                        const std::vector<SourceFile>& files);

// The policy's sources as one, each asked within `wait` from now on. World and `progress` must outlive it.
std::unique_ptr<Source> OpenSources(const EffectivePolicy& policy,
                                    const std::vector<Credentials>& credentials,
                                    absl::Duration wait, ProgressLine& progress, World& world);

// Pins the instant by the sources' clocks, and records how they were asked. One source: by its clock. Several: by the
// oldest, less the policy's delay.
Evidence AskClocks(const EffectivePolicy& policy, Source& source, Clock& clock, Decision& decision);

}  // namespace slogate
