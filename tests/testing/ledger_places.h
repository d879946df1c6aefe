// A place for a ledger of a test's own, in SQLite or in a real PostgreSQL, and the hands of somebody who may do
// everything to it.
#pragma once

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include <absl/status/statusor.h>
#include <absl/strings/string_view.h>

#include "gate/io/clock.h"
#include "gate/ledger/ledger.h"
#include "gate/ledger/location.h"
#include "gate/ledger/store.h"
#include "tests/testing/temp_folder.h"

namespace slogate::fake {

enum class LedgerKind : uint8_t { kSqlite, kPostgresql };

class LedgerPlace {
 public:
  explicit LedgerPlace(LedgerKind kind);

  const LedgerLocation& location() const { return location_; }
  std::string text() const;  // for --ledger
  std::string name() const { return Describe(location_); }

  // Runs `sql` as whoever owns the database. "" or its last row; "ERROR …" where it is refused.
  std::string Run(const std::string& sql) const;
  // The same with every guard taken away first.
  std::string RunUnguarded(const std::string& sql) const;

 private:
  LedgerKind kind_;
  TempFolder folder_;
  std::string database_;
  LedgerLocation location_;
};

// A new ledger with the id "acme", one record old.
absl::StatusOr<std::unique_ptr<Ledger>> NewLedger(const LedgerPlace& place, Clock& clock);

// Every record's bytes in a store that nobody appends to.
std::vector<std::string> AllBytes(const LedgerLocation& location, Clock& clock);

// For tests that are the same for both, with value parameters:
//   if (auto why = CannotHave(GetParam())) GTEST_SKIP() << *why;
std::vector<LedgerKind> LedgerKinds();
std::optional<std::string> CannotHave(LedgerKind kind);
std::string LedgerKindName(LedgerKind kind);
void PrintTo(LedgerKind kind, std::ostream* out);

}  // namespace slogate::fake
