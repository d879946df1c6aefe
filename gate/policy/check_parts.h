// The parts of CheckPolicyFiles (check.h), one a subject.
#pragma once

#include <string>
#include <vector>

#include <absl/types/span.h>

#include "gate/policy/policy.h"
#include "gate/policy/report.h"
#include "gate/text/doubts.h"

namespace slogate {

// An SLO and the file it stands in; pointers into the files.
struct SloInFile {
  const std::string* file;
  const Slo* slo;
  Labels labels;  // the file's and its own, which win
  // Which of it can be counted on.
  bool has_name;
  bool has_labels;
  bool has_target;  // objective and window
};

// The SLOs of all files.
struct SloSet {
  std::vector<SloInFile> slos;
  // Whether nobody has a name, or a label, that is not among those here.
  bool has_all_names = true;
  bool has_all_labels = true;
};

// Each source by itself.
void CheckSources(const ReleasePolicy& policy, const Doubts& doubts,
                  std::vector<Diagnostic>& diagnostics);

// The environments, and whether they choose among the sources.
void CheckEnvironments(const ReleasePolicy& policy, const Doubts& doubts,
                       std::vector<Diagnostic>& diagnostics);

// Entries of a list that stand there twice.
void CheckEntriesOnce(const std::vector<Placed<std::string>>& entries, Report& report);

// Who has which accounts, and whether there is somebody to give each consent that is asked for.
void CheckPeople(const ReleasePolicy& policy, const Doubts& doubts,
                 std::vector<Diagnostic>& diagnostics);

// Whether those who approve beyond the limit are given by the ordinary consent alone.
bool RepeatsApprovers(const OverrideRules& rules);

// Overrides, the proofs and limits of change classes, and that what looks back has a ledger.
void CheckOverrides(const ReleasePolicy& policy, const Doubts& doubts,
                    std::vector<Diagnostic>& diagnostics);

// Whether skips: gives that word another meaning than the id of a rule or freeze.
bool IsReservedId(const std::string& id);

// Each freeze by itself, beside the rules whose ids it cannot have.
void CheckFreezes(const ReleasePolicy& policy, const Doubts& doubts,
                  std::vector<Diagnostic>& diagnostics);

// The ids of all rules and freezes.
std::vector<std::string> IdsOf(const ReleasePolicy& policy);

// Whether these ids can be counted on.
bool HasAllIds(const ReleasePolicy& policy, const Doubts& doubts);

// Each rule by itself: ids, windows, thresholds that are always or never met.
void CheckRules(const ReleasePolicy& policy, const Doubts& doubts,
                std::vector<Diagnostic>& diagnostics);

// Rules and SLOs together: names that nobody has, rules that cannot become true, SLOs that no rule
// looks at.
void CheckCoverage(const ReleasePolicy& policy, const SloSet& set, const Doubts& doubts,
                   std::vector<Diagnostic>& diagnostics);

// The SLI of one SLO. True iff nothing is wrong with it, so that it can be completed.
bool CheckSli(const SloInFile& slo, const Doubts& doubts, std::vector<Diagnostic>& diagnostics);

// Selectors that can match nothing where an environment adds its matchers. `slos` are those for
// which CheckSli was true.
void CheckEnvironmentMatchers(const ReleasePolicy& policy, absl::Span<const SloInFile> slos,
                              const Doubts& doubts, std::vector<Diagnostic>& diagnostics);

}  // namespace slogate
