// A ledger's tables in SQLite: how they are made, and whether they are still as they were made.
#pragma once

#include <map>
#include <string>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "gate/ledger/sqlite_connection.h"

namespace slogate {

// In a transaction: the tables, and the marks that tell a ledger from other files.
absl::Status MakeSqliteTables(SqliteConnection& connection);

// OK where the file is a ledger whose tables are as they were made. NotFound where it is empty;
// FailedPrecondition where it is something else, of a newer form, or changed. Words go on after the name.
absl::Status CheckSqliteTables(SqliteConnection& connection);

// Answers the first seq of `range` that an index does not find by what the record's bytes say, or -1. The
// columns themselves are worked out from the bytes whenever they are read.
Statement FindUnindexed(const SeqRange& range);

}  // namespace slogate
