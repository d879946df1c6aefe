// Where a ledger is: `--ledger sqlite:FILE` or `--ledger postgresql://…`.
#pragma once

#include <cstdint>
#include <string>

#include <absl/status/statusor.h>
#include <absl/strings/string_view.h>

namespace slogate {

struct LedgerLocation {
  enum class Kind : uint8_t { kSqlite, kPostgresql };
  Kind kind = Kind::kSqlite;
  std::string place;  // a path; or the whole URL, which holds no password
};

// InvalidArgument, in one line that shows no secret, for anything else: another scheme, a file that is
// not named, a password in the URL (it belongs into ~/.pgpass or PGPASSWORD), an option that weakens.
absl::StatusOr<LedgerLocation> ParseLedgerLocation(absl::string_view text);

// For messages: "sqlite:ledger.db", "postgresql://host:5432/name".
std::string Describe(const LedgerLocation& location);

}  // namespace slogate
