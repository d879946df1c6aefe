#include "gate/cli/options.h"

#include <algorithm>
#include <memory>
#include <utility>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <CLI/CLI.hpp>

#include "adapters/adapter.h"
#include "gate/base/duration.h"
#include "gate/base/suggest.h"
#include "gate/cli/values.h"

namespace slogate {
namespace {

constexpr char kAbout[] =
    "slogate answers one question: may this release go out now? It reads a policy, measures the "
    "service's\n"
    "SLIs in Prometheus, compares them with the error budget, and answers allow, warn, hold or "
    "deny.";

constexpr char kMainFooter[] =
    "\nExit codes: 0 proceed, 1 deny, 2 usage error or invalid file, 3 hold, 5 internal error.\n"
    "\nExamples:\n"
    "  slogate lint policy.yaml slos.yaml\n"
    "  slogate check --policy policy.yaml --slos slos.yaml --environment production\n"
    "  slogate check --help";

constexpr char kCheckFooter[] =
    "\nExit codes: 0 proceed, 1 deny, 2 usage error or invalid file, 3 hold, 5 internal error. A "
    "dry run exits 0\n"
    "whatever the verdict; with --detailed-exit-code 10 for warn, 11 for deny, 13 for hold.\n"
    "\nExamples:\n"
    "  slogate check --policy policy.yaml --slos checkout.yaml --environment production --version "
    "4.18.2\n"
    "  slogate check --policy policy.yaml --slos checkout.yaml --json decision.json\n"
    "  slogate check --policy policy.yaml --slos checkout.yaml --change rollback\n"
    "  slogate check --policy policy.yaml --slos checkout.yaml --dry-run --at 2026-11-20T09:00:00Z";

constexpr char kLintFooter[] =
    "\nReads no secrets and contacts nobody. Files given together are also checked together.\n"
    "\nExamples:\n"
    "  slogate lint policy.yaml\n"
    "  slogate lint policy.yaml checkout.yaml search.yaml";

constexpr char kSchemaFooter[] =
    "\nExamples:\n"
    "  slogate schema ReleasePolicy > release-policy.schema.json\n"
    "  slogate schema reference";

constexpr char kExplainFooter[] = "\nExamples:\n  slogate explain decision.json";

constexpr char kReplayFooter[] =
    "\nExit codes: 0 the same ruling (always with --policy), 1 a different one, 2 not a decision.\n"
    "\nExamples:\n"
    "  slogate replay decision.json\n"
    "  slogate replay decision.json --policy stricter.yaml";

constexpr char kCompletionFooter[] =
    "\nExamples:\n"
    "  source <(slogate completion bash)\n"
    "  slogate completion zsh > ~/.zfunc/_slogate\n"
    "  slogate completion fish > ~/.config/fish/completions/slogate.fish";

// CLI11's application with our four rules: nothing required (so that a typo is named first),
// nothing from the environment or a file, unknown arguments handed back, exit codes ours.
class CommandLine {
 public:
  CommandLine() {
    app_.allow_extras();
    app_.require_subcommand(0, 1);
    app_.footer(kMainFooter);
    app_.set_help_flag("-h,--help", "Show this help and exit");
    app_.get_formatter()->column_width(34);
    app_.get_formatter()->label("OPTIONS", "OPTIONS");

    CLI::App* check = Add("check", "May this release go out now?", kCheckFooter);
    File(check, "--policy", check_.policy, "The ReleasePolicy");
    check->add_option("--slos", check_.slos, "ServiceObjectives of the service; may be repeated")
        ->type_name("FILE")
        ->expected(1)
        ->take_all();
    Text(check, "--service", service_, "NAME", "The service; must be the one the files name");
    Text(check, "--environment", environment_, "NAME",
         "Where the release goes; one of the policy's");
    Text(check, "--artifact", check_.artifact, "DIGEST", "What is released, sha256:…");
    Text(check, "--version", check_.version, "TEXT", "Its version, for people");
    Text(check, "--commit", check_.commit, "TEXT", "The commit it was built from");
    Text(check, "--change", check_.change, "CLASS",
         "What kind of change it is; a class of the policy");
    Text(check, "--ticket", check_.ticket, "TEXT", "The ticket that the change class asks for");
    Text(check, "--deadline", deadline_, "DURATION",
         "Longest wait for all answers together (default 60s)");
    File(check, "--json", check_.json, "Write the decision document there; - is standard output");
    Text(check, "--adapter", check_.adapter, absl::StrJoin(AdapterNames(), "|").c_str(),
         "For which CI system the text is laid out (default auto)");
    Flag(check, "--dry-run", check_.dry_run, "Evaluate everything, enforce nothing, exit 0");
    Text(check, "--at", at_, "TIME", "Evaluate as of then (RFC 3339); only with --dry-run");
    Flag(check, "--detailed-exit-code", check_.detailed_exit_code,
         "In a dry run, exit by the verdict");

    CLI::App* lint =
        Add("lint", "Check policy and SLO files without measuring anything", kLintFooter);
    Positional(lint, "FILE", lint_.files, "ReleasePolicy and ServiceObjectives files");

    CLI::App* schema = Add(
        "schema", "Print the JSON Schema of a kind of file, or the reference page", kSchemaFooter);
    Positional(schema, "KIND", positional_,
               absl::StrCat("One of: ", absl::StrJoin(SchemaKinds(), ", ")));

    CLI::App* explain = Add("explain", "Tell a stored decision in full", kExplainFooter);
    Positional(explain, "DECISION", positional_, "A file written by check --json");

    CLI::App* replay =
        Add("replay", "Decide again from a stored decision's evidence alone", kReplayFooter);
    Positional(replay, "DECISION", positional_, "A file written by check --json");
    File(replay, "--policy", replay_.policy, "What would this policy have said?");
    replay
        ->add_option("--slos", replay_.slos,
                     "ServiceObjectives to go with --policy; may be repeated")
        ->type_name("FILE")
        ->expected(1)
        ->take_all();

    Add("version", "Print the version", "");
    CLI::App* completion =
        Add("completion", "Print a shell's completion script", kCompletionFooter);
    Positional(completion, "SHELL", positional_, "One of: bash, zsh, fish");
  }

