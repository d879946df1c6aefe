#include "gate/decision/record_note.h"

#include <algorithm>
#include <utility>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>

#include "gate/base/sha256.h"
#include "gate/decision/numbers.h"

namespace slogate {
namespace {

std::vector<SloNote> SloNotes(const Ruling& ruling) {
  std::vector<SloNote> notes;
  for (const SloResult& slo : ruling.slos) {
    SloNote note{slo.earlier ? slo.earlier->name : slo.name,
                 DecimalText(slo.objective, Rounding::kUp),
                 absl::ToInt64Seconds(slo.window),
                 "",
                 "",
                 ""};
    if (slo.earlier) note.until = slo.earlier->until;
    if (slo.period) {
      note.since = slo.period->start;
      note.window_seconds = absl::ToInt64Seconds(slo.period->end - slo.period->start);
    }
    if (slo.budget) {
      note.total = DecimalText(slo.budget->total.low, Rounding::kDown);
      note.bad = DecimalText(slo.budget->bad.high, Rounding::kUp);
      if (slo.budget->remaining) {
        note.remaining_ratio = DecimalText(slo.budget->remaining->low, Rounding::kDown);
      }
    }
    notes.push_back(std::move(note));
  }
  return notes;
}

// Whether the decision before found the rule true, or did not know and one before it did.
bool WasClosed(const Request& request, const Reason& reason) {
  const Record* last = request.history ? LastDecision(*request.history, request.subject) : nullptr;
  if (last == nullptr) return false;
  const std::vector<RuleNote>& rules = std::get<DecisionMade>(last->payload).rules;
  return std::any_of(rules.begin(), rules.end(), [&](const RuleNote& note) {
    return note.rule == reason.rule && note.slo == reason.slo && note.closed;
  });
}

std::vector<RuleNote> RuleNotes(const Decision& decision) {
  std::vector<RuleNote> notes;
  for (const Reason& reason : decision.ruling.reasons) {
    if (reason.applicability != Applicability::kApplies || reason.truth == Truth::kFalse) continue;
    const bool closed = reason.truth == Truth::kTrue || WasClosed(decision.request, reason);
    notes.push_back({reason.rule, reason.slo, reason.truth, reason.verdict, closed});
  }
  return notes;
}

std::vector<std::string> DecidingKinds(const Ruling& ruling) {
  std::vector<std::string> kinds;
  for (const JudgedFinding& finding : ruling.findings) {
    const std::string kind(Word(finding.finding.kind));
    if (finding.decisive && std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) {
      kinds.push_back(kind);
    }
  }
  return kinds;
}

}  // namespace

std::string PolicyDigest(const std::vector<SourceFile>& files) {
  std::string lines;
  for (const SourceFile& file : files) {
    // sha256sum escapes what would break its lines, and then begins the line with a backslash.
    const std::string path =
        absl::StrReplaceAll(file.path, {{"\\", "\\\\"}, {"\n", "\\n"}, {"\r", "\\r"}});
    absl::StrAppend(&lines, path == file.path ? "" : "\\", Sha256Hex(file.text), "  ", path, "\n");
  }
  return Sha256Hex(lines);
}

DecisionMade NoteOf(const Decision& decision, const std::string& id) {
  const Ruling& ruling = decision.ruling;
  DecisionMade made;
  made.id = id;
  made.verdict = std::string(Word(ruling.verdict));
  made.outcome = std::string(Word(ruling.outcome));
  made.basis = std::string(Word(ruling.basis));
  made.enforcement = std::string(Word(ruling.enforcement));
  made.exit_code = ExitCodeOf(ruling.verdict, ruling.outcome);
  made.instant = decision.instant;
  made.change = ruling.claim.effective;
  made.change_claimed = ruling.claim.claimed;
  made.ticket = ruling.claim.ticket;
  made.policy = {decision.policy_name, PolicyDigest(decision.files)};
  made.slos = SloNotes(ruling);
  made.rules = RuleNotes(decision);
  made.findings = DecidingKinds(ruling);
  made.closed_by = ruling.closed_by;
  if (ruling.opened_by) made.override_id = ruling.opened_by->entry.request.id;
  made.refused_overrides = ruling.refused;
  return made;
}

std::optional<OverrideUsed> UseNoteOf(const Decision& decision, const std::string& id) {
  const Ruling& ruling = decision.ruling;
  if (!ruling.opened_by) return std::nullopt;
  const OverrideTaken& taken = *ruling.opened_by;
  return OverrideUsed{taken.entry.request.id,
                      id,
                      taken.again,
                      taken.review_due,
                      SloNotes(ruling),
                      taken.entry.request.change,
                      taken.entry.request.ticket};
}

}  // namespace slogate
