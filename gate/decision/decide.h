// Decide: from policy, evidence and request to the ruling. Pure and total: no clock, no I/O, no
// Status; what could not be measured is in the evidence as findings.
#pragma once

#include "gate/decision/decision.h"
#include "gate/evidence/evidence.h"
#include "gate/policy/effective.h"

namespace slogate {

// Which class counts for a request: the claimed one where the policy has it and its ticket is
// right, else the default class.
Claim ResolveClaim(const EffectivePolicy& policy, const Request& request);

// Whether the class lets a release go out without any measurement: it then needs no secret and
// waits little.
bool SkipsAllFindings(const EffectivePolicy& policy, const Claim& claim);

Ruling Decide(const EffectivePolicy& policy, const Evidence& evidence, const Request& request);

}  // namespace slogate
