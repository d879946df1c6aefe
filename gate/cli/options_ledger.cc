// The options of override … and ledger ….
#include <algorithm>
#include <utility>

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

#include "gate/base/duration.h"
#include "gate/base/limits.h"
#include "gate/cli/option_table.h"
#include "gate/cli/values.h"
#include "gate/history/record.h"
#include "gate/ledger/checkpoint.h"
#include "gate/ledger/note.h"
#include "gate/policy/vocabulary.h"

namespace slogate {
namespace {

std::optional<absl::Time> ReadTime(const char* option, const std::string& text,
                                   std::vector<std::string>& wrong) {
  if (text.empty()) return std::nullopt;
  // A day alone is its beginning, by UTC as all times here.
  std::optional<absl::Time> time = ParseTime(text);
  if (!time) time = ParseTime(absl::StrCat(text, "T00:00:00Z"));
  if (!time) {
    wrong.push_back(
        absl::StrCat(option, " wants a day or a time, such as 2026-11-20 or 2026-11-20T09:00:00Z"));
  }
  return time;
}

class RequestCommand : public Command {
 public:
  RequestCommand() : Command("override request", "Ask that a closed gate be opened by hand") {
    table.Text("--decision", request_.decision, "ID", "The decision that closed it");
    table.File("--policy", request_.policy, "The ReleasePolicy that decided");
    table.Text("--reason", request_.reason, "TEXT", "Why the release cannot wait");
    table.MaybeText("--ticket", request_.ticket, "TEXT",
                    "The ticket, where the policy asks for one");
    table.MaybeText("--change", request_.change, "CLASS",
                    "Ask for a change class that needs consent, instead");
    AddLedgerOptions(table, request_);
  }
  Invocation Finish(std::vector<std::string>& wrong) override {
    CheckLedgerOptions(request_, wrong);
    CheckDecisionId(request_.decision, wrong);
    if (request_.policy.empty()) wrong.push_back("--policy FILE is missing");
    if (!table.Given("--reason")) wrong.push_back("--reason is missing: why can it not wait?");
    CheckValue("--ticket", request_.ticket, wrong);
    CheckValue("--change", request_.change, wrong);
    return request_;
  }

 private:
  OverrideRequestOptions request_;
};

// approve, reject, revoke and review: somebody's word about an override.
class JudgeCommand : public Command {
 public:
  using Action = OverrideJudgeOptions::Action;
  struct Words {
    Action action;
    const char* name;
    const char* description;
    const char* option;  // of the text
    const char* text;
  };
  explicit JudgeCommand(const Words& words)
      : Command(words.name, words.description), words_(words) {
    judge_.action = words.action;
    table.Positional("ID", positional_, "The override, as request printed it", {}, false);
    if (words.action == Action::kApprove) {
      table.File("--policy", judge_.policy, "The ReleasePolicy, which says who may approve");
    }
    table.Text(words.option, judge_.text, "TEXT", words.text);
    AddLedgerOptions(table, judge_);
  }
  Invocation Finish(std::vector<std::string>& wrong) override {
    CheckLedgerOptions(judge_, wrong);
    judge_.id = TheOne("ID", positional_, wrong);
    if (judge_.text.size() > limits::kReasonBytes) {
      wrong.push_back(absl::StrCat(words_.option, " has ", judge_.text.size(), " bytes; at most ",
                                   limits::kReasonBytes, " are kept"));
    }
    CheckValue("ID", judge_.id, wrong);
    if (judge_.action == Action::kApprove) {
      if (judge_.policy.empty()) wrong.push_back("--policy FILE is missing");
    } else if (judge_.text.empty()) {
      wrong.push_back(absl::StrCat(words_.option, " is missing: ", words_.text));
    }
    return judge_;
  }

