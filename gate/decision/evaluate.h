// Evaluating a policy's rules on the evidence, and judging what they came to for a change class. Pure.
#pragma once

#include <string>
#include <vector>

#include "gate/decision/decision.h"
#include "gate/decision/verdict.h"
#include "gate/evidence/evidence.h"
#include "gate/policy/effective.h"

namespace slogate {

// Fills the ruling's SLOs, reasons and findings: every rule over every SLO that it looks at, without
// short circuit, so that each gives its reason. The ruling's claim says what is skipped.
void EvaluateRules(const EffectivePolicy& policy, const Evidence& evidence, const Request& request,
                   Ruling& ruling);

// What these reasons and findings come to for a class: the same evidence, other skips.
Judgement JudgeFor(const ChangeClass& change, const Ruling& ruling);

// The rules that keep the gate closed: unskipped ones that are true, or unknown by no finding, and those
// that a deciding finding leaves open; each with a verdict that closes. The findings' `decisive` must
// be set. In the policy's order, each once.
std::vector<std::string> ClosedBy(const Ruling& ruling);

}  // namespace slogate
