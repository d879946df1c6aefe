// slogate override request, approve, reject, revoke and review; slogate record: what people and
// pipelines add to the ledger besides decisions.
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include "gate/base/duration.h"
#include "gate/cli/commands.h"
#include "gate/cli/ledger_access.h"
#include "gate/cli/ledger_words.h"
#include "gate/cli/report.h"
#include "gate/decision/consent.h"
#include "gate/decision/override.h"
#include "gate/policy/load.h"
#include "gate/text/diagnostic.h"
#include "gate/text/shell_quote.h"

namespace slogate {
namespace {

std::optional<ReleasePolicy> LoadRules(const std::string& path, World& world) {
  std::vector<Diagnostic> diagnostics;
  const std::vector<SourceFile> files = ReadFiles(world, {path}, diagnostics);
  Parsed<PolicyFiles> loaded =
      LoadPolicyFiles(files, {.policy = path, .unreadable = HasErrors(diagnostics)});
  std::move(loaded.diagnostics.begin(), loaded.diagnostics.end(), std::back_inserter(diagnostics));
  ShowDiagnostics(world, diagnostics, files);
  if (HasErrors(diagnostics) || !loaded.value) return std::nullopt;
  return std::move(loaded.value->policy);
}

// The one decision whose id begins so; the newest of several records of it.
absl::StatusOr<Record> FindDecision(LedgerView& view, const std::string& id) {
  RecordQuery query;
  query.kinds = {RecordKind::kDecision};
  query.id = absl::StartsWith(id, "sha256:") ? id : absl::StrCat("sha256:", id);
  std::optional<Record> found;
  bool several = false;
  const absl::Status scanned = view.Scan(query, [&](const Record& record) {
    const auto id_of = [](const Record& decision) {
      return std::get<DecisionMade>(decision.payload).id;
    };
    several = several || (found && id_of(*found) != id_of(record));
    found = record;
    return absl::OkStatus();
  });
  if (!scanned.ok()) return scanned;
  if (several) {
    return absl::InvalidArgumentError(
        absl::StrCat("several decisions begin with ", id, ": give more of the id"));
  }
  if (!found) {
    return absl::InvalidArgumentError(
        absl::StrCat("the ledger has no decision ", id,
                     ": slogate ledger list shows the newest; a dry run is not recorded"));
  }
  return *std::move(found);
}

absl::StatusOr<Override> FindOverride(LedgerView& view, const std::string& id) {
  RecordQuery query;
  query.id = id;
  query.kinds = OverrideKinds();
  const absl::StatusOr<std::vector<Record>> records = view.Find({query});
  if (!records.ok()) return records.status();
  std::vector<Override> overrides = OverridesIn(*records);
  if (overrides.size() == 1) return std::move(overrides.front());
  return absl::InvalidArgumentError(
      overrides.empty() ? absl::StrCat("the ledger has no override ", Printable(id),
                                       ": slogate override list shows the newest")
                        : absl::StrCat("several overrides begin with ", Printable(id)));
}

// What a command that adds one record came to: said, or refused; both are recorded.
struct Told {
  std::string refused;
  std::string id;  // of what was made: a line of its own, for scripts
  std::string said;
};

int Finish(const absl::StatusOr<Receipt>& receipt, const Told& outcome, World& world) {
  if (!receipt.ok()) return FailToRecord(world, receipt.status());
  if (!outcome.refused.empty()) {
    Complain(world, absl::StrCat("slogate: refused: ", outcome.refused, "\n"));
    return kExitRefused;
  }
  if (!outcome.id.empty()) {
    if (const int said = Say(world, absl::StrCat(outcome.id, "\n")); said != kExitOk) return said;
  }
  return SayQuoting(
      world, absl::StrCat(outcome.said, "checkpoint ", PrintCheckpoint(receipt->head), "\n"));
}

// What is asked for, whose consent it needs, and the command that gives it.
std::string AfterRequest(const EffectivePolicy& policy, const History& history,
                         const Override& override, const OverrideRequestOptions& options) {
  const Subject& subject = override.subject;
  std::string text = absl::StrCat(
      "Asked for ", Printable(subject.service),
      subject.environment.empty() ? "" : absl::StrCat(" → ", Printable(subject.environment)), ", ",
      Printable(subject.artifact), "; expires ", PrintTime(override.request.expires_at), ".\n");
  const std::optional<Consent> consent = ConsentFor(policy, history, override, history.now);
  if (!consent) return text;  // not of a request that was not refused
  absl::StrAppend(&text, "It needs ", ConsentText(*consent));
  if (consent->approvals > 0) {
    const std::string ledger =
        options.ledger.empty() ? "" : absl::StrCat(" --ledger ", QuotedForShell(options.ledger));
    absl::StrAppend(&text, ":\n  slogate override approve ", override.request.id, " --policy ",
                    QuotedForShell(options.policy), ledger, "\nThen run the same check again.\n");
  } else {
    absl::StrAppend(&text, ": run the same check again.\n");
  }
  return text;
}

std::string WhyNotJudge(const OverrideJudgeOptions& options, const Override& override,
                        absl::Time now) {
  using Action = OverrideJudgeOptions::Action;
  const std::string state = StateOf(override, now);
  const bool used = !override.uses.empty();
  switch (options.action) {
    case Action::kReject:
      if (override.rejected || override.revoked || used) return absl::StrCat("it is ", state);
      return "";
    case Action::kRevoke:
      if (override.rejected || override.revoked) return absl::StrCat("it is ", state);
      return "";
    case Action::kReview:
      return used ? "" : absl::StrCat("it was not used: it is ", state);
    case Action::kApprove:
      break;
  }
  return "";
}

struct ActionWords {
  RecordKind kind;
  const char* done;
};

ActionWords WordsFor(OverrideJudgeOptions::Action action) {
  using Action = OverrideJudgeOptions::Action;
  switch (action) {
    case Action::kApprove:
      return {RecordKind::kOverrideApprove, "approved"};
    case Action::kReject:
      return {RecordKind::kOverrideReject, "rejected"};
    case Action::kRevoke:
      return {RecordKind::kOverrideRevoke, "revoked"};
    case Action::kReview:
      return {RecordKind::kOverrideReview, "reviewed"};
  }
  return {RecordKind::kOverrideReject, "rejected"};
}

// Where an override stands after an approval.
std::string AfterApproval(const EffectivePolicy& policy, const History& history,
                          const Override& override) {
  const std::string why =
      WhyNotUse(policy, history, override, override.subject, override.request.rules, history.now);
  return why.empty() ? "It opens the gate now: run the same check again.\n"
                     : absl::StrCat("It does not open the gate yet: ", why, "\n");
}

}  // namespace

int RequestOverride(const OverrideRequestOptions& options, World& world) {
  const std::optional<Actor> actor = ActorHere(world);
  if (!actor) return kExitUsage;
  const std::optional<ReleasePolicy> rules = LoadRules(options.policy, world);
  if (!rules) return kExitUsage;
  absl::StatusOr<std::unique_ptr<Ledger>> ledger = OpenLedger(options, rules->ledger, world);
  if (!ledger.ok()) return FailToRecord(world, ledger.status());
  Told outcome;
  const absl::StatusOr<Receipt> receipt = (*ledger)->Append([&](LedgerView& view) -> absl::Status {
    const absl::StatusOr<Record> decision = FindDecision(view, options.decision);
    if (!decision.ok()) return decision.status();
    const auto& made = std::get<DecisionMade>(decision->payload);
    const EffectivePolicy policy =
        RulesFor(*rules, decision->subject.service, decision->subject.environment);
    const absl::StatusOr<History> history = HistoryOf(policy, decision->subject, view);
    if (!history.ok()) return history.status();
    Record record;
    record.kind = RecordKind::kOverrideRequest;
    record.actor = *actor;
    record.actor.role = view.role();
    record.subject = decision->subject;
    const OverrideAsked asked{options.change, options.reason, options.ticket, record.actor};
    record.refused = WhyNotRequest(policy, *history, decision->subject, made, asked);
    record.payload = RequestOf(policy, made, asked, OverrideId(world.new_nonce()), history->now);
    outcome.refused = record.refused;
    const absl::StatusOr<Record> added = view.Add(std::move(record));
    if (!added.ok() || !added->refused.empty()) return added.status();
    const std::vector<Override> asked_for = OverridesIn({*added});
    outcome.id = asked_for.front().request.id;
    outcome.said = AfterRequest(policy, *history, asked_for.front(), options);
    return absl::OkStatus();
  });
  return Finish(receipt, outcome, world);
}

int JudgeOverride(const OverrideJudgeOptions& options, World& world) {
  const std::optional<Actor> actor = ActorHere(world);
  if (!actor) return kExitUsage;
  const bool approves = options.action == OverrideJudgeOptions::Action::kApprove;
  std::optional<ReleasePolicy> rules;
  if (approves) {
    rules = LoadRules(options.policy, world);
    if (!rules) return kExitUsage;
  }
  absl::StatusOr<std::unique_ptr<Ledger>> ledger =
      OpenLedger(options, rules ? rules->ledger : std::nullopt, world);
  if (!ledger.ok()) return FailToRecord(world, ledger.status());
  const ActionWords words = WordsFor(options.action);
  Told outcome;
  const absl::StatusOr<Receipt> receipt = (*ledger)->Append([&](LedgerView& view) -> absl::Status {
    const absl::StatusOr<Override> found = FindOverride(view, options.id);
    if (!found.ok()) return found.status();
    Record record;
    record.kind = words.kind;
    record.actor = *actor;
    record.actor.role = view.role();
    record.subject = found->subject;
    record.payload = OverrideJudged{found->request.id, options.text};
    outcome.said = absl::StrCat(found->request.id, " is ", words.done, ".\n");
    if (!approves) {
      record.refused = outcome.refused = WhyNotJudge(options, *found, view.now());
      return view.Add(std::move(record)).status();
    }
    const EffectivePolicy policy =
        RulesFor(*rules, found->subject.service, found->subject.environment);
    absl::StatusOr<History> history = HistoryOf(policy, found->subject, view);
    if (!history.ok()) return history.status();
    record.refused = outcome.refused =
        WhyNotApprove(policy, *history, *found, record.actor, history->now);
    const absl::StatusOr<Record> added = view.Add(std::move(record));
    if (!added.ok()) return added.status();
    Override approved = *found;
    approved.approvals.push_back({added->actor, added->time, added->seq, options.text});
    history->records.push_back(*added);
    absl::StrAppend(&outcome.said, AfterApproval(policy, *history, approved),
                    AuditNote(approved, history->now));
    return absl::OkStatus();
  });
  return Finish(receipt, outcome, world);
}

int RecordRelease(const RecordOptions& options, World& world) {
  const std::optional<Actor> actor = ActorHere(world);
  if (!actor) return kExitUsage;
  absl::StatusOr<std::unique_ptr<Ledger>> ledger = OpenLedger(options, std::nullopt, world);
  if (!ledger.ok()) return FailToRecord(world, ledger.status());
  Told outcome;
  const absl::StatusOr<Receipt> receipt = (*ledger)->Append([&](LedgerView& view) -> absl::Status {
    const absl::StatusOr<Record> decision = FindDecision(view, options.decision);
    if (!decision.ok()) return decision.status();
    const auto& made = std::get<DecisionMade>(decision->payload);
    Record record;
    record.kind = RecordKind::kRelease;
    record.actor = *actor;
    record.actor.role = view.role();
    record.subject = decision->subject;
    record.payload = ReleaseReported{made.id, *ResultFromWord(options.result)};
    outcome.said = absl::StrCat(
        "Recorded: ", decision->subject.service, " → ", decision->subject.environment, " ",
        options.result, ".\n",
        made.outcome == "proceed"
            ? ""
            : "The decision had BLOCKED this release; slogate ledger report will name it.\n");
    return view.Add(std::move(record)).status();
  });
  return Finish(receipt, outcome, world);
}

}  // namespace slogate
