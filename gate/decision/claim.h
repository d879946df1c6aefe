// Change classes: which one counts for a request, by its ticket, its limit and its proof, and what it
// skips. Pure.
#pragma once

#include <optional>
#include <string>

#include "gate/decision/decision.h"
#include "gate/policy/effective.h"

namespace slogate {

bool SkipsRule(const ChangeClass& change, const std::string& id);
bool SkipsFreeze(const ChangeClass& change, const std::string& id);
bool SkipsFinding(const ChangeClass& change, FindingKind kind);

// Which class counts for a request: the claimed one where the policy has it, its ticket is right, its
// limit is not used up and its proof is there; else the default class. The proof and the limit are
// judged by the request's history, and by the ledger's clock.
Claim ResolveClaim(const EffectivePolicy& policy, const Request& request);

// Whether the class lets a release go out without any measurement: it then needs no secret and
// waits little.
bool SkipsAllFindings(const EffectivePolicy& policy, const Claim& claim);

// What limit and proof of a class of the policy say for a release; its ticket is not looked at.
struct ProofResult {
  std::string problem;  // why the class does not count, printable; "" where it does
  std::optional<absl::Time>
      released_at;  // when the artifact was deployed there, where that is the proof
  std::optional<OverrideTaken> proven_by;  // the consent, where that is the proof
  // What stands in the way alone: an artifact that did not run there; people's consent, whose
  // request may be on its way (its id, or "").
  bool wants_release = false, wants_consent = false;
  std::string pending;
};
ProofResult Prove(const EffectivePolicy& policy, const std::string& change, const Request& request);

}  // namespace slogate
