// What is enough to remember of a ledger, elsewhere, to find out later whether any of it was changed: its
// id, how many records it had, and the root of the tree over them.
#pragma once

#include <cstdint>
#include <string>

#include <absl/status/statusor.h>
#include <absl/strings/string_view.h>

#include "gate/base/sha256.h"

namespace slogate {

struct Checkpoint {
  std::string log_id;
  uint64_t size = 0;  // records
  Digest root{};      // see gate/ledger/tree.h

  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

// Letters, digits, '.', '_' and '-', at most 63, beginning with a letter or digit: as names in policies.
bool IsLogId(absl::string_view text);

// For logs and arguments: ID:SIZE:ROOT, the root in base64, such as "acme:1234:q83v…=". Parse returns
// InvalidArgument for all that Print does not write.
std::string PrintCheckpoint(const Checkpoint& checkpoint);
absl::StatusOr<Checkpoint> ParseCheckpoint(absl::string_view text);

// The text of a signed note about it, as C2SP's tlog-checkpoint specification
// (https://c2sp.org/tlog-checkpoint) has it: the lines "slogate/ID", size, and root in base64. Parse
// skips further lines, which that specification leaves to others; InvalidArgument for anything else.
std::string PrintCheckpointBody(const Checkpoint& checkpoint);
absl::StatusOr<Checkpoint> ParseCheckpointBody(absl::string_view text);

}  // namespace slogate
