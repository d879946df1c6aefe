#include "gate/decision/claim.h"

#include <algorithm>
#include <utility>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include "gate/base/duration.h"
#include "gate/decision/consent.h"
#include "gate/decision/override.h"
#include "gate/decision/sentences.h"

namespace slogate {
namespace {

bool Skips(const ChangeClass& change, absl::string_view all, absl::string_view one) {
  return std::any_of(
      change.skips.begin(), change.skips.end(),
      [&](const Placed<std::string>& skip) { return skip.value == all || skip.value == one; });
}

// "" where the ticket is what the class asks for.
std::string TicketProblem(const ChangeClass& change, const std::string& ticket) {
  const std::string prefix = change.ticket_prefix.value_or("");
  if (prefix.empty()) return "";
  if (ticket.empty()) return absl::StrCat("it needs --ticket ", prefix, "…");
  if (!absl::StartsWith(ticket, prefix) || ticket == prefix) {
    return absl::StrCat("its ticket must begin with ", prefix);
  }
  return "";
}

void ProveRelease(absl::Duration within, const Request& request, ProofResult& result) {
  const std::string time = SpeakDuration(within);
  result.released_at = DeployedAt(*request.history, request.subject);
  if (result.released_at && request.history->now - *result.released_at <= within) return;
  result.wants_release = true;
  result.problem =
      result.released_at
          ? absl::StrCat("this artifact was deployed here before the last ", time, ", at ",
                         MomentText(*result.released_at))
          : absl::StrCat("the ledger knows of no deployment of this artifact here in the last ",
                         time);
  result.released_at.reset();
}

void ProveConsent(const EffectivePolicy& policy, const std::string& change, const Consent& consent,
                  const Request& request, ProofResult& result) {
  const History& history = *request.history;
  result.wants_consent = true;
  result.problem = absl::StrCat("it needs ", ConsentText(consent),
                                ", and nobody has asked for it for this artifact");
  for (const Override& one : OverridesIn(history.records)) {
    if (one.request.change != change || !IsForRelease(one, request.subject)) continue;
    const std::string why = WhyNotUse(policy, history, one, request.subject, {}, history.now);
    if (why.empty()) {
      result = ProofResult();
      result.proven_by = Take(policy, history, one, history.now);
      return;
    }
    if (!result.pending.empty()) continue;  // what is on its way says what is missing
    result.problem =
        absl::StrCat("the request ", Printable(one.request.id), " does not hold: ", why);
    if (WaitsForApproval(policy, history, one, request.subject, {}, history.now)) {
      result.pending = one.request.id;
    }
  }
}

}  // namespace

bool SkipsRule(const ChangeClass& change, const std::string& id) {
  return Skips(change, "rules", id);
}

bool SkipsFreeze(const ChangeClass& change, const std::string& id) {
  return Skips(change, "freezes", id);
}

bool SkipsFinding(const ChangeClass& change, FindingKind kind) {
  return Skips(change, "findings", Word(kind));
}

ProofResult Prove(const EffectivePolicy& policy, const std::string& change,
                  const Request& request) {
  const ChangeClass& config = policy.changes.at(change);
  ProofResult result;
  if (!config.proof && !config.limit) return result;
  if (!request.history) {
    result.problem = "what it needs is in the ledger, and no ledger was asked";
    return result;
  }
  const History& history = *request.history;
  if (config.limit) {
    const int used = ClassUses(history, request.subject, change, history.now - config.limit->per);
    if (used >= config.limit->count) {
      result.problem =
          absl::StrCat("it let out ", used, " of ", config.limit->count, " releases in the last ",
                       SpeakDuration(config.limit->per), ": its limit is used up");
      return result;
    }
  }
  if (!config.proof) return result;
  if (request.subject.artifact.empty()) {
    result.wants_release = config.proof->released_before.has_value();
    result.problem = "its proof is about one artifact: give --artifact sha256:…";
    return result;
  }
  if (!config.proof->released_before && !config.proof->consent) {
    result.problem =
        "the policy names no proof that it could have";  // no policy that passed its checks
  }
  if (config.proof->released_before) ProveRelease(*config.proof->released_before, request, result);
  if (result.problem.empty() && config.proof->consent) {
    ProveConsent(policy, change, *config.proof->consent, request, result);
  }
  return result;
}

Claim ResolveClaim(const EffectivePolicy& policy, const Request& request) {
  const std::string& fallback = DefaultClass(policy);
  Claim claim{request.change.empty() ? fallback : request.change, request.ticket, fallback, ""};
  const auto found = policy.changes.find(claim.claimed);
  if (found == policy.changes.end()) {
    claim.problem = "the policy has no such change class";
    return claim;
  }
  claim.problem = TicketProblem(found->second, claim.ticket);
  if (!claim.problem.empty()) return claim;
  ProofResult proof = Prove(policy, claim.claimed, request);
  claim.problem = std::move(proof.problem);
  if (!claim.problem.empty()) return claim;
  claim.effective = claim.claimed;
  claim.released_at = proof.released_at;
  claim.proven_by = std::move(proof.proven_by);
  return claim;
}

bool SkipsAllFindings(const EffectivePolicy& policy, const Claim& claim) {
  return Skips(policy.changes.at(claim.effective), "findings", "findings");
}

}  // namespace slogate
