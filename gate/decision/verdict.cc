#include "gate/decision/verdict.h"

#include <algorithm>

namespace slogate {

Judgement Judge(const std::vector<RuleState>& rules, const std::vector<FindingState>& findings) {
  Verdict base = Verdict::kAllow;
  for (const RuleState& rule : rules) {
    if (rule.truth == Truth::kTrue && !rule.skipped) base = std::max(base, rule.verdict);
  }

  Judgement result{base, std::vector<bool>(findings.size(), false)};
  std::vector<bool> blinded(rules.size(), false);
  for (size_t i = 0; i < findings.size(); ++i) {
    Verdict strongest = Verdict::kNone;  // of the rules above the base that this finding touches
    for (const size_t rule : findings[i].rules) {
      if (!findings[i].softened) blinded[rule] = true;
      if (rules[rule].verdict > base) strongest = std::max(strongest, rules[rule].verdict);
    }
    if (strongest == Verdict::kNone || findings[i].skipped) continue;
    result.decisive[i] = true;
    const Verdict cap = strongest == Verdict::kWarn ? Verdict::kWarn : Verdict::kDeny;
    result.verdict = std::max(result.verdict, std::min(findings[i].verdict, cap));
  }

  for (size_t i = 0; i < rules.size(); ++i) {
    if (rules[i].truth != Truth::kUnknown || rules[i].skipped || blinded[i]) continue;
    result.verdict = std::max(result.verdict, std::min(rules[i].verdict, Verdict::kHold));
  }
  return result;
}

absl::string_view Word(Outcome outcome) {
  return outcome == Outcome::kProceed ? "proceed" : "blocked";
}

absl::string_view Word(Basis basis) {
  switch (basis) {
    case Basis::kBudget:
      return "budget";
    case Basis::kClass:
      return "class";
    case Basis::kOverride:
      return "override";
    case Basis::kObserve:
      return "observe";
  }
  return "budget";
}

Outcome OutcomeOf(Verdict verdict, Enforcement enforcement) {
  switch (verdict) {
    case Verdict::kAllow:
    case Verdict::kWarn:
      return Outcome::kProceed;
    case Verdict::kHold:
    case Verdict::kDeny:
      return enforcement == Enforcement::kObserve ? Outcome::kProceed : Outcome::kBlocked;
    case Verdict::kNone:
      break;
  }
  return Outcome::kBlocked;
}

Ending EndingOf(Verdict verdict, Verdict without_class, bool overridden, Enforcement enforcement) {
  const bool closed = verdict == Verdict::kHold || verdict == Verdict::kDeny;
  if (closed && overridden) return {Outcome::kProceed, Basis::kOverride};
  if (OutcomeOf(verdict, enforcement) == Outcome::kBlocked) return {};
  if (closed) return {Outcome::kProceed, Basis::kObserve};
  // Said in observe mode too: the verdict itself is the class's.
  return {Outcome::kProceed, without_class >= Verdict::kHold ? Basis::kClass : Basis::kBudget};
}

int ExitCodeOf(Verdict verdict, Outcome outcome) {
  if (verdict == Verdict::kNone) return 5;
  if (outcome == Outcome::kProceed) return 0;
  return verdict == Verdict::kHold ? 3 : 1;
}

}  // namespace slogate
