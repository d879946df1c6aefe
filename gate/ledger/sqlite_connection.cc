#include "gate/ledger/sqlite_connection.h"

#include <sqlite3.h>

#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include "gate/base/limits.h"
#include "gate/ledger/schema.h"

namespace slogate {
namespace {

constexpr absl::string_view kDamaged =
    "the database is damaged. Copy the file aside before anything else, with the -journal beside "
    "it "
    "where there is one; then put back a copy and see whether it verifies (slogate ledger verify "
    "--expect CHECKPOINT), or make a new ledger of what can still be read (slogate ledger export, "
    "slogate ledger import --repair REASON)";

// What SQLite's result code means to whoever uses a ledger: for the person who reads it at night, what to
// do. `said` are its own words.
absl::Status Meaning(int code, absl::string_view said) {
  const int primary = code & 0xff;
  const auto status = [&](absl::StatusCode as, absl::string_view text) {
    return absl::Status(as, absl::StrCat(text, " (SQLite: ", said, ")"));
  };
  if (primary == SQLITE_BUSY || primary == SQLITE_LOCKED) {
    return status(absl::StatusCode::kUnavailable,
                  absl::StrCat("another process has kept it busy for ", limits::kLedgerWaitSeconds,
                               " s: try again, or find what holds the file open (fuser)"));
  }
  if (primary == SQLITE_READONLY || primary == SQLITE_PERM || primary == SQLITE_AUTH) {
    return status(absl::StatusCode::kPermissionDenied,
                  "it may only be read: the file and its folder must be writable for the user that "
                  "runs slogate");
  }
  if (primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB ||
      (primary == SQLITE_ERROR && absl::StrContains(said, "malformed JSON"))) {
    return status(absl::StatusCode::kDataLoss, kDamaged);
  }
  if (primary == SQLITE_FULL) {
    return status(absl::StatusCode::kUnavailable, "the disk is full: make room, and try again");
  }
  if (primary == SQLITE_CONSTRAINT) {
    const bool taken = code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY ||
                       said == schema::kTaken;
    return status(taken ? absl::StatusCode::kAborted : absl::StatusCode::kInvalidArgument,
                  taken ? "another record stands there" : "it is no record that may stand there");
  }
  return status(absl::StatusCode::kUnavailable,
                "the disk, or what it may be used for, failed: see the system's log (dmesg), and "
                "whether the file and its folder can be read and written");
}

}  // namespace

absl::StatusOr<std::unique_ptr<SqliteConnection>> SqliteConnection::Open(const std::string& path,
                                                                         const std::string& name,
                                                                         const std::string& vfs) {
  // With a folder in front no name means anything special, such as ":memory:".
  const std::string file = absl::StartsWith(path, "/") ? path : absl::StrCat("./", path);
  sqlite3* database = nullptr;
  const int opened = sqlite3_open_v2(
      file.c_str(), &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
      vfs.empty() ? nullptr : vfs.c_str());
  std::unique_ptr<SqliteConnection> connection(new SqliteConnection(database, name));
  if (opened != SQLITE_OK) return connection->Error();
  sqlite3_busy_timeout(database, limits::kLedgerWaitSeconds * 1000);
  sqlite3_db_config(database, SQLITE_DBCONFIG_MAINDBNAME, "slogate");
  // A name in "…" that is none would silently be a text.
  sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  return connection;
}

SqliteConnection::~SqliteConnection() { sqlite3_close_v2(database_); }

absl::Status SqliteConnection::Error() const {
  const absl::Status meaning =
      Meaning(sqlite3_extended_errcode(database_), sqlite3_errmsg(database_));
  return absl::Status(meaning.code(), absl::StrCat(name_, ": ", meaning.message()));
}

absl::Status SqliteConnection::Bind(sqlite3_stmt* prepared, const Statement& statement) {
  for (size_t i = 0; i < statement.values.size(); ++i) {
    const std::string& value = statement.values[i];
    const int index = sqlite3_bind_parameter_index(prepared, absl::StrCat("$", i + 1).c_str());
    // nullptr: `value` outlives the statement.
    if (sqlite3_bind_text(prepared, index, value.data(), static_cast<int>(value.size()), nullptr) !=
        SQLITE_OK) {
      return Error();
    }
  }
  return absl::OkStatus();
}

absl::Status SqliteConnection::Query(const Statement& statement,
                                     const std::function<void(Cells)>& each) {
  sqlite3_stmt* prepared = nullptr;
  if (sqlite3_prepare_v2(database_, statement.sql.data(), static_cast<int>(statement.sql.size()),
                         &prepared, nullptr) != SQLITE_OK) {
    return Error();
  }
  const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> owned(prepared, sqlite3_finalize);
  if (absl::Status bound = Bind(prepared, statement); !bound.ok()) return bound;
  std::vector<absl::string_view> cells(static_cast<size_t>(sqlite3_column_count(prepared)));
  int stepped = SQLITE_ROW;
  while ((stepped = sqlite3_step(prepared)) == SQLITE_ROW) {
    for (size_t i = 0; i < cells.size(); ++i) {
      const auto column = static_cast<int>(i);
      const void* text = sqlite3_column_blob(prepared, column);
      const auto size = static_cast<size_t>(sqlite3_column_bytes(prepared, column));
      cells[i] = {static_cast<const char*>(text), size};
    }
    each(cells);
  }
  return stepped == SQLITE_DONE ? absl::OkStatus() : Error();
}

absl::StatusOr<std::string> SqliteConnection::Text(const std::string& sql) {
  std::string text;
  absl::Status status = Query({sql}, [&](Cells cells) { text = std::string(cells[0]); });
  if (!status.ok()) return status;
  return text;
}

bool SqliteConnection::IsReadOnly() const { return sqlite3_db_readonly(database_, "slogate") == 1; }
bool SqliteConnection::InTransaction() const { return sqlite3_get_autocommit(database_) == 0; }

}  // namespace slogate
