#include "gate/cli/options.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>

#include "tests/cli/teller.h"

namespace slogate {
namespace {

using fake::ArgumentsCase;
using fake::Strings;
using fake::Tell;

const std::string kDigest = "sha256:" + std::string(64, 'a');

const ArgumentsCase kCases[] = {
    {"policy_alone", {"check", "--policy", "p"}, "check policy=p"},
    {"everything",
     {"check",
      "--policy",
      "p",
      "--slos",
      "a",
      "--slos",
      "b",
      "--service",
      "s",
      "--environment",
      "e",
      "--artifact",
      kDigest,
      "--version",
      "v 1",
      "--commit",
      "c",
      "--change",
      "security",
      "--ticket",
      "CVE-1",
      "--deadline",
      "90s",
      "--json",
      "-",
      "--adapter",
      "plain",
      "--dry-run",
      "--at",
      "2026-11-20T09:00:00.7Z",
      "--detailed-exit-code"},
     "check policy=p slos=a,b service=s environment=e artifact=sha256:aa version=v 1 commit=c "
     "change=security ticket=CVE-1 deadline=1m30s json=- adapter=plain dry_run "
     "at=2026-11-20T09:00:00Z detailed"},
    {"with_equals_signs",
     {"check", "--policy=p", "--version=a=b", "--json=d.json"},
     "check policy=p version=a=b json=d.json"},
    {"empty_is_not_given",
     {"check", "--policy", "p", "--artifact", "", "--version=", "--commit", "",
      "--change=", "--ticket", "", "--dry-run"},
     "check policy=p dry_run"},
    {"a_value_that_begins_with_a_dash",
     {"check", "--policy", "p", "--version=-1"},
     "check policy=p version=-1"},
    {"another_that_looks_like_an_option",
     {"check", "--policy", "p", "--version=--dry-run"},
     "check policy=p version=--dry-run"},
    {"version_is_an_option_here",
     {"check", "--version", "1", "--policy", "p"},
     "check policy=p version=1"},

    {"nothing",
     {},
     "help not asked for: slogate answers one question: may this release go out now"},
    {"help", {"--help"}, "help: slogate answers one question: may this release go out now"},
    {"help_short", {"-h"}, "help: slogate answers one question: may this release go out now"},
    {"help_word", {"help"}, "help: slogate answers one question: may this release go out now"},
    {"help_of_a_command",
     {"help", "lint"},
     "help: Check policy and SLO files without measuring anything"},
    {"help_beside_mistakes",
     {"check", "--polcy", "p", "--help"},
     "help: May this release go out now"},
    {"version_option", {"--version"}, "version"},
    {"version", {"version"}, "version"},
    {"version_of_what", {"version", "2"}, "usage version: unexpected argument '2'"},

    {"no_policy", {"check"}, "usage check: --policy FILE is missing"},
    {"empty_policy",
     {"check", "--policy", ""},
     "usage check: --policy needs a value, and got an empty one"},
    {"a_typo",
     {"check", "--polcy", "p"},
     "usage check: unknown option '--polcy'; did you mean '--policy'?"},
    {"a_typo_before_an_equals_sign",
     {"check", "--environmen=x"},
     "usage check: unknown option '--environmen'; did you mean '--environment'?"},
    {"a_typo_like_nothing",
     {"check", "--frobnicate"},
     "usage check: unknown option '--frobnicate'"},
    {"a_short_option", {"check", "-p", "p"}, "usage check: unknown option '-p'"},
    {"an_abbreviation", {"check", "--pol", "p"}, "usage check: unknown option '--pol'"},
    {"an_option_before_the_command",
     {"--policy", "p", "check"},
     "usage : unknown option '--policy'"},
    {"an_unknown_command", {"chekc"}, "usage : unknown command 'chekc'; did you mean 'check'?"},
    {"an_empty_command", {""}, "usage : unknown command ''"},
    {"a_later_command", {"backtest"}, "usage : unknown command 'backtest'"},
    {"another_case",
     {"Check", "--policy", "p"},
     "usage : unknown command 'Check'; did you mean 'check'?"},
    {"no_value",
     {"check", "--policy"},
     "usage check: --policy needs a value; one that begins with '-' is written --policy=-…"},
    {"a_forgotten_value",
     {"check", "--policy", "--dry-run"},
     "usage check: --policy needs a value; one that begins with '-' is written --policy=-…"},
    {"a_forgotten_value_before_dashes",
     {"check", "--policy", "--"},
     "usage check: --policy needs a value; one that begins with '-' is written --policy=-…"},
    {"all_mistakes_at_once",
     {"check", "--polcy", "p", "--slos", "--dry-rum"},
     "usage check: unknown option '--polcy'; did you mean '--policy'? / --slos needs a value; one "
     "that begins with '-' is written --slos=-… / unknown option '--dry-rum'; did you mean "
     "'--dry-run'?"},
    {"an_equals_sign_and_nothing",
     {"check", "--policy", "p", "--json=", "--dry-run"},
     "usage check: --json needs a value"},
    {"an_equals_sign_and_nothing_takes_no_neighbour",
     {"check", "--policy", "p", "--change=", "rollback"},
     "usage check: unexpected argument 'rollback'"},
    {"an_empty_service",
     {"check", "--policy", "p", "--service", "", "--environment="},
     "usage check: --service needs a value, and got an empty one / --environment needs a value"},
    {"a_flag_with_a_value",
     {"check", "--policy", "p", "--dry-run=false"},
     "usage check: --dry-run takes no value"},
    {"a_flag_with_a_true_value",
     {"check", "--policy", "p", "--dry-run=true"},
     "usage check: --dry-run takes no value"},
    {"an_argument_too_many",
     {"check", "--policy", "p", "slos.yaml"},
     "usage check: unexpected argument 'slos.yaml'"},
    {"an_argument_after_dashes",
     {"check", "--policy", "p", "--", "--dry-run"},
     "usage check: unexpected argument '--dry-run'"},
    {"a_value_too_many_for_slos",
     {"check", "--policy", "p", "--slos", "a", "b"},
     "usage check: unexpected argument 'b'"},
    {"twice", {"check", "--policy", "p", "--policy", "q"}, "usage check: --policy is given twice"},
    {"twice_the_class",
     {"check", "--policy", "p", "--change=a", "--change", "b"},
     "usage check: --change is given twice"},
    {"a_flag_twice",
     {"check", "--policy", "p", "--dry-run", "--dry-run"},
     "usage check: --dry-run is given twice"},

    {"at_without_dry_run",
     {"check", "--policy", "p", "--at", "2026-11-20T09:00:00Z"},
     "usage check: --at needs --dry-run: a release is judged by the present"},
    {"at_is_no_time",
     {"check", "--policy", "p", "--dry-run", "--at", "yesterday"},
     "usage check: --at wants a time by RFC 3339, such as 2026-11-20T09:00:00Z"},
    {"at_is_empty",
     {"check", "--policy", "p", "--dry-run", "--at", ""},
     "usage check: --at needs a value, and got an empty one"},
    {"detailed_without_dry_run",
     {"check", "--policy", "p", "--detailed-exit-code"},
     "usage check: --detailed-exit-code needs --dry-run"},
    {"json_is_empty",
     {"check", "--policy", "p", "--json", ""},
     "usage check: --json needs a value, and got an empty one"},
    {"a_bare_number_of_seconds",
     {"check", "--policy", "p", "--deadline", "60"},
     "usage check: --deadline wants a duration from 1s to 1h, such as 90s"},
    {"a_deadline_too_short",
     {"check", "--policy", "p", "--deadline", "999ms"},
     "usage check: --deadline wants a duration from 1s to 1h, such as 90s"},
    {"the_longest_deadline",
     {"check", "--policy", "p", "--deadline", "1h"},
     "check policy=p deadline=1h"},
    {"a_deadline_too_long",
     {"check", "--policy", "p", "--deadline", "61m"},
     "usage check: --deadline wants a duration from 1s to 1h, such as 90s"},
    {"no_digest",
     {"check", "--policy", "p", "--artifact", "latest"},
     "usage check: --artifact wants a digest: sha256: and 64 hexadecimal digits"},
    {"unknown_adapter",
     {"check", "--policy", "p", "--adapter", "gitlab"},
     "usage check: unknown adapter 'gitlab'; did you mean 'github'?"},
    {"outputs",
     {"check", "--policy", "p", "--output", "junit=a=b.xml", "--output=markdown=c.md"},
     "check policy=p output=junit:a=b.xml output=markdown:c.md"},
    {"outputs_that_are_none",
     {"check", "--policy", "p", "--json", "a", "--output", "junit", "--output", "html=b",
      "--output", "junit=", "--output", "junit=a", "--output=headline=-"},
     "usage check: --output wants a kind and a file, such as junit=slogate.xml / "
     "unknown kind of report 'html'; there are junit, markdown, warnings-ng, headline / "
     "--output wants a kind and a file, such as junit=slogate.xml / two outputs go to a / "
     "--output takes a file; only --json can go to standard output"},
    {"control_characters",
     {"check", "--policy", "p", "--version", "1\x1b[2J"},
     "usage check: --version holds characters that a terminal does not show as they are: "
     "1\\x1b[2J"},
    {"control_characters_in_a_name",
     {"check", "--pol\x1b[2Jicy", "p"},
     "usage check: unknown option '--pol\\x1b[2Jicy'; did you mean '--policy'?"},
    {"control_characters_in_a_command",
     {"che\x1b[2Jck"},
     "usage : unknown command 'che\\x1b[2Jck'"},
    {"overlong",
     {"check", "--policy", "p", "--ticket", std::string(201, 'x')},
     "usage check: --ticket has 201 bytes; at most 200 are taken"},
    {"all_bad_values_at_once",
     {"check", "--deadline", "1", "--artifact", "x", "--detailed-exit-code"},
     "usage check: --policy FILE is missing / --artifact wants a digest: sha256: and 64 "
     "hexadecimal digits / --deadline wants a duration from 1s to 1h, such as 90s / "
     "--detailed-exit-code needs --dry-run"},

    {"lint", {"lint", "a", "b"}, "lint a,b"},
    {"lint_after_dashes", {"lint", "--", "-a", "--b"}, "lint -a,--b"},
    {"lint_nothing", {"lint"}, "usage lint: FILE is missing: which files are to be checked?"},
    {"lint_an_option", {"lint", "--policy", "a"}, "usage lint: unknown option '--policy'"},
    {"schema", {"schema", "ReleasePolicy"}, "schema ReleasePolicy"},
    {"schema_of_nothing", {"schema"}, "usage schema: KIND is missing"},
    {"schema_of_two",
     {"schema", "ReleasePolicy", "reference"},
     "usage schema: one KIND is wanted, not 2"},
    {"schema_misspelt",
     {"schema", "RelasePolicy"},
     "usage schema: unknown kind 'RelasePolicy'; did you mean 'ReleasePolicy'?"},
    {"schema_of_something",
     {"schema", "Decision"},
     "usage schema: unknown kind 'Decision'; there are ReleasePolicy, ServiceObjectives, "
     "reference"},
    {"explain", {"explain", "d.json"}, "explain d.json"},
    {"explain_a_file_called_like_an_option", {"explain", "--", "--help"}, "explain --help"},
    {"explain_nothing", {"explain"}, "usage explain: DECISION is missing"},
    {"explain_two", {"explain", "a", "b"}, "usage explain: one DECISION is wanted, not 2"},
    {"replay", {"replay", "d.json"}, "replay d.json"},
    {"replay_another_policy",
     {"replay", "--policy", "p", "d.json", "--slos", "a", "--slos", "b"},
     "replay d.json policy=p slos=a,b"},
    {"replay_slos_before_the_decision",
     {"replay", "--policy", "p", "--slos", "a", "d.json"},
     "replay d.json policy=p slos=a"},
    {"replay_slos_without_policy",
     {"replay", "d.json", "--slos", "a"},
     "usage replay: --slos goes with --policy"},
    {"replay_a_dry_run",
     {"replay", "d.json", "--dry-run"},
     "usage replay: unknown option '--dry-run'"},
    {"init", {"init", "github"}, "init github service=checkout folder=."},
    {"init_with_everything",
     {"init", "circleci", "--service", "a/b", "--folder", "x", "--print", "--prometheus",
      "http://[::1]:9090/p", "--metric", "a:b"},
     "init circleci service=a/b folder=x print prometheus=http://[::1]:9090/p metric=a:b"},
    {"doctor", {"doctor", "a.yml", "Jenkinsfile"}, "doctor a.yml,Jenkinsfile"},
    {"doctor_of_data",
     {"doctor", "--policy", "p", "--slos", "a", "--service", "shop", "--environment", "eu"},
     "doctor  policy=p slos=a service=shop environment=eu"},
    {"doctor_of_both", {"doctor", "a.yml", "--policy", "p"}, "doctor a.yml policy=p"},
    {"doctor_of_data_without_a_policy",
     {"doctor", "a.yml", "--environment", "eu"},
     "usage doctor: --slos, --service and --environment go with --policy"},
    {"doctor_of_nothing",
     {"doctor"},
     "usage doctor: FILE is missing: which files, such as .github/workflows/*.yml?"},
    {"completion", {"completion", "zsh"}, "completion zsh"},
    {"completion_of_an_unknown_shell",
     {"completion", "tcsh"},
     "usage completion: unknown shell 'tcsh'; there are bash, zsh, fish"},
};

class ArgumentsTest : public testing::TestWithParam<ArgumentsCase> {};

TEST_P(ArgumentsTest, MeanOneThing) { EXPECT_EQ(Tell(GetParam().arguments), GetParam().want); }

INSTANTIATE_TEST_SUITE_P(Table, ArgumentsTest, testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(ParseArgumentsTest, TheCommandCanBeRepeated) {
  const Invocation invocation = ParseArguments(
      {"check", "--policy", "my policy.yaml", "--change", "rollback", "--environment=production"});
  ASSERT_TRUE(std::holds_alternative<CheckOptions>(invocation));
  EXPECT_EQ(std::get<CheckOptions>(invocation).command,
            "slogate check --policy 'my policy.yaml' --environment=production");
}

// What a run must never be talked into without the words for it.
TEST(ParseArgumentsTest, OnlyTheFlagMakesADryRun) {
  for (const Strings& arguments :
       {Strings{"check", "--policy", "p"}, Strings{"check", "--policy", "p", "--version=--dry-run"},
        Strings{"check", "--policy", "p", "--service", "dry-run"}}) {
    const Invocation invocation = ParseArguments(arguments);
    ASSERT_TRUE(std::holds_alternative<CheckOptions>(invocation));
    EXPECT_FALSE(std::get<CheckOptions>(invocation).dry_run);
    EXPECT_FALSE(std::get<CheckOptions>(invocation).detailed_exit_code);
  }
}

std::string HelpOf(const Strings& arguments) {
  const Invocation invocation = ParseArguments(arguments);
  const HelpText* help = std::get_if<HelpText>(&invocation);
  return help != nullptr ? help->text : "";
}

TEST(HelpTest, NamesEveryCommandAndEveryOptionWithItsMeaning) {
  const std::string all = HelpOf({"--help"});
  const std::vector<CommandWords> commands = AllCommands();
  EXPECT_EQ(
      absl::StrJoin(
          commands, " ",
          [](std::string* out, const CommandWords& command) { out->append(command.name); }),
      "check record override request override approve override reject override revoke "
      "override review override list override show ledger init ledger verify ledger checkpoint "
      "ledger list ledger show ledger export ledger import ledger report lint schema explain "
      "replay init doctor version completion");
  for (const CommandWords& command : commands) {
    // Of two words: the first is in the list, and its own help has the second.
    Strings words = absl::StrSplit(command.name, ' ');
    const std::string list = words.size() == 1 ? all : HelpOf({words[0], "--help"});
    EXPECT_TRUE(absl::StrContains(list, absl::StrCat("\n  ", words.back(), " "))) << command.name;
    EXPECT_TRUE(absl::StrContains(list, command.description)) << command.name;
    EXPECT_TRUE(absl::StrContains(all, absl::StrCat("\n  ", words[0], " "))) << command.name;
    Strings asked = {"help"};
    asked.insert(asked.end(), words.begin(), words.end());
    words.push_back("--help");
    const std::string help = HelpOf(words);
    EXPECT_EQ(help, HelpOf(asked));
    EXPECT_TRUE(absl::StrContains(help, absl::StrCat("slogate ", command.name))) << help;
    for (const OptionWords& option : command.options) {
      EXPECT_TRUE(absl::StrContains(help, option.name)) << command.name << " " << option.name;
      EXPECT_FALSE(option.description.empty()) << command.name << " " << option.name;
    }
    EXPECT_EQ(absl::StrContains(help, "Examples:"), command.name != "version") << help;
    EXPECT_EQ(help.back(), '\n');
    for (const absl::string_view line : absl::StrSplit(help, '\n')) {
      EXPECT_LE(line.size(), 120U) << line;
    }
  }
}

TEST(HelpTest, CheckHasTheOptionsOfTheContract) {
  for (const CommandWords& command : AllCommands()) {
    if (command.name != "check") continue;
    std::string options;
    for (const OptionWords& option : command.options) {
      absl::StrAppend(&options, option.name, option.value.empty() ? "" : "=", option.value, " ");
    }
    EXPECT_EQ(options,
              "--help --policy=FILE --slos=FILE --service=NAME --environment=NAME "
              "--artifact=DIGEST --version=TEXT --commit=TEXT --change=CLASS --ticket=TEXT "
              "--deadline=DURATION --ledger=LEDGER --allow-temporary-ledger --wait=DURATION "
              "--override-reason=TEXT --override-ticket=TEXT --approved-by=WHO --json=FILE "
              "--adapter=auto|plain|github|jenkins|circleci "
              "--output=KIND=FILE --dry-run --at=TIME "
              "--detailed-exit-code ");
  }
}

}  // namespace
}  // namespace slogate
