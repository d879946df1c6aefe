// A decision's words by what they are about, for adapters that lay out tables and reports. Nothing
// here is escaped for any of them; each text is one line, printable.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gate/decision/decision.h"

namespace slogate {

struct SloSummary {
  std::string name, objective, window;
  std::string budget;  // "44,107 bad of 41,882,310 events; 99.9 % allows 41,882", or "not measured"
  std::string remaining;  // "62.1 %", "-5.32 %", or "not known"
  // The worse end of what is left, negative where more than all is spent.
  std::optional<Rational> remaining_ratio;
};

// What one rule said of one SLO.
struct RuleSummary {
  enum class State : uint8_t { kPasses, kFires, kUnknown, kSkipped };
  // Made when it is asked for: of 200 SLOs with six rules each, most pass and are not shown.
  std::string Text() const;

  std::string rule, slo;  // the service, where the rule is about no SLO
  const Reason* reason;   // of the decision
  State state = State::kUnknown;
  Verdict verdict = Verdict::kDeny;
  Position at;  // in the policy
};

struct FindingSummary {
  std::string kind, slo, text, advice;
  Verdict verdict = Verdict::kHold;
  bool decisive = false;
};

struct WaySummary {
  std::string text, command;  // the command "" where there is none
};

struct Summary {
  std::string verdict;                 // "DENY"; "would DENY" in a dry run
  std::string subject;                 // "checkout → production"
  std::vector<std::string> sentences;  // notes, then why: the strongest rules, deciding findings
  std::vector<SloSummary> slos;
  std::vector<RuleSummary> rules;        // those that apply
  std::vector<FindingSummary> findings;  // one for each kind, SLO and text
  std::vector<WaySummary> ways;
  bool blocks = false;  // this run: the outcome is blocked, and it is no dry run
};

// The decision must outlive the summary.
Summary SummaryOf(const Decision& decision);

}  // namespace slogate
