#include "tests/testing/postgresql_server.h"

#include <libpq-fe.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <utility>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include "tests/testing/child_process.h"

namespace slogate {
namespace {

std::string ProgramFolder() {
  const char* named = getenv("SLOGATE_POSTGRESQL_DIR");
  return named != nullptr ? named : SLOGATE_POSTGRESQL_DIR;
}

struct Command {
  std::string program;
  std::vector<std::string> arguments;
};

// As root: as nobody, who still may read what root keeps in its own home. SIGQUIT, should this process
// end: then the server ends at once and leaves no shared memory.
Command AsUser(const std::string& name, std::vector<std::string> arguments) {
  const std::string program = absl::StrCat(ProgramFolder(), "/", name);
  std::vector<std::string> words = {"--pdeathsig", "QUIT"};
  if (geteuid() == 0) {
    for (const char* word :
         {"--reuid=nobody", "--regid=nogroup", "--clear-groups", "--securebits=+no_setuid_fixup",
          "--inh-caps=-all,+dac_override", "--ambient-caps=-all,+dac_override",
          "--bounding-set=-all,+dac_override"}) {
      words.emplace_back(word);
    }
  }
  words.push_back(program);
  words.insert(words.end(), arguments.begin(), arguments.end());
  return {"/usr/bin/setpriv", std::move(words)};
}

}  // namespace

std::optional<std::string> NoPostgresql() {
  if (!ProgramFolder().empty()) return std::nullopt;
  return "no PostgreSQL named: run ./dev test, or set SLOGATE_POSTGRESQL_DIR to the folder of "
         "postgres and initdb";
}

absl::StatusOr<std::unique_ptr<PostgresqlServer>> PostgresqlServer::Start(
    const PostgresqlOptions& options) {
  std::unique_ptr<PostgresqlServer> server(new PostgresqlServer);
  const std::string data = server->folder_.Path("data");
  const Command made = AsUser("initdb", {"-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
                                         "--no-locale", "--no-sync", "--no-instructions"});
  fake::Child initdb(made.program, made.arguments, {});
  if (initdb.Wait() != 0) {
    return absl::UnavailableError(absl::StrCat("initdb failed: ", initdb.Out(), initdb.Err()));
  }
  if (options.standby) server->folder_.Write("data/standby.signal", "");
  std::vector<std::string> arguments = {
      "-D", data,
      "-c", "listen_addresses=",
      "-c", absl::StrCat("unix_socket_directories=", server->folder()),
      "-c", "shared_buffers=32MB",
      "-c", "max_connections=120",
      "-c", "autovacuum=off"};
  for (const std::string& setting : options.settings) {
    arguments.emplace_back("-c");
    arguments.push_back(setting);
  }
  const Command run = AsUser("postgres", arguments);
  server->process_ = std::make_unique<ServerProcess>(run.program, run.arguments);
  while (!absl::StrContains(server->process_->log(), "ready to accept")) {
    if (!server->process_->ReadLog()) {
      return absl::UnavailableError(
          absl::StrCat("postgres did not start: ", server->process_->log()));
    }
  }
  server->process_->DrainLog();
  return server;
}

PostgresqlServer::~PostgresqlServer() {
  if (process_ == nullptr) return;
  kill(process_->pid(), SIGQUIT);
  siginfo_t ended{};
  waitid(P_PID, static_cast<id_t>(process_->pid()), &ended, WEXITED | WNOWAIT);
}

std::string PostgresqlServer::Url(const std::string& database, const std::string& user) const {
  return absl::StrCat("postgresql://", user, user.empty() ? "" : "@", "/", database,
                      "?host=", folder());
}

std::string PostgresqlServer::NewDatabase() {
  std::string name = absl::StrCat("test", ++databases_);
  const std::string made =
      Run("postgres", "postgres", absl::StrCat("CREATE DATABASE ", name, " TEMPLATE template0"));
  if (!made.empty()) {
    fprintf(stderr, "%s\n", made.c_str());
    abort();
  }
  return name;
}

std::string PostgresqlServer::Run(const std::string& database, const std::string& user,
                                  const std::string& sql) {
  const char* keywords[] = {"host", "dbname", "user", nullptr};
  const char* values[] = {folder().c_str(), database.c_str(), user.c_str(), nullptr};
  const std::unique_ptr<PGconn, void (*)(PGconn*)> connection(
      PQconnectdbParams(keywords, values, 0), PQfinish);
  if (PQstatus(connection.get()) != CONNECTION_OK) {
    return absl::StrCat("ERROR ", PQerrorMessage(connection.get()));
  }
  PQsetNoticeProcessor(
      connection.get(), [](void*, const char*) {}, nullptr);
  const std::unique_ptr<PGresult, void (*)(PGresult*)> result(PQexec(connection.get(), sql.c_str()),
                                                              PQclear);
  const ExecStatusType status = PQresultStatus(result.get());
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
    const char* state = PQresultErrorField(result.get(), PG_DIAG_SQLSTATE);
    const char* message = PQresultErrorField(result.get(), PG_DIAG_MESSAGE_PRIMARY);
    return absl::StrCat("ERROR ", state == nullptr ? "" : state, " ",
                        message == nullptr ? "" : message);
  }
  std::string row;
  for (int i = 0; PQntuples(result.get()) > 0 && i < PQnfields(result.get()); ++i) {
    absl::StrAppend(&row, i == 0 ? "" : "|", PQgetvalue(result.get(), 0, i));
  }
  return row;
}

PostgresqlServer& SharedPostgresql() {
  static const std::unique_ptr<PostgresqlServer> server = [] {
    absl::StatusOr<std::unique_ptr<PostgresqlServer>> started = PostgresqlServer::Start({});
    if (!started.ok()) {
      fprintf(stderr, "%s\n", started.status().ToString().c_str());
      abort();
    }
    return *std::move(started);
  }();
  return *server;
}

}  // namespace slogate
