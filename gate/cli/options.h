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

struct CheckOptions : PolicyOptions {
  std::string artifact, version, commit, change, ticket;  // "" where not given
  absl::Duration deadline = absl::Seconds(60);
  std::string json;  // a path, "-", or ""
  std::vector<ReportOption> outputs;
  std::string adapter = "auto";
  bool dry_run = false;
  std::optional<absl::Time> at;  // only in a dry run; whole seconds
  bool detailed_exit_code = false;
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
    std::variant<UsageError, HelpText, CheckOptions, LintOptions, SchemaOptions, ExplainOptions,
                 ReplayOptions, InitOptions, DoctorOptions, VersionOptions, CompletionOptions>;

// `arguments` without the program's name.
Invocation ParseArguments(const std::vector<std::string>& arguments);

// What help texts and completion scripts are made of.
struct OptionWords {
  std::string name;  // "--policy"
  std::string description;
  std::string value;  // what its value is, "FILE"; "" for a flag
  bool takes_file = false;
  std::vector<std::string> words;  // the values it can have, where they are few
};
struct CommandWords {
  std::string name, description;
  std::vector<OptionWords> options;
  std::string argument, argument_description;  // its positional argument, or ""
  bool takes_files = false;                    // that is one or more files
  std::vector<std::string> words;              // or one of these
};
std::vector<CommandWords> AllCommands();

}  // namespace slogate