 private:
  const Words words_;
  OverrideJudgeOptions judge_;
  std::vector<std::string> positional_;
};

constexpr JudgeCommand::Words kJudgements[] = {
    {JudgeCommand::Action::kApprove, "override approve", "Consent to an override", "--comment",
     "What is to be remembered of it"},
    {JudgeCommand::Action::kReject, "override reject", "Refuse an override", "--reason",
     "Why it is refused"},
    {JudgeCommand::Action::kRevoke, "override revoke", "Take an override back", "--reason",
     "Why it no longer holds"},
    {JudgeCommand::Action::kReview, "override review", "Record the look back at an override",
     "--finding", "What the review found"},
};

// "ledger list" and "override list"; likewise show.
class ListCommand : public Command {
 public:
  explicit ListCommand(bool overrides)
      : Command(overrides ? "override list" : "ledger list",
                overrides ? "List overrides, the newest first" : "List records, the newest first") {
    list_.overrides = overrides;
    table.Text("--service", service_, "NAME", "Of this service alone");
    table.Text("--environment", environment_, "NAME", "Of this environment alone");
    table.Text("--person", list_.person, "ACCOUNT", "By this account alone, such as github:alice");
    if (!overrides) {
      table.Text("--verdict", list_.verdict, "VERDICT", "allow, warn, hold or deny", kVerdicts);
      table.Text("--kind", list_.kind, "KIND", "Records of this kind alone, such as release");
    }
    table.Text("--since", since_, "TIME", "From then on");
    table.Text("--until", until_, "TIME", "Before then");
    table.Text("--most", most_, "NUMBER", "At most so many (default 20); 0: all");
    table.Flag("--json", list_.json, "Whole records, a line each, for machines");
    AddLedgerOptions(table, list_);
  }
  Invocation Finish(std::vector<std::string>& wrong) override {
    CheckLedgerOptions(list_, wrong);
    if (table.Given("--service")) list_.service = service_;
    if (table.Given("--environment")) list_.environment = environment_;
    if (!list_.verdict.empty() &&
        std::find(kVerdicts.begin(), kVerdicts.end(), list_.verdict) == kVerdicts.end()) {
      wrong.push_back(UnknownWord("verdict", list_.verdict, kVerdicts));
    }
    if (!list_.kind.empty() && !RecordKindFromWord(list_.kind)) {
      std::vector<std::string> kinds;
      for (const RecordKind kind : AllRecordKinds()) kinds.emplace_back(Word(kind));
      wrong.push_back(UnknownWord("kind", list_.kind, kinds));
    }
    list_.since = ReadTime("--since", since_, wrong);
    list_.until = ReadTime("--until", until_, wrong);
    if (!most_.empty() && (!absl::SimpleAtoi(most_, &list_.most) || list_.most < 0)) {
      wrong.push_back("--most wants a number, such as 100; 0 is all");
    }
    return list_;
  }

 private:
  inline static const std::vector<std::string> kVerdicts = {"allow", "warn", "hold", "deny"};
  ListOptions list_;
  std::string service_, environment_, since_, until_, most_;
};

class ShowCommand : public Command {
 public:
  explicit ShowCommand(bool overrides)
      : Command(overrides ? "override show" : "ledger show",
                overrides ? "Tell an override in full: the audit note" : "Tell a record in full") {
    show_.overrides = overrides;
    table.Positional(
        "ID", positional_,
        overrides ? "The override's id" : "A decision's or override's id, or a record's number", {},
        false);
    table.Flag("--json", show_.json, "The records themselves, a line each");
    AddLedgerOptions(table, show_);
  }
  Invocation Finish(std::vector<std::string>& wrong) override {
    CheckLedgerOptions(show_, wrong);
    show_.id = TheOne("ID", positional_, wrong);
    CheckValue("ID", show_.id, wrong);
    return show_;
  }

 private:
  ShowOptions show_;
  std::vector<std::string> positional_;
};

class InitLedgerCommand : public Command {
 public:
  InitLedgerCommand() : Command("ledger init", "Create a ledger") {
    table.Text("--id", init_.id, "ID", "What policies call it: ledger: {id: …}");
    AddLedgerOptions(table, init_);
  }
  Invocation Finish(std::vector<std::string>& wrong) override {
    CheckLedgerOptions(init_, wrong);
    if (init_.id.empty()) {
      wrong.push_back("--id is missing: what do policies call it?");
    } else if (!IsLogId(init_.id)) {
      wrong.push_back(
          "--id wants letters, digits, '.', '_' and '-', at most 63, the first a letter or digit");
    }
    return init_;
  }