  Invocation Parse(const std::vector<std::string>& arguments);
  std::vector<CommandWords> Words() const;

 private:
  CLI::App* Add(const char* name, const char* description, const char* footer) {
    CLI::App* command = app_.add_subcommand(name, description);
    command->allow_extras();
    command->footer(footer);
    command->get_formatter()->column_width(34);
    return command;
  }
  std::string Help(const CLI::App& command) const {
    return absl::StrCat(command.help(&command == &app_ ? "" : "slogate"), "\n");
  }
  const CLI::App* Find(const std::string& name) const {
    for (const CLI::App* command : app_.get_subcommands({})) {
      if (command->get_name() == name) return command;
    }
    return nullptr;
  }
  static void Text(CLI::App* command, const char* name, std::string& value, const char* type,
                   const char* doc) {
    command->add_option(name, value, doc)->type_name(type);
  }
  static void File(CLI::App* command, const char* name, std::string& value, const char* doc) {
    Text(command, name, value, "FILE", doc);
  }
  static void Flag(CLI::App* command, const char* name, bool& value, const char* doc) {
    command->add_flag(name, value, doc)->disable_flag_override();
  }
  static void Positional(CLI::App* command, const char* name, std::vector<std::string>& values,
                         const std::string& doc) {
    command->add_option(name, values, doc)->type_name(" ");
  }

  void CheckArguments(const std::vector<std::string>& arguments, const CLI::App* command,
                      std::vector<std::string>& wrong) const;
  // The one positional argument a command takes.
  std::string TheOne(const char* what, std::vector<std::string>& wrong) const;
  CheckOptions FinishCheck(std::vector<std::string>& wrong);

  CLI::App app_{kAbout, "slogate"};
  CheckOptions check_;
  LintOptions lint_;
  ReplayOptions replay_;
  std::string service_, environment_, deadline_, at_;
  std::vector<std::string> positional_;
};

std::vector<std::string> OptionNames(const CLI::App* command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command->get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back(absl::StrCat("--", name));
  }
  return names;
}

// What CLI11 would let pass: options it does not know, and a value that begins with '-', which is
// more often a value forgotten.
void CommandLine::CheckArguments(const std::vector<std::string>& arguments, const CLI::App* command,
                                 std::vector<std::string>& wrong) const {
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument == "--") return;
    if (!absl::StartsWith(argument, "-") || argument == "-" || argument == "-h") continue;
    const std::string name = argument.substr(0, argument.find('='));
    const CLI::Option* option = command->get_option_no_throw(name);
    if (option == nullptr || option->get_positional()) {
      wrong.push_back(
          absl::StrCat("unknown option '", name, "'", DidYouMean(name, OptionNames(command))));
      continue;
    }
    if (option->get_expected_min() == 0 || argument.size() != name.size())
      continue;  // a flag, or --x=y
    if (i + 1 >= arguments.size() ||
        (arguments[i + 1] != "-" && absl::StartsWith(arguments[i + 1], "-"))) {
      wrong.push_back(
          absl::StrCat(name, " needs a value; one that begins with '-' is written ", name, "=-…"));
    } else {
      ++i;
    }
  }
}

std::string CommandLine::TheOne(const char* what, std::vector<std::string>& wrong) const {
  if (positional_.size() == 1) return positional_[0];
  wrong.push_back(positional_.empty()
                      ? absl::StrCat(what, " is missing")
                      : absl::StrCat("one ", what, " is wanted, not ", positional_.size()));
  return "";
}

