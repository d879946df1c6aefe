// The options of check and of record: what a pipeline runs.
#include <algorithm>
#include <set>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>

#include "adapters/adapter.h"
#include "adapters/reports/reports.h"
#include "gate/base/duration.h"
#include "gate/cli/option_table.h"
#include "gate/cli/values.h"
#include "gate/history/record.h"
#include "gate/ledger/location.h"
#include "gate/text/diagnostic.h"

namespace slogate {
namespace {

class CheckCommand : public Command {
 public:
  CheckCommand() : Command("check", "May this release go out now?") {
    AddPolicyOptions(table, check_);
    table.MaybeText("--artifact", check_.artifact, "DIGEST", "What is released, sha256:…");
    table.MaybeText("--version", check_.version, "TEXT", "Its version, for people");
    table.MaybeText("--commit", check_.commit, "TEXT", "The commit it was built from");
    table.MaybeText("--change", check_.change, "CLASS",
                    "What kind of change it is; a class of the policy");
    table.MaybeText("--ticket", check_.ticket, "TEXT", "The ticket that the change class asks for");
    table.Text("--deadline", deadline_, "DURATION",
               "Longest wait for all answers together (default 60s)");
    AddLedgerOptions(table, check_);
    table.Text("--wait", wait_, "DURATION",
               "Wait that long for an override where the gate is closed");
    table.MaybeText("--override-reason", check_.override.reason, "TEXT",
                    "Ask for an override in the same step, where the policy takes that");
    table.MaybeText("--override-ticket", check_.override.ticket, "TEXT", "The override's ticket");
    table.MaybeText("--approved-by", check_.override.approved_by, "WHO",
                    "Who approved it, as the CI system knows");
    table.File("--json", check_.json, "Write the decision document there; - is standard output");
    table.Text("--adapter", check_.adapter, absl::StrJoin(AdapterNames(), "|").c_str(),
               "For which CI system the text is laid out (default auto)", AdapterNames());
    table.Many("--output", outputs_, "KIND=FILE",
               absl::StrCat("Write a report there, too: ", absl::StrJoin(ReportKinds(), ", "),
                            "; may be repeated"));
    table.Flag("--dry-run", check_.dry_run, "Evaluate everything, enforce nothing, exit 0");
    table.Text("--at", at_, "TIME", "Evaluate as of then (RFC 3339); only with --dry-run");
    table.Flag("--detailed-exit-code", check_.detailed_exit_code,
               "In a dry run, exit by the verdict");
  }

  Invocation Finish(std::vector<std::string>& wrong) override {
    if (check_.policy.empty()) wrong.push_back("--policy FILE is missing");
    CheckPolicyOptions(check_, wrong);
    CheckValue("--version", check_.version, wrong);
    CheckValue("--commit", check_.commit, wrong);
    CheckValue("--change", check_.change, wrong);
    CheckValue("--ticket", check_.ticket, wrong);
    if (!check_.artifact.empty() && !IsDigest(check_.artifact)) {
      wrong.push_back("--artifact wants a digest: sha256: and 64 hexadecimal digits");
    }
    if (!deadline_.empty()) {
      const std::optional<absl::Duration> deadline = ParseDuration(deadline_);
      if (!deadline || *deadline < absl::Seconds(1) || *deadline > absl::Hours(1)) {
        wrong.push_back("--deadline wants a duration from 1s to 1h, such as 90s");
      } else {
        check_.deadline = *deadline;
      }
    }
    if (!at_.empty()) {
      const std::optional<absl::Time> at = ParseTime(at_);
      if (!at) {
        wrong.push_back("--at wants a time by RFC 3339, such as 2026-11-20T09:00:00Z");
      } else if (!check_.dry_run) {
        wrong.push_back("--at needs --dry-run: a release is judged by the present");
      } else {
        check_.at = absl::FromUnixSeconds(absl::ToUnixSeconds(*at));
      }
    }
    FinishOverride(wrong);
    FinishOutputs(wrong);
    if (check_.detailed_exit_code && !check_.dry_run)
      wrong.push_back("--detailed-exit-code needs --dry-run");
    const std::vector<std::string> adapters = AdapterNames();
    if (std::find(adapters.begin(), adapters.end(), check_.adapter) == adapters.end()) {
      wrong.push_back(UnknownWord("adapter", check_.adapter, adapters));
    }
    return check_;
  }

