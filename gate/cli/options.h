// The command line: from arguments to what is wanted. The whole surface of the argument parser;
// nothing here reads the environment, and no option comes from a file.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <absl/time/time.h>

namespace slogate {

struct ReportOption {
  std::string kind, file;  // "junit", "report.xml"
};

// Which policy, of which service, where.
struct PolicyOptions {
  std::string policy;
  std::vector<std::string> slos;
  std::optional<std::string> service, environment;
};

// Where the ledger is; "" where the command line does not say.
struct LedgerOptions {
  std::string ledger;
  // A ledger that vanishes with the machine may be used in CI, too.
  bool temporary = false;
};

// An override that is asked for in the same step as the check.
struct OverrideOptions {
  std::string reason, ticket, approved_by;
  absl::Duration wait = absl::ZeroDuration();  // how long to wait for one, zero: not at all
};

struct CheckOptions : PolicyOptions, LedgerOptions {
  std::string artifact, version, commit, change, ticket;  // "" where not given
  absl::Duration deadline = absl::Seconds(60);
  std::string json;  // a path, "-", or ""
  std::vector<ReportOption> outputs;
  std::string adapter = "auto";
  bool dry_run = false;
  std::optional<absl::Time> at;  // only in a dry run; whole seconds
  bool detailed_exit_code = false;
  OverrideOptions override;
  std::string command;  // the command line without change class and ticket, quoted for a shell
};

struct LintOptions {
  std::vector<std::string> files;
};

struct SchemaOptions {
  std::string kind;  // "ReleasePolicy", "ServiceObjectives" or "reference"
};

struct ExplainOptions {
  std::string decision;
};

struct InitOptions {
  std::string system;                // one of StarterSystemNames()
  std::string service = "checkout";  // as the examples call it
  std::string folder = ".";
  bool print = false;      // instead of writing
  std::string prometheus;  // the URL of one to ask, or ""
  std::string metric;      // the only one to look at, or ""
};

struct ReplayOptions {
  std::string decision;
  std::string policy;  // "" replays the recorded policy
  std::vector<std::string> slos;
};

struct DoctorOptions : PolicyOptions {
  std::vector<std::string> files;  // pipelines; may be none where there is a policy
};

struct VersionOptions {};

// What the pipeline says after deploying what a decision let out.
struct RecordOptions : LedgerOptions {
  std::string decision, result;
};

struct OverrideRequestOptions : LedgerOptions {
  std::string policy, decision, reason, ticket;
  std::string change;  // the class that the request is to prove, or ""
};

// override approve, reject, revoke and review.
struct OverrideJudgeOptions : LedgerOptions {
  enum class Action : uint8_t { kApprove, kReject, kRevoke, kReview };
  Action action = Action::kApprove;
  std::string policy;  // approve alone
  std::string id, text;
};

struct LedgerInitOptions : LedgerOptions {
  std::string id;
};

struct LedgerVerifyOptions : LedgerOptions {
  std::string file;  // an export, in place of a ledger
  std::vector<std::string> expected;
  std::vector<std::string> keys;  // verifiers' keys for signed notes
};

struct LedgerCheckpointOptions : LedgerOptions {
  std::string sign;  // a file with a private key, or ""
};

// ledger list and override list.
struct ListOptions : LedgerOptions {
  bool overrides = false;  // alone, one line each
  std::optional<std::string> service, environment;
  std::string verdict, person, kind;
  std::optional<absl::Time> since, until;
  int64_t most = 20;
  bool json = false;
};

// ledger show and override show.
struct ShowOptions : LedgerOptions {
  bool overrides = false;
  std::string id;
  bool json = false;
};

struct LedgerExportOptions : LedgerOptions {
  bool csv = false;
};

struct LedgerImportOptions : LedgerOptions {
  std::string file;
  std::string repair;  // the reason for taking what verifies of a damaged export, or ""
};

struct LedgerReportOptions : LedgerOptions {
  std::optional<std::string> service;
  absl::Time from, to;
  bool json = false;
};

struct CompletionOptions {
  std::string shell;  // "bash", "zsh" or "fish"
};

struct HelpText {
  std::string text;
  bool asked = true;  // false: nothing was asked for, so the help is an error message
};

struct UsageError {
  std::vector<std::string> messages;  // one line each, all that is wrong
  std::string command;                // whose --help helps; "" for slogate's own
};

using Invocation =
    std::variant<UsageError, HelpText, CheckOptions, RecordOptions, LintOptions, SchemaOptions,
                 ExplainOptions, ReplayOptions, InitOptions, DoctorOptions, VersionOptions,
                 CompletionOptions, OverrideRequestOptions, OverrideJudgeOptions, LedgerInitOptions,
                 LedgerVerifyOptions, LedgerCheckpointOptions, ListOptions, ShowOptions,
                 LedgerExportOptions, LedgerImportOptions, LedgerReportOptions>;

// `arguments` without the program's name.
Invocation ParseArguments(const std::vector<std::string>& arguments);

// What help texts and completion scripts are made of.
struct OptionWords {
  std::string name;  // "--policy"
  std::string description;
  std::string value;  // what its value is, "FILE"; "" for a flag
  bool takes_file = false;
  bool may_be_empty = false;       // it is then not given
  std::vector<std::string> words;  // the values it can have, where they are few
};
struct CommandWords {
  std::string name, description;  // the name may be two words: a group's, and what is done
  std::vector<OptionWords> options;
  std::string argument, argument_description;  // its positional argument, or ""
  bool takes_files = false;                    // that is one or more files
  std::vector<std::string> words;              // or one of these
};
std::vector<CommandWords> AllCommands();

}  // namespace slogate
