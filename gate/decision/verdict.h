// How true rules, unknown rules and findings come to one verdict, and a verdict to an outcome:
// DESIGN §4's list as code. Knows nothing of SLOs or servers; its tests go through all
// combinations.
#pragma once

#include <cstdint>
#include <vector>

#include <absl/strings/string_view.h>

#include "gate/base/bounds.h"
#include "gate/policy/vocabulary.h"

namespace slogate {

// What one rule came to for one SLO.
struct RuleState {
  Truth truth = Truth::kUnknown;
  Verdict verdict = Verdict::kDeny;
  bool skipped = false;  // the change class skips this rule
};

// One finding, and the rules (indices) whose judgement it touches.
struct FindingState {
  Verdict verdict = Verdict::kHold;
  bool skipped = false;  // the change class skips this finding
  // The rules were judged all the same; otherwise the finding makes them unknown.
  bool softened = false;
  std::vector<size_t> rules;
};

struct Judgement {
  Verdict verdict = Verdict::kNone;
  std::vector<bool> decisive;  // by finding
};

// 1. The base is the strongest verdict of the true, unskipped rules; allow where there is none.
// 2. A finding is decisive iff a rule that it touches has a verdict above the base, skipped or not:
// a class
//    that skips rules opens what the budget closed, not blindness. It adds its own verdict, capped
//    at warn where every such rule is a warn.
// 3. An unskipped rule that is unknown by no finding (its bounds straddle the threshold) adds its
// own verdict,
//    at most hold.
// The verdict is the strongest of all.
Judgement Judge(const std::vector<RuleState>& rules, const std::vector<FindingState>& findings);

enum class Outcome : uint8_t { kBlocked, kProceed };  // zero is blocked

// What let the outcome be what it is.
enum class Basis : uint8_t {
  kBudget,    // policy and evidence alone; also of every blocked outcome
  kClass,     // what the change class skipped opened it
  kOverride,  // people opened it, against the verdict
  kObserve,   // the policy only observes here
};

absl::string_view Word(Outcome outcome);
absl::string_view Word(Basis basis);

// allow and warn proceed, hold and deny block; observing lets hold and deny proceed too. No verdict
// is blocked.
Outcome OutcomeOf(Verdict verdict, Enforcement enforcement);

struct Ending {
  Outcome outcome = Outcome::kBlocked;
  Basis basis = Basis::kBudget;
};

// What happens, and what let it: the class first, which `without_class` (the verdict that it would have
// been) tells; then an override; then observing. Both of these open hold and deny alone.
Ending EndingOf(Verdict verdict, Verdict without_class, bool overridden, Enforcement enforcement);

// 0 proceed, 1 deny, 3 hold, 5 no verdict (DESIGN §7).
int ExitCodeOf(Verdict verdict, Outcome outcome);

}  // namespace slogate
