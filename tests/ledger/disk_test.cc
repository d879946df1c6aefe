// A disk that is full, breaks or becomes read-only at any operation: what Append confirmed is there, what is
// there verifies, and a sync that failed is never taken for one that did not.
#include <functional>
#include <string>

#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include "tests/ledger/disk_ledger.h"

namespace slogate {
namespace {

using fake::DiskFault;
using fake::FaultyDisk;

struct Fault {
  const char* name;
  DiskFault fault;
  bool for_good;
};

class FailingDisk : public DiskLedger, public testing::WithParamInterface<Fault> {
 protected:
  void SetUp() override {
    const FaultyDisk disk;
    ASSERT_TRUE(Create(disk).ok());
    begun_ = disk.files();
    ASSERT_EQ(begun_.size(), 1U) << "a journal was left";
  }

  Image begun_;  // a ledger of one record
};

INSTANTIATE_TEST_SUITE_P(All, FailingDisk,
                         testing::Values(Fault{"Full", DiskFault::kFull, true},
                                         Fault{"FullOnce", DiskFault::kFull, false},
                                         Fault{"Broken", DiskFault::kBroken, true},
                                         Fault{"BrokenOnce", DiskFault::kBroken, false},
                                         Fault{"ReadOnly", DiskFault::kReadOnly, true},
                                         Fault{"ReadOnlyOnce", DiskFault::kReadOnly, false}),
                         [](const auto& test) { return std::string(test.param.name); });

void ExpectDiskError(const absl::Status& status, const std::string& name) {
  EXPECT_TRUE(absl::IsUnavailable(status) || absl::IsPermissionDenied(status)) << status;
  EXPECT_EQ(status.message().substr(0, name.size()), name);
}

TEST_P(FailingDisk, ConfirmsOnlyWhatIsThere) {
  size_t failures = 0, syncs_failed = 0;
  for (size_t n = 1;; ++n) {
    SCOPED_TRACE(absl::StrCat("operation ", n));
    FaultyDisk disk(begun_);
    const absl::StatusOr<std::unique_ptr<Ledger>> ledger = Open(disk);
    ASSERT_TRUE(ledger.ok()) << ledger.status();
    disk.FailAt(n, GetParam().fault, GetParam().for_good);
    const absl::StatusOr<Receipt> receipt = AppendTwo(**ledger);
    const bool failed = disk.has_failed();
    disk.Mend();
    // By what is there now, and by what is there once the power was cut as well.
    const FaultyDisk cut(disk.AfterPowerCut(disk.operations(), [] { return false; }));
    for (const FaultyDisk& after : {std::cref<FaultyDisk>(disk), std::cref(cut)}) {
      const int64_t records = Verified(after);
      EXPECT_TRUE(records == 1 || records == 3) << records;
      if (receipt.ok()) {
        EXPECT_EQ(records, 3);
      }
    }
    if (!failed) break;
    EXPECT_FALSE(receipt.ok());
    ExpectDiskError(receipt.status(), Describe(location_));
    ++failures;
    syncs_failed += disk.syncs_failed() > 0 ? 1U : 0U;
    if (HasFailure()) return;
  }
  EXPECT_GT(failures, 40U);
  EXPECT_GE(syncs_failed, 4U);  // of the journal, its name, the database, and the journal's end
}

// Whoever tries again with the ledger that failed, or opens it anew, goes on behind what is there.
TEST_P(FailingDisk, GoesOnOnceItIsMended) {
  for (size_t n = 1;; ++n) {
    SCOPED_TRACE(absl::StrCat("operation ", n));
    FaultyDisk disk(begun_);
    int64_t before = 0;
    {
      const absl::StatusOr<std::unique_ptr<Ledger>> ledger = Open(disk);
      ASSERT_TRUE(ledger.ok()) << ledger.status();
      disk.FailAt(n, GetParam().fault, GetParam().for_good);
      const bool ok = AppendTwo(**ledger).ok();
      const bool failed = disk.has_failed();
      disk.Mend();
      if (ok && !failed) break;
      const absl::StatusOr<Receipt> again = AppendTwo(**ledger);
      ASSERT_TRUE(again.ok()) << again.status();
      before = static_cast<int64_t>(again->head.size);
      EXPECT_TRUE(before == 3 || before == 5) << before;
    }
    const absl::StatusOr<std::unique_ptr<Ledger>> ledger = Open(disk);
    ASSERT_TRUE(ledger.ok()) << ledger.status();
    ASSERT_TRUE(AppendTwo(**ledger).ok());
    EXPECT_EQ(Verified(disk), before + 2);
    if (HasFailure()) return;
  }
}

// A journal that a crash left has to be played back before anything is read; a disk that fails at that
// shows no half of it.
TEST_P(FailingDisk, PlaysAJournalBackWholeOrFails) {
  Image crashed;
  {
    FaultyDisk disk(begun_);
    const absl::StatusOr<std::unique_ptr<Ledger>> ledger = Open(disk);
    ASSERT_TRUE(ledger.ok()) << ledger.status();
    const size_t begin = disk.operations();
    ASSERT_TRUE(AppendTwo(**ledger).ok());
    // Behind the last but two: the database is written and synced, and its journal still there.
    ASSERT_GT(disk.operations(), begin + 3);
    crashed = disk.AfterPowerCut(disk.operations() - 2, [] { return true; });
    ASSERT_EQ(crashed.size(), 2U);
  }
  for (size_t n = 1;; ++n) {
    SCOPED_TRACE(absl::StrCat("operation ", n));
    FaultyDisk disk(crashed);
    disk.FailAt(n, GetParam().fault, GetParam().for_good);
    const absl::Status opened = Open(disk).status();
    if (!disk.has_failed()) {
      EXPECT_TRUE(opened.ok()) << opened;
      EXPECT_GT(n, 1U);
      break;
    }
    if (!opened.ok()) ExpectDiskError(opened, Describe(location_));
    disk.Mend();
    EXPECT_EQ(Verified(disk), 1);
    if (HasFailure()) return;
  }
}

TEST_P(FailingDisk, MakesALedgerOrNone) {
  for (size_t n = 1;; ++n) {
    SCOPED_TRACE(absl::StrCat("operation ", n));
    FaultyDisk disk;
    disk.FailAt(n, GetParam().fault, GetParam().for_good);
    const absl::Status created = Create(disk).status();
    const bool failed = disk.has_failed();
    disk.Mend();
    if (!failed) {
      EXPECT_TRUE(created.ok()) << created;
      EXPECT_GT(n, 50U);
      break;
    }
    EXPECT_FALSE(created.ok());
    // Trying again finishes it, or finds that it is whole.
    const absl::Status again = Create(disk).status();
    EXPECT_TRUE(again.ok() || absl::IsAlreadyExists(again)) << again;
    EXPECT_EQ(Verified(disk), 1);
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace slogate
