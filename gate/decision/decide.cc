#include "gate/decision/decide.h"

#include <algorithm>
#include <set>
#include <utility>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include "gate/decision/condition.h"
#include "gate/evidence/plan.h"

namespace slogate {
namespace {

bool Skips(const ChangeClass& change, absl::string_view all, absl::string_view one) {
  return std::any_of(
      change.skips.begin(), change.skips.end(),
      [&](const Placed<std::string>& skip) { return skip.value == all || skip.value == one; });
}

bool SkipsRule(const ChangeClass& change, const std::string& id) {
  return Skips(change, "rules", id);
}
bool SkipsFinding(const ChangeClass& change, FindingKind kind) {
  return Skips(change, "findings", Word(kind));
}

// Whether a finding taints the count over `window`.
bool Taints(const JudgedFinding& finding, absl::Duration window) {
  return !finding.window || *finding.window == window;
}

JudgedFinding JudgeFinding(const EffectivePolicy& policy, const EffectiveSlo& slo,
                           SloFinding found) {
  JudgedFinding judged;
  judged.slo = slo.name;
  judged.window = found.window;
  judged.source = policy.source_name;
  judged.verdict = policy.findings.For(found.finding.kind);
  if (found.finding.kind == FindingKind::kShortHistory) {
    const Rational least = absl::ToInt64Seconds(policy.findings.min_history);
    if (!found.finding.measured || *found.finding.measured < least) {
      judged.verdict = std::max(judged.verdict, Verdict::kHold);
    }
  }
  judged.softened = judged.verdict < Verdict::kHold;
  judged.finding = std::move(found.finding);
  return judged;
}

// Few events never say enough to judge by: the finding's verdict stands in place of every rule's.
bool StandsForRules(const JudgedFinding& finding) {
  return finding.finding.kind == FindingKind::kFewEvents;
}

// A softened finding lets the rules judge what is there.
bool Blinds(const JudgedFinding& finding) { return !finding.softened || StandsForRules(finding); }

// What the rules may make of one window of an SLO.
WindowCount CountOver(const SloEvidence& evidence, const std::vector<JudgedFinding>& findings,
                      absl::Duration window) {
  WindowCount result;
  for (const JudgedFinding& finding : findings) {
    if (!Taints(finding, window) || StandsForRules(finding)) continue;
    if (!finding.softened) return {};
    if (finding.finding.kind == FindingKind::kNoTraffic) result.no_traffic = true;
  }
  const auto found = evidence.counts.find(window);
  if (found != evidence.counts.end()) result.count = &found->second;
  return result;
}

bool Touches(const JudgedFinding& finding, const Reason& reason) {
  if (reason.applicability != Applicability::kApplies || reason.slo != finding.slo) return false;
  if (StandsForRules(finding)) return true;
  if (!finding.softened && reason.truth != Truth::kUnknown) return false;
  return std::any_of(reason.legs.begin(), reason.legs.end(), [&](const Leg& leg) {
    return Taints(finding, leg.over) && (finding.softened || leg.truth == Truth::kUnknown);
  });
}

// Which rules each finding touches, as the rules stand by themselves. Only then are few events
// put in their place: a rule that only they leave open makes no other finding decisive, or losing
// the count that shows how few there are would open the gate.
void ApplyFindings(Ruling& ruling) {
  for (JudgedFinding& finding : ruling.findings) {
    for (size_t i = 0; i < ruling.reasons.size(); ++i) {
      if (Touches(finding, ruling.reasons[i])) finding.reasons.push_back(i);
    }
  }
  for (const JudgedFinding& finding : ruling.findings) {
    if (!StandsForRules(finding)) continue;
    for (const size_t i : finding.reasons) {
      ruling.reasons[i].truth = Truth::kUnknown;
      for (Leg& leg : ruling.reasons[i].legs) {
        leg.truth = Truth::kUnknown;
        leg.measured.reset();
      }
    }
  }
}

// The rules' and findings' states for one change class: the same evidence, other skips.
struct States {
  std::vector<RuleState> rules;
  std::vector<FindingState> findings;
};

States StatesFor(const ChangeClass& change, const Ruling& ruling) {
  States states;
  std::vector<size_t> index(ruling.reasons.size());  // of a reason among the rules that apply
  for (size_t i = 0; i < ruling.reasons.size(); ++i) {
    const Reason& reason = ruling.reasons[i];
    if (reason.applicability != Applicability::kApplies) continue;
    index[i] = states.rules.size();
    states.rules.push_back({reason.truth, reason.verdict, SkipsRule(change, reason.rule)});
  }
  for (const JudgedFinding& finding : ruling.findings) {
    FindingState state{
        finding.verdict, SkipsFinding(change, finding.finding.kind), !Blinds(finding), {}};
    for (const size_t reason : finding.reasons) state.rules.push_back(index[reason]);
    states.findings.push_back(std::move(state));
  }
  return states;
}

Judgement JudgeFor(const ChangeClass& change, const Ruling& ruling) {
  const States states = StatesFor(change, ruling);
  return Judge(states.rules, states.findings);
}

// Every rule over every SLO it looks at, without short circuit, so that each gives its reason.
void EvaluateRules(const EffectivePolicy& policy, const Evidence& evidence,
                   const ChangeClass& change, Ruling& ruling) {
  std::vector<std::vector<Applicability>> applicability;  // by SLO, then by rule
  std::vector<SloEvidence> weighed;
  std::vector<std::vector<JudgedFinding>> judged;
  for (const EffectiveSlo& slo : policy.slos) {
    applicability.push_back(ApplicabilityOf(policy, slo));
    const std::vector<absl::Duration> windows = WindowsFor(policy, slo, applicability.back());
    weighed.push_back(Weigh(policy, slo, windows, evidence));
    judged.emplace_back();
    for (SloFinding& found : weighed.back().findings) {
      judged.back().push_back(JudgeFinding(policy, slo, std::move(found)));
      JudgedFinding& finding = judged.back().back();
      if (SkipsFinding(change, finding.finding.kind)) finding.skipped_by = ruling.claim.effective;
    }
    SloResult result{slo.name, slo.objective, slo.objective_text, std::nullopt, slo.window, {}};
    if (const auto* latency = std::get_if<LatencySli>(&slo.sli)) {
      result.within = latency->within.value;
    }
    const auto own = weighed.back().counts.find(slo.window);
    if (own != weighed.back().counts.end()) result.budget = Spend(slo.objective, own->second);
    ruling.slos.push_back(std::move(result));
  }
  ruling.reasons.reserve(policy.rules.size() * policy.slos.size());
  for (size_t number = 0; number < policy.rules.size(); ++number) {
    const Rule& rule = policy.rules[number];
    const std::string skipped_by = SkipsRule(change, rule.id) ? ruling.claim.effective : "";
    bool selects = false;
    for (size_t i = 0; i < policy.slos.size(); ++i) {
      const EffectiveSlo& slo = policy.slos[i];
      const Applicability applies = applicability[i][number];
      if (applies == Applicability::kNotSelected) continue;
      selects = true;
      Reason reason{rule.id,         rule.at,      slo.name, applies,
                    Truth::kUnknown, rule.verdict, {},       skipped_by};
      if (applies == Applicability::kApplies) {
        reason.legs = Evaluate(rule.when, slo, [&](absl::Duration window) {
          return CountOver(weighed[i], judged[i], window);
        });
        reason.truth = AllOf(reason.legs);
      }
      ruling.reasons.push_back(std::move(reason));
    }
    if (!selects) {
      ruling.reasons.push_back({rule.id,
                                rule.at,
                                "",
                                Applicability::kNotSelected,
                                Truth::kUnknown,
                                rule.verdict,
                                {},
                                skipped_by});
    }
  }
  for (std::vector<JudgedFinding>& findings : judged) {
    std::move(findings.begin(), findings.end(), std::back_inserter(ruling.findings));
  }
  ApplyFindings(ruling);
}

// A verdict needs every SLO looked at by a rule; a policy that passed its checks has that.
bool Complete(const EffectivePolicy& policy, const Ruling& ruling) {
  return !policy.slos.empty() &&
         std::all_of(policy.slos.begin(), policy.slos.end(), [&](const EffectiveSlo& slo) {
           return std::any_of(
               ruling.reasons.begin(), ruling.reasons.end(), [&](const Reason& reason) {
                 return reason.slo == slo.name && reason.applicability == Applicability::kApplies;
               });
         });
}

std::vector<WayOut> WaysOut(const EffectivePolicy& policy, const Ruling& ruling) {
  std::vector<WayOut> ways;
  std::set<FindingKind> kinds;
  for (const JudgedFinding& finding : ruling.findings) {
    if (finding.decisive && finding.verdict >= Verdict::kHold &&
        kinds.insert(finding.finding.kind).second) {
      ways.push_back({WayOut::Kind::kMend, "", "", finding.finding.kind});
    }
  }
  const bool waiting_helps =
      std::any_of(ruling.reasons.begin(), ruling.reasons.end(), [&](const Reason& reason) {
        const bool counts =
            reason.applicability == Applicability::kApplies && reason.skipped_by.empty();
        // A burst passes, and what is too close to tell moves on.
        return counts && ((reason.truth == Truth::kTrue && reason.verdict == Verdict::kHold) ||
                          reason.TooClose());
      });
  if (waiting_helps && ruling.verdict == Verdict::kHold)
    ways.push_back({WayOut::Kind::kWait, "", "", {}});
  for (const auto& [name, change] : policy.changes) {
    if (name == ruling.claim.effective) continue;
    if (OutcomeOf(JudgeFor(change, ruling).verdict, ruling.enforcement) != Outcome::kProceed)
      continue;
    ways.push_back({WayOut::Kind::kChange, name, change.ticket_prefix.value_or(""), {}});
  }
  return ways;
}

}  // namespace

absl::string_view Word(Measure measure) {
  switch (measure) {
    case Measure::kBudgetRemaining:
      return "budget_remaining";
    case Measure::kBudgetSpent:
      return "budget_spent";
    case Measure::kBurnRate:
      return "burn_rate";
    case Measure::kSli:
      return "sli";
  }
  return "";
}

absl::string_view Word(InstantSource source) {
  switch (source) {
    case InstantSource::kServer:
      return "server";
    case InstantSource::kGate:
      return "gate";
    case InstantSource::kFlag:
      return "flag";
  }
  return "";
}

const Leg* Reason::Nearest() const {
  const Leg* nearest = nullptr;
  Rational least;
  for (const Leg& leg : legs) {
    if (truth == Truth::kFalse && leg.truth != Truth::kFalse) continue;
    if (!leg.measured) {
      if (nearest == nullptr) nearest = &leg;
      continue;
    }
    const Rational distance =
        std::min(Abs(leg.measured->low - leg.threshold), Abs(leg.measured->high - leg.threshold));
    if (nearest == nullptr || !nearest->measured || distance < least) {
      nearest = &leg;
      least = distance;
    }
  }
  return nearest;
}

bool Reason::TooClose() const {
  return truth == Truth::kUnknown && !legs.empty() &&
         std::all_of(legs.begin(), legs.end(),
                     [](const Leg& leg) { return leg.measured || leg.truth != Truth::kUnknown; });
}

Claim ResolveClaim(const EffectivePolicy& policy, const Request& request) {
  const std::string& fallback = DefaultClass(policy);
  Claim claim{request.change.empty() ? fallback : request.change, request.ticket, fallback, ""};
  const auto found = policy.changes.find(claim.claimed);
  if (found == policy.changes.end()) {
    claim.problem = "the policy has no such change class";
    return claim;
  }
  const std::string prefix = found->second.ticket_prefix.value_or("");
  if (!prefix.empty() && claim.ticket.empty()) {
    claim.problem = absl::StrCat("it needs --ticket ", prefix, "…");
  } else if (!prefix.empty() &&
             (!absl::StartsWith(claim.ticket, prefix) || claim.ticket == prefix)) {
    claim.problem = absl::StrCat("its ticket must begin with ", prefix);
  } else {
    claim.effective = claim.claimed;
  }
  return claim;
}

bool SkipsAllFindings(const EffectivePolicy& policy, const Claim& claim) {
  return Skips(policy.changes.at(claim.effective), "findings", "findings");
}

Ruling Decide(const EffectivePolicy& policy, const Evidence& evidence, const Request& request) {
  Ruling ruling;
  ruling.enforcement = policy.enforcement;
  ruling.claim = ResolveClaim(policy, request);
  const ChangeClass& change = policy.changes.at(ruling.claim.effective);
  EvaluateRules(policy, evidence, change, ruling);
  if (!Complete(policy, ruling)) return ruling;  // no verdict, blocked

  const Judgement judgement = JudgeFor(change, ruling);
  for (size_t i = 0; i < ruling.findings.size(); ++i) {
    ruling.findings[i].decisive = judgement.decisive[i];
  }
  ruling.verdict = judgement.verdict;
  ruling.without_class = JudgeFor(ChangeClass{}, ruling).verdict;
  ruling.outcome = OutcomeOf(ruling.verdict, ruling.enforcement);
  if (ruling.outcome == Outcome::kProceed) {
    if (ruling.verdict >= Verdict::kHold) {
      ruling.basis = Basis::kObserve;
    } else if (ruling.without_class >= Verdict::kHold) {
      ruling.basis = Basis::kClass;  // said in observe mode too: the verdict itself is the class's
    }
  } else {
    ruling.next = WaysOut(policy, ruling);
  }
  return ruling;
}

}  // namespace slogate
