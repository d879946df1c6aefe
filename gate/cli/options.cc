#include "gate/cli/options.h"

#include <algorithm>
#include <set>
#include <utility>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>
#include <CLI/CLI.hpp>

#include "adapters/adapter.h"
#include "adapters/reports/reports.h"
#include "gate/base/duration.h"
#include "gate/base/suggest.h"
#include "gate/cli/help.h"
#include "gate/cli/values.h"
#include "gate/policy/url.h"
#include "gate/starter/templates.h"
#include "gate/text/diagnostic.h"

namespace slogate {
namespace {

// CLI11's application with our four rules: nothing required (so that a typo is named first),
// nothing from the environment or a file, unknown arguments handed back, exit codes ours.
class CommandLine {
 public:
  CommandLine() {
    app_.allow_extras();
    app_.require_subcommand(0, 1);
    app_.set_help_flag("-h,--help", "Show this help and exit");

    CLI::App* check = Add("check", "May this release go out now?");
    File(check, "--policy", check_.policy, "The ReleasePolicy");
    Files(check, "--slos", check_.slos, "ServiceObjectives of the service; may be repeated");
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
    check
        ->add_option("--output", outputs_,
                     absl::StrCat("Write a report there, too: ", absl::StrJoin(ReportKinds(), ", "),
                                  "; may be repeated"))
        ->type_name("KIND=FILE")
        ->expected(1)
        ->take_all()
        ->allow_extra_args(false);
    Flag(check, "--dry-run", check_.dry_run, "Evaluate everything, enforce nothing, exit 0");
    Text(check, "--at", at_, "TIME", "Evaluate as of then (RFC 3339); only with --dry-run");
    Flag(check, "--detailed-exit-code", check_.detailed_exit_code,
         "In a dry run, exit by the verdict");

    CLI::App* lint = Add("lint", "Check policy and SLO files without measuring anything");
    Positional(lint, "FILE", lint_.files, "ReleasePolicy and ServiceObjectives files");

    CLI::App* schema =
        Add("schema", "Print the JSON Schema of a kind of file, or the reference page");
    Positional(schema, "KIND", positional_,
               absl::StrCat("One of: ", absl::StrJoin(SchemaKinds(), ", ")));

    CLI::App* explain = Add("explain", "Tell a stored decision in full");
    Positional(explain, "DECISION", positional_, "A file written by check --json");

    CLI::App* replay = Add("replay", "Decide again from a stored decision's evidence alone");
    Positional(replay, "DECISION", positional_, "A file written by check --json");
    File(replay, "--policy", replay_.policy, "What would this policy have said?");
    Files(replay, "--slos", replay_.slos, "ServiceObjectives to go with --policy; may be repeated");

    CLI::App* init = Add("init", "Write a policy, SLOs and a pipeline to start from");
    Positional(init, "SYSTEM", positional_,
               absl::StrCat("One of: ", absl::StrJoin(StarterSystemNames(), ", ")));
    Text(init, "--service", init_.service, "NAME", "The service (default checkout)");
    Text(init, "--folder", init_.folder, "FOLDER", "The repository to write into (default .)");
    Flag(init, "--print", init_.print, "Print the files instead of writing them");
    Text(init, "--prometheus", init_.prometheus, "URL",
         "Propose SLOs by what this server has of the service");
    Text(init, "--metric", init_.metric, "NAME",
         "The metric to propose by; only with --prometheus");

    CLI::App* doctor = Add("doctor", "Look for ways past the gate in pipeline files");
    Positional(doctor, "FILE", doctor_.files,
               "Workflows, Jenkinsfiles, CircleCI and GitLab configurations, shell scripts");
    File(doctor, "--policy", doctor_.policy, "Look at the data, too, that this policy asks for");
    Files(doctor, "--slos", doctor_.slos, "ServiceObjectives of the service; may be repeated");
    Text(doctor, "--service", service_, "NAME", "The service; must be the one the files name");
    Text(doctor, "--environment", environment_, "NAME", "Whose data; one of the policy's");

    Add("version", "Print the version");
    CLI::App* completion = Add("completion", "Print a shell's completion script");
    Positional(completion, "SHELL", positional_,
               absl::StrCat("One of: ", absl::StrJoin(Shells(), ", ")));
  }

