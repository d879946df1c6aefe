#include "gate/doctor/examine.h"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include "gate/doctor/circleci.h"
#include "gate/doctor/github.h"
#include "gate/doctor/gitlab.h"
#include "gate/doctor/jenkins.h"
#include "gate/doctor/shell.h"
#include "gate/text/characters.h"
#include "gate/text/node.h"

namespace slogate {
namespace {

std::string NameOf(const std::string& path) { return path.substr(path.rfind('/') + 1); }

bool IsShell(const SourceFile& file) {
  if (absl::EndsWith(file.path, ".sh") || absl::EndsWith(file.path, ".bash")) return true;
  const absl::string_view first = absl::string_view(file.text).substr(0, file.text.find('\n'));
  return absl::StartsWith(first, "#!") &&
         (absl::EndsWith(first, "sh") || absl::StrContains(first, "sh "));
}

using Look = size_t (*)(const Node& root, const TextPlaces& places, Findings& findings);
struct Kind {
  absl::string_view what;
  Look look;
};

std::optional<Kind> KindOf(const SourceFile& file, const Node& root) {
  if (root.kind != Node::Kind::kMap) return std::nullopt;
  const auto has = [&](absl::string_view key) { return root.Find(key) != nullptr; };
  if (absl::StrContains(NameOf(file.path), ".gitlab-ci"))
    return Kind{"GitLab pipeline", ExamineGitLab};
  if (has("on") && has("jobs")) return Kind{"GitHub workflow", ExamineGitHub};
  if (has("runs")) return Kind{"GitHub action", ExamineGitHub};
  if (has("workflows") || (has("version") && (has("jobs") || has("orbs") || has("commands"))))
    return Kind{"CircleCI configuration", ExamineCircleCi};
  if (has("steps") && (has("parameters") || has("docker") || has("executor") || has("machine")))
    return Kind{"part of a CircleCI orb", ExamineCircleCi};
  const bool scripts = std::any_of(root.map.begin(), root.map.end(), [](const Member& member) {
    return member.value.kind == Node::Kind::kMap && member.value.Find("script") != nullptr;
  });
  if (scripts) return Kind{"GitLab pipeline", ExamineGitLab};
  return std::nullopt;
}

}  // namespace

Examination Examine(const SourceFile& file) {
  Examination result;
  Findings findings{file.path, {}};
  if (!CheckCharacters(file, result.diagnostics)) return result;
  const TextPlaces places(file.text);
  const std::string name = NameOf(file.path);
  if (absl::StrContains(name, "Jenkinsfile") || absl::EndsWith(name, ".groovy")) {
    result.what = "Jenkins pipeline";
    result.gates = ExamineJenkins(file.text, places, findings);
  } else if (IsShell(file)) {
    result.what = "shell script";
    const absl::string_view first = absl::string_view(file.text).substr(0, file.text.find('\n'));
    const ShellFlags flags = absl::StartsWith(first, "#!") ? FlagsOf(first) : ShellFlags();
    // Whoever runs it goes by its exit code.
    result.gates = ReadShell(places.Part(0, file.text.size()), flags, true, findings).gates.size();
  } else if (absl::EndsWith(name, ".yml") || absl::EndsWith(name, ".yaml")) {
    const std::optional<Node> root = ParseYaml(file, result.diagnostics, YamlDialect::kPipeline);
    if (!root || !result.diagnostics.empty()) return result;
    if (const std::optional<Kind> kind = KindOf(file, *root)) {
      result.what = std::string(kind->what);
      result.gates = kind->look(*root, places, findings);
    }
  }
  if (result.what.empty()) {
    result.diagnostics.push_back(
        {Severity::kError,
         "not_a_pipeline",
         file.path,
         {},
         "this is no kind of pipeline file that is known here",
         "GitHub workflows and actions, CircleCI, GitLab, Jenkinsfiles and .groovy, .sh"});
    return result;
  }
  // Where several gates share a program, each finds the same.
  std::set<std::tuple<int, int, std::string>> told;
  for (Diagnostic& found : findings.list) {
    if (told.emplace(found.at.line, found.at.column, found.id).second)
      result.diagnostics.push_back(std::move(found));
  }
  return result;
}

}  // namespace slogate
