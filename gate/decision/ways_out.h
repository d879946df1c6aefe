// The ways to go on from a closed gate. Pure.
#pragma once

#include <vector>

#include "gate/decision/decision.h"
#include "gate/policy/effective.h"

namespace slogate {

// Of a blocked ruling, in the order in which they are worth trying: mending the data, waiting, other
// change classes, people's consent. Each leads out when it is taken.
std::vector<WayOut> WaysOut(const EffectivePolicy& policy, const Request& request,
                            const Ruling& ruling);

}  // namespace slogate
