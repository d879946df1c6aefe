#include "gate/decision/decide.h"

#include <algorithm>
#include <utility>

#include "gate/decision/evaluate.h"
#include "gate/decision/forecast.h"
#include "gate/decision/override.h"
#include "gate/decision/ways_out.h"
#include "gate/history/earlier.h"

namespace slogate {
namespace {

// A verdict needs every SLO to have a window and a rule that looks at it; a policy that passed its checks
// and is pinned has that.
bool Complete(const EffectivePolicy& policy, const Ruling& ruling) {
  const auto untold = [](const Reason& reason) {
    return reason.freeze && reason.truth == Truth::kUnknown;
  };
  return !policy.slos.empty() &&
         std::none_of(ruling.reasons.begin(), ruling.reasons.end(), untold) &&
         std::all_of(policy.slos.begin(), policy.slos.end(), [&](const EffectiveSlo& slo) {
           if (slo.window <= absl::ZeroDuration()) return false;
           return std::any_of(
               ruling.reasons.begin(), ruling.reasons.end(), [&](const Reason& reason) {
                 return reason.slo == slo.name && reason.applicability == Applicability::kApplies;
               });
         });
}

// The first override for this release that opens the gate; those that do not, with why.
void ApplyOverrides(const EffectivePolicy& policy, const Request& request, Ruling& ruling) {
  if (!request.history || ruling.verdict < Verdict::kHold) return;
  const History& history = *request.history;
  for (const Override& one : OverridesIn(history.records)) {
    if (!one.request.change.empty() || !IsForRelease(one, request.subject)) continue;
    std::string why =
        WhyNotUse(policy, history, one, request.subject, ruling.closed_by, history.now);
    if (!why.empty()) {
      ruling.refused.push_back({one.request.id, std::move(why)});
    } else if (!ruling.opened_by) {
      ruling.opened_by = Take(policy, history, one, history.now);
    }
  }
}

}  // namespace

Ruling Decide(const EffectivePolicy& as_written, const Evidence& evidence, const Request& request) {
  const EffectivePolicy policy =
      WithEarlierObjectives(as_written, request.history, request.subject);
  Ruling ruling;
  ruling.enforcement = policy.enforcement;
  ruling.claim = ResolveClaim(policy, request);
  EvaluateRules(policy, evidence, request, ruling);
  if (!Complete(policy, ruling)) return ruling;  // no verdict, blocked

  const Judgement judgement = JudgeFor(policy.changes.at(ruling.claim.effective), ruling);
  for (size_t i = 0; i < ruling.findings.size(); ++i) {
    ruling.findings[i].decisive = judgement.decisive[i];
  }
  ruling.verdict = judgement.verdict;
  ruling.without_class = JudgeFor(ChangeClass{}, ruling).verdict;
  if (ruling.verdict >= Verdict::kHold) ruling.closed_by = ClosedBy(ruling);
  AddForecasts(policy, evidence, ruling);
  ApplyOverrides(policy, request, ruling);
  const Ending ending = EndingOf(ruling.verdict, ruling.without_class, ruling.opened_by.has_value(),
                                 ruling.enforcement);
  ruling.outcome = ending.outcome;
  ruling.basis = ending.basis;
  if (ruling.basis == Basis::kClass) ruling.opened_by = ruling.claim.proven_by;
  if (ruling.outcome == Outcome::kBlocked) ruling.next = WaysOut(policy, request, ruling);
  return ruling;
}

}  // namespace slogate