 private:
  LedgerInitOptions init_;
};

class VerifyCommand : public Command {
 public:
  VerifyCommand() : Command("ledger verify", "Recompute every hash of a ledger or of its export") {
    table.Positional("FILE", positional_, "An export, in place of a ledger; - is standard input");
    table.Many("--expect", verify_.expected, "CHECKPOINT",
               "A head remembered elsewhere, or a file with a signed one; may be repeated");
    table.Many("--key", verify_.keys, "KEY",
               "A verifier's key: then a file of --expect must be signed with one of them");
    AddLedgerOptions(table, verify_);
  }
  Invocation Finish(std::vector<std::string>& wrong) override {
    CheckLedgerOptions(verify_, wrong);
    if (!positional_.empty()) verify_.file = TheOne("FILE", positional_, wrong);
    if (!verify_.file.empty() && !verify_.ledger.empty()) {
      wrong.push_back("FILE and --ledger are two: which of them?");
    }
    for (const std::string& key : verify_.keys) {
      const absl::StatusOr<NoteKey> read = ParseNoteKey(key);
      if (!read.ok()) wrong.push_back(absl::StrCat("--key: ", read.status().message()));
    }
    return verify_;
  }

 private:
  LedgerVerifyOptions verify_;
  std::vector<std::string> positional_;
};

class CheckpointCommand : public Command {
 public:
  CheckpointCommand()
      : Command("ledger checkpoint", "Print the ledger's head, to be remembered elsewhere") {
    table.File("--sign", checkpoint_.sign, "Sign it with this Ed25519 private key (PEM)");
    AddLedgerOptions(table, checkpoint_);
  }
  Invocation Finish(std::vector<std::string>& wrong) override {
    CheckLedgerOptions(checkpoint_, wrong);
    return checkpoint_;
  }

 private:
  LedgerCheckpointOptions checkpoint_;
};

class ExportCommand : public Command {
 public:
  ExportCommand() : Command("ledger export", "Write all records to standard output") {
    table.Flag("--csv", export_.csv, "A table for auditors, without the proof");
    AddLedgerOptions(table, export_);
  }
  Invocation Finish(std::vector<std::string>& wrong) override {
    CheckLedgerOptions(export_, wrong);
    return export_;
  }

 private:
  LedgerExportOptions export_;
};

class ImportCommand : public Command {
 public:
  ImportCommand() : Command("ledger import", "Create a ledger from an export, byte for byte") {
    table.Positional("FILE", positional_, "What ledger export wrote");
    table.Text("--repair", import_.repair, "REASON",
               "Take what verifies of a damaged one, and record what is lost and why");
    AddLedgerOptions(table, import_);
  }
  Invocation Finish(std::vector<std::string>& wrong) override {
    CheckLedgerOptions(import_, wrong);
    import_.file = TheOne("FILE", positional_, wrong);
    return import_;
  }

 private:
  LedgerImportOptions import_;
  std::vector<std::string> positional_;
};

class ReportCommand : public Command {
 public:
  ReportCommand()
      : Command("ledger report", "Sum up by service: decisions, overrides, reviews, releases") {
    table.Text("--from", from_, "TIME", "From then on");
    table.Text("--to", to_, "TIME", "Before then (default now)");
    table.Text("--service", service_, "NAME", "Of this service alone");
    table.Flag("--json", report_.json, "For machines");
    AddLedgerOptions(table, report_);
  }
  Invocation Finish(std::vector<std::string>& wrong) override {
    CheckLedgerOptions(report_, wrong);
    if (table.Given("--service")) report_.service = service_;
    if (from_.empty()) wrong.push_back("--from is missing: since when, such as 2026-11-01?");
    report_.from = ReadTime("--from", from_, wrong).value_or(absl::UnixEpoch());
    report_.to = ReadTime("--to", to_, wrong).value_or(absl::InfiniteFuture());
    if (wrong.empty() && report_.to <= report_.from) {
      wrong.push_back("--to is not after --from");
    }
    return report_;
  }

 private:
  LedgerReportOptions report_;
  std::string from_, to_, service_;
};

}  // namespace

Commands LedgerCommands() {
  Commands commands;
  commands.push_back(std::make_unique<RequestCommand>());
  for (const JudgeCommand::Words& words : kJudgements) {
    commands.push_back(std::make_unique<JudgeCommand>(words));
  }
  commands.push_back(std::make_unique<ListCommand>(true));
  commands.push_back(std::make_unique<ShowCommand>(true));
  commands.push_back(std::make_unique<InitLedgerCommand>());
  commands.push_back(std::make_unique<VerifyCommand>());
  commands.push_back(std::make_unique<CheckpointCommand>());
  commands.push_back(std::make_unique<ListCommand>(false));
  commands.push_back(std::make_unique<ShowCommand>(false));
  commands.push_back(std::make_unique<ExportCommand>());
  commands.push_back(std::make_unique<ImportCommand>());
  commands.push_back(std::make_unique<ReportCommand>());
  return commands;
}

}  // namespace slogate
