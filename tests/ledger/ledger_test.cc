// A ledger over both databases: what is promised of one is promised of the other.
#include "gate/ledger/ledger.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>
#include <gtest/gtest.h>

#include "gate/base/version.h"
#include "gate/ledger/scan.h"
#include "gate/ledger/tree.h"
#include "gate/ledger/verify.h"
#include "tests/testing/fakes.h"
#include "tests/testing/ledger_places.h"
#include "tests/testing/sample_records.h"

namespace slogate {
namespace {

using fake::LedgerKind;
using fake::LedgerPlace;
using fake::SampleRecord;

const absl::Time kNow = absl::FromUnixSeconds(1'764'000'000);

class Ledgers : public testing::TestWithParam<LedgerKind> {
 protected:
  void SetUp() override {
    if (auto why = fake::CannotHave(GetParam())) GTEST_SKIP() << *why;
    place_ = std::make_unique<LedgerPlace>(GetParam());
  }

  std::unique_ptr<Ledger> New() {
    absl::StatusOr<std::unique_ptr<Ledger>> ledger = fake::NewLedger(*place_, clock_);
    EXPECT_TRUE(ledger.ok()) << ledger.status();
    return ledger.ok() ? *std::move(ledger) : nullptr;
  }

  absl::StatusOr<std::unique_ptr<Ledger>> Open(const LedgerIdentity& wanted = {}) {
    absl::StatusOr<std::unique_ptr<Store>> store = OpenStore(place_->location(), clock_);
    if (!store.ok()) return store.status();
    return Ledger::Open(*std::move(store), wanted);
  }

  absl::StatusOr<Receipt> Append(Ledger& ledger, std::vector<Record> records) {
    return ledger.Append([&](LedgerView& view) {
      for (const Record& record : records) {
        if (absl::Status added = view.Add(record).status(); !added.ok()) return added;
      }
      return absl::OkStatus();
    });
  }

  // What the whole of the stored bytes comes to.
  Verification VerifyAll() {
    const std::vector<std::string> all = fake::AllBytes(place_->location(), clock_);
    return *Verify(
        [&](const auto& each) {
          for (const std::string& bytes : all) {
            if (absl::Status status = each(bytes); !status.ok()) return status;
          }
          return absl::OkStatus();
        },
        {});
  }

  fake::FixedClock clock_{kNow};
  std::unique_ptr<LedgerPlace> place_;
};

INSTANTIATE_TEST_SUITE_P(All, Ledgers, testing::ValuesIn(fake::LedgerKinds()),
                         [](const auto& test) { return fake::LedgerKindName(test.param); });

TEST_P(Ledgers, BeginWithGenesis) {
  const std::unique_ptr<Ledger> ledger = New();
  ASSERT_NE(ledger, nullptr);
  EXPECT_EQ(ledger->log_id(), "acme");
  const std::vector<std::string> all = fake::AllBytes(place_->location(), clock_);
  ASSERT_EQ(all.size(), 1U);
  const Record genesis = ReadRecord(all[0]).value();
  EXPECT_EQ(genesis.kind, RecordKind::kGenesis);
  EXPECT_EQ(genesis.prev, Hex(EmptyRoot()));
  EXPECT_EQ(genesis.gate, Version());
  EXPECT_EQ(genesis.actor.account, "local:root");
  EXPECT_EQ(genesis.actor.role, GetParam() == LedgerKind::kPostgresql ? "postgres" : "");
  EXPECT_EQ(genesis.nonce.size(), 32U);
  if (GetParam() == LedgerKind::kSqlite) {
    EXPECT_EQ(genesis.time, kNow);
  }
}

TEST_P(Ledgers, AreCreatedOnce) {
  ASSERT_NE(New(), nullptr);
  const absl::Status again = fake::NewLedger(*place_, clock_).status();
  EXPECT_EQ(again.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(again.message(),
            absl::StrCat(place_->name(), ": there is a ledger already, and it stays as it is"));
  EXPECT_EQ(fake::AllBytes(place_->location(), clock_).size(), 1U);
}

// Whoever died between making the tables and the first record left no ledger, but nothing to clear away
// either.
TEST_P(Ledgers, AreFinishedWhereOnlyTablesAreThere) {
  ASSERT_TRUE(CreateStore(place_->location(), clock_).ok());
  const absl::Status unfinished = Open().status();
  EXPECT_EQ(unfinished.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(unfinished.message(),
            absl::StrCat(place_->name(),
                         ": its tables have no record, not even the first: finish it with slogate "
                         "ledger init, if it never had any; else put back a copy"));
  EXPECT_NE(New(), nullptr);
  EXPECT_TRUE(Open().ok());
}

TEST_P(Ledgers, RefuseIdsThatAreNone) {
  for (const char* id : {"", "-a", "a b", "a/b", "ä"}) {
    absl::StatusOr<std::unique_ptr<Store>> store = CreateStore(place_->location(), clock_);
    ASSERT_TRUE(store.ok()) << store.status();
    EXPECT_EQ(Ledger::Create(*std::move(store), id, {}).status().code(),
              absl::StatusCode::kInvalidArgument)
        << id;
  }
  EXPECT_TRUE(fake::AllBytes(place_->location(), clock_).empty());
}

TEST_P(Ledgers, AreTheWantedOneOrNone) {
  ASSERT_NE(New(), nullptr);
  const std::string genesis = Hex(LeafHash(fake::AllBytes(place_->location(), clock_)[0]));
  EXPECT_TRUE(Open({"acme", genesis}).ok());
  EXPECT_TRUE(Open({"acme", std::nullopt}).ok());
  EXPECT_TRUE(Open({"", std::nullopt}).ok());
  const absl::Status other = Open({"other", std::nullopt}).status();
  EXPECT_EQ(other.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(other.message(),
            absl::StrCat(place_->name(),
                         ": it is the ledger \"acme\", and \"other\" is wanted: name "
                         "the right one with --ledger, or set ledger.id in the "
                         "policy"));
  const absl::Status anew = Open({"acme", std::string(64, '0')}).status();
  EXPECT_EQ(anew.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(
      anew.message(),
      absl::StrCat(place_->name(),
                   ": it has the right id and is another ledger: its first record has the hash ",
                   genesis, ", and the policy's ledger.genesis is ", std::string(64, '0'),
                   ". Was it made anew? Then what it was before is gone from it"));
}

TEST_P(Ledgers, KeepEveryKindByteForByte) {
  const std::unique_ptr<Ledger> ledger = New();
  ASSERT_NE(ledger, nullptr);
  std::vector<std::string> written;
  for (const RecordKind kind : fake::ReleaseKinds()) {
    const absl::StatusOr<Receipt> receipt = Append(*ledger, {SampleRecord(kind)});
    ASSERT_TRUE(receipt.ok()) << Word(kind) << receipt.status();
    ASSERT_EQ(receipt->records.size(), 1U);
    written.push_back(receipt->records[0].bytes);
    EXPECT_EQ(receipt->head.size, written.size() + 1);
  }
  const Record repair = SampleRecord(RecordKind::kRepair);
  written.push_back(Append(*ledger, {repair})->records[0].bytes);

  const absl::StatusOr<std::unique_ptr<Ledger>> again = Open({"acme", std::nullopt});
  ASSERT_TRUE(again.ok()) << again.status();
  std::vector<std::string> read;
  ASSERT_TRUE((*again)
                  ->Read([&](LedgerView& view) {
                    RecordQuery query;
                    query.from = 1;
                    return view.Scan(query, [&](const Record& record) {
                      read.push_back(record.bytes);
                      EXPECT_EQ(WriteRecord(record), record.bytes);
                      return absl::OkStatus();
                    });
                  })
                  .ok());
  EXPECT_EQ(read, written);
  EXPECT_EQ(VerifyAll().problem, "");
}

TEST_P(Ledgers, GiveRecordsTheirPlace) {
  const std::unique_ptr<Ledger> ledger = New();
  ASSERT_NE(ledger, nullptr);
  Record claimed = SampleRecord(RecordKind::kDecision);
  claimed.seq = 99;
  claimed.log_id = "other";
  claimed.prev = std::string(64, 'f');
  claimed.nonce = "0";
  claimed.gate = "9.9.9";
  claimed.time = kNow + absl::Hours(100);
  claimed.actor.role = "superuser";
  const absl::StatusOr<Receipt> receipt =
      Append(*ledger, {claimed, SampleRecord(RecordKind::kOverrideUse)});
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  const std::vector<std::string> all = fake::AllBytes(place_->location(), clock_);
  ASSERT_EQ(all.size(), 3U);
  const Record first = ReadRecord(all[1]).value(), second = ReadRecord(all[2]).value();
  EXPECT_EQ(first.seq, 1);
  EXPECT_EQ(second.seq, 2);
  EXPECT_EQ(first.log_id, "acme");
  EXPECT_EQ(first.prev, Hex(LeafHash(all[0])));
  EXPECT_EQ(second.prev, Hex(LeafHash(all[1])));
  EXPECT_NE(first.nonce, second.nonce);
  EXPECT_EQ(first.gate, Version());
  EXPECT_NE(first.time, kNow + absl::Hours(100));
  EXPECT_EQ(first.actor.role, GetParam() == LedgerKind::kPostgresql ? "postgres" : "");
  EXPECT_EQ(receipt->head, VerifyAll().head);
  EXPECT_EQ(receipt->records[1].bytes, all[2]);
}

TEST_P(Ledgers, AppendNothingWhereNothingIsWanted) {
  const std::unique_ptr<Ledger> ledger = New();
  ASSERT_NE(ledger, nullptr);
  const absl::StatusOr<Receipt> nothing = Append(*ledger, {});
  ASSERT_TRUE(nothing.ok());
  EXPECT_EQ(nothing->head.size, 1U);
  // Not even where the database's own code would mean "once more".
  int asked = 0;
  const absl::Status own = ledger
                               ->Append([&](LedgerView&) {
                                 ++asked;
                                 return absl::AbortedError("changed my mind");
                               })
                               .status();
  EXPECT_EQ(own, absl::AbortedError("changed my mind"));
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(fake::AllBytes(place_->location(), clock_).size(), 1U);
  // And the ledger is free again.
  EXPECT_TRUE(Append(*ledger, {SampleRecord(RecordKind::kDecision)}).ok());
}

// Where the clock is ours; PostgreSQL's is its own.
class LedgersByOurClock : public Ledgers {};

INSTANTIATE_TEST_SUITE_P(Sqlite, LedgersByOurClock, testing::Values(LedgerKind::kSqlite),
                         [](const auto& test) { return fake::LedgerKindName(test.param); });

// The last check's clock may have been ahead of this one's.
TEST_P(LedgersByOurClock, NeverGoBackInTime) {
  const std::unique_ptr<Ledger> ledger = New();
  ASSERT_NE(ledger, nullptr);
  clock_.now = kNow + absl::Milliseconds(90'999);
  EXPECT_EQ(Append(*ledger, {SampleRecord(RecordKind::kDecision)})->records[0].time,
            kNow + absl::Seconds(90));
  clock_.now = kNow - absl::Hours(1);
  EXPECT_EQ(Append(*ledger, {SampleRecord(RecordKind::kDecision)})->records[0].time,
            kNow + absl::Seconds(90));
  absl::Time seen;
  ASSERT_TRUE(ledger
                  ->Read([&](LedgerView& view) {
                    seen = view.now();
                    return absl::OkStatus();
                  })
                  .ok());
  EXPECT_EQ(seen, kNow + absl::Seconds(90));
  EXPECT_TRUE(VerifyAll().notes.empty());
}

TEST_P(Ledgers, ShowEachReaderOneMoment) {
  const std::unique_ptr<Ledger> ledger = New(), other = *Open();
  ASSERT_NE(ledger, nullptr);
  const absl::Status read = ledger->Read([&](LedgerView& view) {
    EXPECT_EQ(view.head().size, 1U);
    // A reader holds up nobody, however long it looks.
    EXPECT_TRUE(Append(*other, {SampleRecord(RecordKind::kDecision)}).ok());
    const absl::StatusOr<std::vector<Record>> found = view.Find({{}});
    EXPECT_EQ(found.value().size(), 1U);
    return absl::OkStatus();
  });
  EXPECT_TRUE(read.ok()) << read;
  EXPECT_EQ(fake::AllBytes(place_->location(), clock_).size(), 2U);
}

TEST_P(Ledgers, FindEachRecordOnce) {
  const std::unique_ptr<Ledger> ledger = New();
  ASSERT_NE(ledger, nullptr);
  ASSERT_TRUE(Append(*ledger, {SampleRecord(RecordKind::kDecision),
                               SampleRecord(RecordKind::kOverrideRequest),
                               SampleRecord(RecordKind::kRelease)})
                  .ok());
  RecordQuery all, decisions, late;
  all.newest_first = true;
  decisions.kinds = {RecordKind::kDecision};
  late.from = 2;
  std::vector<int64_t> seqs;
  ASSERT_TRUE(ledger
                  ->Read([&](LedgerView& view) {
                    const auto found = view.Find({late, decisions, all});
                    if (!found.ok()) return found.status();
                    for (const Record& record : *found) seqs.push_back(record.seq);
                    return absl::OkStatus();
                  })
                  .ok());
  EXPECT_EQ(seqs, (std::vector<int64_t>{0, 1, 2, 3}));
}

TEST_P(Ledgers, AddCheckpointsThatVerify) {
  const std::unique_ptr<Ledger> ledger = New();
  ASSERT_NE(ledger, nullptr);
  const std::vector<Record> many(60, SampleRecord(RecordKind::kDecision));
  std::vector<uint64_t> sizes;
  for (int i = 0; i < 10; ++i) {
    const absl::StatusOr<Receipt> receipt = Append(*ledger, many);
    ASSERT_TRUE(receipt.ok()) << receipt.status();
    EXPECT_EQ(receipt->records.size(), 60U);
    sizes.push_back(receipt->head.size);
  }
  // One checkpoint behind the 301st record, and one behind 300 more.
  EXPECT_EQ(sizes, (std::vector<uint64_t>{61, 121, 181, 241, 302, 362, 422, 482, 542, 603}));
  const std::vector<std::string> all = fake::AllBytes(place_->location(), clock_);
  EXPECT_EQ(ReadRecord(all[301])->kind, RecordKind::kCheckpoint);
  EXPECT_EQ(ReadRecord(all[301])->actor.account, "github:alice");
  EXPECT_EQ(ReadRecord(all[602])->kind, RecordKind::kCheckpoint);
  const Verification verified = VerifyAll();
  EXPECT_EQ(verified.problem, "");
  EXPECT_EQ(verified.head, Append(*ledger, {})->head);
}

std::string Changed(std::string bytes) {
  return absl::StrReplaceAll(bytes, {{"4.18.2", "4.18.3"}});
}

TEST_P(Ledgers, StopAtADamagedTail) {
  const std::unique_ptr<Ledger> ledger = New();
  ASSERT_NE(ledger, nullptr);
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(Append(*ledger, {SampleRecord(RecordKind::kDecision)}).ok());
  }
  const std::string edited = Changed(fake::AllBytes(place_->location(), clock_)[2]);
  ASSERT_EQ(place_->RunUnguarded(
                absl::StrCat("UPDATE slogate.records SET bytes = '", edited, "' WHERE seq = 2")),
            "");
  const absl::Status read = ledger->Read([](LedgerView&) { return absl::OkStatus(); });
  const std::string text = absl::StrCat(
      place_->name(),
      ": record 3 is bad: it holds another hash than the record before it has, so one of the two "
      "was changed. Nothing is appended to it any more. slogate ledger verify looks at all of it, "
      "slogate ledger export saves what is "
      "there; then put back a copy, or make a new ledger of what verifies with slogate ledger "
      "import "
      "--repair REASON");
  EXPECT_EQ(read, absl::DataLossError(text));
  EXPECT_EQ(Append(*ledger, {SampleRecord(RecordKind::kDecision)}).status(),
            absl::DataLossError(text));
  EXPECT_EQ(fake::AllBytes(place_->location(), clock_).size(), 6U);
}

TEST_P(Ledgers, RefuseRecordsOfANewerSlogate) {
  const std::unique_ptr<Ledger> ledger = New();
  ASSERT_NE(ledger, nullptr);
  // A newer form of the tables would let it in.
  const std::string newer =
      absl::StrReplaceAll(Append(*ledger, {SampleRecord(RecordKind::kDecision)})->records[0].bytes,
                          {{"\"v\":1", "\"v\":2"}});
  if (GetParam() == LedgerKind::kSqlite) {
    ASSERT_EQ(place_->RunUnguarded(absl::StrCat("PRAGMA ignore_check_constraints=ON;"
                                                "UPDATE records SET bytes = '",
                                                newer, "' WHERE seq = 1")),
              "");
  } else {
    ASSERT_EQ(
        place_->RunUnguarded(absl::StrCat("ALTER TABLE slogate.records DROP CONSTRAINT v_is_1;"
                                          "UPDATE slogate.records SET bytes = '",
                                          newer, "' WHERE seq = 1")),
        "");
  }
  const absl::Status read = ledger->Read([](LedgerView&) { return absl::OkStatus(); });
  EXPECT_EQ(read, absl::FailedPreconditionError(
                      absl::StrCat(place_->name(),
                                   ": record 1 has version 2, and this slogate knows version 1: "
                                   "use a newer slogate")));
  EXPECT_EQ(Append(*ledger, {SampleRecord(RecordKind::kDecision)}).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace slogate
