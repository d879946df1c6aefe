// The checks of whole files, before anything is measured: what one field cannot know about another.
// Each mistake has an id, told in policies/reference.md.
#pragma once

#include <vector>

#include <absl/strings/string_view.h>
#include <absl/types/span.h>

#include "gate/policy/policy.h"
#include "gate/text/doubts.h"

namespace slogate {

// Appends what is wrong with the files, each by itself and together; `policy` may be nullptr, and
// the others are then not checked against. The files may have mistakes already told: what `doubts`
// has of them is neither checked nor counted on.
void CheckPolicyFiles(const ReleasePolicy* policy, absl::Span<const ServiceObjectives> objectives,
                      const Doubts& doubts, std::vector<Diagnostic>& diagnostics);

struct DiagnosticDoc {
  absl::string_view id;
  absl::string_view doc;  // one sentence
};

// Every id that CheckPolicyFiles and Combine report, sorted by id, for the reference page.
absl::Span<const DiagnosticDoc> PolicyDiagnostics();

}  // namespace slogate
