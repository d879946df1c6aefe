// Who may write what into a ledger in PostgreSQL: the database itself says no.
#include <memory>
#include <string>
#include <utility>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>
#include <gtest/gtest.h>

#include "tests/ledger/postgresql_ledger.h"

namespace slogate {
namespace {

using fake::SampleRecord;

class PostgresqlRoles : public PostgresqlLedger {};

const char kWhoMay[] =
    "this database role may not do that. Members of slogate_gate may append decisions, override "
    "requests, uses and revocations, and releases; members of slogate_approver requests, "
    "approvals, "
    "rejections, revocations, reviews and releases: GRANT one of them to the role (PostgreSQL: ";

TEST_F(PostgresqlRoles, DivideKindsByRole) {
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

TEST_F(PostgresqlRoles, LetMembersOnlyReadAndAppend) {
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
TEST_F(PostgresqlRoles, RefuseForgedRecords) {
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

TEST_F(PostgresqlRoles, AreClosedToOthers) {
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

}  // namespace
}  // namespace slogate
