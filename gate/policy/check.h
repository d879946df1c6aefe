// The checks of whole files, before anything is measured: what one field cannot know about another.
// Each mistake has an id, told in policies/reference.md.
#pragma once

#include <vector>

#include <absl/strings/string_view.h>
#include <absl/types/span.h>

#include "gate/policy/load.h"
#include "gate/policy/policy.h"

namespace slogate {

// Appends what is wrong with the files, each by itself and together. The files have been decoded
// without errors.
void CheckPolicyFiles(const PolicyFiles& files, std::vector<Diagnostic>& diagnostics);

struct DiagnosticDoc {
  absl::string_view id;
  absl::string_view doc;  // one sentence
};

// Every id that CheckPolicyFiles and Combine report, sorted by id, for the reference page.
absl::Span<const DiagnosticDoc> PolicyDiagnostics();

}  // namespace slogate
