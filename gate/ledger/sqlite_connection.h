// SQLite's C interface, as far as a ledger needs it: text in, text out, its errors in Store's codes.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/strings/string_view.h>
#include <absl/types/span.h>

#include "gate/ledger/select.h"

struct sqlite3;
struct sqlite3_stmt;

namespace slogate {

class SqliteConnection {
 public:
  // Opens a file that is there, to read and write where it may be written. `name` begins every message.
  // Its tables are those of the schema "slogate", as PostgreSQL would say.
  static absl::StatusOr<std::unique_ptr<SqliteConnection>> Open(const std::string& path,
                                                                const std::string& name,
                                                                const std::string& vfs);
  ~SqliteConnection();
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  using Cells = absl::Span<const absl::string_view>;
  absl::Status Query(const Statement& statement, const std::function<void(Cells)>& each);
  absl::Status Run(const std::string& sql) {
    return Query({sql}, [](Cells) {});
  }
  // The first column of the only row; "" where there is none.
  absl::StatusOr<std::string> Text(const std::string& sql);

  bool IsReadOnly() const;
  bool InTransaction() const;

 private:
  SqliteConnection(sqlite3* database, const std::string& name) : database_(database), name_(name) {}
  absl::Status Error() const;
  absl::Status Bind(sqlite3_stmt* prepared, const Statement& statement);

  sqlite3* database_;
  std::string name_;
};

}  // namespace slogate
