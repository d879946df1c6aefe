// Connections that break, and where that leaves a record.
#include <memory>
#include <string>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include "tests/ledger/postgresql_ledger.h"
#include "tests/testing/cutting_proxy.h"

namespace slogate {
namespace {

using fake::CuttingProxy;
using fake::SampleRecord;

class BrokenConnections : public PostgresqlLedger {};

TEST_F(BrokenConnections, ComeBackAfterABreak) {
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

class CutCommits : public PostgresqlLedger {
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

}  // namespace
}  // namespace slogate
