#include "gate/decision/evaluate.h"

#include <algorithm>
#include <set>
#include <utility>

#include "gate/decision/claim.h"
#include "gate/decision/condition.h"
#include "gate/evidence/plan.h"
#include "gate/slo/binomial.h"

namespace slogate {
namespace {

// Whether a finding taints the count over `window`.
bool Taints(const JudgedFinding& finding, absl::Duration window) {
  return !finding.window || *finding.window == window;
}

JudgedFinding JudgeFinding(const EffectivePolicy& policy, const EffectiveSlo& slo,
                           SloFinding found) {
  JudgedFinding judged;
  judged.slo = slo.name;
  judged.window = found.window;
  judged.source = std::move(found.source);
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

// Where few events leave a rule open, the finding's verdict stands in place of the rule's.
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
  if (!finding.softened && reason.truth != Truth::kUnknown) return false;
  return std::any_of(reason.legs.begin(), reason.legs.end(), [&](const Leg& leg) {
    return Taints(finding, leg.over) && (finding.softened || leg.truth == Truth::kUnknown);
  });
}

// Which rules each finding touches, as the rules stand by themselves; few events those of `by_chance`.
// Only then are few events put in their place: a rule that only they leave open makes no other
// finding decisive, or losing the count that shows how few there are would open the gate.
void ApplyFindings(const std::set<size_t>& by_chance, Ruling& ruling) {
  for (JudgedFinding& finding : ruling.findings) {
    for (size_t i = 0; i < ruling.reasons.size(); ++i) {
      const Reason& reason = ruling.reasons[i];
      const bool touches = StandsForRules(finding)
                               ? reason.slo == finding.slo && by_chance.count(i) > 0
                               : Touches(finding, reason);
      if (touches) finding.reasons.push_back(i);
    }
  }
  // Where the rules can be told in spite of them, few events are no defect.
  ruling.findings.erase(std::remove_if(ruling.findings.begin(), ruling.findings.end(),
                                       [](const JudgedFinding& finding) {
                                         return StandsForRules(finding) && finding.reasons.empty();
                                       }),
                        ruling.findings.end());
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

bool Skips(const ChangeClass& change, const Reason& reason) {
  return reason.freeze ? SkipsFreeze(change, reason.rule) : SkipsRule(change, reason.rule);
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
    states.rules.push_back({reason.truth, reason.verdict, Skips(change, reason)});
  }
  for (const JudgedFinding& finding : ruling.findings) {
    FindingState state{
        finding.verdict, SkipsFinding(change, finding.finding.kind), !Blinds(finding), {}};
    for (const size_t reason : finding.reasons) state.rules.push_back(index[reason]);
    states.findings.push_back(std::move(state));
  }
  return states;
}

// One SLO, with what its rules may be judged by.
struct Weighed {
  std::vector<Applicability> applicability;  // by rule
  SloEvidence evidence;
  std::vector<JudgedFinding> findings;
  // Where the budget allows few events: the counts that would not have been rare.
  std::optional<SloEvidence> plausible;
};

bool HasFewEvents(const std::vector<JudgedFinding>& findings) {
  return std::any_of(findings.begin(), findings.end(), StandsForRules);
}

Weighed WeighOne(const EffectivePolicy& policy, const EffectiveSlo& slo, const Evidence& evidence,
                 const Claim& claim) {
  const ChangeClass& change = policy.changes.at(claim.effective);
  Weighed weighed;
  weighed.applicability = ApplicabilityOf(policy, slo);
  weighed.evidence = Weigh(policy, slo, WindowsFor(policy, slo, weighed.applicability), evidence);
  for (SloFinding& found : weighed.evidence.findings) {
    JudgedFinding finding = JudgeFinding(policy, slo, std::move(found));
    if (SkipsFinding(change, finding.finding.kind)) finding.skipped_by = claim.effective;
    weighed.findings.push_back(std::move(finding));
  }
  if (HasFewEvents(weighed.findings)) {
    weighed.plausible.emplace();
    for (const auto& [window, count] : weighed.evidence.counts) {
      weighed.plausible->counts.emplace(window,
                                        Plausible(count, policy.findings.few_events_confidence));
    }
  }
  return weighed;
}

SloResult ResultOf(const EffectivePolicy& policy, const EffectiveSlo& slo, const Weighed& weighed) {
  SloResult result{slo.name, slo.objective, slo.objective_text, std::nullopt, slo.window,
                   {},       slo.earlier};
  result.calendar = slo.calendar;
  result.period = slo.period;
  if (const auto* latency = std::get_if<LatencySli>(&slo.sli)) {
    result.within = latency->within.value;
  }
  if (SliceOf(slo.sli) != nullptr) result.unit = "slices";
  const auto own = weighed.evidence.counts.find(slo.window);
  if (own == weighed.evidence.counts.end()) return result;
  result.budget = Spend(slo.objective, own->second);
  if (weighed.plausible) {
    const Rational& confidence = policy.findings.few_events_confidence;
    result.chance = Chance{PlausibleBadRatio(own->second, confidence), confidence};
  }
  return result;
}

// When the last decision there found a rule true for an SLO; nullopt where it did not, or none is known.
std::optional<absl::Time> ClosedAt(const Request& request, const std::string& rule,
                                   const std::string& slo) {
  const Record* last = request.history ? LastDecision(*request.history, request.subject) : nullptr;
  if (last == nullptr) return std::nullopt;
  const auto& made = std::get<DecisionMade>(last->payload);
  const bool closed = std::any_of(made.rules.begin(), made.rules.end(), [&](const RuleNote& note) {
    return note.rule == rule && note.slo == slo && note.closed;
  });
  return closed ? std::optional(made.instant) : std::nullopt;
}

// A rule's reasons: one for each SLO that it looks at.
class RuleEvaluation {
 public:
  RuleEvaluation(const EffectivePolicy& policy, const Request& request,
                 const std::vector<Weighed>& weighed, Ruling& ruling)
      : policy_(policy), request_(request), weighed_(weighed), ruling_(ruling) {}

