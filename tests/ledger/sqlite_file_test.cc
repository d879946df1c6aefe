#include "gate/ledger/sqlite_file.h"

#include <string>

#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

namespace slogate {
namespace {

TEST(SqliteFile, KnowsNetworkFileSystems) {
  struct Row {
    uint32_t type;
    const char* name;
  };
  for (const Row& row : {Row{0x6969, "NFS"},
                         {0x517b, "SMB"},
                         {0xfe534d42, "SMB2"},
                         {0xff534d42, "CIFS"},
                         {0x5346414f, "AFS"},
                         {0x6b414653, "AFS"},
                         {0x00c36400, "Ceph"},
                         {0x0bd00bd0, "Lustre"},
                         {0x01021997, "9P"},
                         {0x65735546, "FUSE"},
                         {0xef53, ""},         // ext4
                         {0x58465342, ""},     // XFS
                         {0x9123683e, ""},     // Btrfs
                         {0x794c7630, ""},     // overlayfs
                         {0x01021994, ""}}) {  // tmpfs
    EXPECT_EQ(NetworkFileSystem(row.type), row.name) << row.type;
    const absl::Status judged = JudgeFile({true, 0600, 1, row.type});
    EXPECT_EQ(judged.ok(), *row.name == '\0');
    if (!judged.ok()) {
      EXPECT_EQ(judged,
                absl::FailedPreconditionError(absl::StrCat(
                    "it lies on ", row.name,
                    ", whose locks and syncs nobody can count on: keep it on a disk of this "
                    "machine, or keep the ledger in PostgreSQL")));
    }
  }
}

TEST(SqliteFile, IsItsOwnersAlone) {
  for (const uint32_t mode : {0600U, 0400U, 0644U, 0640U, 0700U}) {
    EXPECT_TRUE(JudgeFile({true, mode, 1, 0}).ok()) << mode;
  }
  for (const uint32_t mode : {0660U, 0602U, 0666U, 0620U}) {
    EXPECT_EQ(JudgeFile({true, mode, 1, 0}),
              absl::FailedPreconditionError(
                  "others than its owner may write to it, and so could write anything into it: "
                  "chmod go-w"))
        << mode;
  }
}

TEST(SqliteFile, HasOneName) {
  EXPECT_EQ(JudgeFile({true, 0600, 2, 0}),
            absl::FailedPreconditionError(
                "it has 2 names (hard links), and after a crash SQLite mends it by one of them "
                "alone: remove the others"));
}

TEST(SqliteFile, IsAFile) {
  EXPECT_EQ(JudgeFile({false, 0700, 1, 0}),
            absl::FailedPreconditionError("it is no regular file, so no ledger can be in it"));
}

}  // namespace
}  // namespace slogate
