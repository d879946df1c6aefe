// Decide: from policy, evidence and request to the ruling. Pure and total: no clock, no I/O, no
// Status; what could not be measured is in the evidence as findings, and what was is in the request's
// history.
#pragma once

#include "gate/decision/claim.h"
#include "gate/decision/decision.h"
#include "gate/evidence/evidence.h"
#include "gate/policy/effective.h"

namespace slogate {

// `policy` is PinnedAt the decision's instant. One with calendar windows or freezes that is not gets no
// verdict, and so do calendar windows whose zone nobody knows.
Ruling Decide(const EffectivePolicy& policy, const Evidence& evidence, const Request& request);

}  // namespace slogate
