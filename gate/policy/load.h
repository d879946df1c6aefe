// From bytes to checked policies: reads each file by its `kind`, then checks what no single field
// can know.
#pragma once

#include <optional>
#include <vector>

#include <absl/types/span.h>

#include "gate/policy/policy.h"

namespace slogate {

struct PolicyFiles {
  std::optional<ReleasePolicy> policy;
  std::vector<ServiceObjectives> objectives;  // in the order given
};

// Decodes and checks `files` together: at most one ReleasePolicy and any number of
// ServiceObjectives, as `slogate lint` takes them; either may be missing, and is then not checked
// against. All mistakes of all files at once; warnings may stand beside a value.
Parsed<PolicyFiles> LoadPolicyFiles(absl::Span<const SourceFile> files);

}  // namespace slogate
