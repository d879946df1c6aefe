// The power is cut after any operation, and of what was not synced all, nothing or anything is on the disk
// afterwards: what Append confirmed is there, and what is there verifies.
#include <random>
#include <string>
#include <vector>

#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include "tests/ledger/disk_ledger.h"
#include "tests/testing/sqlite_file.h"

namespace slogate {
namespace {

using fake::FaultyDisk;

// What survives of the unsynced: nothing, everything, or by a coin.
struct Survival {
  const char* name;
  int seed;  // -1: nothing, 0: everything
};
constexpr Survival kSurvivals[] = {
    {"nothing", -1}, {"everything", 0}, {"a part", 1}, {"another part", 2}};

FaultyDisk::Image Cut(const FaultyDisk& disk, size_t operations, int seed) {
  std::minstd_rand coin(static_cast<unsigned>(seed) * 7919U + static_cast<unsigned>(operations));
  return disk.AfterPowerCut(operations,
                            [&] { return seed >= 0 && (seed == 0 || coin() % 2 == 0); });
}

class PowerCut : public DiskLedger {
 protected:
  // After so many operations at least so many records were confirmed.
  struct Confirmed {
    size_t operations;
    int64_t records;
  };

  // A new ledger, and two appends to it.
  void Write(const FaultyDisk& disk) {
    const absl::StatusOr<std::unique_ptr<Ledger>> ledger = Create(disk);
    ASSERT_TRUE(ledger.ok()) << ledger.status();
    confirmed_.push_back({disk.operations(), 1});
    for (const int64_t records : {3, 5}) {
      const absl::StatusOr<Receipt> receipt = AppendTwo(**ledger);
      ASSERT_TRUE(receipt.ok()) << receipt.status();
      confirmed_.push_back({disk.operations(), records});
    }
  }

  // The records that must be there and, as nothing else was under way, those that may be.
  std::pair<int64_t, int64_t> Bounds(size_t operations) const {
    std::pair<int64_t, int64_t> bounds{0, 1};
    for (const auto& [done, records] : confirmed_) {
      if (done <= operations) bounds = {records, records + 2};
    }
    return bounds;
  }

  // Whether the disk holds what was confirmed `operations` after the beginning. Mends what the power cut left.
  void ExpectKept(const FaultyDisk& disk, size_t operations) {
    const auto [least, most] = Bounds(operations);
    if (least == 0 && absl::IsNotFound(Open(disk).status())) {
      EXPECT_TRUE(Create(disk).ok());
      EXPECT_EQ(Verified(disk), 1);
      return;
    }
    const int64_t records = Verified(disk);
    EXPECT_GE(records, least);
    EXPECT_LE(records, most);
    EXPECT_NE(records % 2, 0) << "one record of two";
  }

  std::vector<Confirmed> confirmed_;
};

TEST_F(PowerCut, LosesNothingThatWasConfirmed) {
  const FaultyDisk disk;
  ASSERT_NO_FATAL_FAILURE(Write(disk));
  size_t rolled_back = 0;
  for (size_t n = 0; n <= disk.operations(); ++n) {
    for (const Survival& survival : kSurvivals) {
      SCOPED_TRACE(absl::StrCat("cut behind operation ", n, ", ", survival.name, " survives"));
      const FaultyDisk after(Cut(disk, n, survival.seed));
      ASSERT_NO_FATAL_FAILURE(ExpectKept(after, n));
      rolled_back += after.operations() > 0 ? 1U : 0U;
      if (HasFailure()) return;
    }
  }
  EXPECT_GT(rolled_back, 100U);  // else nothing was tried
}

// The same again, while the first cut is being mended.
TEST_F(PowerCut, AgainWhileItIsRolledBack) {
  const FaultyDisk disk;
  ASSERT_NO_FATAL_FAILURE(Write(disk));
  size_t again = 0;
  for (size_t n = confirmed_[0].operations; n <= disk.operations(); ++n) {
    const Survival& survival = kSurvivals[n % 4];
    const FaultyDisk after(Cut(disk, n, survival.seed));
    ASSERT_NO_FATAL_FAILURE(ExpectKept(after, n));
    for (size_t m = 0; m < after.operations(); ++m) {
      SCOPED_TRACE(absl::StrCat("cut behind operation ", n, ", ", survival.name,
                                " survives, and behind operation ", m, " of the next run"));
      const FaultyDisk last(Cut(after, m, kSurvivals[m % 4].seed));
      ASSERT_NO_FATAL_FAILURE(ExpectKept(last, n));
      ++again;
      if (HasFailure()) return;
    }
  }
  EXPECT_GT(again, 100U);
}

TEST_F(PowerCut, GoesOnAfterwards) {
  const FaultyDisk disk;
  ASSERT_NO_FATAL_FAILURE(Write(disk));
  for (size_t n = confirmed_[0].operations; n <= disk.operations(); ++n) {
    SCOPED_TRACE(n);
    const FaultyDisk after(Cut(disk, n, 3));
    const absl::StatusOr<std::unique_ptr<Ledger>> ledger = Open(after);
    ASSERT_TRUE(ledger.ok()) << ledger.status();
    const absl::StatusOr<Receipt> receipt = AppendTwo(**ledger);
    ASSERT_TRUE(receipt.ok()) << receipt.status();
    EXPECT_EQ(Verified(after), static_cast<int64_t>(receipt->head.size));
  }
}

// How many rows that were confirmed some power cut loses, with a plain database that syncs so. Without this
// nobody would know whether the disk forgets anything.
size_t RowsLost(const std::string& path, const std::string& pragma) {
  const FaultyDisk disk;
  std::vector<size_t> confirmed;
  EXPECT_EQ(fake::RunSqlite(path, "CREATE TABLE t(i INTEGER PRIMARY KEY)", disk.vfs()), "");
  for (int row = 0; row < 3; ++row) {
    EXPECT_EQ(fake::RunSqlite(path, absl::StrCat(pragma, ";INSERT INTO t VALUES (", row, ")"),
                              disk.vfs()),
              "");
    confirmed.push_back(disk.operations());
  }
  size_t lost = 0;
  for (size_t n = confirmed[0]; n <= disk.operations(); ++n) {
    for (const Survival& survival : kSurvivals) {
      const FaultyDisk after(Cut(disk, n, survival.seed));
      const std::string rows = fake::RunSqlite(path, "SELECT i FROM t", after.vfs());
      for (size_t row = 0; row < confirmed.size(); ++row) {
        const bool there = rows.find(absl::StrCat(row, "\n")) != std::string::npos;
        lost += confirmed[row] <= n && !there ? 1U : 0U;
      }
    }
  }
  return lost;
}

TEST_F(PowerCut, TakesRowsFromADatabaseThatSyncsLess) {
  const std::string path = folder_.Path("plain.db");
  EXPECT_GT(RowsLost(path, "PRAGMA synchronous=OFF"), 10U);
  EXPECT_GT(RowsLost(path, "PRAGMA synchronous=NORMAL"), 0U);
  EXPECT_GT(RowsLost(path, "PRAGMA synchronous=FULL"), 0U);  // the journal's end was not synced
  EXPECT_EQ(RowsLost(path, "PRAGMA synchronous=EXTRA"), 0U);
}

}  // namespace
}  // namespace slogate
