// A ledger's tables in PostgreSQL: how they are made, and whether they are still as they were made.
#pragma once

#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/strings/string_view.h>

#include "gate/ledger/select.h"

namespace slogate {

// The roles that pipelines' and people's logins are members of (README.md says what each may write).
inline constexpr absl::string_view kGateRole = "slogate_gate";
inline constexpr absl::string_view kApproverRole = "slogate_approver";

// The statements that make the tables with their guards and rights, in one transaction, where both roles
// are there.
std::vector<std::string> PostgresqlTables();

// Answers, in one row: the form of the tables ("" where there are none), and, in words that are the same
// for all versions of PostgreSQL, how they are.
Statement DescribePostgresqlTables();

// OK for what DescribePostgresqlTables answers of tables as they were made; otherwise as
// CheckSqliteTables.
absl::Status CheckPostgresqlTables(absl::string_view form, absl::string_view description);

// Answers the first seq of `range` where a generated column is not what its expression makes of the bytes,
// or -1.
Statement FindFalsePostgresqlColumn(const SeqRange& range);

}  // namespace slogate