 private:
  void FinishOverride(std::vector<std::string>& wrong) {
    OverrideOptions& override = check_.override;
    CheckLedgerOptions(check_, wrong);
    CheckValue("--override-ticket", override.ticket, wrong);
    CheckValue("--approved-by", override.approved_by, wrong);
    if (override.reason.empty() && (!override.ticket.empty() || !override.approved_by.empty())) {
      wrong.push_back("--override-ticket and --approved-by go with --override-reason");
    }
    if (wait_.empty()) return;
    const std::optional<absl::Duration> wait = ParseDuration(wait_);
    if (!wait || *wait < absl::Minutes(1) || *wait > absl::Hours(24)) {
      wrong.push_back("--wait wants a duration from 1m to 24h, such as 20m");
    } else if (check_.dry_run) {
      wrong.push_back("--wait does not go with --dry-run, which blocks nothing");
    } else if (!override.reason.empty()) {
      wrong.push_back("--wait does not go with --override-reason, which waits for nobody");
    } else {
      override.wait = *wait;
    }
  }

  // "junit=FILE", each into a file of its own.
  void FinishOutputs(std::vector<std::string>& wrong) {
    std::set<std::string> files = {check_.json};
    for (const std::string& output : outputs_) {
      const std::vector<std::string> parts = absl::StrSplit(output, absl::MaxSplits('=', 1));
      if (parts.size() < 2 || parts[1].empty()) {
        wrong.push_back("--output wants a kind and a file, such as junit=slogate.xml");
      } else if (parts[1] == "-") {
        wrong.push_back("--output takes a file; only --json can go to standard output");
      } else if (FindReport(parts[0]) == nullptr) {
        wrong.push_back(UnknownWord("kind of report", parts[0], ReportKinds()));
      } else if (!files.insert(parts[1]).second) {
        wrong.push_back(absl::StrCat("two outputs go to ", Printable(parts[1])));
      } else {
        check_.outputs.push_back({parts[0], parts[1]});
      }
    }
  }

  CheckOptions check_;
  std::string deadline_, at_, wait_;
  std::vector<std::string> outputs_;
};

class RecordCommand : public Command {
 public:
  RecordCommand() : Command("record", "Record what became of a release that was let out") {
    table.Text("--decision", record_.decision, "ID", "The decision that let it out");
    table.Text("--result", record_.result, "RESULT", "deployed, failed or rolled_back", kResults);
    AddLedgerOptions(table, record_);
  }

  Invocation Finish(std::vector<std::string>& wrong) override {
    CheckLedgerOptions(record_, wrong);
    CheckDecisionId(record_.decision, wrong);
    if (record_.result.empty()) {
      wrong.push_back("--result is missing: deployed, failed or rolled_back");
    } else if (!ResultFromWord(record_.result)) {
      wrong.push_back(UnknownWord("result", record_.result, kResults));
    }
    return record_;
  }

 private:
  inline static const std::vector<std::string> kResults = {"deployed", "failed", "rolled_back"};
  RecordOptions record_;
};

}  // namespace

void AddPolicyOptions(OptionTable& table, PolicyOptions& options) {
  table.File("--policy", options.policy, "The ReleasePolicy");
  table.Files("--slos", options.slos, "ServiceObjectives of the service; may be repeated");
  table.Text("--service", options.service.emplace(), "NAME",
             "The service; must be the one the files name");
  table.Text("--environment", options.environment.emplace(), "NAME",
             "Where the release goes; one of the policy's");
}

void CheckPolicyOptions(PolicyOptions& options, std::vector<std::string>& wrong) {
  CheckValue("--service", *options.service, wrong);
  CheckValue("--environment", *options.environment, wrong);
  if (options.service->empty()) options.service.reset();
  if (options.environment->empty()) options.environment.reset();
}

void AddLedgerOptions(OptionTable& table, LedgerOptions& options) {
  table.Text("--ledger", options.ledger, "LEDGER",
             "sqlite:FILE or postgresql://…; else the variable SLOGATE_LEDGER");
  table.Flag("--allow-temporary-ledger", options.temporary,
             "In CI, take a ledger that is gone with the machine");
}

void CheckLedgerOptions(const LedgerOptions& options, std::vector<std::string>& wrong) {
  if (options.ledger.empty()) return;
  const absl::StatusOr<LedgerLocation> location = ParseLedgerLocation(options.ledger);
  if (!location.ok()) wrong.push_back(absl::StrCat("--ledger: ", location.status().message()));
}

void CheckDecisionId(const std::string& id, std::vector<std::string>& wrong) {
  if (id.empty()) {
    wrong.push_back("--decision is missing: the id that the check printed, or its beginning");
  } else if (!IsDecisionId(id)) {
    wrong.push_back(
        "--decision wants a decision's id: sha256: and 64 hexadecimal digits, or at least 8 of "
        "them");
  }
}

Commands CheckCommands() {
  Commands commands;
  commands.push_back(std::make_unique<CheckCommand>());
  commands.push_back(std::make_unique<RecordCommand>());
  return commands;
}

}  // namespace slogate
