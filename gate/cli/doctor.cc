// slogate doctor: ways past the gate in pipeline files, and whether a policy's data can be judged.
#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include "gate/base/version.h"
#include "gate/cli/commands.h"
#include "gate/cli/measure.h"
#include "gate/cli/progress.h"
#include "gate/cli/report.h"
#include "gate/decision/decide.h"
#include "gate/doctor/data.h"
#include "gate/doctor/examine.h"
#include "gate/evidence/plan.h"

namespace slogate {
namespace {

constexpr absl::Duration kWait = absl::Seconds(60);  // as a check waits

int ExaminePipelines(const DoctorOptions& options, World& world) {
  std::vector<Diagnostic> diagnostics;
  std::vector<SourceFile> files = ReadFiles(world, options.files, diagnostics);
  bool unreadable = HasErrors(diagnostics);
  std::string summary;
  for (SourceFile& file : files) {
    file.indented = absl::EndsWith(file.path, ".yml") || absl::EndsWith(file.path, ".yaml");
    Examination found = Examine(file);
    unreadable = unreadable || found.what.empty();
    absl::StrAppend(&summary, Printable(file.path), ": ", found.what, ", ", found.gates,
                    found.gates == 1 ? " gate\n" : " gates\n");
    std::move(found.diagnostics.begin(), found.diagnostics.end(), std::back_inserter(diagnostics));
  }
  ShowDiagnostics(world, diagnostics, files);
  if (unreadable) return kExitUsage;
  if (HasErrors(diagnostics)) return kExitBypass;
  // One line a file, so that a file without a gate is not mistaken for one with a good one.
  return Say(world, summary);
}

int ExamineData(const DoctorOptions& options, World& world) {
  std::vector<SourceFile> files;
  const std::optional<EffectivePolicy> policy = LoadPolicy(options, world, files);
  if (!policy) return kExitUsage;
  const std::optional<std::vector<Credentials>> credentials =
      LoadCredentials(*policy, true, world, files);
  if (!credentials) return kExitUsage;

  Decision decision;
  decision.policy_file = policy->file;
  decision.sources = SourcesOf(*policy);
  decision.combine = policy->combine;
  decision.dry_run = true;
  decision.request.subject.service = policy->service;
  decision.request.subject.environment = policy->environment;
  ProgressLine progress(world);
  const std::unique_ptr<Source> source = OpenSources(*policy, *credentials, kWait, progress, world);
  decision.evidence = AskClocks(*policy, *source, world.clock, decision);
  const EffectivePolicy pinned = PinnedAt(*policy, decision.instant);
  decision.evidence.Append(MeasureAll(pinned, *source, decision.instant));
  progress.Clear();
  decision.ruling = Decide(pinned, decision.evidence, decision.request);

  const DataReport report = DescribeData(pinned, decision);
  const int said = Say(world, absl::StrCat("slogate ", Version(), "\n", report.text));
  if (said != kExitOk) return said;
  return report.sound ? kExitOk : kExitBypass;
}

}  // namespace

int Doctor(const DoctorOptions& options, World& world) {
  const int pipelines = options.files.empty() ? kExitOk : ExaminePipelines(options, world);
  const int data = options.policy.empty() ? kExitOk : ExamineData(options, world);
  // What could not be looked at weighs more than what was found.
  for (const int code : {kExitUsage, kExitInternal, kExitBypass}) {
    if (pipelines == code || data == code) return code;
  }
  return kExitOk;
}

}  // namespace slogate
