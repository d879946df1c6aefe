// Shell programs: each way past the gate beside a near miss.
#include <cstdlib>
#include <filesystem>
#include <string>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include "gate/doctor/shell.h"
#include "tests/doctor/found.h"
#include "tests/testing/temp_folder.h"

namespace slogate {
namespace {

class ShellScripts : public testing::TestWithParam<DoctorCase> {};

TEST_P(ShellScripts, Finds) { EXPECT_EQ(Found("gate.sh", GetParam().text), GetParam().want); }

// A script whose first line is no #! runs without -e.
const DoctorCase kScripts[] = {
    {"Fine", "set -euo pipefail\nslogate check --policy p.yaml\n./deploy.sh\n", ""},
    {"ShebangSetsToo", "#!/bin/bash -e\nslogate check --policy p.yaml\n./deploy.sh\n", ""},
    {"LastLineNeedsNothing", "slogate check --policy p.yaml\n", ""},

    {"OrTrue", "slogate check --policy p.yaml || true\n", "1:31 ignored_exit_code"},
    {"OrColon", "slogate check || :\n", "1:15 ignored_exit_code"},
    {"OrExitZero", "slogate check || exit 0\n", "1:15 ignored_exit_code"},
    {"OrEcho", "slogate check || echo denied\n", "1:15 ignored_exit_code"},
    {"OrOnTheNextLine", "slogate check ||\n  true\n", "1:15 ignored_exit_code"},
    {"OrBehindAnd", "slogate check && ./deploy.sh || true\n", "1:30 ignored_exit_code"},
    {"OrAroundAGroup", "{ slogate check; ./deploy.sh; } || true\n", "1:3 errexit_off"},
    {"OrAroundAGroupWithErrexit", "set -e\n( slogate check; ./deploy.sh ) || true\n",
     "2:32 ignored_exit_code"},
    {"OrGroupThatEndsWell", "slogate check || { echo denied; notify; }\n",
     "1:15 ignored_exit_code"},
    {"OrExit", "slogate check || exit 1\n./deploy.sh\n", ""},
    {"OrExitWithItsCode", "slogate check || exit\n./deploy.sh\n", ""},
    {"OrExitWithAVariable", "slogate check || exit \"$?\"\n./deploy.sh\n", ""},
    {"OrGroupThatFails", "slogate check || { echo denied >&2; exit 1; }\n./deploy.sh\n", ""},
    {"OrDie", "slogate check || die 'no release'\n./deploy.sh\n", ""},
    {"OrFalse", "slogate check || false\n", ""},
    {"OrKeepsTheCode", "code=0\nslogate check || code=$?\nreport\nexit \"$code\"\n", ""},
    {"OrKeepsTheCodeForNobody", "slogate check || code=$?\n./deploy.sh\n",
     "1:15 ignored_exit_code"},
    {"OrBelongsToAnother", "set -e\nslogate check\nrm -r old || true\n", ""},

    {"SemicolonTrue", "slogate check; true\n", "1:1 errexit_off"},
    {"SemicolonTrueWithErrexit", "set -e\nslogate check; true\n", ""},
    {"SetPlusE", "set -e\nset +e\nslogate check\n./deploy.sh\n", "3:1 errexit_off"},
    {"SetPlusOErrexit", "set -eu\nset +o errexit\nslogate check\n./deploy.sh\n", "3:1 errexit_off"},
    {"SetPlusEAndBack", "set -e\nset +e\ntry_it\nset -e\nslogate check\n./deploy.sh\n", ""},
    {"SetPlusEAndALook", "set +e\nslogate check\ncode=$?\nset -e\nexit $code\n", ""},

    {"PipeWithoutPipefail", "set -e\nslogate check | tee log\n", "2:15 pipe_without_pipefail"},
    {"PipeOfBoth", "set -e\nslogate check |& tee log\n", "2:15 pipe_without_pipefail"},
    {"PipeWithPipefail", "set -eo pipefail\nslogate check | tee log\n./deploy.sh\n", ""},
    {"PipeWithPipestatus", "slogate check | tee log\nexit \"${PIPESTATUS[0]}\"\n", ""},
    {"LastOfAPipe", "set -e\nyes | slogate check\n./deploy.sh\n", ""},
    {"NoPipeButAClobber", "set -e\nslogate check >| log\n./deploy.sh\n", ""},
    {"PipeOfAGroup", "set -e\n{ slogate check; } | tee log\n", "2:20 pipe_without_pipefail"},

    {"AndThenMore", "set -e\nslogate check && echo yes\n./deploy.sh\n", "2:1 and_list"},
    {"AndAtTheEnd", "set -e\nslogate check && ./deploy.sh\n", ""},
    {"Background", "set -e\nslogate check &\n./deploy.sh\n", "2:15 background"},
    {"NoBackgroundButARedirection", "set -e\nslogate check >log 2>&1\nslogate check &>log\n", ""},
    {"Negated", "set -e\n! slogate check\n./deploy.sh\n", "2:3 negated"},

    {"Condition", "set -e\nif slogate check; then echo yes; fi\n./deploy.sh\n",
     "2:4 gate_as_condition"},
    {"ConditionWithElse",
     "set -e\nif slogate check; then\n  echo yes\nelse\n  exit 1\nfi\n./deploy.sh\n", ""},
    {"ConditionOfItsContrary", "set -e\nif ! slogate check; then exit 1; fi\n./deploy.sh\n", ""},
    {"UntilAllowed", "set -e\nuntil slogate check; do wait_a_bit; done\n./deploy.sh\n", ""},
    {"WhileNotAllowed", "set -e\nwhile ! slogate check; do wait_a_bit; done\n./deploy.sh\n", ""},
    {"UntilAllowedOrTired", "until slogate check; do tired && break; done\n./deploy.sh\n",
     "1:7 gate_as_condition"},
    {"WhileAllowed", "while slogate check; do ./step.sh; done\n./deploy.sh\n",
     "1:7 gate_as_condition"},
    {"WithinABranch", "set -e\nif test -f x; then slogate check; fi\n./deploy.sh\n", ""},

    {"Substitution", "set -e\necho \"$(slogate check)\"\n", "2:9 substitution"},
    {"SubstitutionOfExport", "set -e\nexport A=$(slogate check)\n", "2:12 substitution"},
    {"SubstitutionInBackticks", "set -e\necho `slogate check`\n", "2:7 substitution"},
    {"SubstitutionAssigned", "set -e\ntext=$(slogate check)\n./deploy.sh\n", ""},
    {"SubstitutionAssignedInVain", "text=$(slogate check) || true\n", "1:23 ignored_exit_code"},
    {"PipeWithinASubstitution", "set -e\ntext=$(slogate check | head -1)\n",
     "2:22 pipe_without_pipefail"},

    {"DryRun", "set -e\nslogate check --dry-run\n./deploy.sh\n", ""},
    {"StepHalt", "slogate check || circleci-agent step halt\n", "1:18 step_halt"},
    {"StepHaltInABranch", "if ! slogate check; then\n  circleci-agent step halt\nfi\n",
     "2:3 step_halt"},

    {"ByPath", "./bin/slogate check || true\n", "1:21 ignored_exit_code"},
    {"ByVariable", "\"$SLOGATE\" check || true\n", "1:18 ignored_exit_code"},
    {"ByBraces", "${slogate} check || true\n", "1:18 ignored_exit_code"},
    {"BehindAnother", "timeout 90 slogate check || true\n", "1:26 ignored_exit_code"},
    {"WithAVariableBefore", "A=b slogate check || true\n", "1:19 ignored_exit_code"},
    {"InAFunction", "gate() {\n  slogate check || true\n}\n", "2:17 ignored_exit_code"},
    {"OverSeveralLines", "slogate check \\\n  --policy p.yaml \\\n  || true\n",
     "3:3 ignored_exit_code"},
    {"Umlauts", "echo äöü; slogate check || true\n", "1:25 ignored_exit_code"},

    {"AnotherCommand", "slogate lint p.yaml || true\nslogate explain d.json | less\n", ""},
    {"OnlySaid", "echo slogate check || true\n", ""},
    {"InAComment", "# slogate check || true\n", ""},
    {"InAHereDocument", "cat <<'EOF' >x\nslogate check || true\nEOF\n", ""},
    {"BehindAHereDocument", "cat <<-EOF\n\tx\n\tEOF\nslogate check || true\n",
     "4:15 ignored_exit_code"},
    {"InQuotes", "x='slogate check || true'\n", ""},
    {"InATest", "set -e\nslogate check\n[[ -n $a && -z $b || $c ]]\n", ""},
    {"InAPattern", "set -e\ncase $x in\n  a|b) slogate check ;;\nesac\n./deploy.sh\n", ""},
    {"UnclosedQuote", "slogate check || true 'x\n", "1:15 ignored_exit_code"},
};

INSTANTIATE_TEST_SUITE_P(All, ShellScripts, testing::ValuesIn(kScripts),
                         [](const auto& test) { return test.param.name; });

// The shell itself is the judge: with a gate that denies, what is found lets the deploy or the whole
// script succeed, and what is not found does not.
TEST(Shell, DoesWhatIsSaidOfIt) {
  const fake::TempFolder folder;
  const auto program = [&](const std::string& name, const std::string& text) {
    const std::string path = folder.Write(name, absl::StrCat("#!/bin/sh\n", text, "\n"));
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  };
  for (const char* name : {"slogate", "bin/slogate"})
    program(name, "test \"$1\" = check && touch asked; exit 1");
  for (const char* name : {"circleci-agent", "notify", "report", "tired"}) program(name, "exit 0");
  program("deploy.sh", "touch deployed");
  folder.Write("functions", "die() { exit 1; }\nslogate=slogate SLOGATE=slogate\n");
  size_t judged = 0;
  for (const DoctorCase& test : kScripts) {
    const std::string text = test.text;
    // The one would wait for ever, the other outlive the test.
    if (absl::StrContains(text, "wait_a_bit") || absl::StrContains(test.want, "background"))
      continue;
    folder.Write("script", text);
    const char* flags = absl::StartsWith(text, "#!/bin/bash -e") ? "-e" : "";
    const std::string command =
        absl::StrCat("cd '", folder.path(), "' && rm -f asked deployed && PATH=$PWD:$PATH ",
                     "BASH_ENV=$PWD/functions bash ", flags, " script >out 2>&1");
    const bool succeeded = std::system(command.c_str()) == 0;
    if (!std::filesystem::exists(folder.Path("asked"))) continue;
    EXPECT_EQ(succeeded || std::filesystem::exists(folder.Path("deployed")), *test.want != '\0')
        << test.name << ": " << folder.Read("out");
    ++judged;
  }
  EXPECT_GT(judged, 50U);
}

TEST(Shell, FlagsOfACommandLine) {
  const auto flags = [](const char* line) {
    const ShellFlags found = FlagsOf(line);
    return absl::StrCat(found.errexit ? "e" : "", found.pipefail ? "p" : "");
  };
  EXPECT_EQ(flags("bash {0}"), "");
  EXPECT_EQ(flags("bash -e {0}"), "e");
  EXPECT_EQ(flags("/bin/bash -eo pipefail"), "ep");
  EXPECT_EQ(flags("bash --noprofile --norc -euo pipefail {0}"), "ep");
  EXPECT_EQ(flags("bash -o pipefail +e"), "p");
  EXPECT_EQ(flags(""), "");
}

TEST(Shell, WordsOfADeploy) {
  for (const char* text : {"./deploy.sh", "Deploy to production", "kubectl apply -f x",
                           "helm upgrade checkout", "release-it", "auto-deploy"}) {
    EXPECT_TRUE(ReadsLikeDeploy(text)) << text;
  }
  for (const char* text : {"make test", "cargo build --release", "redeployed", "echo done"}) {
    EXPECT_FALSE(ReadsLikeDeploy(text)) << text;
  }
  EXPECT_TRUE(ReadsLikeTelling("Upload the logs"));
  EXPECT_TRUE(ReadsLikeTelling("Notify #releases"));
  EXPECT_FALSE(ReadsLikeTelling("Deploy"));
}

}  // namespace
}  // namespace slogate
