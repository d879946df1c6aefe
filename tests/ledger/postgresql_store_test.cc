// What a ledger in PostgreSQL lets whom do, and which servers it trusts.
#include "gate/ledger/postgresql_store.h"

#include <stdlib.h>

#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>
#include <gtest/gtest.h>

#include "gate/ledger/ledger.h"
#include "gate/ledger/verify.h"
#include "tests/testing/cutting_proxy.h"
#include "tests/testing/fakes.h"
#include "tests/testing/ledger_places.h"
#include "tests/testing/postgresql_server.h"
#include "tests/testing/sample_records.h"

namespace slogate {
namespace {

using fake::CuttingProxy;
using fake::SampleRecord;

// A variable of this process, until the end of the block.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) { setenv(name, value, 1); }
  ~Variable() { unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
};

class PostgresqlStores : public testing::Test {
 protected:
  void SetUp() override {
    if (auto why = NoPostgresql()) GTEST_SKIP() << *why;
    server_ = &SharedPostgresql();
    database_ = server_->NewDatabase();
  }

  LedgerLocation Location(const std::string& user = "postgres") const {
    return {LedgerLocation::Kind::kPostgresql, server_->Url(database_, user)};
  }
  std::string Name() const { return Describe(Location()); }
  std::string Run(const std::string& sql, const std::string& user = "postgres") {
    return server_->Run(database_, user, sql);
  }

  // A ledger of the owner's, and logins of which one may do what a pipeline does, one what an approver does, and
  // one nothing.
  void MakeLedger() {
    absl::StatusOr<std::unique_ptr<Store>> store = CreateStore(Location(), clock_);
    ASSERT_TRUE(store.ok()) << store.status();
    ASSERT_TRUE(Ledger::Create(*std::move(store), "acme", {"local:root", "test", ""}).ok());
    for (const char* login : {"ci", "alice", "mallory"}) {
      Run(absl::StrCat("CREATE ROLE ", login, " LOGIN"));  // or there from another test
    }
    ASSERT_EQ(Run("GRANT slogate_gate TO ci; GRANT slogate_approver TO alice"), "");
  }

  std::unique_ptr<Ledger> Open(const std::string& user) {
    absl::StatusOr<std::unique_ptr<Store>> store = OpenStore(Location(user), clock_);
    EXPECT_TRUE(store.ok()) << store.status();
    if (!store.ok()) return nullptr;
    absl::StatusOr<std::unique_ptr<Ledger>> ledger = Ledger::Open(*std::move(store), {});
    EXPECT_TRUE(ledger.ok()) << ledger.status();
    return ledger.ok() ? *std::move(ledger) : nullptr;
  }

  absl::Status Append(Ledger& ledger, RecordKind kind) {
    return ledger.Append([&](LedgerView& view) { return view.Add(SampleRecord(kind)).status(); })
        .status();
  }

  std::vector<std::string> All() { return fake::AllBytes(Location(), clock_); }

