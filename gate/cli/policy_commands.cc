// slogate lint and slogate schema: what can be said of policies without measuring anything.
#include <optional>
#include <utility>

#include <absl/strings/str_cat.h>

#include "gate/cli/commands.h"
#include "gate/cli/report.h"
#include "gate/policy/freeze.h"
#include "gate/policy/load.h"
#include "gate/policy/schema.h"

namespace slogate {
namespace {

std::string Count(size_t number, absl::string_view noun) {
  return absl::StrCat(number, " ", noun, number == 1 ? "" : "s");
}

// One line a file: what it is, so that an empty success is not mistaken for a check that did not
// look.
std::string Summary(const PolicyFiles& files) {
  std::string text;
  if (files.policy) {
    absl::StrAppend(&text, files.policy->file, ": ReleasePolicy \"", files.policy->metadata.name,
                    "\", ", Count(files.policy->rules.size(), "rule"));
    if (!files.policy->freezes.empty())
      absl::StrAppend(&text, ", ", Count(files.policy->freezes.size(), "freeze"));
    if (!files.policy->slos.empty())
      absl::StrAppend(&text, ", ", Count(files.policy->slos.size(), "SLO"));
    absl::StrAppend(&text, "\n");
  }
  for (const ServiceObjectives& objectives : files.objectives) {
    absl::StrAppend(&text, objectives.file, ": ServiceObjectives of ", objectives.service.value,
                    ", ", Count(objectives.slos.size(), "SLO"), "\n");
  }
  return text;
}

}  // namespace

int Lint(const LintOptions& options, World& world) {
  std::vector<Diagnostic> diagnostics;
  const std::vector<SourceFile> files = ReadFiles(world, options.files, diagnostics);
  Parsed<PolicyFiles> loaded =
      LoadPolicyFiles(files, {.policy = "", .unreadable = HasErrors(diagnostics)});
  std::move(loaded.diagnostics.begin(), loaded.diagnostics.end(), std::back_inserter(diagnostics));
  if (loaded.value && loaded.value->policy) {
    const std::vector<Diagnostic> freezes =
        FreezesOutOfTime(*loaded.value->policy, world.clock.Now());
    diagnostics.insert(diagnostics.end(), freezes.begin(), freezes.end());
  }
  ShowDiagnostics(world, diagnostics, files);
  if (HasErrors(diagnostics) || !loaded.value) return kExitUsage;
  return Say(world, Summary(*loaded.value));
}

int Schema(const SchemaOptions& options, World& world) {
  const std::optional<std::string> schema = PolicySchema(options.kind);
  return Say(world, schema ? *schema : PolicyReference());
}

}  // namespace slogate
