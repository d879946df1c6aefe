// Which servers and databases a ledger in PostgreSQL trusts.
#include "gate/ledger/postgresql_store.h"

#include <stdlib.h>

#include <memory>
#include <ostream>
#include <string>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>
#include <gtest/gtest.h>

#include "tests/ledger/postgresql_ledger.h"
#include "tests/testing/temp_folder.h"

namespace slogate {
namespace {

using fake::SampleRecord;

class PostgresqlStores : public PostgresqlLedger {};

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

class UntrustedDatabases : public PostgresqlLedger, public testing::WithParamInterface<Change> {};

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
