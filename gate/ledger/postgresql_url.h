// The URL of a ledger in PostgreSQL: postgresql://[USER@]HOST[:PORT]/DATABASE[?OPTION=VALUE…]. It is read
// here, strictly, and libpq is given its parts one by one: so a URL means the same in a build without
// libpq, and nothing in it, or in a variable that libpq reads, weakens the connection.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include <absl/status/statusor.h>
#include <absl/strings/string_view.h>

namespace slogate {

struct PostgresqlUrl {
  std::string user;  // "" is libpq's choice: PGUSER, or who runs this
  std::string host;  // a name, an address, or the folder of a socket
  std::string port = "5432";
  std::string database;
  // sslmode, which is always there, and of sslrootcert, sslcert, sslkey and sslcrl what was given.
  std::map<std::string, std::string> tls;
};

// InvalidArgument, without a word of `text`: for a password, an unknown option, and an sslmode that
// would let somebody else answer. A certificate is checked unless the server is this machine.
absl::StatusOr<PostgresqlUrl> ParsePostgresqlUrl(absl::string_view text);

// "postgresql://host:5432/name"; of a socket "postgresql:///name?host=/folder".
std::string Describe(const PostgresqlUrl& url);

// Every keyword of libpq's that has a say in where the connection goes and how well it is guarded, with
// its value: what stands here, no variable changes.
std::vector<std::pair<std::string, std::string>> ConnectionParameters(const PostgresqlUrl& url);

}  // namespace slogate
