#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "gate/base/duration.h"
#include "gate/decision/audit.h"
#include "gate/decision/numbers.h"
#include "gate/decision/sentences.h"
#include "gate/text/diagnostic.h"

namespace slogate {
namespace {

std::string Upper(absl::string_view word) { return absl::AsciiStrToUpper(word); }

// How a claim is proven; "" where it needs no proof.
std::string ProofText(const Claim& claim) {
  if (claim.released_at) {
    return absl::StrCat(" and proven by the ledger (this artifact was deployed here at ",
                        MomentText(*claim.released_at), ")");
  }
  return claim.proven_by ? " and with consent" : "";
}

// The overrides for this release that do not open the gate, the newest first, as it is the one that
// somebody waits for.
void AddRefused(const Ruling& ruling, std::vector<std::string>& notes) {
  constexpr size_t kShown = 3;
  size_t shown = 0;
  for (auto one = ruling.refused.rbegin(); one != ruling.refused.rend(); ++one) {
    if (++shown > kShown) break;
    notes.push_back(absl::StrCat("The override ", Printable(one->id),
                                 " does not open the gate: ", one->why, "."));
  }
  if (ruling.refused.size() > kShown) {
    notes.push_back(absl::StrCat("And ", ruling.refused.size() - kShown,
                                 " older overrides do not; slogate explain shows all."));
  }
}

}  // namespace

std::vector<std::string> Notes(const Decision& decision) {
  const Ruling& ruling = decision.ruling;
  std::vector<std::string> notes;
  if (!ruling.claim.problem.empty()) {
    notes.push_back(absl::StrCat("The claimed change class ", Quoted(ruling.claim.claimed),
                                 " does not count: ", ruling.claim.problem, ". Judged as ",
                                 Quoted(ruling.claim.effective), "."));
  }
  for (const SloResult& slo : ruling.slos) {
    if (!slo.earlier) continue;
    notes.push_back(absl::StrCat(Quoted(slo.earlier->name), " was weakened: at ",
                                 PrintTime(slo.earlier->until), " it still was ",
                                 slo.objective_text, " over ", WholeWindowText(slo),
                                 ", which is judged, too."));
  }
  if (ruling.basis == Basis::kClass) {
    std::set<std::string> skipped;
    for (const Reason& reason : ruling.reasons) {
      const bool idle = reason.freeze && reason.truth == Truth::kFalse;  // some other day's
      if (!reason.skipped_by.empty() && !idle) skipped.insert(reason.rule);
    }
    for (const JudgedFinding& finding : ruling.findings) {
      if (!finding.skipped_by.empty()) skipped.insert(std::string(Word(finding.finding.kind)));
    }
    notes.push_back(absl::StrCat(
        "Opened by the change class ", Quoted(ruling.claim.effective), ", as claimed",
        ruling.claim.ticket.empty() ? "" : absl::StrCat(" with ticket ", ruling.claim.ticket),
        ProofText(ruling.claim), ": it skips ", absl::StrJoin(skipped, ", "),
        ". Without it: ", Upper(Word(ruling.without_class)), "."));
    if (ruling.opened_by) {
      notes.push_back(absl::StrCat("Consent ", Printable(ruling.opened_by->entry.request.id), ": ",
                                   ConsentSentence(*ruling.opened_by), "."));
    }
  }
  if (ruling.basis == Basis::kOverride && ruling.opened_by) {
    notes.push_back(OverrideSentence(ruling));
  }
  AddRefused(ruling, notes);
  std::set<std::string> told;
  for (const JudgedFinding& finding : ruling.findings) {
    const std::string text = absl::StrCat("Skipped ", Word(finding.finding.kind), ": ",
                                          FindingText(finding, decision), ".");
    if (!finding.skipped_by.empty() && told.insert(text).second) notes.push_back(text);
  }
  for (const SloResult& slo : ruling.slos) {
    if (!slo.budget || !slo.budget->good_exceeds_total) continue;
    notes.push_back(absl::StrCat(
        Quoted(slo.name), " read more good ", slo.unit, " (",
        CountText(slo.budget->total.high + slo.budget->bad.high, Rounding::kUp), ") than ",
        slo.unit, " in all (", CountText(slo.budget->total, Rounding::kDown), "): its bad ",
        slo.unit, " are somewhere from 0 to ", CountText(slo.budget->bad.high, Rounding::kUp),
        "."));
  }
  for (const SloResult& slo : ruling.slos) {
    if (!slo.budget || !slo.budget->interpolated || !slo.within) continue;
    notes.push_back(absl::StrCat(Quoted(slo.name),
                                 " is counted from a native histogram: how many of "
                                 "its events took at most ",
                                 SpeakDuration(*slo.within), " is interpolated."));
  }
  if (ruling.basis == Basis::kObserve) {
    notes.push_back(absl::StrCat(
        "OBSERVE MODE: the policy does not enforce here. The release proceeds although "
        "the verdict is ",
        Upper(Word(ruling.verdict)), "."));
  }
  // One note a kind and source, with all its SLOs, in the words of the longest window.
  std::map<std::pair<FindingKind, std::string>, std::vector<const JudgedFinding*>> softened;
  for (const JudgedFinding& finding : ruling.findings) {
    if (finding.softened) softened[{finding.finding.kind, finding.source}].push_back(&finding);
  }
  for (const auto& [key, findings] : softened) {
    std::vector<std::string> slos;
    const JudgedFinding* longest = findings.front();
    for (const JudgedFinding* finding : findings) {
      if (slos.empty() || slos.back() != Quoted(finding->slo)) slos.push_back(Quoted(finding->slo));
      if (finding->window > longest->window) longest = finding;
    }
    notes.push_back(absl::StrCat(Word(key.first), " of ", absl::StrJoin(slos, ", "), " counts as ",
                                 Word(longest->verdict), ": ", FindingText(*longest, decision),
                                 "."));
  }
  return notes;
}

}  // namespace slogate
