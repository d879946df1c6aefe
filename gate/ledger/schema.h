// The one table of a ledger's database, as far as SQLite and PostgreSQL agree on it. `bytes` is the record;
// every other column that is searched by is generated from it by the database, so that none can say
// something else.
#pragma once

#include <string>

#include <absl/strings/string_view.h>
#include <absl/types/span.h>

namespace slogate::schema {

// The form of the tables: a slogate that knows another leaves them alone.
inline constexpr int kVersion = 1;

struct Column {
  absl::string_view name;
  absl::string_view expression;  // of `bytes`, in the SQL of both
  bool always;                   // every record has it
};
absl::Span<const Column> GeneratedColumns();

struct Index {
  absl::string_view name;
  absl::string_view columns;
  bool unique;
};
absl::Span<const Index> Indexes();

// What must be true of every row, in the SQL of both.
struct Check {
  absl::string_view name;
  absl::string_view expression;
};
absl::Span<const Check> Checks();

// "CONSTRAINT name CHECK (expression)".
std::string CheckSql(const Check& check);

// "CREATE [UNIQUE] INDEX name ON table (columns)".
std::string CreateIndex(const Index& index, absl::string_view table);

// The text of a guard that finds a seq, prev or nonce that is there already.
inline constexpr absl::string_view kTaken = "a record stands in that place already";
inline constexpr absl::string_view kNotNext = "the record does not go on where the ledger ends";
inline constexpr absl::string_view kNeverChanged = "records are never changed or deleted";

}  // namespace slogate::schema
