#include "gate/ledger/postgresql_store.h"

#include <utility>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

#include "gate/ledger/postgresql_connection.h"
#include "gate/ledger/postgresql_schema.h"
#include "gate/ledger/postgresql_url.h"
#include "gate/ledger/sql_store.h"

namespace slogate {
namespace {

using Strings = std::vector<std::string>;

// What every writer of this table waits for; the number is the first eight bytes of SHA-256("slogate.records").
constexpr char kLock[] = "pg_advisory_xact_lock(-6978642202995868572)";

// In the order in which Judge() reads them.
constexpr char kServer[] =
    "pg_is_in_recovery()::text, current_setting('synchronous_commit'), current_setting('fsync'), "
    "current_setting('transaction_read_only'), current_setting('server_encoding')";

class PostgresqlStore : public SqlStore {
 public:
  PostgresqlStore(std::string name, std::unique_ptr<PostgresqlConnection> connection)
      : SqlStore(std::move(name)), connection_(std::move(connection)) {}

  absl::StatusOr<absl::Time> Now() override;
  absl::StatusOr<std::string> Role() override;

  absl::Status CheckServer();
  absl::Status CheckTables();
  // Makes the tables where there are none; AlreadyExists where there are records in them.
  absl::Status Make();

 protected:
  absl::Status Query(const Statement& statement, const std::function<void(Cells)>& each) override {
    return connection_->Query(statement, each);
  }
  absl::Status Reconnect() override;
  Statement FalseColumnIn(const SeqRange& range) const override {
    return FindFalsePostgresqlColumn(range);
  }
  absl::Status BeginAppend() override;
  absl::Status CommitAppend() override { return connection_->Commit(); }
  void RollbackAppend() override {
    if (connection_->IsAlive()) connection_->Run("ROLLBACK").IgnoreError();
  }

 private:
  enum class For : uint8_t { kReading, kWriting };
  absl::Status Judge(const Strings& server, For use) const;
  absl::Status MakeRoles();
  absl::Status MakeAll();

