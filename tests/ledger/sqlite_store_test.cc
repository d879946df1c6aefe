// What a ledger in a file takes for a ledger, and what it refuses.
#include "gate/ledger/sqlite_store.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <ostream>
#include <string>
#include <utility>

#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include "gate/ledger/ledger.h"
#include "tests/testing/fakes.h"
#include "tests/testing/ledger_places.h"
#include "tests/testing/sample_records.h"
#include "tests/testing/sqlite_file.h"
#include "tests/testing/temp_folder.h"

namespace slogate {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'764'000'000);

const fake::TempFolder* folder = nullptr;  // of the test that runs

std::string LedgerFile() { return folder->Path("ledger.db"); }

class SqliteStores : public testing::Test {
 protected:
  SqliteStores() { folder = &folder_; }
  ~SqliteStores() override { folder = nullptr; }

  fake::TempFolder folder_;
  LedgerLocation location_{LedgerLocation::Kind::kSqlite, folder_.Path("ledger.db")};
  fake::FixedClock clock_{kNow};
};

struct Case {
  const char* name;
  void (*make)();  // the file
  absl::StatusCode code;
  const char* error;  // after the name
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.name; }

void MakeLedger() {
  fake::FixedClock clock(kNow);
  absl::StatusOr<std::unique_ptr<Store>> store =
      CreateStore({LedgerLocation::Kind::kSqlite, LedgerFile()}, clock);
  ASSERT_TRUE(store.ok()) << store.status();
  ASSERT_TRUE(Ledger::Create(*std::move(store), "acme", {"local:root", "test", ""}).ok());
}

void Alter(const std::string& sql) { ASSERT_EQ(fake::RunSqlite(LedgerFile(), sql), ""); }

const char kDamaged[] =
    "the database is damaged. Copy the file aside before anything else, with the -journal beside "
    "it "
    "where there is one; then put back a copy and see whether it verifies (slogate ledger verify "
    "--expect CHECKPOINT), or make a new ledger of what can still be read (slogate ledger export, "
    "slogate ledger import --repair REASON) (SQLite: ";
const char kChanged[] =
    " is not as slogate made it), so nobody knows what it finds: put that back as it was, or put "
    "back "
    "a copy and see whether it verifies (slogate ledger verify --expect CHECKPOINT)";

class SqliteFiles : public SqliteStores, public testing::WithParamInterface<Case> {};

TEST_P(SqliteFiles, AreRefused) {
  GetParam().make();
  const absl::Status opened = OpenStore(location_, clock_).status();
  EXPECT_EQ(opened.code(), GetParam().code) << opened;
  EXPECT_EQ(opened.message(), absl::StrCat("sqlite:", LedgerFile(), ": ", GetParam().error));
}

const std::string kChangedTrigger =
    absl::StrCat("somebody changed its tables (records_stay", kChanged);
const std::string kChangedTable = absl::StrCat("somebody changed its tables (records", kChanged);
const std::string kExtraTable = absl::StrCat("somebody changed its tables (notes", kChanged);
const std::string kGarbage = absl::StrCat(kDamaged, "file is not a database)");
const std::string kTruncated = absl::StrCat(kDamaged, "database disk image is malformed)");

INSTANTIATE_TEST_SUITE_P(
    All, SqliteFiles,
    testing::Values(
        Case{"Missing", [] {}, absl::StatusCode::kNotFound,
             "there is no such file. Is its disk mounted, and the path right? A new ledger is made "
             "with slogate ledger init, and knows nothing of what was decided before"},
        Case{"Empty", [] { folder->Write("ledger.db", ""); }, absl::StatusCode::kNotFound,
             "it is empty, and no ledger: make one with slogate ledger init"},
        Case{"Folder", [] { std::filesystem::create_directory(LedgerFile()); },
             absl::StatusCode::kFailedPrecondition,
             "it is no regular file, so no ledger can be in it"},
        Case{"Device", [] { std::filesystem::create_symlink("/dev/null", LedgerFile()); },
             absl::StatusCode::kFailedPrecondition,
             "it is no regular file, so no ledger can be in it"},
        Case{"Garbage", [] { folder->Write("ledger.db", std::string(5000, 'x')); },
             absl::StatusCode::kDataLoss, kGarbage.c_str()},
        Case{"Truncated",
             [] {
               MakeLedger();
               std::filesystem::resize_file(LedgerFile(), 8192);
             },
             absl::StatusCode::kDataLoss, kTruncated.c_str()},
        Case{"AnotherProgram",
             [] { Alter("CREATE TABLE cookies(value TEXT); PRAGMA application_id = 7"); },
             absl::StatusCode::kFailedPrecondition,
             "it is the database of another program: name another file"},
        Case{"Newer",
             [] {
               MakeLedger();
               Alter("PRAGMA user_version = 2");
             },
             absl::StatusCode::kFailedPrecondition,
             "a newer slogate made it (form 2; this one knows form 1): use that one"},
        Case{"WriteAheadLog",
             [] {
               MakeLedger();
               ASSERT_EQ(fake::RunSqlite(LedgerFile(), "PRAGMA journal_mode = WAL"), "wal\n");
             },
             absl::StatusCode::kFailedPrecondition,
             "its journal mode is wal, and a ledger's is delete: once nobody uses it, sqlite3 FILE "
             "'PRAGMA journal_mode=DELETE'"},
        Case{"WritableForOthers",
             [] {
               MakeLedger();
               ASSERT_EQ(chmod(LedgerFile().c_str(), 0620), 0);
             },
             absl::StatusCode::kFailedPrecondition,
             "others than its owner may write to it, and so could write anything into it: chmod "
             "go-w"},
        Case{"TwoNames",
             [] {
               MakeLedger();
               ASSERT_EQ(link(LedgerFile().c_str(), folder->Path("other.db").c_str()), 0);
             },
             absl::StatusCode::kFailedPrecondition,
             "it has 2 names (hard links), and after a crash SQLite mends it by one of them alone: "
             "remove the others"},
        Case{"NoGuard",
             [] {
               MakeLedger();
               Alter("DROP TRIGGER records_stay");
             },
             absl::StatusCode::kFailedPrecondition, kChangedTrigger.c_str()},
        Case{"OtherColumns",
             [] {
               MakeLedger();
               Alter("ALTER TABLE records ADD COLUMN note TEXT");
             },
             absl::StatusCode::kFailedPrecondition, kChangedTable.c_str()},
        Case{"MoreTables",
             [] {
               MakeLedger();
               Alter("CREATE TABLE notes(text TEXT)");
             },
             absl::StatusCode::kFailedPrecondition, kExtraTable.c_str()}),
    [](const auto& test) { return test.param.name; });

// No refusal leaves anything behind or changes what is there.
TEST_F(SqliteStores, AreNeverMadeByOpening) {
  EXPECT_FALSE(OpenStore(location_, clock_).ok());
  EXPECT_TRUE(folder_.Names().empty());
  folder_.Write("ledger.db", "");
  EXPECT_FALSE(OpenStore(location_, clock_).ok());
  EXPECT_EQ(folder_.Read("ledger.db"), "");
}

TEST_F(SqliteStores, AreMadeForTheirOwnerAlone) {
  const mode_t before = umask(0);
  MakeLedger();
  umask(before);
  struct stat file {};
  ASSERT_EQ(stat(LedgerFile().c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 07777U, 0600U);
  EXPECT_EQ(folder_.Names(), (std::vector<std::string>{"ledger.db"}));
}

TEST_F(SqliteStores, AreNotMadeOverOtherThings) {
  folder_.Write("ledger.db",
                "an important text, longer than the header of a database is, that is "
                "one hundred bytes, and more than that");
  const std::string before = folder_.Read("ledger.db");
  EXPECT_EQ(CreateStore(location_, clock_).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(folder_.Read("ledger.db"), before);
  LedgerLocation nowhere = location_;
  nowhere.place = folder_.Path("no/ledger.db");
  EXPECT_EQ(CreateStore(nowhere, clock_).status(),
            absl::NotFoundError(absl::StrCat("sqlite:", nowhere.place,
                                             ": cannot make the file: No such file or directory")));
}

TEST_F(SqliteStores, AreMadeInAnEmptyFile) {
  folder_.Write("ledger.db", "");
  ASSERT_EQ(chmod(LedgerFile().c_str(), 0600), 0);
  MakeLedger();
  EXPECT_TRUE(OpenStore(location_, clock_).ok());
}

TEST_F(SqliteStores, KnowNoSpecialNames) {
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(folder_.path());
  for (const char* name : {":memory:", "file:x?mode=memory"}) {
    EXPECT_TRUE(CreateStore({LedgerLocation::Kind::kSqlite, name}, clock_).ok());
    EXPECT_TRUE(std::filesystem::is_regular_file(folder_.Path(name)));
    EXPECT_TRUE(OpenStore({LedgerLocation::Kind::kSqlite, name}, clock_).ok());
  }
  std::filesystem::current_path(before);
}

// Whoever may not write the file may still look at it.
TEST_F(SqliteStores, MayBeReadOnly) {
  MakeLedger();
  ASSERT_EQ(chmod(LedgerFile().c_str(), 0400), 0);
  const bool root = geteuid() == 0;
  constexpr uid_t kNobody = 65534;
  if (root) {  // who may write everything
    ASSERT_EQ(chown(LedgerFile().c_str(), kNobody, kNobody), 0);
    ASSERT_EQ(chown(folder_.path().c_str(), kNobody, kNobody), 0);
    ASSERT_EQ(seteuid(kNobody), 0);
  }
  {
    const absl::StatusOr<std::unique_ptr<Store>> store = OpenStore(location_, clock_);
    EXPECT_TRUE(store.ok()) << store.status();
    if (store.ok()) {
      EXPECT_TRUE((*store)->Begin(Store::Access::kRead).ok());
      EXPECT_TRUE((*store)->Has("x").status().code() == absl::StatusCode::kPermissionDenied);
      EXPECT_EQ((*store)->Begin(Store::Access::kAppend),
                absl::PermissionDeniedError(absl::StrCat(
                    "sqlite:", LedgerFile(),
                    ": the file may only be read: the user that runs slogate must be able to write "
                    "it and its folder")));
    }
  }
  if (root) {
    ASSERT_EQ(seteuid(0), 0);
  }
}

// A process that died in the middle of a commit leaves its journal, and with it what was there before.
TEST_F(SqliteStores, TakeBackWhatADeadWriterLeft) {
  MakeLedger();
  const std::vector<std::string> before = fake::AllBytes(location_, clock_);
  absl::StatusOr<std::unique_ptr<Store>> store = OpenStore(location_, clock_);
  ASSERT_TRUE(store.ok());
  const absl::StatusOr<std::unique_ptr<Ledger>> ledger = Ledger::Open(*std::move(store), {});
  ASSERT_TRUE(ledger.ok());
  LedgerLocation copy = location_;
  copy.place = folder_.Path("copy.db");
  const absl::Status died =
      (*ledger)
          ->Append([&](LedgerView& view) {
            // More than SQLite keeps in memory, so that a part of it is in the file already.
            for (int i = 0; i < 3000; ++i) {
              absl::Status added = view.Add(fake::SampleRecord(RecordKind::kDecision)).status();
              if (!added.ok()) return added;
            }
            for (const char* end : {"", "-journal"}) {
              std::filesystem::copy_file(location_.place + end, copy.place + end);
            }
            return absl::CancelledError("the power is gone");
          })
          .status();
  ASSERT_EQ(died, absl::CancelledError("the power is gone"));
  ASSERT_GT(std::filesystem::file_size(copy.place), std::filesystem::file_size(location_.place));
  EXPECT_EQ(fake::AllBytes(copy, clock_), before);
  EXPECT_FALSE(std::filesystem::exists(copy.place + "-journal"));
  EXPECT_EQ(fake::RunSqlite(copy.place, "PRAGMA integrity_check"), "ok\n");
}

TEST_F(SqliteStores, AreFoundDamagedWhereTheyAreRead) {
  MakeLedger();
  {
    std::fstream file(LedgerFile(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096);
    file.write(std::string(40960, '\x55').data(), 40960);
  }
  absl::StatusOr<std::unique_ptr<Store>> store = OpenStore(location_, clock_);
  const absl::Status read =
      store.ok() ? Ledger::Open(*std::move(store), {}).status() : store.status();
  EXPECT_EQ(read.code(), absl::StatusCode::kDataLoss) << read;
}

TEST_F(SqliteStores, SayWhichSystemTheyUse) {
  EXPECT_EQ(CreateStore(location_, clock_, {"no-such-vfs"}).status().code(),
            absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace slogate
