// A ledger in SQLite on a disk that forgets or fails, for tests of what is left of it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <absl/status/statusor.h>
#include <gtest/gtest.h>

#include "gate/ledger/ledger.h"
#include "gate/ledger/verify.h"
#include "tests/testing/fakes.h"
#include "tests/testing/faulty_disk.h"
#include "tests/testing/sample_records.h"
#include "tests/testing/temp_folder.h"

namespace slogate {

class DiskLedger : public testing::Test {
 protected:
  using Image = fake::FaultyDisk::Image;

  absl::StatusOr<std::unique_ptr<Ledger>> Create(const fake::FaultyDisk& disk) {
    absl::StatusOr<std::unique_ptr<Store>> store =
        CreateStore(location_, clock_, {.sqlite_vfs = disk.vfs()});
    if (!store.ok()) return store.status();
    return Ledger::Create(*std::move(store), "acme", {"local:root", "operating system", ""});
  }
  absl::StatusOr<std::unique_ptr<Ledger>> Open(const fake::FaultyDisk& disk) {
    absl::StatusOr<std::unique_ptr<Store>> store =
        OpenStore(location_, clock_, {.sqlite_vfs = disk.vfs()});
    if (!store.ok()) return store.status();
    return Ledger::Open(*std::move(store), {"acme", {}});
  }

  // What a check adds that an override opens: two records, or none.
  static absl::StatusOr<Receipt> AppendTwo(Ledger& ledger) {
    return ledger.Append([](LedgerView& view) -> absl::Status {
      for (const RecordKind kind : {RecordKind::kDecision, RecordKind::kOverrideUse}) {
        const absl::Status added = view.Add(fake::SampleRecord(kind)).status();
        if (!added.ok()) return added;
      }
      return absl::OkStatus();
    });
  }

  // How many records the ledger has, each of which verifies, with what they are found by; -1 where not.
  int64_t Verified(const fake::FaultyDisk& disk) {
    const absl::StatusOr<std::unique_ptr<Store>> store =
        OpenStore(location_, clock_, {.sqlite_vfs = disk.vfs()});
    if (!store.ok()) return Lost(store.status().ToString());
    const absl::StatusOr<Verification> verified = Verify(
        [&](const auto& each) {
          return (*store)->Scan({}, [&](const Store::Row& row) { return each(row.bytes); });
        },
        {});
    if (!verified.ok()) return Lost(verified.status().ToString());
    if (!verified->problem.empty() && verified->head.size > 0) return Lost(verified->problem);
    const absl::StatusOr<int64_t> false_column = (*store)->FindFalseColumn();
    if (!false_column.ok() || *false_column != -1) return Lost("a column is false");
    return static_cast<int64_t>(verified->head.size);
  }

  fake::TempFolder folder_;
  fake::FixedClock clock_{absl::FromUnixSeconds(1'764'000'000)};
  // SQLite looks for its files on the disk of the test alone; slogate itself looks at what this is.
  LedgerLocation location_{LedgerLocation::Kind::kSqlite, folder_.Path("ledger.db")};

 private:
  static int64_t Lost(const std::string& why) {
    ADD_FAILURE() << why;
    return -1;
  }
};

}  // namespace slogate