CheckOptions CommandLine::FinishCheck(std::vector<std::string>& wrong) {
  if (check_.policy.empty()) wrong.push_back("--policy FILE is missing");
  CheckValue("--service", service_, wrong);
  CheckValue("--environment", environment_, wrong);
  CheckValue("--version", check_.version, wrong);
  CheckValue("--commit", check_.commit, wrong);
  CheckValue("--change", check_.change, wrong);
  CheckValue("--ticket", check_.ticket, wrong);
  if (!service_.empty()) check_.service = service_;
  if (!environment_.empty()) check_.environment = environment_;
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
  if (check_.detailed_exit_code && !check_.dry_run)
    wrong.push_back("--detailed-exit-code needs --dry-run");
  if (FindAdapter(check_.adapter) == nullptr) {
    wrong.push_back(absl::StrCat("unknown adapter '", check_.adapter, "'; there are ",
                                 absl::StrJoin(AdapterNames(), ", ")));
  }
  return check_;
}

Invocation CommandLine::Parse(const std::vector<std::string>& arguments) {
  if (arguments.empty()) return HelpText{Help(app_), false};
  std::vector<std::string> wrong;
  if (absl::StartsWith(arguments[0], "-")) {
    if (arguments[0] == "-h" || arguments[0] == "--help") return HelpText{Help(app_)};
    if (arguments[0] == "--version") return VersionOptions{};
    CheckArguments({arguments[0]}, &app_, wrong);
    return UsageError{wrong, ""};
  }
  const CLI::App* command = Find(arguments[0]);
  if (command == nullptr) {
    std::vector<std::string> names = {"help"};
    for (const CLI::App* known : app_.get_subcommands({})) names.push_back(known->get_name());
    if (arguments[0] == "help") {
      const CLI::App* about = arguments.size() > 1 ? Find(arguments[1]) : nullptr;
      return HelpText{Help(about != nullptr ? *about : app_)};
    }
    return UsageError{
        {absl::StrCat("unknown command '", arguments[0], "'", DidYouMean(arguments[0], names))},
        ""};
  }
  const std::string name = command->get_name();
  const std::vector<std::string> rest(arguments.begin() + 1, arguments.end());
  for (const std::string& argument : rest) {
    if (argument == "--") break;
    if (argument == "-h" || argument == "--help") return HelpText{Help(*command)};
  }
  CheckArguments(rest, command, wrong);
  if (!wrong.empty()) return UsageError{wrong, name};
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // as CLI11 wants them
    app_.parse(std::move(reversed));
  } catch (const CLI::ParseError& error) {
    return UsageError{{error.what()}, name};
  }
  for (const std::string& extra : command->remaining()) {
    if (extra != "--") wrong.push_back(absl::StrCat("unexpected argument '", extra, "'"));
  }

  Invocation invocation = VersionOptions{};
  if (name == "check") {
    CheckOptions options = FinishCheck(wrong);
    options.command = RepeatableCommand(arguments);
    invocation = std::move(options);
  } else if (name == "lint") {
    if (lint_.files.empty()) wrong.push_back("FILE is missing: which files are to be checked?");
    invocation = lint_;
  } else if (name == "schema") {
    const SchemaOptions options{TheOne("KIND", wrong)};
    const std::vector<std::string> kinds = SchemaKinds();
    if (wrong.empty() && std::find(kinds.begin(), kinds.end(), options.kind) == kinds.end()) {
      wrong.push_back(absl::StrCat("unknown kind '", options.kind, "'",
                                   DidYouMean(options.kind, kinds), "; there are ",
                                   absl::StrJoin(kinds, ", ")));
    }
    invocation = options;
  } else if (name == "explain") {
    invocation = ExplainOptions{TheOne("DECISION", wrong)};
  } else if (name == "replay") {
    replay_.decision = TheOne("DECISION", wrong);
    if (replay_.policy.empty() && !replay_.slos.empty())
      wrong.push_back("--slos goes with --policy");
    invocation = replay_;
  } else if (name == "completion") {
    const CompletionOptions options{TheOne("SHELL", wrong)};
    if (wrong.empty() && options.shell != "bash" && options.shell != "zsh" &&
        options.shell != "fish") {
      wrong.push_back(
          absl::StrCat("no completion for '", options.shell, "'; there are bash, zsh, fish"));
    }
    invocation = options;
  }
  if (!wrong.empty()) return UsageError{wrong, name};
  return invocation;
}

std::vector<CommandWords> CommandLine::Words() const {
  std::vector<CommandWords> commands;
  for (const CLI::App* command : app_.get_subcommands({})) {
    CommandWords words{command->get_name(), command->get_description(), {}, false, {}};
    for (const CLI::Option* option : command->get_options()) {
      if (option->get_positional()) {
        if (words.name == "schema") words.words = SchemaKinds();
        if (words.name == "completion") words.words = {"bash", "zsh", "fish"};
        words.takes_files = words.words.empty();
        continue;
      }
      OptionWords entry{absl::StrCat("--", option->get_lnames().front()),
                        option->get_description(),
                        option->get_expected_min() > 0,
                        option->get_type_name() == "FILE",
                        {}};
      if (entry.name == "--adapter") entry.words = AdapterNames();
      words.options.push_back(std::move(entry));
    }
    commands.push_back(std::move(words));
  }
  return commands;
}

}  // namespace

Invocation ParseArguments(const std::vector<std::string>& arguments) {
  return CommandLine().Parse(arguments);
}

std::vector<CommandWords> AllCommands() { return CommandLine().Words(); }

}  // namespace slogate
