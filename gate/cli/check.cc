// slogate check: the pipeline of the house, from policy bytes to an exit code.
#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include <absl/strings/str_cat.h>

#include "adapters/adapter.h"
#include "gate/cli/commands.h"
#include "gate/cli/ledger_access.h"
#include "gate/cli/measure.h"
#include "gate/cli/places.h"
#include "gate/cli/progress.h"
#include "gate/cli/recording.h"
#include "gate/cli/report.h"
#include "gate/decision/claim.h"
#include "gate/decision/forecast.h"
#include "gate/evidence/plan.h"
#include "gate/history/earlier.h"

namespace slogate {
namespace {

// Nobody waits longer for a release that does not depend on what is measured.
constexpr absl::Duration kWaitForTheRecord = absl::Seconds(10);

// Pins the instant, and measures there into `decision`. Returns the policy at that instant.
EffectivePolicy Gather(const CheckOptions& options, const EffectivePolicy& policy, Source& source,
                       Clock& clock, Decision& decision) {
  decision.evidence = {};
  if (options.at) {
    decision.instant = *options.at;
    decision.instant_source = InstantSource::kFlag;
  } else {
    decision.evidence = AskClocks(policy, source, clock, decision);
  }
  EffectivePolicy pinned = PinnedAt(policy, decision.instant);
  decision.evidence.Append(
      MeasureAll(WithEarlierObjectives(pinned, decision.request.history, decision.request.subject),
                 source, decision.instant));
  MeasureForecasts(pinned, decision.request, source, decision.evidence);
  return pinned;
}

// The release, as the command line and the CI system claim it.
Decision Describe(const CheckOptions& options, const EffectivePolicy& policy,
                  std::vector<SourceFile> files, RunClaims claims) {
  const auto claimed = [&](const char* field) {
    const auto found = claims.find(field);
    return found == claims.end() ? "" : found->second.value;
  };
  Decision decision;
  decision.files = std::move(files);
  decision.policy_name = policy.metadata.name;
  decision.policy_file = policy.file;
  decision.runbook = policy.metadata.runbook;
  decision.sources = SourcesOf(policy);
  decision.combine = policy.combine;
  decision.dry_run = options.dry_run;
  decision.command = options.command;
  decision.request.subject = {policy.service,
                              policy.environment,
                              options.artifact,
                              options.version,
                              options.commit.empty() ? claimed("commit") : options.commit,
                              claimed("run_url"),
                              claimed("actor")};
  decision.request.change = options.change;
  decision.request.ticket = options.ticket;
  decision.claims = std::move(claims);
  return decision;
}

int ExitCode(const CheckOptions& options, const Ruling& ruling) {
  if (!options.dry_run || ruling.verdict == Verdict::kNone)
    return ExitCodeOf(ruling.verdict, ruling.outcome);
  if (!options.detailed_exit_code) return kExitOk;
  switch (ruling.verdict) {
    case Verdict::kWarn:
      return 10;
    case Verdict::kDeny:
      return 11;
    case Verdict::kHold:
      return 13;
    default:
      return kExitOk;
  }
}

// The ledger that the policy names: none where it names none, or where nobody tells a dry run where it
// is.
absl::StatusOr<std::unique_ptr<Ledger>> OpenForCheck(const CheckOptions& options,
                                                     const EffectivePolicy& policy, World& world) {
  if (!policy.overrides && !options.override.reason.empty()) {
    return absl::InvalidArgumentError(
        "--override-reason: the policy has no overrides:, so nothing opens its gate by hand");
  }
  if (!policy.overrides && options.override.wait > absl::ZeroDuration()) {
    return absl::InvalidArgumentError(
        "--wait: the policy has no overrides:, so there is none to wait for");
  }
  if (!policy.ledger) {
    if (options.ledger.empty()) return nullptr;
    return absl::InvalidArgumentError(
        "--ledger: the policy names no ledger to record in; add ledger: {id: …} to it");
  }
  if (options.dry_run) {
    const absl::StatusOr<std::optional<LedgerLocation>> location = LocateLedger(options, world);
    if (location.ok() && !*location) return nullptr;
  }
  return OpenLedger(options, policy.ledger, world);
}

// Measures for `decision`; where the class goes out without that, for the record alone. Returns the
// policy at the instant of the decision.
EffectivePolicy TakeEvidence(const CheckOptions& options, const EffectivePolicy& policy,
                             const std::vector<Credentials>& credentials, bool for_record,
                             World& world, Decision& decision) {
  const absl::Duration wait =
      for_record ? std::min(options.deadline, kWaitForTheRecord) : options.deadline;
  ProgressLine progress(world);
  const std::unique_ptr<Source> source = OpenSources(policy, credentials, wait, progress, world);
  EffectivePolicy pinned = Gather(options, policy, *source, world.clock, decision);
  progress.Clear();
  return pinned;
}

}  // namespace

int Check(const CheckOptions& options, World& world) {
  std::vector<SourceFile> files;
  const std::optional<EffectivePolicy> policy = LoadPolicy(options, world, files);
  if (!policy) return kExitUsage;
  const auto chosen = ChooseAdapter(options.adapter, world.environment);
  if (const auto* problem = std::get_if<std::string>(&chosen)) {
    Complain(world, absl::StrCat("slogate: ", *problem, "\n"));
    return kExitUsage;
  }
  const Adapter& adapter = *std::get<const Adapter*>(chosen);
  Decision decision = Describe(options, *policy, files, adapter.claims(world.environment));
  const absl::StatusOr<std::unique_ptr<Ledger>> ledger = OpenForCheck(options, *policy, world);
  if (!ledger.ok()) return FailToRecord(world, ledger.status());
  const Recording recording{ledger->get(), ActorOf(adapter, world)};
  if (const absl::Status read = recording.ReadHistory(*policy, decision); !read.ok()) {
    return FailToRecord(world, read);
  }
  const bool for_record = SkipsAllFindings(*policy, ResolveClaim(*policy, decision.request));
  // A class that goes out without measurement needs no secret.
  const std::optional<std::vector<Credentials>> credentials =
      LoadCredentials(*policy, !for_record, world, files);
  if (!credentials) return kExitUsage;
  absl::StatusOr<Places> places = Places::Open(options, adapter, world);
  if (!places.ok()) {
    Complain(world, places.status());
    return kExitUsage;
  }

  absl::StatusOr<Decided> decided;
  for (absl::Duration wait = options.override.wait;; wait = absl::ZeroDuration()) {
    const EffectivePolicy pinned =
        TakeEvidence(options, *policy, *credentials, for_record, world, decision);
    decided = recording.Decide(pinned, options, decision, world);
    if (!decided.ok()) return FailToRecord(world, decided.status());
    if (wait == absl::ZeroDuration() || !Blocks(decided->decision.ruling)) break;
    const absl::StatusOr<bool> opened = recording.Wait(*policy, *decided, wait, world);
    if (!opened.ok()) return FailToRecord(world, opened.status());
    if (!*opened) break;
  }

  const int exit_code = ExitCode(options, decided->decision.ruling);
  const absl::Status published = places->Publish(*decided, exit_code, world);
  if (!published.ok()) {
    Complain(world, absl::StrCat("slogate: ", published.message(),
                                 "\nslogate: nothing is decided: exit ", kExitInternal, "\n"));
    return kExitInternal;
  }
  return exit_code;
}

}  // namespace slogate
