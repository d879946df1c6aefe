#include "gate/cli/measure.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "gate/cli/report.h"
#include "gate/evidence/by_source.h"
#include "gate/evidence/clocks.h"
#include "gate/evidence/plan.h"
#include "gate/policy/load.h"
#include "gate/prometheus/samples_source.h"

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

std::optional<std::vector<Credentials>> LoadCredentials(const EffectivePolicy& policy, bool needed,
                                                        World& world,
                                                        const std::vector<SourceFile>& files) {
  std::vector<Credentials> all;
  std::vector<Diagnostic> diagnostics;
  for (const EffectiveSource& source : policy.sources) {
    Parsed<Credentials> read =
        ReadCredentials(source.config, policy.file, world.files, world.environment);
    std::move(read.diagnostics.begin(), read.diagnostics.end(), std::back_inserter(diagnostics));
    all.push_back(std::move(read.value).value_or(Credentials{}));
  }
  if (!needed || !HasErrors(diagnostics)) return all;
  ShowDiagnostics(world, diagnostics, files);
  return std::nullopt;
}

std::unique_ptr<Source> OpenSources(const EffectivePolicy& policy,
                                    const std::vector<Credentials>& credentials,
                                    absl::Duration wait, ProgressLine& progress, World& world) {
  using Counts = std::vector<std::pair<size_t, size_t>>;  // requests ended and sent, by source
  const auto counts = std::make_shared<Counts>(policy.sources.size());
  std::map<std::string, std::unique_ptr<Source>> sources;
  for (size_t i = 0; i < policy.sources.size(); ++i) {
    const auto& [name, config] = policy.sources[i];
    const auto show = [counts, i, &progress](size_t ended, size_t sent) {
      (*counts)[i] = {ended, sent};
      size_t all_ended = 0, all_sent = 0;
      for (const auto& one : *counts) {
        all_ended += one.first;
        all_sent += one.second;
      }
      progress.Update(all_ended, all_sent);
    };
    sources[name] = OpenSource(name, config, credentials[i], world.http,
                               Deadline(world.clock, wait), show, world.asking);
  }
  return BySource(std::move(sources));
}

Evidence AskClocks(const EffectivePolicy& policy, Source& source, Clock& clock,
                   Decision& decision) {
  Evidence evidence;
  std::vector<AskedAt> asked;
  for (const Question& question : ClockQuestions(policy)) {
    AskedAt& times = asked.emplace_back();
    times.before = clock.Now();
    evidence.Append(source.Measure({question}, times.before));
    times.after = clock.Now();
  }
  const std::optional<absl::Time> oldest = OldestOf(evidence.readings);
  decision.instant_source = oldest ? InstantSource::kServer : InstantSource::kGate;
  decision.instant =
      oldest.value_or(absl::FromUnixSeconds(absl::ToUnixSeconds(asked.back().after))) -
      policy.delay;
  CheckClocks(absl::MakeSpan(evidence.readings), asked, policy.findings.clock_skew_more_than);
  return evidence;
}

}  // namespace slogate
