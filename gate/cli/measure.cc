#include "gate/cli/measure.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <absl/strings/numbers.h>

#include "gate/cli/report.h"
#include "gate/evidence/plan.h"
#include "gate/policy/load.h"

namespace slogate {

std::optional<EffectivePolicy> LoadPolicy(const PolicyOptions& options, World& world,
                                          std::vector<SourceFile>& files) {
  std::vector<Diagnostic> diagnostics;
  std::vector<std::string> paths = {options.policy};
  paths.insert(paths.end(), options.slos.begin(), options.slos.end());
  files = ReadFiles(world, paths, diagnostics);
  Parsed<PolicyFiles> loaded =
      LoadPolicyFiles(files, {.policy = options.policy, .unreadable = HasErrors(diagnostics)});
  std::move(loaded.diagnostics.begin(), loaded.diagnostics.end(), std::back_inserter(diagnostics));
  std::optional<EffectivePolicy> policy;
  if (!HasErrors(diagnostics)) {
    Parsed<EffectivePolicy> effective =
        Combine(*loaded.value, {options.service, options.environment});
    for (Diagnostic& error : effective.diagnostics) {
      // A warning about some environments is an error where the release goes to one of them.
      diagnostics.erase(std::remove_if(diagnostics.begin(), diagnostics.end(),
                                       [&](const Diagnostic& other) {
                                         return other.id == error.id && other.file == error.file &&
                                                other.at == error.at;
                                       }),
                        diagnostics.end());
      diagnostics.push_back(std::move(error));
    }
    policy = std::move(effective.value);
  }
  ShowDiagnostics(world, diagnostics, files);
  return policy;
}

Evidence AskClock(const EffectivePolicy& policy, Source& source, Clock& clock, Decision& decision) {
  const absl::Time before = clock.Now();
  Evidence evidence = source.Measure({ClockQuestion(policy)}, before);
  const absl::Time after = clock.Now();
  Reading& reading = evidence.readings.front();
  decision.instant_source = reading.value ? InstantSource::kServer : InstantSource::kGate;
  const std::string seconds = reading.value ? reading.value->low.Fixed(0, Rounding::kDown) : "";
  int64_t whole = 0;
  if (!absl::SimpleAtoi(seconds, &whole)) whole = absl::ToUnixSeconds(after);
  decision.instant = absl::FromUnixSeconds(whole);
  CheckClock(reading, before, after, policy.findings.clock_skew_more_than);
  return evidence;
}

}  // namespace slogate
