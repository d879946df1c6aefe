// Records of every kind, as slogate would write them.
#pragma once

#include <string>
#include <vector>

#include "gate/history/record.h"

namespace slogate::fake {

// One of `kind` about the service "checkout" in "production", with everything filled in that such a
// record has; what a ledger gives is left to it.
Record SampleRecord(RecordKind kind);

// All kinds that are about a release, in the order of RecordKind.
std::vector<RecordKind> ReleaseKinds();

}  // namespace slogate::fake