  std::unique_ptr<PostgresqlConnection> connection_;
};

absl::StatusOr<absl::Time> PostgresqlStore::Now() {
  const absl::StatusOr<int64_t> seconds =
      Number({"SELECT floor(extract(epoch FROM clock_timestamp()))::bigint"});
  if (!seconds.ok()) return seconds.status();
  return absl::FromUnixSeconds(*seconds);
}

absl::StatusOr<std::string> PostgresqlStore::Role() {
  const absl::StatusOr<Strings> role = connection_->Run("SELECT session_user::text");
  if (!role.ok()) return role.status();
  return role->at(0);
}

absl::Status PostgresqlStore::Judge(const Strings& server, For use) const {
  const auto refuse = [&](absl::string_view why) {
    return absl::FailedPreconditionError(absl::StrCat(name(), ": ", why));
  };
  if (server[0] == "true") {
    return refuse(
        "this server is a standby, and what was decided last may not be there yet: name the "
        "primary");
  }
  if (server[1] == "off") {
    return refuse(
        "synchronous_commit is off, so a record that was written may be gone after a crash: set it "
        "to "
        "on, for the server, this database and this role (\\drds shows where)");
  }
  if (server[2] == "off") {
    return refuse("fsync is off, so everything may be gone after a crash: set it to on");
  }
  if (server[4] != "UTF8") {
    return refuse(absl::StrCat("its database has the encoding ", server[4],
                               ", and a ledger needs UTF8: name another database"));
  }
  if (use == For::kWriting && server[3] == "on") {
    return absl::PermissionDeniedError(absl::StrCat(
        name(),
        ": the database may only be read here (default_transaction_read_only): use the role "
        "of a gate or an approver"));
  }
  return absl::OkStatus();
}

absl::Status PostgresqlStore::CheckServer() {
  const absl::StatusOr<Strings> server = connection_->Run(absl::StrCat("SELECT ", kServer));
  return server.ok() ? Judge(*server, For::kReading) : server.status();
}

// A connection may break while nobody uses it, and that shows when it is used.
absl::Status PostgresqlStore::Reconnect() {
  if (connection_->IsAlive()) {
    const absl::Status checked = CheckServer();
    if (checked.ok() || connection_->IsAlive()) return checked;
  }
  if (absl::Status again = connection_->Reconnect(); !again.ok()) return again;
  return CheckServer();
}

// READ COMMITTED: what is read after the lock is what stands there then.
absl::Status PostgresqlStore::BeginAppend() {
  const absl::StatusOr<Strings> server = connection_->Run(
      absl::StrCat("BEGIN ISOLATION LEVEL READ COMMITTED; SELECT ", kServer, ", ", kLock));
  absl::Status status = server.ok() ? Judge(*server, For::kWriting) : server.status();
  if (!status.ok()) RollbackAppend();
  return status;
}

absl::Status PostgresqlStore::CheckTables() {
  std::string form, description;
  absl::Status status = Query(DescribePostgresqlTables(), [&](Cells cells) {
    form = std::string(cells[0]);
    description = std::string(cells[1]);
  });
  if (status.ok()) status = CheckPostgresqlTables(form, description);
  if (status.ok() || absl::StartsWith(status.message(), name())) return status;
  return absl::Status(status.code(), absl::StrCat(name(), ": ", status.message()));
}

// They belong to the whole server: other ledgers may have them already.
absl::Status PostgresqlStore::MakeRoles() {
  for (const absl::string_view role : {kGateRole, kApproverRole}) {
    const absl::StatusOr<int64_t> there =
        Number({"SELECT count(*) FROM pg_roles WHERE rolname = $1", {std::string(role)}});
    if (!there.ok()) return there.status();
    if (*there > 0) continue;
    const absl::StatusOr<Strings> made =
        connection_->Run(absl::StrCat("CREATE ROLE ", role, " NOLOGIN"));
    if (absl::IsPermissionDenied(made.status())) {
      return absl::PermissionDeniedError(
          absl::StrCat(name(), ": this role may not make the roles ", kGateRole, " and ",
                       kApproverRole, ": have an administrator say CREATE ROLE ", kGateRole,
                       "; CREATE ROLE ", kApproverRole, "; and then try again"));
    }
    if (!made.ok()) return made.status();
  }
  return absl::OkStatus();
}

absl::Status PostgresqlStore::MakeAll() {
  if (absl::Status status = MakeRoles(); !status.ok()) return status;
  for (const std::string& sql : PostgresqlTables()) {
    const absl::StatusOr<Strings> made = connection_->Run(sql);
    if (absl::IsPermissionDenied(made.status())) {
      return absl::PermissionDeniedError(absl::StrCat(
          name(),
          ": this role may not make tables here: use the owner of the database for slogate "
          "ledger init, or have one say GRANT CREATE ON DATABASE to this role"));
    }
    if (!made.ok()) return made.status();
  }
  return absl::OkStatus();
}

absl::Status PostgresqlStore::Make() {
  if (absl::Status status = BeginAppend(); !status.ok()) return status;
  absl::Status status = CheckTables();
  if (absl::IsNotFound(status)) {
    status = MakeAll();
  } else if (status.ok()) {
    const absl::StatusOr<int64_t> records =
        Number({"SELECT count(*) FROM (SELECT 1 FROM slogate.records LIMIT 1) AS any_record"});
    status = records.status();
    if (records.ok() && *records > 0) {
      status = absl::AlreadyExistsError(
          absl::StrCat(name(), ": there is a ledger already, and it stays as it is"));
    }
  }
  if (status.ok()) return CommitAppend();
  RollbackAppend();
  return status;
}

absl::StatusOr<std::unique_ptr<PostgresqlStore>> Connect(const LedgerLocation& location) {
  const absl::StatusOr<PostgresqlUrl> url = ParsePostgresqlUrl(location.place);
  if (!url.ok()) return url.status();
  const std::string name = Describe(*url);
  absl::StatusOr<std::unique_ptr<PostgresqlConnection>> connection =
      PostgresqlConnection::Open(*url, name);
  if (!connection.ok()) return connection.status();
  auto store = std::make_unique<PostgresqlStore>(name, *std::move(connection));
  if (absl::Status checked = store->CheckServer(); !checked.ok()) return checked;
  return store;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> OpenPostgresql(const LedgerLocation& location) {
  absl::StatusOr<std::unique_ptr<PostgresqlStore>> store = Connect(location);
  if (!store.ok()) return store.status();
  if (absl::Status checked = (*store)->CheckTables(); !checked.ok()) return checked;
  return store;
}

absl::StatusOr<std::unique_ptr<Store>> CreatePostgresql(const LedgerLocation& location) {
  absl::StatusOr<std::unique_ptr<PostgresqlStore>> store = Connect(location);
  if (!store.ok()) return store.status();
  if (absl::Status made = (*store)->Make(); !made.ok()) return made;
  return store;
}

}  // namespace slogate
