// The program with a ledger on a disk that is really full, or a file that must not be trusted: exit 4, nothing
// told, nothing changed.
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>
#include <gtest/gtest.h>

#include "gate/ledger/tree.h"
#include "tests/process/ledger_process.h"
#include "tests/testing/sqlite_file.h"

namespace slogate {
namespace {

class LedgerDisk : public LedgerProcess {
 protected:
  void ExpectBlocked(const std::string& why) {
    EXPECT_EQ(out_, "");
    EXPECT_FALSE(SaysProceed(out_));
    EXPECT_TRUE(absl::StrContains(err_, why)) << err_;
    EXPECT_TRUE(absl::StrContains(err_, "nothing is recorded, so nothing proceeds: exit 4"))
        << err_;
  }
};

// No file may grow beyond so many bytes: neither the database nor its journal.
TEST_F(LedgerDisk, FileSizesUpToThatOfTheLedger) {
  Init();
  EmptyOutputs();
  ASSERT_EQ(Run(Recorded(), InGithub()), 0);
  const rlim_t whole = folder_.Read(kLedgerFile).size();
  const int64_t before = Hold().records;
  size_t blocked = 0;
  fake::ChildOptions options = InGithub();
  for (rlim_t bytes = 0; bytes <= whole + 65'536; bytes += 4096 * kStep) {
    SCOPED_TRACE(bytes);
    EmptyOutputs();
    options.limits[RLIMIT_FSIZE] = bytes;
    const int64_t records = Hold().records;
    const int code = Run(Recorded(), options);
    const int64_t after = Hold().records;
    if (code == 0) {
      EXPECT_EQ(after, records + 1);
    } else {
      ++blocked;
      EXPECT_FALSE(SaysProceed(out_));
      EXPECT_TRUE(code == 4 || code == 5) << code << err_;  // 5: recorded, and not written down
      EXPECT_EQ(after, code == 4 ? records : records + 1) << err_;
    }
    if (HasFailure()) return;
  }
  EXPECT_GT(blocked, 2U);
  EXPECT_GT(Hold().records, before);
}

TEST_F(LedgerDisk, AFullFileSystem) {
  const std::string full = folder_.Path("full");
  ASSERT_EQ(::mkdir(full.c_str(), 0700), 0);
  if (::mount("tmpfs", full.c_str(), "tmpfs", 0, "size=160k") != 0) {
    GTEST_SKIP() << "no file system can be mounted here: " << std::strerror(errno);
  }
  fake::ChildOptions options = InGithub();
  options.environment["SLOGATE_LEDGER"] = absl::StrCat("sqlite:", full, "/", kLedgerFile);
  EmptyOutputs();
  EXPECT_EQ(Run({"ledger", "init", "--id", "acme", "--allow-temporary-ledger"}, options), 0)
      << err_;
  int proceeded = 0;
  for (; proceeded < 1000; ++proceeded) {
    EmptyOutputs();
    if (Run(Recorded(), options) != 0) break;
  }
  EXPECT_GT(proceeded, 3);
  ExpectBlocked("the disk is full: make room, and try again");
  EXPECT_EQ(Run({"ledger", "verify"}, options), 0) << err_;
  EXPECT_TRUE(absl::StartsWith(out_, absl::StrCat("ok: ", proceeded + 1, " records"))) << out_;
  ::umount2(full.c_str(), MNT_DETACH);
}

// Whoever may write the file may write any decision into it.
TEST_F(LedgerDisk, Row85_AFileThatOthersMayWrite) {
  Init();
  const std::string file = folder_.Path(kLedgerFile);
  struct stat made {};
  ASSERT_EQ(::stat(file.c_str(), &made), 0);
  EXPECT_EQ(made.st_mode & 07777, 0600U);
  const std::string before = folder_.Read(kLedgerFile);
  for (const mode_t mode : {0620U, 0602U, 0666U}) {
    SCOPED_TRACE(mode);
    ASSERT_EQ(::chmod(file.c_str(), mode), 0);
    EmptyOutputs();
    EXPECT_EQ(Run(Recorded(), InGithub()), 4);
    ExpectBlocked("others than its owner may write to it");
  }
  EXPECT_EQ(folder_.Read(kLedgerFile), before);
  ASSERT_EQ(::chmod(file.c_str(), 0644), 0);  // to read it is no harm
  EXPECT_EQ(Run(Recorded(), InGithub()), 0) << err_;
}

TEST_F(LedgerDisk, Row86_AFileOfANewerForm) {
  Init();
  ASSERT_EQ(fake::RunSqlite(folder_.Path(kLedgerFile), "PRAGMA user_version = 99"), "");
  const std::string before = folder_.Read(kLedgerFile);
  EmptyOutputs();
  EXPECT_EQ(Run(Recorded(), InGithub()), 4);
  ExpectBlocked("a newer slogate made it (form 99;");
  for (const Strings& arguments :
       {Strings{"ledger", "init", "--id", "acme"}, Strings{"ledger", "verify"},
        Strings{"ledger", "list"}, Strings{"ledger", "export"}}) {
    Strings allowed = arguments;
    allowed.push_back("--allow-temporary-ledger");
    EXPECT_EQ(Run(allowed, InGithub()), 4) << arguments[1] << out_ << err_;
    EXPECT_EQ(out_, "");
  }
  EXPECT_EQ(folder_.Read(kLedgerFile), before);
}

TEST_F(LedgerDisk, Row86_ARecordOfANewerForm) {
  Init();
  const std::string file = folder_.Path(kLedgerFile);
  std::string genesis = fake::RunSqlite(file, "SELECT bytes FROM records");
  genesis.pop_back();
  const std::string newer =
      absl::StrReplaceAll(genesis, {{"\"v\":1", "\"v\":2"},
                                    {"\"seq\":0", "\"seq\":1"},
                                    {"\"kind\":\"genesis\"", "\"kind\":\"sealed\""},
                                    {"\"nonce\":\"", "\"nonce\":\"f"},
                                    {Hex(EmptyRoot()), Hex(LeafHash(genesis))}});
  ASSERT_EQ(fake::RunSqlite(file, absl::StrCat("PRAGMA ignore_check_constraints = ON;"
                                               "INSERT INTO records(seq, bytes) VALUES (1, '",
                                               newer, "')")),
            "");
  const std::string before = folder_.Read(kLedgerFile);
  EmptyOutputs();
  EXPECT_EQ(Run(Recorded(), InGithub()), 4);
  ExpectBlocked("record 1 has version 2, and this slogate knows version 1: use a newer slogate");
  EXPECT_EQ(folder_.Read(kLedgerFile), before);
}

}  // namespace
}  // namespace slogate
