#include "gate/cli/recording.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "gate/base/duration.h"
#include "gate/cli/ledger_access.h"
#include "gate/cli/report.h"
#include "gate/decision/consent.h"
#include "gate/decision/decide.h"
#include "gate/decision/document.h"
#include "gate/decision/override.h"
#include "gate/decision/record_note.h"
#include "gate/decision/screen.h"

namespace slogate {
namespace {

// How often the ledger is looked at while a run waits, and how often it says so.
constexpr absl::Duration kLook = absl::Seconds(10);
constexpr absl::Duration kSay = absl::Minutes(1);

// Records the request that came with the check, with the consent of whoever the CI system vouches for;
// what is refused of it is recorded, too, and counts for nothing.
absl::Status AskInStep(const EffectivePolicy& policy, const OverrideOptions& options,
                       const Actor& actor, World& world, LedgerView& view, Decision& decision) {
  History& history = *decision.request.history;
  const Subject& subject = decision.request.subject;
  const DecisionMade made = NoteOf(decision, "");
  const OverrideAsked asked{"", options.reason, options.ticket, actor};
  Record request;
  request.kind = RecordKind::kOverrideRequest;
  request.actor = actor;
  request.subject = subject;
  request.refused = WhyNotRequest(policy, history, subject, made, asked);
  const std::string id = OverrideId(world.new_nonce());
  request.payload = RequestOf(policy, made, asked, id, history.now);
  absl::StatusOr<Record> added = view.Add(std::move(request));
  if (!added.ok()) return added.status();
  const bool refused = !added->refused.empty();
  history.records.push_back(*std::move(added));
  if (refused || options.approved_by.empty()) return absl::OkStatus();

  const std::string system = actor.account.substr(0, actor.account.find(':'));
  Record consent;
  consent.kind = RecordKind::kOverrideApprove;
  consent.actor = {absl::StrCat(system, ":", options.approved_by), kVouchedFor, ""};
  consent.subject = subject;
  consent.payload = OverrideJudged{id, ""};
  consent.refused = WhyNotApprove(policy, history, OverridesIn(history.records).back(),
                                  consent.actor, history.now);
  added = view.Add(std::move(consent));
  if (!added.ok()) return added.status();
  history.records.push_back(*std::move(added));
  return absl::OkStatus();
}

// The records of a decision made: itself, and the use of what opened it.
absl::Status RecordDecision(const Decided& decided, const Actor& actor, LedgerView& view,
                            int64_t& seq) {
  const Decision& decision = decided.decision;
  Record record;
  record.kind = RecordKind::kDecision;
  record.actor = actor;
  record.subject = decision.request.subject;
  record.payload = NoteOf(decision, decided.id);
  absl::StatusOr<Record> added = view.Add(record);
  if (!added.ok()) return added.status();
  seq = added->seq;
  const std::optional<OverrideUsed> used = UseNoteOf(decision, decided.id);
  if (!used) return absl::OkStatus();
  record.kind = RecordKind::kOverrideUse;
  record.payload = *used;
  return view.Add(record).status();
}

// Made, written down, and not told to anybody.
Decided Make(const EffectivePolicy& policy, Decision decision) {
  Decided decided;
  decision.ruling = slogate::Decide(policy, decision.evidence, decision.request);
  decision.calendar = policy.calendar;
  decided.decision = std::move(decision);
  decided.document = WriteDocument(decided.decision, &decided.id);
  return decided;
}

// What the ledger shows while a run waits.
struct Waiting {
  bool ready = false;   // an override would open the gate, or prove the class that is claimed
  std::string pending;  // one that waits for approvals, or ""
};

absl::StatusOr<Waiting> Look(const EffectivePolicy& policy, const Decided& decided,
                             LedgerView& view) {
  const Subject& subject = decided.decision.request.subject;
  const absl::StatusOr<History> history = HistoryOf(policy, subject, view);
  if (!history.ok()) return history.status();
  Waiting waiting;
  for (const Override& override : OverridesIn(history->records)) {
    const std::string& change = override.request.change;
    const bool is_claimed = change.empty() || change == decided.decision.ruling.claim.claimed;
    if (!is_claimed || !IsForRelease(override, subject)) continue;
    const std::vector<std::string> rules =
        change.empty() ? decided.decision.ruling.closed_by : std::vector<std::string>();
    if (WhyNotUse(policy, *history, override, subject, rules, history->now).empty()) {
      waiting.ready = true;
    } else if (WaitsForApproval(policy, *history, override, subject, rules, history->now)) {
      waiting.pending = override.request.id;
    }
  }
  return waiting;
}

std::string WaitingText(const Waiting& waiting, absl::Duration left) {
  const absl::Duration minutes = absl::Ceil(left, absl::Minutes(1));
  return absl::StrCat("slogate: waiting up to ", PrintDuration(minutes), " for an override",
                      waiting.pending.empty() ? ": nobody has asked for one yet"
                                              : absl::StrCat(": ", waiting.pending,
                                                             " is asked for, and not approved yet"),
                      "\n");
}

}  // namespace

absl::Status Recording::ReadHistory(const EffectivePolicy& policy, Decision& decision) const {
  if (ledger_ == nullptr) return absl::OkStatus();
  return ledger_->Read([&](LedgerView& view) -> absl::Status {
    absl::StatusOr<History> history = HistoryOf(policy, decision.request.subject, view);
    if (!history.ok()) return history.status();
    decision.request.history = *std::move(history);
    return absl::OkStatus();
  });
}

absl::StatusOr<Decided> Recording::Decide(const EffectivePolicy& policy,
                                          const CheckOptions& options, const Decision& measured,
                                          World& world) const {
  if (ledger_ == nullptr) return Make(policy, measured);
  Decided decided;
  int64_t seq = 0;
  const auto decide = [&](LedgerView& view) -> absl::Status {
    Decision decision = measured;
    absl::StatusOr<History> history = HistoryOf(policy, decision.request.subject, view);
    if (!history.ok()) return history.status();
    decision.request.history = *std::move(history);
    decided = Make(policy, std::move(decision));
    if (options.dry_run) return absl::OkStatus();
    Actor actor = actor_;
    actor.role = view.role();
    if (!options.override.reason.empty() && Blocks(decided.decision.ruling)) {
      const absl::Status asked =
          AskInStep(policy, options.override, actor, world, view, decided.decision);
      if (!asked.ok()) return asked;
      decided = Make(policy, std::move(decided.decision));
    }
    return RecordDecision(decided, actor, view, seq);
  };
  if (options.dry_run) {
    const absl::Status read = ledger_->Read(decide);
    if (!read.ok()) return read;
    return decided;
  }
  const absl::StatusOr<Receipt> receipt = ledger_->Append(decide);
  if (!receipt.ok()) return receipt.status();
  decided.place = {seq, receipt->head};
  return decided;
}

absl::StatusOr<bool> Recording::Wait(const EffectivePolicy& policy, const Decided& decided,
                                     absl::Duration wait, World& world) const {
  const Screen screen = ScreenFor(decided.decision, {{}, {}, decided.id});
  Complain(world, absl::StrCat(screen.headline, "\n", absl::StrJoin(screen.lines, "\n"), "\n"));
  const Deadline deadline(world.clock, wait);
  absl::Duration next = wait;  // what is left when it is said again
  while (deadline.Left() > absl::ZeroDuration()) {
    absl::StatusOr<Waiting> waiting = Waiting();
    const absl::Status read = ledger_->Read([&](LedgerView& view) {
      waiting = Look(policy, decided, view);
      return waiting.status();
    });
    if (!read.ok()) return read;
    if (waiting->ready) return true;
    if (deadline.Left() <= next) {
      Complain(world, WaitingText(*waiting, deadline.Left()));
      next = deadline.Left() - kSay;
    }
    world.pause(std::min(kLook, deadline.Left()));
  }
  return false;
}

}  // namespace slogate
