// A ledger in a database of a test's own, and logins that may do different things to it.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include "gate/ledger/ledger.h"
#include "tests/testing/fakes.h"
#include "tests/testing/ledger_places.h"
#include "tests/testing/postgresql_server.h"
#include "tests/testing/sample_records.h"

namespace slogate {

class PostgresqlLedger : public testing::Test {
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
    return ledger
        .Append([&](LedgerView& view) { return view.Add(fake::SampleRecord(kind)).status(); })
        .status();
  }

  std::vector<std::string> All() { return fake::AllBytes(Location(), clock_); }

  fake::FixedClock clock_{absl::UnixEpoch()};
  PostgresqlServer* server_ = nullptr;
  std::string database_;
};

}  // namespace slogate
