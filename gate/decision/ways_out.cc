#include "gate/decision/ways_out.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "gate/decision/claim.h"
#include "gate/decision/evaluate.h"
#include "gate/decision/override.h"
#include "gate/decision/verdict.h"

namespace slogate {
namespace {

WayOut Way(WayOut::Kind kind) {
  WayOut way;
  way.kind = kind;
  return way;
}

// Whether what there is to do is to be done at one source.
bool NamesSource(FindingKind kind) {
  return kind == FindingKind::kUnreachable || kind == FindingKind::kUnauthorized ||
         kind == FindingKind::kMalformedAnswer;
}

void AddMending(const Ruling& ruling, std::vector<WayOut>& ways) {
  std::set<std::pair<FindingKind, std::string>> known;
  for (const JudgedFinding& finding : ruling.findings) {
    const FindingKind kind = finding.finding.kind;
    if (!finding.decisive || finding.verdict < Verdict::kHold) continue;
    if (!known.insert({kind, NamesSource(kind) ? finding.source : ""}).second) continue;
    ways.push_back(Way(WayOut::Kind::kMend));
    ways.back().finding = kind;
    ways.back().source = finding.source;
  }
}

void AddWaiting(const Ruling& ruling, std::vector<WayOut>& ways) {
  const bool helps =
      std::any_of(ruling.reasons.begin(), ruling.reasons.end(), [&](const Reason& reason) {
        const bool counts = reason.applicability == Applicability::kApplies &&
                            reason.skipped_by.empty() && !reason.freeze;
        // A burst passes, and what is too close to tell moves on.
        return counts && ((reason.truth == Truth::kTrue && reason.verdict == Verdict::kHold) ||
                          reason.TooClose());
      });
  if (helps && ruling.verdict == Verdict::kHold) ways.push_back(Way(WayOut::Kind::kWait));
}

// When the freezes that close the gate are over, with those that begin before the others end.
absl::Time EndOfFreezes(const Ruling& ruling, absl::Time instant) {
  absl::Time end = instant;
  for (bool later = true; later;) {
    later = false;
    for (const Reason& reason : ruling.reasons) {
      if (!reason.freeze || reason.verdict < Verdict::kHold || !reason.skipped_by.empty()) continue;
      if (reason.freeze->from > end || reason.freeze->to <= end) continue;
      end = reason.freeze->to;
      later = true;
    }
  }
  return end;
}

// Waiting for the end of the freezes, where nothing else closes the gate.
void AddFreezes(const EffectivePolicy& policy, const Ruling& ruling, std::vector<WayOut>& ways) {
  if (!policy.instant) return;
  const absl::Time end = EndOfFreezes(ruling, *policy.instant);
  if (end == *policy.instant) return;
  ChangeClass after = policy.changes.at(ruling.claim.effective);
  after.skips.push_back({"freezes", {}});
  if (JudgeFor(after, ruling).verdict >= Verdict::kHold) return;
  ways.push_back(Way(WayOut::Kind::kWait));
  ways.back().until = end;
}

// The way by a class that would open the gate, if it counted; nullopt where it cannot.
std::optional<WayOut> WayByClass(const EffectivePolicy& policy, const std::string& name,
                                 const Request& request) {
  const ChangeClass& change = policy.changes.at(name);
  const ProofResult proof = Prove(policy, name, request);
  WayOut way = Way(WayOut::Kind::kChange);
  way.change = name;
  way.ticket_prefix = change.ticket_prefix.value_or("");
  if (proof.problem.empty()) return way;
  if (proof.wants_release) {
    way.released_before = change.proof->released_before;
    return way;
  }
  if (!proof.wants_consent) return std::nullopt;
  way.kind = WayOut::Kind::kProve;
  way.terms = ConsentTerms{*change.proof->consent, std::nullopt, 0, proof.pending,
                           policy.overrides ? policy.overrides->page : ""};
  return way;
}

void AddClasses(const EffectivePolicy& policy, const Request& request, const Ruling& ruling,
                std::vector<WayOut>& ways) {
  for (const auto& [name, change] : policy.changes) {
    if (name == ruling.claim.effective) continue;
    if (OutcomeOf(JudgeFor(change, ruling).verdict, ruling.enforcement) != Outcome::kProceed) {
      continue;
    }
    if (std::optional<WayOut> way = WayByClass(policy, name, request)) {
      ways.push_back(*std::move(way));
    }
  }
}

// The newest request for this release that only waits for approvals.
std::string PendingOverride(const EffectivePolicy& policy, const Request& request,
                            const Ruling& ruling) {
  const History& history = *request.history;
  std::string pending;
  for (const Override& one : OverridesIn(history.records)) {
    if (one.request.change.empty() &&
        WaitsForApproval(policy, history, one, request.subject, ruling.closed_by, history.now)) {
      pending = one.request.id;
    }
  }
  return pending;
}

void AddOverride(const EffectivePolicy& policy, const Request& request, const Ruling& ruling,
                 std::vector<WayOut>& ways) {
  if (!policy.overrides || !request.history || ruling.closed_by.empty()) return;
  const OverrideRules& rules = *policy.overrides;
  if (!WhyNever(rules, ruling.closed_by).empty()) return;
  WayOut way = Way(WayOut::Kind::kOverride);
  way.ticket_prefix = rules.ticket_prefix.value_or("");
  if (!request.subject.artifact.empty()) {
    const History& history = *request.history;
    ConsentTerms terms{ConsentFor(rules, history, request.subject, history.now), rules.limit, 0,
                       PendingOverride(policy, request, ruling)};
    if (rules.limit) {
      terms.used = OverridesUsed(history, request.subject, history.now - rules.limit->per);
    }
    terms.page = rules.page;
    way.terms = std::move(terms);
  }
  ways.push_back(std::move(way));
}

}  // namespace

std::vector<WayOut> WaysOut(const EffectivePolicy& policy, const Request& request,
                            const Ruling& ruling) {
  std::vector<WayOut> ways;
  AddMending(ruling, ways);
  AddWaiting(ruling, ways);
  AddFreezes(policy, ruling, ways);
  AddClasses(policy, request, ruling, ways);
  AddOverride(policy, request, ruling, ways);
  return ways;
}

}  // namespace slogate