  Invocation Parse(const std::vector<std::string>& arguments);
  std::vector<CommandWords> Words() const;

 private:
  CommandWords WordsOf(const CLI::App& command) const;

  CLI::App* Add(const char* name, const char* description) {
    CLI::App* command = app_.add_subcommand(name, description);
    command->allow_extras();
    return command;
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
  static void Files(CLI::App* command, const char* name, std::vector<std::string>& values,
                    const char* doc) {
    command->add_option(name, values, doc)
        ->type_name("FILE")
        ->expected(1)
        ->take_all()
        ->allow_extra_args(false);  // one file each time, or it takes the argument behind it, too
  }
  static void Flag(CLI::App* command, const char* name, bool& value, const char* doc) {
    command->add_flag(name, value, doc)->disable_flag_override();
  }
  static void Positional(CLI::App* command, const char* name, std::vector<std::string>& values,
                         const std::string& doc) {
    command->add_option(name, values, doc);
  }

  void CheckArguments(const std::vector<std::string>& arguments, const CLI::App* command,
                      std::vector<std::string>& wrong) const;
  // The one positional argument a command takes.
  std::string TheOne(const char* what, std::vector<std::string>& wrong) const;
  void FinishOutputs(std::vector<std::string>& wrong);
  CheckOptions FinishCheck(std::vector<std::string>& wrong);
  void FinishPolicy(PolicyOptions& options, std::vector<std::string>& wrong) const;
  DoctorOptions FinishDoctor(std::vector<std::string>& wrong);
  InitOptions FinishInit(bool named, std::vector<std::string>& wrong);

  CLI::App app_{"", "slogate"};
  CheckOptions check_;
  LintOptions lint_;
  ReplayOptions replay_;
  InitOptions init_;
  DoctorOptions doctor_;
  std::string service_, environment_, deadline_, at_;
  std::vector<std::string> positional_, outputs_;
};

// What describes the release may be empty, as a pipeline's variables are: it is then not given.
bool MayBeEmpty(const std::string& option) {
  return option == "--artifact" || option == "--version" || option == "--commit" ||
         option == "--change" || option == "--ticket";
}

std::vector<std::string> OptionNames(const CLI::App* command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command->get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back(absl::StrCat("--", name));
  }
  return names;
}

// What CLI11 would let pass, or say in its own words: options it does not know, values that are
// missing or empty or begin with '-' (more often a value forgotten), flags with a value, and
// options given twice.
void CommandLine::CheckArguments(const std::vector<std::string>& arguments, const CLI::App* command,
                                 std::vector<std::string>& wrong) const {
  std::set<std::string> given;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument == "--") return;
    if (!absl::StartsWith(argument, "-") || argument == "-") continue;
    const size_t equals = argument.find('=');
    const std::string name = argument.substr(0, equals);
    const CLI::Option* option = command->get_option_no_throw(name);
    if (option == nullptr || option->get_positional()) {
      wrong.push_back(absl::StrCat("unknown option '", Printable(name), "'",
                                   DidYouMean(name, OptionNames(command))));
      continue;
    }
    const bool repeats = option->get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll;
    if (!given.insert(name).second && !repeats)
      wrong.push_back(absl::StrCat(name, " is given twice"));
    if (option->get_expected_min() == 0) {
      if (equals != std::string::npos) wrong.push_back(absl::StrCat(name, " takes no value"));
      continue;
    }
    if (equals != std::string::npos) {
      if (equals + 1 == argument.size() && !MayBeEmpty(name)) {
        wrong.push_back(absl::StrCat(name, " needs a value"));
      }
    } else if (i + 1 >= arguments.size() ||
               (arguments[i + 1] != "-" && absl::StartsWith(arguments[i + 1], "-"))) {
      wrong.push_back(
          absl::StrCat(name, " needs a value; one that begins with '-' is written ", name, "=-…"));
    } else {
      ++i;
      if (arguments[i].empty() && !MayBeEmpty(name)) {
        wrong.push_back(absl::StrCat(name, " needs a value, and got an empty one"));
      }
    }
  }
}