  fake::FixedClock clock_{absl::UnixEpoch()};
  PostgresqlServer* server_ = nullptr;
  std::string database_;
};

const char kWhoMay[] =
    "this database role may not do that. Members of slogate_gate may append decisions, override "
    "requests, uses and revocations, and releases; members of slogate_approver requests, "
    "approvals, "
    "rejections, revocations, reviews and releases: GRANT one of them to the role (PostgreSQL: ";

TEST_F(PostgresqlStores, DivideKindsByRole) {
  MakeLedger();
  struct Row {
    RecordKind kind;
    bool gate, approver;
  };
  size_t written = 1;
  for (const Row& row : {Row{RecordKind::kDecision, true, false},
                         {RecordKind::kOverrideRequest, true, true},
                         {RecordKind::kOverrideApprove, false, true},
                         {RecordKind::kOverrideReject, false, true},
                         {RecordKind::kOverrideUse, true, false},
                         {RecordKind::kOverrideRevoke, true, true},
                         {RecordKind::kOverrideReview, false, true},
                         {RecordKind::kRelease, true, true},
                         {RecordKind::kRepair, false, false}}) {
    for (const auto& [user, may] : {std::pair("ci", row.gate), {"alice", row.approver}}) {
      const std::unique_ptr<Ledger> ledger = Open(user);
      ASSERT_NE(ledger, nullptr);
      const absl::Status appended = Append(*ledger, row.kind);
      EXPECT_EQ(appended.code(), may ? absl::StatusCode::kOk : absl::StatusCode::kPermissionDenied)
          << user << " " << Word(row.kind) << appended;
      if (!may) {
        EXPECT_EQ(
            appended.message(),
            absl::StrCat(Name(), ": ", kWhoMay,
                         "new row violates row-level security policy for table \"records\")"));
        continue;
      }
      ++written;
      EXPECT_EQ(ReadRecord(All().back())->actor.role, user);
    }
  }
  EXPECT_EQ(All().size(), written);
}

TEST_F(PostgresqlStores, LetMembersOnlyReadAndAppend) {
  MakeLedger();
  for (const char* user : {"ci", "alice"}) {
    for (const char* sql :
         {"UPDATE slogate.records SET bytes = bytes", "DELETE FROM slogate.records",
          "TRUNCATE slogate.records", "DROP TRIGGER stay ON slogate.records",
          "ALTER TABLE slogate.records DISABLE TRIGGER ALL",
          "ALTER TABLE slogate.records DISABLE ROW LEVEL SECURITY", "DROP TABLE slogate.records",
          "DROP POLICY slogate_gate ON slogate.records", "CREATE TABLE slogate.x(y int)",
          "INSERT INTO slogate.records(seq, bytes, role) SELECT 1, bytes, 'alice' FROM "
          "slogate.records",
          "INSERT INTO slogate.records(seq, bytes, kind) SELECT 1, bytes, 'decision' FROM "
          "slogate.records",
          "CREATE OR REPLACE FUNCTION slogate.stay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
          "RETURN NULL; END $$",
          "SET session_replication_role = replica"}) {
      const std::string answer = Run(sql, user);
      EXPECT_TRUE(absl::StartsWith(answer, "ERROR 42501 ") ||
                  absl::StartsWith(answer, "ERROR 428C9 "))
          << user << ": " << sql << ": " << answer;
    }
  }
  EXPECT_EQ(All().size(), 1U);
}

// What a pipeline's login writes by hand.
TEST_F(PostgresqlStores, RefuseForgedRecords) {
  MakeLedger();
  const std::unique_ptr<Ledger> ledger = Open("ci");
  ASSERT_NE(ledger, nullptr);
  // A good one, taken back, to make bad ones of.
  std::string good;
  EXPECT_FALSE(ledger
                   ->Append([&](LedgerView& view) {
                     const absl::StatusOr<Record> added =
                         view.Add(SampleRecord(RecordKind::kDecision));
                     if (added.ok()) good = added->bytes;
                     return absl::CancelledError("");
                   })
                   .ok());
  const auto insert = [&](const std::string& bytes) {
    return Run(
        absl::StrCat("INSERT INTO slogate.records(seq, bytes) VALUES (1, $b$", bytes, "$b$)"),
        "ci");
  };
  const std::string time = good.substr(good.find("\"time\":\""), 29);
  const std::string prev = ReadRecord(good)->prev;
  struct Forged {
    const char* name;
    std::string bytes, answer;
  };
  const std::string policy =
      "ERROR 42501 new row violates row-level security policy for table \"records\"";
  const std::string follow = "ERROR 23514 the record does not go on where the ledger ends";
  for (const Forged& forged :
       {Forged{
            "an approval",
            absl::StrReplaceAll(good, {{"\"kind\":\"decision\"", "\"kind\":\"override_approve\""}}),
            policy},
        Forged{"in another's name",
               absl::StrReplaceAll(good, {{"\"role\":\"ci\"", "\"role\":\"alice\""}}), policy},
        Forged{"in nobody's name",
               absl::StrReplaceAll(good, {{"\"role\":\"ci\"", "\"role\":null"}}), policy},
        Forged{"behind another record", absl::StrReplaceAll(good, {{prev, std::string(64, '0')}}),
               follow},
        // No later record could have its own time.
        Forged{"from the future",
               absl::StrReplaceAll(good, {{time, "\"time\":\"9999-12-31T23:59:59Z\""}}), follow},
        Forged{"of another ledger",
               absl::StrReplaceAll(good, {{"\"log_id\":\"acme\"", "\"log_id\":\"other\""}}),
               follow}}) {
    ASSERT_NE(forged.bytes, good) << forged.name;
    EXPECT_EQ(insert(forged.bytes), forged.answer) << forged.name;
  }
  EXPECT_EQ(All().size(), 1U);
  EXPECT_EQ(insert(good), "");
  EXPECT_EQ(Append(*ledger, RecordKind::kRelease), absl::OkStatus());
}

TEST_F(PostgresqlStores, AreClosedToOthers) {
  MakeLedger();
  const absl::StatusOr<std::unique_ptr<Store>> store = OpenStore(Location("mallory"), clock_);
  ASSERT_TRUE(store.ok()) << store.status();
  for (const Store::Access access : {Store::Access::kRead, Store::Access::kAppend}) {
    absl::Status status = (*store)->Begin(access);
    if (status.ok()) status = (*store)->Insert(1, "{}");
    EXPECT_EQ(status, absl::PermissionDeniedError(absl::StrCat(
                          Name(), ": ", kWhoMay, "permission denied for schema slogate)")));
  }
}

TEST_F(PostgresqlStores, AreNeverMadeByOpening) {
  const std::string text =
      ": there is no ledger in this database: make one with slogate ledger init";
  EXPECT_EQ(OpenStore(Location(), clock_).status(),
            absl::NotFoundError(absl::StrCat(Name(), text)));
  EXPECT_EQ(Run("SELECT count(*) FROM pg_namespace WHERE nspname = 'slogate'"), "0");
}

struct Change {
  const char* name;
  const char* sql;  // before the ledger is opened; %d is the database
  absl::StatusCode code;
  const char* error;  // after the name; ends with … where more follows
};

void PrintTo(const Change& test, std::ostream* out) { *out << test.name; }

class UntrustedDatabases : public PostgresqlStores, public testing::WithParamInterface<Change> {};

TEST_P(UntrustedDatabases, AreRefused) {
  MakeLedger();
  ASSERT_EQ(Run(absl::StrReplaceAll(GetParam().sql, {{"%d", database_}})), "");
  const absl::Status opened = OpenStore(Location(), clock_).status();
  EXPECT_EQ(opened.code(), GetParam().code) << opened;
  EXPECT_EQ(opened.message(), absl::StrCat(Name(), ": ", GetParam().error));
}

const char kChanged[] =
    "\"), so nobody knows what it finds: put that back as it was, or put back a backup and see "
    "whether it verifies (slogate ledger verify --expect CHECKPOINT)";
const std::string kTriggersOff = absl::StrCat(
    "somebody changed its table (\"triggers follow:A remain:A stay:D\", made as \"triggers "
    "follow:A "
    "remain:A stay:A",
    kChanged);
const std::string kNoPolicies = absl::StrCat(
    "somebody changed its table (\"policies everybody_reads slogate_approver\", made as \"policies "
    "everybody_reads slogate_approver slogate_gate",
    kChanged);
const std::string kOpenRows = absl::StrCat(
    "somebody changed its table (\"table r\", made as \"table r, row security", kChanged);
const std::string kNoSync =
    "synchronous_commit is off, so a record that was written may be gone after a crash: set it to "
    "on, "
    "for the server, this database and this role (\\drds shows where)";
const std::string kUnlogged = absl::StrCat(
    "somebody changed its table (\"table r, not durable, row security\", made as \"table r, row "
    "security",
    kChanged);

INSTANTIATE_TEST_SUITE_P(
    All, UntrustedDatabases,
    testing::Values(
        Change{"TriggerOff", "ALTER TABLE slogate.records DISABLE TRIGGER stay",
               absl::StatusCode::kFailedPrecondition, kTriggersOff.c_str()},
        Change{"PolicyGone", "DROP POLICY slogate_gate ON slogate.records",
               absl::StatusCode::kFailedPrecondition, kNoPolicies.c_str()},
        Change{"RowSecurityOff", "ALTER TABLE slogate.records DISABLE ROW LEVEL SECURITY",
               absl::StatusCode::kFailedPrecondition, kOpenRows.c_str()},
        Change{"Unlogged", "ALTER TABLE slogate.records SET UNLOGGED",
               absl::StatusCode::kFailedPrecondition, kUnlogged.c_str()},
        Change{"Newer", "COMMENT ON TABLE slogate.records IS 'slogate ledger, form 2'",
               absl::StatusCode::kFailedPrecondition,
               "a newer slogate made it (form 2; this one knows form 1): use that one"},
        Change{"NotOurs", "COMMENT ON TABLE slogate.records IS 'music'",
               absl::StatusCode::kFailedPrecondition,
               "it has a table slogate.records that slogate did not make: name another database"},
        Change{"NoSyncInDatabase", "ALTER DATABASE %d SET synchronous_commit = off",
               absl::StatusCode::kFailedPrecondition, kNoSync.c_str()},
        Change{"NoSyncForRole", "ALTER ROLE postgres IN DATABASE %d SET synchronous_commit = off",
               absl::StatusCode::kFailedPrecondition, kNoSync.c_str()}),
    [](const auto& test) { return test.param.name; });

// What is set while a ledger is open counts for the next record.
TEST_F(PostgresqlStores, LookAgainBeforeEachRecord) {
  MakeLedger();
  const std::unique_ptr<Ledger> ledger = Open("ci");
  ASSERT_NE(ledger, nullptr);
  ASSERT_EQ(Run(absl::StrCat("ALTER DATABASE ", database_, " SET synchronous_commit = off")), "");
  EXPECT_EQ(Append(*ledger, RecordKind::kDecision),
            absl::OkStatus());  // in the session as it began
  ASSERT_EQ(Run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'ci'"),
            "t");
  EXPECT_EQ(Append(*ledger, RecordKind::kDecision),
            absl::FailedPreconditionError(absl::StrCat(Name(), ": ", kNoSync)));
}

TEST_F(PostgresqlStores, MayBeReadWhereNothingMayBeWritten) {
  MakeLedger();
  ASSERT_EQ(
      Run(absl::StrCat("ALTER DATABASE ", database_, " SET default_transaction_read_only = on")),
      "");
  const std::unique_ptr<Ledger> ledger = Open("ci");
  ASSERT_NE(ledger, nullptr);
  EXPECT_TRUE(ledger->Read([](LedgerView&) { return absl::OkStatus(); }).ok());
  EXPECT_EQ(Append(*ledger, RecordKind::kDecision),
            absl::PermissionDeniedError(absl::StrCat(
                Name(),
                ": the database may only be read here (default_transaction_read_only): use "
                "the role of a gate or an approver")));
}

TEST_F(PostgresqlStores, WantUtf8) {
  ASSERT_EQ(Run("CREATE DATABASE latin TEMPLATE template0 ENCODING LATIN1"), "");
  const LedgerLocation latin{LedgerLocation::Kind::kPostgresql, server_->Url("latin")};
  EXPECT_EQ(CreateStore(latin, clock_).status(),
            absl::FailedPreconditionError(absl::StrCat(
                Describe(latin),
                ": its database has the encoding LATIN1, and a ledger needs UTF8: name another "
                "database")));
}

TEST_F(PostgresqlStores, KeepNoNul) {
  MakeLedger();
  const std::unique_ptr<Ledger> ledger = Open("ci");
  ASSERT_NE(ledger, nullptr);
  Record record = SampleRecord(RecordKind::kDecision);
  record.subject.version = std::string("4\0", 2);
  const absl::Status appended =
      ledger->Append([&](LedgerView& view) { return view.Add(record).status(); }).status();
  EXPECT_EQ(appended, absl::InvalidArgumentError(absl::StrCat(
                          Name(),
                          ": it is no record that PostgreSQL can keep, which has no character "
                          "U+0000 (PostgreSQL: unsupported Unicode escape sequence)")));
}

// Nothing that libpq would take from the environment leads elsewhere or weakens.
TEST_F(PostgresqlStores, DoNotListenToTheEnvironment) {
  MakeLedger();
  const Variable options("PGOPTIONS", "-c synchronous_commit=off"), mode("PGSSLMODE", "bogus"),
      host("PGHOST", "/nowhere"), port("PGPORT", "1"), database("PGDATABASE", "nothing"),
      encoding("PGCLIENTENCODING", "LATIN1"), target("PGTARGETSESSIONATTRS", "standby");
  const std::unique_ptr<Ledger> ledger = Open("ci");
  ASSERT_NE(ledger, nullptr);
  EXPECT_EQ(Append(*ledger, RecordKind::kDecision), absl::OkStatus());
  for (const char* name : {"PGSERVICE", "PGHOSTADDR"}) {
    const Variable misleading(name, "127.0.0.2");
    EXPECT_EQ(OpenStore(Location(), clock_).status(),
              absl::FailedPreconditionError(
                  absl::StrCat(Name(),
                               ": PGSERVICE or PGHOSTADDR is set and would lead elsewhere than the "
                               "ledger's URL: unset it")))
        << name;
  }
}

TEST_F(PostgresqlStores, SayWhereNobodyAnswers) {
  const fake::TempFolder nothing;
  const LedgerLocation location{LedgerLocation::Kind::kPostgresql,
                                absl::StrCat("postgresql:///x?host=", nothing.path())};
  EXPECT_EQ(
      OpenStore(location, clock_).status(),
      absl::UnavailableError(absl::StrCat(
          Describe(location), ": cannot connect: connection to server on socket \"", nothing.path(),
          "/.s.PGSQL.5432\" failed: No such file or directory; Is the server running locally and "
          "accepting connections on that socket? (is the server up, and the address right?)")));
  const LedgerLocation missing{LedgerLocation::Kind::kPostgresql, server_->Url("missing")};
  EXPECT_EQ(OpenStore(missing, clock_).status(),
            absl::UnavailableError(absl::StrCat(
                Describe(missing), ": cannot connect: connection to server on socket \"",
                server_->folder(),
                "/.s.PGSQL.5432\" failed: FATAL:  database \"missing\" does not "
                "exist (is the server up, and the address right?)")));
}

TEST_F(PostgresqlStores, ComeBackAfterABreak) {
  MakeLedger();
  const std::unique_ptr<Ledger> ledger = Open("ci");
  ASSERT_NE(ledger, nullptr);
  const std::string end =
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'ci'";
  ASSERT_EQ(Run(end), "t");
  EXPECT_EQ(Append(*ledger, RecordKind::kDecision), absl::OkStatus());
  ASSERT_EQ(Run(end), "t");
  EXPECT_TRUE(ledger->Read([](LedgerView&) { return absl::OkStatus(); }).ok());

  // In the middle nothing is there of what was begun.
  const absl::Status broken = ledger
                                  ->Append([&](LedgerView& view) {
                                    absl::Status added =
                                        view.Add(SampleRecord(RecordKind::kDecision)).status();
                                    if (!added.ok()) return added;
                                    EXPECT_EQ(Run(end), "t");
                                    return view.Add(SampleRecord(RecordKind::kDecision)).status();
                                  })
                                  .status();
  EXPECT_EQ(broken.code(), absl::StatusCode::kUnavailable);
  // How much libpq says of it differs by how fast it learns of it.
  EXPECT_TRUE(absl::StartsWith(broken.message(), absl::StrCat(Name(), ": the connection broke: ")))
      << broken;
  EXPECT_TRUE(
      absl::StrContains(broken.message(), "terminating connection due to administrator command"))
      << broken;
  EXPECT_EQ(All().size(), 2U);
  EXPECT_EQ(Append(*ledger, RecordKind::kDecision), absl::OkStatus());
}

class CutCommits : public PostgresqlStores {
 protected:
  std::unique_ptr<Ledger> OpenBehind(const CuttingProxy& proxy) {
    absl::StatusOr<std::unique_ptr<Store>> store =
        OpenStore({LedgerLocation::Kind::kPostgresql,
                   absl::StrCat("postgresql://ci@/", database_, "?host=", proxy.folder())},
                  clock_);
    EXPECT_TRUE(store.ok()) << store.status();
    return Ledger::Open(*std::move(store), {}).value();
  }
};

TEST_F(CutCommits, AreLookedUpByNonce) {
  MakeLedger();
  CuttingProxy proxy(server_->folder());
  const std::unique_ptr<Ledger> ledger = OpenBehind(proxy);
  size_t size = 1;
  for (const CuttingProxy::Cut cut :
       {CuttingProxy::Cut::kBeforeCommit, CuttingProxy::Cut::kAfterCommit}) {
    int asked = 0;
    proxy.CutNext(cut);
    const absl::StatusOr<Receipt> receipt = ledger->Append([&](LedgerView& view) {
      ++asked;
      return view.Add(SampleRecord(RecordKind::kDecision)).status();
    });
    ASSERT_TRUE(receipt.ok()) << receipt.status();
    // The server never heard of the first: it is made anew. The second is there.
    EXPECT_EQ(asked, cut == CuttingProxy::Cut::kBeforeCommit ? 2 : 1);
    ASSERT_EQ(All().size(), ++size);
    EXPECT_EQ(All().back(), receipt->records[0].bytes);
    EXPECT_EQ(receipt->head.size, size);
  }
}

TEST_F(CutCommits, AreUnknownWhereNobodyCanLook) {
  MakeLedger();
  CuttingProxy proxy(server_->folder());
  const std::unique_ptr<Ledger> ledger = OpenBehind(proxy);
  proxy.CutNext(CuttingProxy::Cut::kForGood);
  const absl::Status appended = Append(*ledger, RecordKind::kDecision);
  EXPECT_EQ(appended.code(), absl::StatusCode::kUnknown);
  EXPECT_TRUE(
      absl::StrContains(appended.message(),
                        "the connection broke while committing, so nobody knows whether it was "
                        "written"))
      << appended;
  EXPECT_TRUE(absl::EndsWith(appended.message(), "slogate ledger list shows whether it is there"))
      << appended;
  EXPECT_EQ(All().size(), 2U);
}

// A server of its own, which has no roles of slogate's yet.
TEST(PostgresqlServers, AreNotTrustedWithoutFsync) {
  if (auto why = NoPostgresql()) GTEST_SKIP() << *why;
  const absl::StatusOr<std::unique_ptr<PostgresqlServer>> server =
      PostgresqlServer::Start({.settings = {"fsync=off"}});
  ASSERT_TRUE(server.ok()) << server.status();
  const LedgerLocation location{LedgerLocation::Kind::kPostgresql, (*server)->Url("postgres")};
  fake::FixedClock clock(absl::UnixEpoch());
  EXPECT_EQ(CreateStore(location, clock).status(),
            absl::FailedPreconditionError(absl::StrCat(
                Describe(location),
                ": fsync is off, so everything may be gone after a crash: set it to on")));
}

TEST(PostgresqlServers, AreNotTrustedAsStandby) {
  if (auto why = NoPostgresql()) GTEST_SKIP() << *why;
  const absl::StatusOr<std::unique_ptr<PostgresqlServer>> server =
      PostgresqlServer::Start({.settings = {"synchronous_commit=off"}, .standby = true});
  ASSERT_TRUE(server.ok()) << server.status();
  const LedgerLocation location{LedgerLocation::Kind::kPostgresql, (*server)->Url("postgres")};
  fake::FixedClock clock(absl::UnixEpoch());
  EXPECT_EQ(OpenStore(location, clock).status(),
            absl::FailedPreconditionError(
                absl::StrCat(Describe(location),
                             ": this server is a standby, and what was decided last may not be "
                             "there yet: name the primary")));
}

TEST(PostgresqlServers, GetTheirRolesFromWhoMayMakeThem) {
  if (auto why = NoPostgresql()) GTEST_SKIP() << *why;
  const absl::StatusOr<std::unique_ptr<PostgresqlServer>> server = PostgresqlServer::Start({});
  ASSERT_TRUE(server.ok()) << server.status();
  const std::string database = (*server)->NewDatabase();
  ASSERT_EQ((*server)->Run(database, "postgres", "CREATE ROLE app LOGIN; CREATE ROLE other LOGIN"),
            "");
  const LedgerLocation location{LedgerLocation::Kind::kPostgresql, (*server)->Url(database, "app")};
  fake::FixedClock clock(absl::UnixEpoch());
  EXPECT_EQ(
      CreateStore(location, clock).status(),
      absl::PermissionDeniedError(absl::StrCat(
          Describe(location),
          ": this role may not make the roles slogate_gate and slogate_approver: have an "
          "administrator say CREATE ROLE slogate_gate; CREATE ROLE slogate_approver; and then "
          "try again")));
  ASSERT_EQ((*server)->Run(database, "postgres",
                           "CREATE ROLE slogate_gate; CREATE ROLE slogate_approver"),
            "");
  EXPECT_EQ(CreateStore(location, clock).status(),
            absl::PermissionDeniedError(absl::StrCat(
                Describe(location),
                ": this role may not make tables here: use the owner of the database for slogate "
                "ledger init, or have one say GRANT CREATE ON DATABASE to this role")));
  ASSERT_EQ((*server)->Run(database, "postgres",
                           absl::StrCat("GRANT CREATE ON DATABASE ", database, " TO app")),
            "");
  EXPECT_TRUE(CreateStore(location, clock).ok());
  EXPECT_TRUE(OpenStore(location, clock).ok());
}

}  // namespace
}  // namespace slogate
