// libpq, as far as a ledger needs it: text in, text out, its errors in Store's codes.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/strings/string_view.h>
#include <absl/types/span.h>

#include "gate/ledger/postgresql_url.h"
#include "gate/ledger/select.h"

struct pg_conn;
struct pg_result;

namespace slogate {

class PostgresqlConnection {
 public:
  // `name` begins every message.
  static absl::StatusOr<std::unique_ptr<PostgresqlConnection>> Open(const PostgresqlUrl& url,
                                                                    const std::string& name);
  ~PostgresqlConnection();
  PostgresqlConnection(const PostgresqlConnection&) = delete;
  PostgresqlConnection& operator=(const PostgresqlConnection&) = delete;

  using Cells = absl::Span<const absl::string_view>;
  absl::Status Query(const Statement& statement, const std::function<void(Cells)>& each);
  // Statements without values, one after the other; gives the cells of the last one's only row.
  absl::StatusOr<std::vector<std::string>> Run(const std::string& sql);

  // Unknown where the connection broke, or ended with the server, before it was confirmed.
  absl::Status Commit();

  bool IsAlive() const;
  absl::Status Reconnect();  // the same again; nothing that was under way is there any more

 private:
  PostgresqlConnection(pg_conn* connection, const std::string& name)
      : connection_(connection), name_(name) {}
  absl::Status Connected() const;
  absl::Status Error(const pg_result* result) const;

  pg_conn* connection_;
  std::string name_;
};

}  // namespace slogate
