// A real PostgreSQL for tests: a new cluster in a temporary folder, reached by a socket there and no other
// way, where everybody may be any role. Its programs come from the folder that the variable
// SLOGATE_POSTGRESQL_DIR names, or else the CMake cache entry of that name. `./dev test` unpacks them and
// sets the variable. As root it runs as the user nobody, as PostgreSQL wants to have it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <absl/status/statusor.h>
#include <absl/strings/string_view.h>

#include "tests/testing/server_process.h"
#include "tests/testing/temp_folder.h"

namespace slogate {

// Why a test of a real PostgreSQL must be skipped here; nullopt where it must run. It must run wherever a
// folder is named.
std::optional<std::string> NoPostgresql();

struct PostgresqlOptions {
  std::vector<std::string> settings = {};  // "fsync=off"
  bool standby = false;                    // it waits for a primary that never comes
};

class PostgresqlServer {
 public:
  // Returns when it takes connections. Call it on a thread that outlives the server: the system stops the
  // server when that thread ends, however it ends. Unavailable, with the server's log, where it does not
  // start.
  static absl::StatusOr<std::unique_ptr<PostgresqlServer>> Start(const PostgresqlOptions& options);
  ~PostgresqlServer();

  const std::string& folder() const { return folder_.path(); }  // of its socket
  // The URL of a ledger; `user` "" is whoever runs the test.
  std::string Url(const std::string& database, const std::string& user = "postgres") const;

  std::string NewDatabase();  // its name

  // Runs `sql` as `user`. "" or the first row's columns, joined by '|'; where it fails, "ERROR " with
  // the SQLSTATE and the message.
  std::string Run(const std::string& database, const std::string& user, const std::string& sql);

 private:
  PostgresqlServer() = default;

  fake::TempFolder folder_;
  std::unique_ptr<ServerProcess> process_;
  int databases_ = 0;
};

// One for all tests of a binary, started when it is asked for first and ended with the binary; the test
// fails where it does not start.
PostgresqlServer& SharedPostgresql();

}  // namespace slogate
