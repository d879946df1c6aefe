#include "gate/ledger/sqlite_store.h"

#include <utility>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include "gate/io/disk_file.h"
#include "gate/ledger/sql_store.h"
#include "gate/ledger/sqlite_connection.h"
#include "gate/ledger/sqlite_file.h"
#include "gate/ledger/sqlite_schema.h"

namespace slogate {
namespace {

absl::Status Named(const std::string& name, const absl::Status& status) {
  if (status.ok() || absl::StartsWith(status.message(), name)) return status;
  return absl::Status(status.code(), absl::StrCat(name, ": ", status.message()));
}

class SqliteStore : public SqlStore {
 public:
  SqliteStore(std::string name, std::unique_ptr<SqliteConnection> connection, Clock& clock)
      : SqlStore(std::move(name)), connection_(std::move(connection)), clock_(clock) {}

  absl::StatusOr<absl::Time> Now() override { return clock_.Now(); }
  absl::StatusOr<std::string> Role() override { return std::string(); }

  absl::Status Check() { return CheckSqliteTables(*connection_); }
  // Makes the tables where there are none; AlreadyExists where there are records in them.
  absl::Status Make();

 protected:
  absl::Status Query(const Statement& statement, const std::function<void(Cells)>& each) override {
    return connection_->Query(statement, each);
  }
  absl::Status Reconnect() override { return absl::OkStatus(); }
  Statement FalseColumnIn(const SeqRange& range) const override { return FindUnindexed(range); }
  absl::Status BeginAppend() override;
  absl::Status CommitAppend() override;
  void RollbackAppend() override {
    // Some errors have ended the transaction already.
    if (connection_->InTransaction()) connection_->Run("ROLLBACK").IgnoreError();
  }

 private:
  std::unique_ptr<SqliteConnection> connection_;
  Clock& clock_;
};

absl::Status SqliteStore::BeginAppend() {
  if (connection_->IsReadOnly()) {
    return absl::PermissionDeniedError(absl::StrCat(
        name(),
        ": the file may only be read: the user that runs slogate must be able to write it "
        "and its folder"));
  }
  return connection_->Run("BEGIN IMMEDIATE");
}

absl::Status SqliteStore::CommitAppend() {
  absl::Status status = connection_->Run("COMMIT");
  if (!status.ok()) RollbackAppend();
  return status;
}

absl::Status SqliteStore::Make() {
  if (absl::Status status = BeginAppend(); !status.ok()) return status;
  absl::Status status = Check();
  if (absl::IsNotFound(status)) {
    status = MakeSqliteTables(*connection_);
  } else if (status.ok()) {
    const absl::StatusOr<int64_t> records = Number({"SELECT count(*) FROM slogate.records"});
    status = records.status();
    if (records.ok() && *records > 0) {
      status = absl::AlreadyExistsError("there is a ledger already, and it stays as it is");
    }
  }
  if (status.ok()) return CommitAppend();
  RollbackAppend();
  return status;
}

absl::StatusOr<std::unique_ptr<SqliteStore>> Connect(const std::string& path,
                                                     const std::string& name, Clock& clock,
                                                     const std::string& vfs) {
  const absl::StatusOr<DiskFile> file = LookAtFile(path);
  if (!file.ok()) return file.status();
  if (absl::Status judged = JudgeFile(*file); !judged.ok()) return judged;
  absl::StatusOr<std::unique_ptr<SqliteConnection>> connection =
      SqliteConnection::Open(path, name, vfs);
  if (!connection.ok()) return connection.status();
  // EXTRA: with FULL the folder is not synced after the journal is gone, and a power cut could bring
  // the journal back, which would take back what was committed.
  // trusted_schema: SQLite 3.40 takes no table with its own JSON functions otherwise. What the tables say
  // is compared with what slogate made before any record is looked at.
  for (const char* pragma : {"trusted_schema = ON", "cell_size_check = ON",
                             "recursive_triggers = ON", "slogate.synchronous = EXTRA"}) {
    absl::Status set = (*connection)->Run(absl::StrCat("PRAGMA ", pragma));
    if (!set.ok()) return set;
  }
  const absl::StatusOr<std::string> journal = (*connection)->Text("PRAGMA slogate.journal_mode");
  if (!journal.ok()) return journal.status();
  const absl::StatusOr<std::string> sync = (*connection)->Text("PRAGMA slogate.synchronous");
  if (*journal != "delete" || !sync.ok() || *sync != "3") {
    return absl::FailedPreconditionError(
        absl::StrCat("its journal mode is ", *journal,
                     ", and a ledger's is delete: once nobody uses it, sqlite3 FILE 'PRAGMA "
                     "journal_mode=DELETE'"));
  }
  return std::make_unique<SqliteStore>(name, *std::move(connection), clock);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> OpenSqlite(const std::string& path, const std::string& name,
                                                  Clock& clock, const std::string& vfs) {
  absl::StatusOr<std::unique_ptr<SqliteStore>> store = Connect(path, name, clock, vfs);
  if (absl::IsNotFound(store.status())) {
    return absl::NotFoundError(absl::StrCat(
        name,
        ": there is no such file. Is its disk mounted, and the path right? A new ledger is made "
        "with slogate ledger init, and knows nothing of what was decided before"));
  }
  if (!store.ok()) return Named(name, store.status());
  if (absl::Status checked = (*store)->Check(); !checked.ok()) return Named(name, checked);
  return store;
}

absl::StatusOr<std::unique_ptr<Store>> CreateSqlite(const std::string& path,
                                                    const std::string& name, Clock& clock,
                                                    const std::string& vfs) {
  // What is there may be a file that an earlier try left without tables.
  absl::Status made = MakeEmptyFile(path);
  if (!made.ok() && !absl::IsAlreadyExists(made)) {
    return absl::Status(made.code(),
                        absl::StrCat(name, ": cannot make the file: ", made.message()));
  }
  absl::StatusOr<std::unique_ptr<SqliteStore>> store = Connect(path, name, clock, vfs);
  if (!store.ok()) return Named(name, store.status());
  if (made = (*store)->Make(); !made.ok()) return Named(name, made);
  return store;
}

}  // namespace slogate
