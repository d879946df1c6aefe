// From bytes to checked policies: reads each file by its `kind`, then checks what no single field
// can know.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <absl/types/span.h>

#include "gate/policy/policy.h"

namespace slogate {

struct PolicyFiles {
  std::optional<ReleasePolicy> policy;
  std::vector<ServiceObjectives> objectives;  // in the order given
};

// How files came to be given.
struct FilesGiven {
  // The path of the one that --policy names, which must be a ReleasePolicy; --slos names the
  // others, which must be ServiceObjectives. Empty: each may be either, as `slogate lint` takes
  // them.
  std::string policy;
  bool unreadable = false;  // others were named, too, that could not be read
};

// Decodes and checks `files` together: at most one ReleasePolicy and any number of
// ServiceObjectives; either may be missing, and is then not checked against. All mistakes of all
// files at once: a check is left out only where a mistake leaves in doubt what it reads. Warnings
// may stand beside a value.
Parsed<PolicyFiles> LoadPolicyFiles(absl::Span<const SourceFile> files,
                                    const FilesGiven& given = {});

}  // namespace slogate
