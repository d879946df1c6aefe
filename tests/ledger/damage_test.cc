// What somebody does who owns the database: every guard away, rows as they like, every guard back. What a
// check finds of it on its own, what `ledger verify` finds, and what takes a head remembered elsewhere.
#include <memory>
#include <ostream>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>
#include <gtest/gtest.h>

#include "gate/ledger/ledger.h"
#include "gate/ledger/tree.h"
#include "gate/ledger/verify.h"
#include "tests/testing/fakes.h"
#include "tests/testing/ledger_places.h"
#include "tests/testing/sample_records.h"

namespace slogate {
namespace {

using Rows = std::vector<std::string>;

constexpr int kBeforeCheckpoint = 300, kBehind = 10;  // decisions; the checkpoint is record 301

// The same record with another seq, and as new as the tables' own checks want it.
std::string Moved(const std::string& bytes, int64_t seq) {
  Record record = ReadRecord(bytes).value();
  record.seq = seq;
  return WriteRecord(record);
}

std::string Edited(const std::string& bytes) {
  return absl::StrReplaceAll(bytes, {{"4.18.2", "4.18.3"}});
}

// Numbers the rows from `from` on anew.
void Renumber(Rows& rows, size_t from) {
  for (size_t i = from; i < rows.size(); ++i) rows[i] = Moved(rows[i], static_cast<int64_t>(i));
}

// Makes all links and checkpoints fit again.
void Rechain(Rows& rows) {
  Frontier frontier;
  Digest last = EmptyRoot();
  for (std::string& row : rows) {
    Record record = ReadRecord(row).value();
    record.prev = Hex(last);
    if (auto* head = std::get_if<TreeHead>(&record.payload)) {
      head->root = Hex(frontier.Root());
      head->frontier.clear();
      for (const Digest& hash : frontier.hashes()) head->frontier.push_back(Hex(hash));
    }
    row = WriteRecord(record);
    last = LeafHash(row);
    frontier.Append(last);
  }
}

struct Attack {
  const char* name;
  size_t from;  // the first row that is written anew
  void (*change)(Rows& rows);
  const char* check;    // what the next check says after "record "; "": it goes on
  const char* verify;   // what all records come to, by themselves
  const char* by_head;  // what is wrong besides, where a head is remembered, begins so
};

const Attack kAttacks[] = {
    {"EditedSinceTheCheckpoint", 305, [](Rows& rows) { rows[305] = Edited(rows[305]); },
     "306 is bad: it holds another hash than the record before it has, so one of the two was "
     "changed",
     "record 306 is bad: it holds another hash than the record before it has, so one of the two "
     "was changed",
     ""},
    // Both ends are whole; every link is looked at.
    {"EditedBeforeTheCheckpoint", 100, [](Rows& rows) { rows[100] = Edited(rows[100]); }, "",
     "record 101 is bad: it holds another hash than the record before it has, so one of the two "
     "was changed",
     ""},
    {"DeletedWithAGap", 305, [](Rows& rows) { rows[305] = ""; }, "305 is bad: it is missing",
     "record 305 is bad: it says that it is record 306, and stands in place 305", ""},
    {"DeletedAndRenumbered", 305,
     [](Rows& rows) {
       rows.erase(rows.begin() + 305);
       Renumber(rows, 305);
     },
     "305 is bad: it holds another hash than the record before it has, so one of the two was "
     "changed",
     "record 305 is bad: it holds another hash than the record before it has, so one of the two "
     "was changed",
     ""},
    {"Inserted", 305,
     [](Rows& rows) {
       Record extra = ReadRecord(rows[304]).value();
       extra.nonce = std::string(32, '0');
       extra.prev = std::string(64, '0');
       rows.insert(rows.begin() + 305, WriteRecord(extra));
       Renumber(rows, 305);
     },
     "305 is bad: it holds another hash than the record before it has, so one of the two was "
     "changed",
     "record 305 is bad: it holds another hash than the record before it has, so one of the two "
     "was changed",
     ""},
    {"Swapped", 305,
     [](Rows& rows) {
       std::swap(rows[305], rows[306]);
       Renumber(rows, 305);
     },
     "305 is bad: it holds another hash than the record before it has, so one of the two was "
     "changed",
     "record 305 is bad: it holds another hash than the record before it has, so one of the two "
     "was changed",
     ""},
    {"CheckpointThatSaysSomethingElse", 301,
     [](Rows& rows) {
       Record checkpoint = ReadRecord(rows[301]).value();
       std::get<TreeHead>(checkpoint.payload).root = std::string(64, '0');
       rows[301] = WriteRecord(checkpoint);
     },
     "301 is bad: it is a checkpoint, and says something else of the records before it than they "
     "are",
     "record 301 is bad: it is a checkpoint, and says something else of the records before it than "
     "they are",
     ""},
    {"CutOff", 305, [](Rows& rows) { rows.resize(307); }, "", "",
     "it has 307 records, and acme:312:"},
    {"AllWrittenAnew", 1,
     [](Rows& rows) {
       rows[100] = Edited(rows[100]);
       Rechain(rows);
     },
     "", "", "its first 312 records are not those that acme:312:"},
};

void PrintTo(const Attack& attack, std::ostream* out) { *out << attack.name; }

class Damages : public testing::TestWithParam<std::tuple<fake::LedgerKind, Attack>> {};

INSTANTIATE_TEST_SUITE_P(All, Damages,
                         testing::Combine(testing::ValuesIn(fake::LedgerKinds()),
                                          testing::ValuesIn(kAttacks)),
                         [](const auto& test) {
                           return absl::StrCat(fake::LedgerKindName(std::get<0>(test.param)), "_",
                                               std::get<1>(test.param).name);
                         });

Verification VerifyRows(const Rows& rows, const std::vector<Checkpoint>& expected) {
  return *Verify(
      [&](const auto& each) {
        for (const std::string& bytes : rows) {
          if (absl::Status status = each(bytes); !status.ok()) return status;
        }
        return absl::OkStatus();
      },
      expected);
}

TEST_P(Damages, AreFound) {
  const auto& [kind, attack] = GetParam();
  if (auto why = fake::CannotHave(kind)) GTEST_SKIP() << *why;
  const fake::LedgerPlace place(kind);
  fake::FixedClock clock(absl::FromUnixSeconds(1'764'000'000));
  const std::unique_ptr<Ledger> ledger = fake::NewLedger(place, clock).value();
  const auto append = [&](int count) {
    return ledger->Append([&](LedgerView& view) {
      for (int i = 0; i < count; ++i) {
        absl::Status added = view.Add(fake::SampleRecord(RecordKind::kDecision)).status();
        if (!added.ok()) return added;
      }
      return absl::OkStatus();
    });
  };
  ASSERT_TRUE(append(kBeforeCheckpoint).ok());
  const Checkpoint head = append(kBehind)->head;
  Rows rows = fake::AllBytes(place.location(), clock);
  ASSERT_EQ(rows.size(), 312U);
  ASSERT_EQ(VerifyRows(rows, {head}).problem, "");

  attack.change(rows);
  std::string sql = absl::StrCat("DELETE FROM slogate.records WHERE seq >= ", attack.from);
  for (size_t i = attack.from; i < rows.size(); ++i) {
    if (rows[i].empty()) continue;
    absl::StrAppend(&sql, ";INSERT INTO slogate.records(seq, bytes) VALUES (", i, ", '", rows[i],
                    "')");
  }
  ASSERT_EQ(place.RunUnguarded(sql), "");

  const Rows stored = fake::AllBytes(place.location(), clock);
  EXPECT_EQ(VerifyRows(stored, {}).problem, attack.verify);
  const std::string by_head = VerifyRows(stored, {head}).problem;
  EXPECT_TRUE(absl::StartsWith(by_head, *attack.verify != '\0' ? attack.verify : attack.by_head))
      << by_head;
  EXPECT_NE(by_head, "");

  const absl::Status appended = append(1).status();
  if (*attack.check == '\0') {
    EXPECT_EQ(appended, absl::OkStatus());
    return;
  }
  EXPECT_EQ(appended.code(), absl::StatusCode::kDataLoss);
  EXPECT_TRUE(absl::StartsWith(appended.message(),
                               absl::StrCat(place.name(), ": record ", attack.check, ". ")))
      << appended;
  EXPECT_EQ(fake::AllBytes(place.location(), clock), stored);
}

}  // namespace
}  // namespace slogate