// The arguments as CLI11 wants them: the last first, and "--x=" as two, since it would take what
// stands behind it for the value.
std::vector<std::string> ForCli11(const std::vector<std::string>& arguments) {
  std::vector<std::string> result;
  bool options = true;  // until "--"
  for (const std::string& argument : arguments) {
    options = options && argument != "--";
    if (options && absl::StartsWith(argument, "--") && argument.find('=') + 1 == argument.size()) {
      result.push_back(argument.substr(0, argument.size() - 1));
      result.emplace_back();
    } else {
      result.push_back(argument);
    }
  }
  std::reverse(result.begin(), result.end());
  return result;
}

std::string CommandLine::TheOne(const char* what, std::vector<std::string>& wrong) const {
  if (positional_.size() == 1) return positional_[0];
  wrong.push_back(positional_.empty()
                      ? absl::StrCat(what, " is missing")
                      : absl::StrCat("one ", what, " is wanted, not ", positional_.size()));
  return "";
}

// "junit=FILE", each into a file of its own.
void CommandLine::FinishOutputs(std::vector<std::string>& wrong) {
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

void CommandLine::FinishPolicy(PolicyOptions& options, std::vector<std::string>& wrong) const {
  CheckValue("--service", service_, wrong);
  CheckValue("--environment", environment_, wrong);
  if (!service_.empty()) options.service = service_;
  if (!environment_.empty()) options.environment = environment_;
}

DoctorOptions CommandLine::FinishDoctor(std::vector<std::string>& wrong) {
  FinishPolicy(doctor_, wrong);
  if (doctor_.files.empty() && doctor_.policy.empty()) {
    wrong.push_back("FILE is missing: which files, such as .github/workflows/*.yml?");
  }
  if (doctor_.policy.empty() && (!doctor_.slos.empty() || doctor_.service || doctor_.environment)) {
    wrong.push_back("--slos, --service and --environment go with --policy");
  }
  return doctor_;
}

CheckOptions CommandLine::FinishCheck(std::vector<std::string>& wrong) {
  if (check_.policy.empty()) wrong.push_back("--policy FILE is missing");
  FinishPolicy(check_, wrong);
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
  FinishOutputs(wrong);
  if (check_.detailed_exit_code && !check_.dry_run)
    wrong.push_back("--detailed-exit-code needs --dry-run");
  const std::vector<std::string> adapters = AdapterNames();
  if (std::find(adapters.begin(), adapters.end(), check_.adapter) == adapters.end()) {
    wrong.push_back(UnknownWord("adapter", check_.adapter, adapters));
  }
  return check_;
}

// `named`: whether --service was given.
InitOptions CommandLine::FinishInit(bool named, std::vector<std::string>& wrong) {
  init_.system = TheOne("SYSTEM", wrong);
  const std::vector<std::string> systems = StarterSystemNames();
  if (wrong.empty() && std::find(systems.begin(), systems.end(), init_.system) == systems.end()) {
    wrong.push_back(UnknownWord("system", init_.system, systems));
  }
  if (!IsServiceName(init_.service)) {
    wrong.push_back(
        "--service wants letters, digits, '.', '_', '-' and '/', at most 63, the first a letter or "
        "digit");
  } else if (init_.service == "release-policy") {
    wrong.push_back("--service release-policy: its file would be the policy's");
  }
  BadValue why;
  if (!init_.prometheus.empty() && !CheckUrl(init_.prometheus, UrlUse::kSource, why)) {
    wrong.push_back(absl::StrCat("--prometheus: ", why.message));
  }
  if (!init_.prometheus.empty() && !named) {
    wrong.push_back("--prometheus needs --service: whose metrics are wanted?");
  }
  if (!init_.metric.empty() && init_.prometheus.empty()) {
    wrong.push_back("--metric needs --prometheus");
  }
  if (!init_.metric.empty() && !IsMetricName(init_.metric)) {
    wrong.push_back("--metric wants a metric's name, such as http_requests_total");
  }
  return init_;
}

Invocation CommandLine::Parse(const std::vector<std::string>& arguments) {
  if (arguments.empty()) return HelpText{MainHelp(Words()), false};
  const std::string& first = arguments[0];
  std::vector<std::string> wrong;
  if (first == "-h" || first == "--help") return HelpText{MainHelp(Words())};
  if (first == "--version") return VersionOptions{};
  std::vector<std::string> names = {"help"};
  for (const CLI::App* known : app_.get_subcommands({})) names.push_back(known->get_name());
  if (absl::StartsWith(first, "-")) {
    return UsageError{{absl::StrCat("unknown option '", Printable(first), "'",
                                    DidYouMean(first, {"--help", "--version"}))},
                      ""};
  }
  if (first == "help") {
    if (arguments.size() == 1) return HelpText{MainHelp(Words())};
    if (Find(arguments[1]) != nullptr) return HelpText{CommandHelp(WordsOf(*Find(arguments[1])))};
  }
  const std::string& wanted = first == "help" ? arguments[1] : first;
  const CLI::App* command = Find(wanted);
  if (command == nullptr) {
    return UsageError{
        {absl::StrCat("unknown command '", Printable(wanted), "'", DidYouMean(wanted, names))}, ""};
  }
  const std::string name = command->get_name();
  const std::vector<std::string> rest(arguments.begin() + 1, arguments.end());
  for (const std::string& argument : rest) {
    if (argument == "--") break;
    if (argument == "-h" || argument == "--help") return HelpText{CommandHelp(WordsOf(*command))};
  }
  CheckArguments(rest, command, wrong);
  if (!wrong.empty()) return UsageError{wrong, name};
  try {
    app_.parse(ForCli11(arguments));
  } catch (const CLI::ParseError& error) {
    return UsageError{{error.what()}, name};
  }
  for (const std::string& extra : app_.remaining(true)) {
    if (extra != "--") {
      wrong.push_back(absl::StrCat("unexpected argument '", Printable(extra), "'"));
    }
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
      wrong.push_back(UnknownWord("kind", options.kind, kinds));
    }
    invocation = options;
  } else if (name == "explain") {
    invocation = ExplainOptions{TheOne("DECISION", wrong)};
  } else if (name == "replay") {
    replay_.decision = TheOne("DECISION", wrong);
    if (replay_.policy.empty() && !replay_.slos.empty())
      wrong.push_back("--slos goes with --policy");
    invocation = replay_;
  } else if (name == "init") {
    invocation = FinishInit(command->count("--service") > 0, wrong);
  } else if (name == "doctor") {
    invocation = FinishDoctor(wrong);
  } else if (name == "completion") {
    const CompletionOptions options{TheOne("SHELL", wrong)};
    const std::vector<std::string> shells = Shells();
    if (wrong.empty() && std::find(shells.begin(), shells.end(), options.shell) == shells.end()) {
      wrong.push_back(UnknownWord("shell", options.shell, shells));
    }
    invocation = options;
  }
  if (!wrong.empty()) return UsageError{wrong, name};
  return invocation;
}

