#include "gate/ledger/store.h"

#include <absl/strings/str_cat.h>

#include "gate/ledger/postgresql_store.h"
#include "gate/ledger/sqlite_store.h"

namespace slogate {

absl::StatusOr<std::unique_ptr<Store>> OpenStore(const LedgerLocation& location, Clock& clock,
                                                 const StoreSeams& seams) {
  if (location.kind == LedgerLocation::Kind::kPostgresql) return OpenPostgresql(location);
  return OpenSqlite(location.place, Describe(location), clock, seams.sqlite_vfs);
}

absl::StatusOr<std::unique_ptr<Store>> CreateStore(const LedgerLocation& location, Clock& clock,
                                                   const StoreSeams& seams) {
  if (location.kind == LedgerLocation::Kind::kPostgresql) return CreatePostgresql(location);
  return CreateSqlite(location.place, Describe(location), clock, seams.sqlite_vfs);
}

}  // namespace slogate
