// The parts of CheckPolicyFiles (check.h), one a subject.
#pragma once

#include <string>
#include <vector>

#include <absl/types/span.h>

#include "gate/policy/policy.h"
#include "gate/policy/report.h"

namespace slogate {

// An SLO and the file it stands in; pointers into PolicyFiles.
struct SloInFile {
  const std::string* file;
  const Slo* slo;
  Labels labels;  // the file's and its own, which win
};

// Each rule by itself: ids, windows, thresholds that are always or never met.
void CheckRules(const ReleasePolicy& policy, std::vector<Diagnostic>& diagnostics);

// Rules and SLOs together: names that nobody has, rules that cannot become true, SLOs that no rule
// looks at. `slos` is not empty.
void CheckCoverage(const ReleasePolicy& policy, absl::Span<const SloInFile> slos,
                   std::vector<Diagnostic>& diagnostics);

// The SLI of one SLO. True iff nothing is wrong with it, so that it can be completed.
bool CheckSli(const SloInFile& slo, std::vector<Diagnostic>& diagnostics);

// Selectors that can match nothing where an environment adds its matchers. `slos` are those for
// which CheckSli was true.
void CheckEnvironmentMatchers(const ReleasePolicy& policy, absl::Span<const SloInFile> slos,
                              std::vector<Diagnostic>& diagnostics);

}  // namespace slogate
