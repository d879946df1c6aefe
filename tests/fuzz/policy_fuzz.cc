#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>

#include "gate/evidence/plan.h"
#include "gate/policy/effective.h"
#include "gate/policy/load.h"
#include "tests/fuzz/fuzz.h"

namespace slogate {
namespace {

// What every author may count on, whatever was written.
void RequireUsable(const std::vector<Diagnostic>& diagnostics,
                   const std::vector<SourceFile>& files) {
  for (const Diagnostic& diagnostic : diagnostics) {
    Require(!diagnostic.id.empty() && !diagnostic.message.empty(), "a diagnostic says something");
    for (const SourceFile& file : files) {
      if (file.path != diagnostic.file) continue;
      const auto lines = static_cast<int>(std::count(file.text.begin(), file.text.end(), '\n'));
      Require(diagnostic.at.line >= 0 && diagnostic.at.line <= lines + 1, "its line is there");
    }
  }
  RequirePrintable(Render(diagnostics, files), "diagnostics are printable");
}

const absl::Time kInstant = absl::FromUnixSeconds(1'795'403'560);

void RequireSound(const EffectivePolicy& policy) {
  Require(!policy.rules.empty() && !policy.slos.empty(), "there is something to judge");
  for (const EffectiveSlo& slo : policy.slos) {
    Require(slo.objective.sign() > 0 && slo.objective < 1, "0 < objective < 1");
    Require(slo.window > absl::ZeroDuration(), "a window has a length");
  }
  for (const Question& question : FirstQuestions(policy)) {
    Selector again;
    SelectorMistake mistake;
    if (!question.promql.text.empty()) continue;  // is asked as its author wrote it
    Require(!question.selector.matchers_only(), "what is asked has a name");
    Require(ParseSelector(Print(question.selector), again, mistake) && again == question.selector,
            "what is asked is a selector");
  }
}

}  // namespace

bool FuzzPolicy(absl::string_view input) {
  std::vector<SourceFile> files;
  for (const absl::string_view text : absl::StrSplit(input, "\n=====\n"))
    files.push_back({absl::StrCat("file", files.size()), std::string(text)});
  const Parsed<PolicyFiles> loaded = LoadPolicyFiles(files);
  Require(loaded.value.has_value() != HasErrors(loaded.diagnostics), "a value iff no error");
  RequireUsable(loaded.diagnostics, files);
  if (!loaded.value) return false;

  std::vector<std::optional<std::string>> environments = {std::nullopt};
  if (loaded.value->policy) {
    for (const auto& environment : loaded.value->policy->environments)
      environments.emplace_back(environment.first);
  }
  bool applies = false;
  for (const std::optional<std::string>& environment : environments) {
    const Parsed<EffectivePolicy> effective = Combine(*loaded.value, {std::nullopt, environment});
    Require(effective.value.has_value() != HasErrors(effective.diagnostics), "the same, combined");
    RequireUsable(effective.diagnostics, files);
    if (effective.value) RequireSound(PinnedAt(*effective.value, kInstant));
    applies = applies || effective.value.has_value();
  }
  return applies;
}

}  // namespace slogate