  void Add(size_t number) {
    const Rule& rule = policy_.rules[number];
    if (const auto* last = std::get_if<LastRelease>(&rule.when)) {
      Reason reason = About(rule, "", Applicability::kApplies);
      reason.legs = {EvaluateLastRelease(*last, request_)};
      reason.truth = AllOf(reason.legs);
      ruling_.reasons.push_back(std::move(reason));
      return;
    }
    if (const auto* freeze = std::get_if<Freeze>(&rule.when)) {
      Reason reason = About(rule, "", Applicability::kApplies);
      reason.legs = EvaluateFreeze(*freeze, policy_.instant);
      reason.truth = AllOf(reason.legs);
      ruling_.reasons.push_back(std::move(reason));
      return;
    }
    const size_t before = ruling_.reasons.size();
    for (size_t i = 0; i < policy_.slos.size(); ++i) {
      const Applicability applies = weighed_[i].applicability[number];
      if (applies != Applicability::kNotSelected) AddFor(rule, i, applies);
    }
    if (ruling_.reasons.size() == before) {
      ruling_.reasons.push_back(About(rule, "", Applicability::kNotSelected));
    }
  }

  // The reasons that few events leave open.
  const std::set<size_t>& by_chance() const { return by_chance_; }

 private:
  Reason About(const Rule& rule, const std::string& slo, Applicability applies) const {
    Reason reason{rule.id, rule.at, slo, applies, Truth::kUnknown, rule.verdict, {}, ""};
    if (const auto* freeze = std::get_if<Freeze>(&rule.when)) reason.freeze = *freeze;
    const ChangeClass& change = policy_.changes.at(ruling_.claim.effective);
    if (Skips(change, reason)) reason.skipped_by = ruling_.claim.effective;
    return reason;
  }

  void AddFor(const Rule& rule, size_t i, Applicability applies) {
    const EffectiveSlo& slo = policy_.slos[i];
    const Weighed& weighed = weighed_[i];
    Reason reason = About(rule, slo.name, applies);
    if (applies == Applicability::kApplies) {
      reason.legs = LegsBy(weighed.evidence, weighed, rule, slo);
      reason.truth = AllOf(reason.legs);
      if (weighed.plausible &&
          AllOf(LegsBy(*weighed.plausible, weighed, rule, slo)) == Truth::kUnknown) {
        by_chance_.insert(ruling_.reasons.size());
      }
    }
    ruling_.reasons.push_back(std::move(reason));
  }

  std::vector<Leg> LegsBy(const SloEvidence& counts, const Weighed& weighed, const Rule& rule,
                          const EffectiveSlo& slo) const {
    return Evaluate(
        rule.when, slo,
        [&](absl::Duration window) { return CountOver(counts, weighed.findings, window); },
        ClosedAt(request_, rule.id, slo.name));
  }

  const EffectivePolicy& policy_;
  const Request& request_;
  const std::vector<Weighed>& weighed_;
  Ruling& ruling_;
  std::set<size_t> by_chance_;
};

}  // namespace

void EvaluateRules(const EffectivePolicy& policy, const Evidence& evidence, const Request& request,
                   Ruling& ruling) {
  std::vector<Weighed> weighed;
  for (const EffectiveSlo& slo : policy.slos) {
    weighed.push_back(WeighOne(policy, slo, evidence, ruling.claim));
    ruling.slos.push_back(ResultOf(policy, slo, weighed.back()));
  }
  ruling.reasons.reserve(policy.rules.size() * policy.slos.size());
  RuleEvaluation rules(policy, request, weighed, ruling);
  for (size_t number = 0; number < policy.rules.size(); ++number) rules.Add(number);
  for (Weighed& one : weighed) {
    std::move(one.findings.begin(), one.findings.end(), std::back_inserter(ruling.findings));
  }
  ApplyFindings(rules.by_chance(), ruling);
}

Judgement JudgeFor(const ChangeClass& change, const Ruling& ruling) {
  const States states = StatesFor(change, ruling);
  return Judge(states.rules, states.findings);
}

std::vector<std::string> ClosedBy(const Ruling& ruling) {
  std::set<size_t> blinded, closing;  // reasons
  for (const JudgedFinding& finding : ruling.findings) {
    if (Blinds(finding)) blinded.insert(finding.reasons.begin(), finding.reasons.end());
    if (!finding.decisive || finding.verdict < Verdict::kHold) continue;
    closing.insert(finding.reasons.begin(), finding.reasons.end());
  }
  std::vector<std::string> rules;
  for (size_t i = 0; i < ruling.reasons.size(); ++i) {
    const Reason& reason = ruling.reasons[i];
    if (reason.applicability != Applicability::kApplies || reason.verdict < Verdict::kHold) {
      continue;
    }
    const bool by_itself =
        reason.skipped_by.empty() && (reason.truth == Truth::kTrue ||
                                      (reason.truth == Truth::kUnknown && blinded.count(i) == 0));
    if (!by_itself && closing.count(i) == 0) continue;
    if (std::find(rules.begin(), rules.end(), reason.rule) == rules.end()) {
      rules.push_back(reason.rule);
    }
  }
  return rules;
}

}  // namespace slogate
