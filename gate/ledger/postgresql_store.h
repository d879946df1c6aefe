// A ledger in a PostgreSQL database, for a team.
#pragma once

#include <memory>

#include <absl/status/statusor.h>

#include "gate/ledger/store.h"

namespace slogate {

// As OpenStore and CreateStore. FailedPrecondition in a build without libpq (SLOGATE_POSTGRESQL=OFF).
absl::StatusOr<std::unique_ptr<Store>> OpenPostgresql(const LedgerLocation& location);
absl::StatusOr<std::unique_ptr<Store>> CreatePostgresql(const LedgerLocation& location);

}  // namespace slogate
