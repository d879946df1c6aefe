#include "tests/testing/sqlite_file.h"

#include <sqlite3.h>

#include <memory>

#include <absl/strings/str_cat.h>

namespace slogate::fake {

std::string RunSqlite(const std::string& path, const std::string& sql, const std::string& vfs) {
  sqlite3* database = nullptr;
  const int opened =
      sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                      vfs.empty() ? nullptr : vfs.c_str());
  const std::unique_ptr<sqlite3, int (*)(sqlite3*)> owned(database, sqlite3_close);
  if (opened != SQLITE_OK) return absl::StrCat("ERROR ", sqlite3_errmsg(database));
  // As a ledger calls it.
  sqlite3_db_config(database, SQLITE_DBCONFIG_MAINDBNAME, "slogate");
  std::string rows;
  const char* rest = sql.c_str();
  while (*rest != '\0') {
    sqlite3_stmt* prepared = nullptr;
    if (sqlite3_prepare_v2(database, rest, -1, &prepared, &rest) != SQLITE_OK) {
      return absl::StrCat("ERROR ", sqlite3_errmsg(database));
    }
    const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> statement(prepared,
                                                                          sqlite3_finalize);
    if (prepared == nullptr) break;
    rows.clear();
    int stepped = SQLITE_ROW;
    while ((stepped = sqlite3_step(prepared)) == SQLITE_ROW) {
      for (int i = 0; i < sqlite3_column_count(prepared); ++i) {
        const void* text = sqlite3_column_blob(prepared, i);
        absl::StrAppend(&rows, i == 0 ? "" : "|",
                        absl::string_view(static_cast<const char*>(text),
                                          static_cast<size_t>(sqlite3_column_bytes(prepared, i))));
      }
      rows += '\n';
    }
    if (stepped != SQLITE_DONE) return absl::StrCat("ERROR ", sqlite3_errmsg(database));
  }
  return rows;
}

}  // namespace slogate::fake
