#include "gate/decision/summary.h"

#include <algorithm>
#include <set>
#include <tuple>

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>

#include "gate/base/duration.h"
#include "gate/decision/numbers.h"
#include "gate/decision/sentences.h"

namespace slogate {
namespace {

SloSummary SummaryOf(const SloResult& slo) {
  SloSummary summary{slo.name,       slo.objective_text, WholeWindowText(slo),
                     "not measured", "not known",        std::nullopt};
  if (!slo.budget) return summary;
  summary.budget = BudgetText(slo);
  if (!slo.budget->remaining) return summary;
  summary.remaining_ratio = slo.budget->remaining->low;
  summary.remaining = PercentText(*slo.budget->remaining, 0, Rounding::kDown);
  return summary;
}

RuleSummary::State StateOf(const Reason& reason) {
  if (!reason.skipped_by.empty()) return RuleSummary::State::kSkipped;
  if (reason.truth == Truth::kTrue || reason.TooClose() || reason.WithoutHistory()) {
    return RuleSummary::State::kFires;
  }
  return reason.truth == Truth::kFalse ? RuleSummary::State::kPasses : RuleSummary::State::kUnknown;
}

}  // namespace

std::string RuleSummary::Text() const { return ReasonText(*reason); }

Summary SummaryOf(const Decision& decision) {
  const Ruling& ruling = decision.ruling;
  Summary summary;
  summary.verdict =
      absl::StrCat(decision.dry_run ? "would " : "", absl::AsciiStrToUpper(Word(ruling.verdict)));
  summary.subject = SubjectText(decision.request.subject);
  summary.blocks = ruling.outcome == Outcome::kBlocked && !decision.dry_run;
  summary.sentences = Notes(decision);
  for (const SloResult& slo : ruling.slos) summary.slos.push_back(SummaryOf(slo));
  for (const Reason& reason : ruling.reasons) {
    if (reason.applicability != Applicability::kApplies) continue;
    const std::string& about = reason.slo.empty() ? decision.request.subject.service : reason.slo;
    summary.rules.push_back(
        {reason.rule, about, &reason, StateOf(reason), reason.verdict, reason.at});
    const bool cause = reason.truth == Truth::kTrue && reason.skipped_by.empty() &&
                       reason.verdict == ruling.verdict;
    if (!cause) continue;
    summary.sentences.push_back(CauseText(reason, decision));
  }
  std::set<std::tuple<std::string, std::string, std::string>> told;
  for (const JudgedFinding& finding : ruling.findings) {
    FindingSummary told_finding{std::string(Word(finding.finding.kind)),
                                finding.slo,
                                FindingText(finding, decision),
                                Advice(finding.finding.kind, finding.source, decision).text,
                                finding.verdict,
                                finding.decisive};
    const bool said = finding.decisive && !finding.softened &&
                      std::find(summary.sentences.begin(), summary.sentences.end(),
                                told_finding.text) == summary.sentences.end();
    if (said) summary.sentences.push_back(told_finding.text);
    if (told.insert({told_finding.kind, told_finding.slo, told_finding.text}).second) {
      summary.findings.push_back(std::move(told_finding));
    }
  }
  for (const WayOut& way : ruling.next) {
    const WayOutText words = DescribeWayOut(way, decision);
    summary.ways.push_back(
        {absl::StrCat(words.text, words.note.empty() ? "" : " ", words.note), words.command});
  }
  return summary;
}

}  // namespace slogate
