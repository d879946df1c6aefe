// A ledger on a database that asks for the same again, or does not say what became of a commit.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include "gate/ledger/ledger.h"
#include "tests/testing/fakes.h"
#include "tests/testing/ledger_places.h"
#include "tests/testing/sample_records.h"

namespace slogate {
namespace {

using fake::SampleRecord;

// What the next statements come to, one after the other; after the last, OK.
struct Luck {
  std::vector<absl::Status> inserts, commits, lookups;
};

absl::Status Next(std::vector<absl::Status>& statuses) {
  if (statuses.empty()) return absl::OkStatus();
  absl::Status next = statuses.front();
  statuses.erase(statuses.begin());
  return next;
}

// A real store that fails as it is told.
class UnluckyStore : public Store {
 public:
  UnluckyStore(std::unique_ptr<Store> store, Luck& luck) : store_(std::move(store)), luck_(luck) {}

  const std::string& name() const override { return store_->name(); }
  absl::Status Begin(Access access) override { return store_->Begin(access); }
  absl::Status Commit() override {
    absl::Status luck = Next(luck_.commits);
    if (!luck.ok()) {
      store_->Rollback();
      return luck;
    }
    return store_->Commit();
  }
  void Rollback() override { store_->Rollback(); }
  absl::StatusOr<absl::Time> Now() override { return store_->Now(); }
  absl::StatusOr<std::string> Role() override { return store_->Role(); }
  absl::Status Insert(int64_t seq, absl::string_view bytes) override {
    absl::Status luck = Next(luck_.inserts);
    return luck.ok() ? store_->Insert(seq, bytes) : luck;
  }
  absl::Status Scan(const RecordQuery& query,
                    const std::function<absl::Status(const Row&)>& each) override {
    return store_->Scan(query, each);
  }
  absl::StatusOr<bool> Has(absl::string_view nonce) override {
    absl::Status luck = Next(luck_.lookups);
    if (!luck.ok()) return luck;
    return store_->Has(nonce);
  }
  absl::StatusOr<int64_t> FindFalseColumn() override { return store_->FindFalseColumn(); }

 private:
  std::unique_ptr<Store> store_;
  Luck& luck_;
};

class Retries : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(fake::NewLedger(place_, clock_).ok());
    ledger_ =
        Ledger::Open(
            std::make_unique<UnluckyStore>(OpenStore(place_.location(), clock_).value(), luck_), {})
            .value();
  }

  absl::StatusOr<Receipt> Append() {
    return ledger_->Append([&](LedgerView& view) {
      ++asked_;
      // What was added before is forgotten with its transaction.
      EXPECT_EQ(view.head().size, 1U);
      for (int i = 0; i < 2; ++i) {
        absl::Status added = view.Add(SampleRecord(RecordKind::kDecision)).status();
        if (!added.ok() && hand_on_) return added;
      }
      return absl::OkStatus();
    });
  }

  size_t Size() { return fake::AllBytes(place_.location(), clock_).size(); }

  fake::FixedClock clock_{absl::FromUnixSeconds(1'764'000'000)};
  fake::LedgerPlace place_{fake::LedgerKind::kSqlite};
  Luck luck_;
  std::unique_ptr<Ledger> ledger_;
  int asked_ = 0;
  bool hand_on_ = true;
};

const absl::Status kFaster = absl::AbortedError("acme: another writer was faster");
const absl::Status kUnknown = absl::UnknownError("acme: the connection broke");

TEST_F(Retries, AreMadeWhereTheDatabaseAsks) {
  luck_.inserts = {kFaster, absl::OkStatus(), kFaster};
  luck_.commits = {kFaster};
  const absl::StatusOr<Receipt> receipt = Append();
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_EQ(receipt->records.size(), 2U);
  EXPECT_EQ(asked_, 4);
  EXPECT_EQ(Size(), 3U);
}

// Whoever adds may have missed that it failed: then nothing is kept all the same.
TEST_F(Retries, AreMadeForWritersThatDoNotLook) {
  hand_on_ = false;
  luck_.inserts = {kFaster};
  EXPECT_TRUE(Append().ok());
  EXPECT_EQ(asked_, 2);
  EXPECT_EQ(Size(), 3U);

  luck_.inserts = {absl::PermissionDeniedError("acme: not you")};
  EXPECT_EQ(ledger_
                ->Append([](LedgerView& view) {
                  view.Add(SampleRecord(RecordKind::kDecision)).IgnoreError();
                  return absl::OkStatus();
                })
                .status(),
            absl::PermissionDeniedError("acme: not you"));
  EXPECT_EQ(Size(), 3U);
}

TEST_F(Retries, HaveAnEnd) {
  luck_.commits = std::vector<absl::Status>(9, kFaster);
  EXPECT_EQ(Append().status(), absl::UnavailableError(absl::StrCat(
                                   place_.name(),
                                   ": somebody else was faster, 5 times in a row: something "
                                   "else than slogate writes there")));
  EXPECT_EQ(asked_, 5);
  EXPECT_EQ(Size(), 1U);
}

TEST_F(Retries, AreNotMadeForWhatStaysSo) {
  for (const absl::Status& status :
       {absl::UnavailableError("acme: the disk is full"), absl::DataLossError("acme: damaged"),
        absl::PermissionDeniedError("acme: not you")}) {
    asked_ = 0;
    luck_.commits = {status};
    EXPECT_EQ(Append().status(), status);
    EXPECT_EQ(asked_, 1);
  }
  EXPECT_EQ(Size(), 1U);
}

TEST_F(Retries, FollowALookAtWhatIsThere) {
  luck_.commits = {kUnknown};
  EXPECT_TRUE(Append().ok());
  EXPECT_EQ(asked_, 2);
  EXPECT_EQ(Size(), 3U);
}

TEST_F(Retries, AreNotMadeBlindly) {
  luck_.commits = {kUnknown};
  luck_.lookups = {absl::UnavailableError("nobody answers")};
  EXPECT_EQ(Append().status(),
            absl::UnknownError("acme: the connection broke. Looking it up failed, too: nobody "
                               "answers. slogate ledger list shows whether it is there"));
  EXPECT_EQ(asked_, 1);
}

TEST_F(Retries, AddNothingWhileReading) {
  EXPECT_EQ(ledger_->Read([](LedgerView& view) {
    return view.Add(SampleRecord(RecordKind::kDecision)).status();
  }),
            absl::FailedPreconditionError("a ledger that is only read takes no record"));
  EXPECT_EQ(Size(), 1U);
}

}  // namespace
}  // namespace slogate
