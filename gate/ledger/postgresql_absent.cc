#include "gate/ledger/postgresql_store.h"

#include <absl/status/status.h>
#include <absl/strings/str_cat.h>

// Stands in for postgresql_store.cc where slogate is built without libpq.
namespace slogate {
namespace {

absl::Status Absent(const LedgerLocation& location) {
  return absl::FailedPreconditionError(
      absl::StrCat(Describe(location),
                   ": this build of slogate has no PostgreSQL: use the one that Debian's "
                   "libpq5 is linked to (./dev build), or a ledger in SQLite"));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> OpenPostgresql(const LedgerLocation& location) {
  return Absent(location);
}

absl::StatusOr<std::unique_ptr<Store>> CreatePostgresql(const LedgerLocation& location) {
  return Absent(location);
}

}  // namespace slogate
