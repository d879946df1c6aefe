#include "gate/ledger/sqlite_schema.h"

#include <utility>
#include <vector>

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>

#include "gate/ledger/schema.h"

namespace slogate {
namespace {

// "slog": what SQLite files are told apart by (file(1) reads it, too).
constexpr int kApplicationId = 0x736c6f67;

std::string TableSql() {
  std::string sql =
      "CREATE TABLE records(\n  seq INTEGER PRIMARY KEY NOT NULL,\n  bytes TEXT NOT NULL";
  // VIRTUAL: a column is worked out when it is asked for, and stands in indexes alone.
  for (const schema::Column& column : schema::GeneratedColumns()) {
    absl::StrAppend(&sql, ",\n  ", column.name, " TEXT GENERATED ALWAYS AS (", column.expression,
                    ") VIRTUAL", column.always ? " NOT NULL" : "");
  }
  for (const schema::Check& check : schema::Checks()) {
    absl::StrAppend(&sql, ",\n  ", schema::CheckSql(check));
  }
  return absl::StrCat(sql, "\n) STRICT");
}

std::string TriggerSql(absl::string_view name, absl::string_view when, absl::string_view says) {
  return absl::StrCat("CREATE TRIGGER ", name, " BEFORE ", when, " BEGIN SELECT RAISE(ABORT, '",
                      says, "'); END");
}

// Name and SQL of all that is made. The triggers are guard rails: against whoever means no harm, and
// against INSERT OR REPLACE, which deletes without asking the trigger for it.
std::vector<std::pair<std::string, std::string>> Objects() {
  std::vector<std::pair<std::string, std::string>> objects = {{"records", TableSql()}};
  for (const schema::Index& index : schema::Indexes()) {
    objects.emplace_back(index.name, schema::CreateIndex(index, "records"));
  }
  const auto add = [&](absl::string_view name, absl::string_view when, absl::string_view says) {
    objects.emplace_back(name, TriggerSql(name, when, says));
  };
  add("records_taken",
      "INSERT ON records WHEN EXISTS (SELECT 1 FROM records WHERE seq = NEW.seq)"
      " OR EXISTS (SELECT 1 FROM records WHERE prev = NEW.prev)"
      " OR EXISTS (SELECT 1 FROM records WHERE nonce = NEW.nonce)",
      schema::kTaken);
  add("records_follow",
      "INSERT ON records WHEN NEW.seq > (SELECT coalesce(max(seq), -1) + 1 FROM records)"
      " OR NEW.log_id <> (SELECT log_id FROM records WHERE seq = 0)",
      schema::kNotNext);
  add("records_stay", "UPDATE ON records", schema::kNeverChanged);
  add("records_remain", "DELETE ON records", schema::kNeverChanged);
  return objects;
}

absl::StatusOr<int64_t> Pragma(SqliteConnection& connection, absl::string_view name) {
  const absl::StatusOr<std::string> text = connection.Text(absl::StrCat("PRAGMA slogate.", name));
  if (!text.ok()) return text.status();
  int64_t number = 0;
  (void)absl::SimpleAtoi(*text, &number);
  return number;
}

absl::Status CompareTables(SqliteConnection& connection) {
  std::map<std::string, std::string> wanted, there;
  for (auto& [name, sql] : Objects()) wanted[name] = sql;
  // What SQLite makes for itself has a name that nobody else may take.
  absl::Status status = connection.Query(
      {"SELECT name, coalesce(sql, '') FROM slogate.sqlite_schema WHERE name NOT LIKE 'sqlite~_%' "
       "ESCAPE '~'"},
      [&](SqliteConnection::Cells cells) { there[std::string(cells[0])] = std::string(cells[1]); });
  if (!status.ok() || there == wanted) return status;
  std::string different;
  for (const auto& [name, sql] : wanted) {
    if (there[name] != sql) different = name;
  }
  for (const auto& [name, sql] : there) {
    if (different.empty() && wanted.count(name) == 0) different = name;
  }
  return absl::FailedPreconditionError(absl::StrCat(
      "somebody changed its tables (", different,
      " is not as slogate made it), so nobody knows what it finds: put that back as it was, or put "
      "back a copy and see whether it verifies (slogate ledger verify --expect CHECKPOINT)"));
}

}  // namespace

absl::Status MakeSqliteTables(SqliteConnection& connection) {
  std::vector<std::string> all;
  for (auto& [name, sql] : Objects()) all.push_back(std::move(sql));
  all.push_back(absl::StrCat("PRAGMA slogate.application_id = ", kApplicationId));
  all.push_back(absl::StrCat("PRAGMA slogate.user_version = ", schema::kVersion));
  for (const std::string& sql : all) {
    if (absl::Status status = connection.Run(sql); !status.ok()) return status;
  }
  return absl::OkStatus();
}

Statement FindUnindexed(const SeqRange& range) {
  std::vector<std::string> missing;
  for (const schema::Index& index : schema::Indexes()) {
    std::string same = "i.seq = r.seq";
    for (const absl::string_view column : absl::StrSplit(index.columns, ", ")) {
      if (column != "seq") absl::StrAppend(&same, " AND i.", column, " IS r.", column);
    }
    missing.push_back(absl::StrCat("NOT EXISTS (SELECT 1 FROM slogate.records AS i INDEXED BY ",
                                   index.name, " WHERE ", same, ")"));
  }
  return {absl::StrCat("SELECT coalesce(min(r.seq), -1) FROM slogate.records AS r NOT INDEXED "
                       "WHERE r.seq >= $1 AND r.seq < $2 AND (",
                       absl::StrJoin(missing, " OR "), ")"),
          {absl::StrCat(range.from), absl::StrCat(range.to)}};
}

absl::Status CheckSqliteTables(SqliteConnection& connection) {
  const absl::StatusOr<int64_t> application = Pragma(connection, "application_id");
  if (!application.ok()) return application.status();
  const absl::StatusOr<std::string> objects =
      connection.Text("SELECT count(*) FROM slogate.sqlite_schema");
  if (!objects.ok()) return objects.status();
  if (*application == 0 && *objects == "0") {
    return absl::NotFoundError("it is empty, and no ledger: make one with slogate ledger init");
  }
  if (*application != kApplicationId) {
    return absl::FailedPreconditionError(
        "it is the database of another program: name another file");
  }
  const absl::StatusOr<int64_t> version = Pragma(connection, "user_version");
  if (!version.ok()) return version.status();
  if (*version > schema::kVersion) {
    return absl::FailedPreconditionError(absl::StrCat("a newer slogate made it (form ", *version,
                                                      "; this one knows form ", schema::kVersion,
                                                      "): use that one"));
  }
  return CompareTables(connection);
}

}  // namespace slogate
