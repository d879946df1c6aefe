#include "tests/faults/ledger_story.h"

#include <utility>

#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include "gate/ledger/verify.h"

namespace slogate::fake {
namespace {

constexpr char kAdded[] = R"(findings: {clock_skew: {more_than: 30d}}
ledger: {id: acme}
overrides: {approvals: 1, expires: 4h}
)";

absl::StatusOr<std::unique_ptr<Store>> Failing(Turn& turn, const StoreFault& fault,
                                               absl::StatusOr<std::unique_ptr<Store>> store) {
  if (absl::Status failed = NextOf(turn, fault); !failed.ok()) return failed;
  if (!store.ok()) return store;
  return std::make_unique<FailingStore>(turn, fault, *std::move(store));
}

}  // namespace

LedgerStory::LedgerStory(const std::string& lines, const std::string& more)
    : story_(std::make_unique<Story>("acme.yaml", lines, std::vector<std::string>())) {
  const std::string policy = story_->Play().files.at("policy.yaml");
  story_->Put("policy.yaml", absl::StrCat(policy, kAdded, more));
  story_->Set("SLOGATE_LEDGER", absl::StrCat("sqlite:", location_.place));
  Let("root", {"ledger", "init", "--id", "acme"}).Before(0);
}

LedgerStory& LedgerStory::Let(const std::string& who, std::vector<std::string> arguments) {
  who_ = who;
  arguments.emplace_back("--allow-temporary-ledger");  // it lies below /tmp
  story_->Ask(std::move(arguments));
  return *this;
}

LedgerRan LedgerStory::Before(int exit) {
  FaultyDisk disk(begun_);
  Turn never(0);
  LedgerRan ran = Run(disk, never, StoreFault());
  EXPECT_EQ(ran.exit, exit) << ran.out << ran.err;
  begun_ = disk.files();
  recorded_ = ran.records.size();
  return ran;
}

LedgerRan LedgerStory::Play(size_t failing, const StoreFault& fault) {
  FaultyDisk disk(begun_);
  Turn turn(failing);
  return Run(disk, turn, fault);
}

LedgerRan LedgerStory::PlayInWorld(size_t failing) {
  FaultyDisk disk(begun_);
  Turn never(0);
  return Run(disk, never, StoreFault(), failing);
}

LedgerRan LedgerStory::PlayOnDisk(size_t failing, DiskFault fault, bool for_good) {
  FaultyDisk disk(begun_);
  disk.FailAt(failing, fault, for_good);
  Turn never(0);
  return Run(disk, never, StoreFault());
}

LedgerRan LedgerStory::Run(FaultyDisk& disk, Turn& turn, const StoreFault& fault,
                           size_t failing_in_world) {
  const StoreSeams seams{disk.vfs()};
  story_->Arrange([&](World& world) {
    world.login_name = [this] { return who_; };
    world.open_store = [&](const LedgerLocation& location, Clock& clock) {
      return Failing(turn, fault, OpenStore(location, clock, seams));
    };
    world.create_store = [&](const LedgerLocation& location, Clock& clock) {
      return Failing(turn, fault, CreateStore(location, clock, seams));
    };
  });
  LedgerRan ran;
  static_cast<Ran&>(ran) =
      story_->Play(failing_in_world, Seams::kAll, [](const HttpRequest&, HttpExchange& exchange) {
        exchange = NotAnswered(HttpEnd::kFailed, "the connection was reset");
      });
  ran.store_calls = turn.calls();
  ran.disk_failed = disk.has_failed();
  disk.Mend();
  Look(disk, ran);
  return ran;
}

void LedgerStory::Look(const FaultyDisk& disk, LedgerRan& ran) {
  FixedClock clock{absl::UnixEpoch()};
  const absl::StatusOr<std::unique_ptr<Store>> store =
      OpenStore(location_, clock, {.sqlite_vfs = disk.vfs()});
  if (!store.ok()) {
    ran.problem = store.status().ToString();
    return;
  }
  const absl::StatusOr<Verification> verified = Verify(
      [&](const auto& each) {
        return (*store)->Scan({}, [&](const Store::Row& row) {
          absl::StatusOr<Record> record = ReadRecord(row.bytes);
          if (!record.ok()) return record.status();
          ran.records.push_back(*std::move(record));
          return each(row.bytes);
        });
      },
      {});
  ran.problem = verified.ok() ? verified->problem : verified.status().ToString();
  const absl::StatusOr<int64_t> false_column = (*store)->FindFalseColumn();
  if (ran.problem.empty() && (!false_column.ok() || *false_column >= 0)) {
    ran.problem = "a record is found by something else than it says";
  }
}

}  // namespace slogate::fake