CommandWords CommandLine::WordsOf(const CLI::App& command) const {
  CommandWords words{command.get_name(), command.get_description(), {}, "", "", false, {}};
  for (const CLI::Option* option : command.get_options()) {
    if (option->get_positional()) {
      words.argument = option->get_name();
      words.argument_description = option->get_description();
      if (words.name == "schema") words.words = SchemaKinds();
      if (words.name == "completion") words.words = Shells();
      if (words.name == "init") words.words = StarterSystemNames();
      words.takes_files = words.words.empty();
      continue;
    }
    OptionWords entry{
        absl::StrCat("--", option->get_lnames().front()), option->get_description(), "", false, {}};
    if (option->get_expected_min() > 0) entry.value = option->get_type_name();
    entry.takes_file = entry.value == "FILE" || entry.value == "FOLDER";
    if (entry.name == "--adapter") entry.words = AdapterNames();
    words.options.push_back(std::move(entry));
  }
  return words;
}

std::vector<CommandWords> CommandLine::Words() const {
  std::vector<CommandWords> commands;
  for (const CLI::App* command : app_.get_subcommands({})) commands.push_back(WordsOf(*command));
  return commands;
}

}  // namespace

Invocation ParseArguments(const std::vector<std::string>& arguments) {
  return CommandLine().Parse(arguments);
}

std::vector<CommandWords> AllCommands() { return CommandLine().Words(); }

}  // namespace slogate
