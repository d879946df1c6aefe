#include "gate/ledger/location.h"

#include <absl/status/status.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/strip.h>

#include "gate/ledger/postgresql_url.h"

namespace slogate {
namespace {

constexpr absl::string_view kSqlite = "sqlite:";
constexpr absl::string_view kPostgresql = "postgresql://";
constexpr absl::string_view kForms =
    "a ledger is named as sqlite:FILE or postgresql://[USER@]HOST[:PORT]/DATABASE";

}  // namespace

absl::StatusOr<LedgerLocation> ParseLedgerLocation(absl::string_view text) {
  LedgerLocation location;
  if (absl::StartsWith(text, kPostgresql)) {
    const absl::StatusOr<PostgresqlUrl> url = ParsePostgresqlUrl(text);
    if (!url.ok()) return url.status();
    location.kind = LedgerLocation::Kind::kPostgresql;
    location.place = std::string(text);
    return location;
  }
  if (absl::StartsWith(text, "postgres:") || absl::StartsWith(text, "postgresql:")) {
    return absl::InvalidArgumentError(
        absl::StrCat("the URL of a PostgreSQL database begins with postgresql://; ", kForms));
  }
  if (!absl::ConsumePrefix(&text, kSqlite)) return absl::InvalidArgumentError(kForms);
  if (text.empty() || absl::EndsWith(text, "/")) {
    return absl::InvalidArgumentError(absl::StrCat("sqlite: names no file; ", kForms));
  }
  if (absl::StrContains(text, absl::string_view("\0", 1))) {
    return absl::InvalidArgumentError("the path of the ledger has a NUL byte");
  }
  location.place = std::string(text);
  return location;
}

std::string Describe(const LedgerLocation& location) {
  if (location.kind == LedgerLocation::Kind::kSqlite) return absl::StrCat(kSqlite, location.place);
  const absl::StatusOr<PostgresqlUrl> url = ParsePostgresqlUrl(location.place);
  return url.ok() ? Describe(*url) : std::string(kPostgresql);
}

}  // namespace slogate
