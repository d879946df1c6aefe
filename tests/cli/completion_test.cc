// The completion scripts in the shells that read them; a shell that is not installed is skipped.
#include <cstdlib>
#include <string>

#include <gtest/gtest.h>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>

#include "gate/cli/commands.h"
#include "tests/cli/memory_world.h"
#include "tests/testing/temp_folder.h"

namespace slogate {
namespace {

std::string Script(const std::string& shell) {
  fake::MemoryWorld memory;
  EXPECT_EQ(Completion({shell}, memory.world), 0);
  EXPECT_EQ(memory.err.text, "");
  return memory.out.text;
}

// Runs `command` in `folder`; the exit code.
int RunShell(const fake::TempFolder& folder, const std::string& command) {
  const std::string line = absl::StrCat("cd '", folder.path(), "' && { ", command, "; } >out 2>&1");
  const int status = std::system(line.c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool Installed(const std::string& shell) {
  return std::system(absl::StrCat("command -v ", shell, " >/dev/null 2>&1").c_str()) == 0;
}

TEST(CompletionTest, EveryScriptNamesEveryCommandAndOption) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const std::string script = Script(shell);
    for (const CommandWords& command : AllCommands()) {
      for (const absl::string_view word : absl::StrSplit(command.name, ' ')) {
        EXPECT_TRUE(absl::StrContains(script, word)) << shell << " " << command.name;
      }
      for (const OptionWords& option : command.options) {
        const std::string name = shell == std::string("fish")
                                     ? absl::StrCat("-l ", option.name.substr(2), " ")
                                     : option.name;
        EXPECT_TRUE(absl::StrContains(script, name)) << shell << " " << name;
      }
    }
  }
}

class ShellTest : public testing::TestWithParam<const char*> {};

TEST_P(ShellTest, ReadsItsScript) {
  const std::string shell = GetParam();
  if (!Installed(shell)) GTEST_SKIP() << shell << " is not installed";
  const fake::TempFolder folder;
  folder.Write("script", Script(shell));
  EXPECT_EQ(RunShell(folder, absl::StrCat(shell, " -n script")), 0) << folder.Read("out");
  EXPECT_EQ(folder.Read("out"), "");
}

INSTANTIATE_TEST_SUITE_P(Shells, ShellTest, testing::Values("bash", "zsh", "fish"),
                         [](const auto& test) { return std::string(test.param); });

struct WordsCase {
  const char* name;
  const char* line;  // the words before the cursor, the last one being typed; '' is a new one
  const char* want;
};

const WordsCase kWords[] = {
    {"commands", "slogate ''",
     "check completion doctor explain init ledger lint override record replay schema version "},
    {"a_command_begun", "slogate ch", "check "},
    {"options_begun", "slogate check --d", "--deadline --detailed-exit-code --dry-run "},
    {"the_value_of_an_option", "slogate check --adapter ''", "auto circleci github jenkins plain "},
    {"a_value_begun", "slogate check --adapter p", "plain "},
    {"a_file", "slogate check --policy a", "a name.yaml a.yaml "},
    {"a_file_of_json", "slogate check --json b", "b.json "},
    {"nothing_is_known_of_a_name", "slogate check --service ''", ""},
    {"after_the_value_options_again", "slogate check --policy a.yaml --sl", "--slos "},
    {"files_of_lint", "slogate lint a", "a name.yaml a.yaml "},
    {"options_of_lint", "slogate lint --", "--help "},
    {"kinds", "slogate schema ''", "--help ReleasePolicy ServiceObjectives reference "},
    {"kinds_begun", "slogate schema R", "ReleasePolicy "},
    {"shells", "slogate completion z", "zsh "},
    {"what_follows_a_group", "slogate override ''",
     "approve list reject request review revoke show "},
    {"what_follows_a_group_begun", "slogate ledger ver", "verify "},
    {"options_of_two_words", "slogate override request --r", "--reason "},
    {"values_of_two_words", "slogate ledger list --verdict d", "deny "},
    {"files_of_two_words", "slogate ledger verify b", "b.json "},
    {"decision_files", "slogate explain b", "b.json "},
};

class BashTest : public testing::TestWithParam<WordsCase> {};

TEST_P(BashTest, Offers) {
  if (!Installed("bash")) GTEST_SKIP() << "bash is not installed";
  const fake::TempFolder folder;
  folder.Write("script", Script("bash"));
  folder.Write("a.yaml", "");
  folder.Write("a name.yaml", "");
  folder.Write("b.json", "");
  folder.Write("run.sh", absl::StrCat("source ./script\nCOMP_WORDS=(", GetParam().line,
                                      ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_slogate\n"
                                      "for word in \"${COMPREPLY[@]}\"; do echo \"$word\"; done |\n"
                                      "  LC_ALL=C sort | tr '\\n' ' '\n"));
  ASSERT_EQ(RunShell(folder, "bash --norc run.sh"), 0) << folder.Read("out");
  EXPECT_EQ(folder.Read("out"), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(Lines, BashTest, testing::ValuesIn(kWords),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace slogate
