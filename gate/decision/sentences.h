// Sentences about a ruling: what every adapter says in the same words. One line each, no full
// layout, no colour; what came from outside in them is printable already.
#pragma once

#include <string>
#include <vector>

#include "gate/decision/decision.h"

namespace slogate {

// A name within a sentence.
std::string Quoted(const std::string& name);

// The source of that name; the first where none has it.
const SourceNote& SourceNamed(const std::string& name, const Decision& decision);

// A moment: whole seconds, as the ledger's clock has more.
std::string MomentText(absl::Time time);

// "production" of "checkout → production"; the service alone where there is no environment.
std::string SubjectText(const Subject& subject);

// What a rule measured against what it wants: "remaining -5.32 %, must be above 0 %".
std::string ReasonText(const Reason& reason);

// Why a true rule is true, for someone who does not know the policy: "The 30 d error budget of
// "availability" is spent: 44,107 bad of 41,882,310 events; 99.9 % allows 41,882."
std::string CauseText(const Reason& reason, const Decision& decision);

// When the budget that closes the gate recovers, and when most of it went; "" where nobody knows.
std::string RecoveryText(const SloResult& slo, absl::Time instant);

// Why a rule that closes the gate is neither true nor false, though no finding makes it so.
std::string OpenText(const Reason& reason, const Decision& decision);

// Before "error budget": "30 d", or of a calendar window "monthly".
std::string WindowText(const SloResult& slo);

// The window in full, for tables: "30 d", "a month in Europe/Berlin".
std::string WholeWindowText(const SloResult& slo);

// "44,107 bad of 41,882,310 events; 99.9 % allows 41,882"
std::string BudgetText(const SloResult& slo);

// What is wrong with the data, with the source's own words: "nobody answers at http://…: connection
// refused".
std::string FindingText(const JudgedFinding& finding, const Decision& decision);

// A way out: what it is, the option or command that takes it ("" where there is none), the whole
// command, and what else there is to know of it, in brackets.
struct WayOutText {
  std::string text, option, command, note;
};

// What to do about a finding of `source`; "" where it is of several sources' count.
WayOutText Advice(FindingKind kind, const std::string& source, const Decision& decision);

// `decision_id` stands in commands that need one; a document cannot know its own.
WayOutText DescribeWayOut(const WayOut& way, const Decision& decision,
                          const std::string& decision_id = "ID");

// Why the outcome is not what verdict and default class alone say; each one or more sentences. Claims
// that do not count, what a class skipped, overrides that opened the gate and that did not, observe
// mode, findings that the policy softened.
std::vector<std::string> Notes(const Decision& decision);

}  // namespace slogate
