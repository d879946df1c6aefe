// Which file is what; our own examples; and bytes that nobody meant.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>

#include "gate/doctor/examine.h"
#include "tests/doctor/found.h"

namespace slogate {
namespace {

struct KindCase {
  const char* path;
  const char* text;
  const char* want;  // what it is, or the id of why it is nothing
};

class Kinds : public testing::TestWithParam<KindCase> {};

TEST_P(Kinds, Tells) {
  const Examination found = Examine({GetParam().path, GetParam().text});
  EXPECT_EQ(found.what.empty() ? found.diagnostics.at(0).id : found.what, GetParam().want);
}

const KindCase kKinds[] = {
    {"a/release.yml", "on: push\njobs: {a: {steps: []}}\n", "GitHub workflow"},
    {"a/release.yaml", "'on': push\njobs: {}\n", "GitHub workflow"},
    {"action.yml", "name: x\nruns: {using: composite, steps: []}\n", "GitHub action"},
    {".circleci/config.yml", "version: 2.1\njobs: {a: {steps: [checkout]}}\n",
     "CircleCI configuration"},
    {"config.yml", "workflows: {}\n", "CircleCI configuration"},
    {"src/jobs/x.yml", "parameters: {}\nsteps: []\n", "part of a CircleCI orb"},
    {"x/.gitlab-ci.yml", "stages: [a]\n", "GitLab pipeline"},
    {"pipeline.yml", "build: {script: [make]}\n", "GitLab pipeline"},
    {"Jenkinsfile", "node {}\n", "Jenkins pipeline"},
    {"a/Jenkinsfile.release", "", "Jenkins pipeline"},
    {"vars/release.groovy", "def call() {}\n", "Jenkins pipeline"},
    {"deploy.sh", "", "shell script"},
    {"deploy", "#!/usr/bin/env bash\n", "shell script"},
    {"deploy", "#!/usr/bin/python3\n", "not_a_pipeline"},
    {"x.yml", "a: 1\n", "not_a_pipeline"},
    {"x.yml", "[1]\n", "not_a_pipeline"},
    {"x.txt", "", "not_a_pipeline"},
    {"x.yml", "", "empty_file"},
    {"x.yml", "a: [\n", "yaml_syntax"},
    {"x.yml", "on: push\non: push\njobs: {}\n", "duplicate_key"},
    {"x.sh", "echo \x01\n", "control_character"},
    {"Jenkinsfile", "\xff", "invalid_utf8"},
};

INSTANTIATE_TEST_SUITE_P(All, Kinds, testing::ValuesIn(kKinds));

std::string Read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool IsPipeline(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  return absl::StartsWith(name, "Jenkinsfile") || path.extension() == ".yml" ||
         path.extension() == ".groovy";
}

// What users copy is clean, and the doctor sees the gate in it.
TEST(Examples, HaveNoWayPastTheGate) {
  const std::set<std::string> without_gate = {
      "github/central/team.yml",       "github/override-request.yml",
      "github/override-approve.yml",   "circleci/central/config.yml",
      "circleci/central/override.yml", "circleci/central/orb/@orb.yml",
      "jenkins/central/Jenkinsfile",   "jenkins/Jenkinsfile.override"};
  const std::filesystem::path root = SLOGATE_SOURCE_DIR "/ci-examples";
  size_t read = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (!entry.is_regular_file() || !IsPipeline(entry.path())) continue;
    const std::string name = entry.path().lexically_relative(root).string();
    const Examination found = Examine({name, Read(entry.path())});
    EXPECT_NE(found.what, "") << name;
    EXPECT_FALSE(HasErrors(found.diagnostics)) << name << ": " << Found(name, Read(entry.path()));
    EXPECT_EQ(found.diagnostics.size(), absl::StrContains(name, "dry-run") ? 1U : 0U) << name;
    EXPECT_EQ(found.gates == 0, without_gate.count(name) > 0) << name;
    ++read;
  }
  EXPECT_GT(read, 15U);
}

// The same examples, each with one thing broken.
TEST(Examples, AreNotCleanByAccident) {
  const auto broken = [](const std::string& name, const std::string& from, const std::string& to) {
    const std::string text = Read(std::filesystem::path(SLOGATE_SOURCE_DIR "/ci-examples") / name);
    EXPECT_TRUE(absl::StrContains(text, from)) << name;
    std::string found = Found(name, absl::StrReplaceAll(text, {{from, to}}));
    return found.substr(found.find(' ') + 1);
  };
  EXPECT_EQ(
      broken("github/release.yml", "id: gate\n", "id: gate\n        continue-on-error: true\n"),
      "continue_on_error");
  EXPECT_EQ(broken("github/release.yml", "name: Deploy\n", "name: Deploy\n        if: always()\n"),
            "runs_after_denial");
  EXPECT_EQ(broken("circleci/config.yml", "@0.1.0", "@volatile"), "unpinned_orb");
  EXPECT_EQ(broken("circleci/config.yml", "name: Deploy", "name: Deploy\n          when: always"),
            "runs_after_denial");
  EXPECT_EQ(broken("jenkins/Jenkinsfile", "@v0.1.0", ""), "unpinned_library");
  EXPECT_EQ(broken("jenkins/Jenkinsfile", "withCredentials(", "catchError {}\n warnError("),
            "catch_error");
}

// Whatever is cut off or left out of a file, something is said of it or nothing; no more.
TEST(Examples, InPiecesDoNoHarm) {
  const std::filesystem::path root = SLOGATE_SOURCE_DIR "/ci-examples";
  for (const char* name : {"github/observe.yml", "circleci/rollback.yml", "jenkins/Jenkinsfile",
                           "jenkins/central/vars/release.groovy"}) {
    const std::string text = Read(root / name);
    ASSERT_FALSE(text.empty()) << name;
    for (size_t at = 0; at < text.size(); at += 7) {
      for (const std::string& piece : {text.substr(0, at), text.substr(at),
                                       absl::StrCat(text.substr(0, at), text.substr(at + 1))}) {
        for (const char* as : {name, "x.sh", "Jenkinsfile"}) {
          const Examination found = Examine({as, piece});
          EXPECT_TRUE(!found.what.empty() || !found.diagnostics.empty()) << at;
        }
      }
    }
  }
}

// Every id that the sources give is told in gate/doctor/README.md.
TEST(Ids, AreAllTold) {
  const std::filesystem::path folder = SLOGATE_SOURCE_DIR "/gate/doctor";
  const std::string told = Read(folder / "README.md");
  std::set<std::string> ids;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".cc") continue;
    const std::string source = Read(entry.path());
    for (const std::string call : {"Bypass(", "Remark("}) {
      for (size_t at = source.find(call); at != std::string::npos; at = source.find(call, at + 1)) {
        const size_t begin = source.find('"', at) + 1;
        ids.insert(source.substr(begin, source.find('"', begin) - begin));
      }
    }
  }
  EXPECT_GT(ids.size(), 20U);
  for (const std::string& id : ids) {
    EXPECT_TRUE(absl::StrContains(told, absl::StrCat("`", id, "`"))) << id;
  }
}

// Nothing that people write takes longer than its length.
TEST(Examine, DeepAndLongTextsEndSoon) {
  const auto many = [](const char* piece) {
    std::string text;
    while (text.size() < 60'000) text += piece;
    return text;
  };
  for (const char* piece : {"(", "{", "$(", "\"$(", "`", "'", "<<x ", "slogate check || : ;",
                            "slogate check; ", "if slogate check; then ", "sh 'slogate check';",
                            "try { slogate a: 1 } catch (e) {}\n", "\\", "${{", "[["}) {
    EXPECT_EQ(Examine({"x.sh", many(piece)}).what, "shell script") << piece;
    EXPECT_EQ(Examine({"Jenkinsfile", many(piece)}).what, "Jenkins pipeline") << piece;
  }
}

}  // namespace
}  // namespace slogate
