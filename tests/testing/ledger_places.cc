#include "tests/testing/ledger_places.h"

#include <cstdlib>

#include <absl/strings/str_cat.h>
#include <absl/strings/strip.h>

#include "tests/testing/postgresql_server.h"
#include "tests/testing/sqlite_file.h"

namespace slogate::fake {

LedgerPlace::LedgerPlace(LedgerKind kind) : kind_(kind) {
  if (kind_ == LedgerKind::kPostgresql) database_ = SharedPostgresql().NewDatabase();
  absl::StatusOr<LedgerLocation> location = ParseLedgerLocation(
      kind_ == LedgerKind::kPostgresql ? SharedPostgresql().Url(database_)
                                       : absl::StrCat("sqlite:", folder_.Path("ledger.db")));
  if (!location.ok()) std::abort();
  location_ = *std::move(location);
}

std::string LedgerPlace::text() const {
  return kind_ == LedgerKind::kSqlite ? absl::StrCat("sqlite:", location_.place) : location_.place;
}

std::string LedgerPlace::Run(const std::string& sql) const {
  if (kind_ == LedgerKind::kPostgresql) return SharedPostgresql().Run(database_, "postgres", sql);
  return std::string(absl::StripSuffix(RunSqlite(location_.place, sql), "\n"));
}

std::string LedgerPlace::RunUnguarded(const std::string& sql) const {
  if (kind_ == LedgerKind::kPostgresql) {
    return Run(absl::StrCat("ALTER TABLE slogate.records DISABLE TRIGGER USER;", sql,
                            ";ALTER TABLE slogate.records ENABLE ALWAYS TRIGGER follow;"
                            "ALTER TABLE slogate.records ENABLE ALWAYS TRIGGER remain;"
                            "ALTER TABLE slogate.records ENABLE ALWAYS TRIGGER stay"));
  }
  // All triggers away, and back again word for word.
  std::string drop, make;
  for (const char* name : {"records_follow", "records_remain", "records_stay", "records_taken"}) {
    absl::StrAppend(&drop, "DROP TRIGGER ", name, ";");
    absl::StrAppend(
        &make, Run(absl::StrCat("SELECT sql FROM sqlite_schema WHERE name = '", name, "'")), ";");
  }
  return Run(absl::StrCat(drop, sql, ";", make));
}

absl::StatusOr<std::unique_ptr<Ledger>> NewLedger(const LedgerPlace& place, Clock& clock) {
  absl::StatusOr<std::unique_ptr<Store>> store = CreateStore(place.location(), clock);
  if (!store.ok()) return store.status();
  return Ledger::Create(*std::move(store), "acme", {"local:root", "operating system", ""});
}

std::vector<std::string> AllBytes(const LedgerLocation& location, Clock& clock) {
  std::vector<std::string> all;
  const absl::StatusOr<std::unique_ptr<Store>> store = OpenStore(location, clock);
  if (!store.ok()) return {store.status().ToString()};
  const absl::Status scanned = (*store)->Scan({}, [&](const Store::Row& row) {
    all.emplace_back(row.bytes);
    return absl::OkStatus();
  });
  if (!scanned.ok()) all.push_back(scanned.ToString());
  return all;
}

std::vector<LedgerKind> LedgerKinds() { return {LedgerKind::kSqlite, LedgerKind::kPostgresql}; }

std::optional<std::string> CannotHave(LedgerKind kind) {
  return kind == LedgerKind::kPostgresql ? NoPostgresql() : std::nullopt;
}

std::string LedgerKindName(LedgerKind kind) {
  return kind == LedgerKind::kSqlite ? "SQLite" : "PostgreSQL";
}

void PrintTo(LedgerKind kind, std::ostream* out) { *out << LedgerKindName(kind); }

}  // namespace slogate::fake
