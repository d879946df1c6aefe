#include "gate/ledger/verify.h"

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>
#include <gtest/gtest.h>

#include "gate/history/record.h"

namespace slogate {
namespace {

using Log = std::vector<std::string>;  // records' bytes

// A ledger as an honest slogate writes it.
class Writer {
 public:
  explicit Writer(std::string log_id = "acme") : log_id_(std::move(log_id)) {
    Record genesis;
    Write(genesis);
  }
  // Goes on behind `log`, as whoever has a copy of it can.
  explicit Writer(const Log& log) : log_id_("acme") {
    for (const std::string& bytes : log) EXPECT_EQ(chain_.Add(bytes), "");
    log_ = log;
  }

  void Decide(const std::string& service, absl::Time time = absl::UnixEpoch()) {
    Record record;
    record.kind = RecordKind::kDecision;
    record.subject.service = service;
    record.time = time;
    DecisionMade made;
    made.verdict = "deny";
    record.payload = made;
    Write(record);
  }
  void Checkpoint() {
    Record record;
    record.kind = RecordKind::kCheckpoint;
    TreeHead head{Hex(chain_.frontier().Root()), {}};
    for (const Digest& hash : chain_.frontier().hashes()) head.frontier.push_back(Hex(hash));
    record.payload = head;
    Write(record);
  }

  const Log& log() const { return log_; }
  slogate::Checkpoint head() const { return chain_.head(); }

 private:
  void Write(Record record) {
    record.log_id = log_id_;
    record.seq = static_cast<int64_t>(chain_.frontier().size());
    record.prev = Hex(chain_.last());
    record.nonce = absl::StrCat("n", record.seq, "-", log_.size());
    record.gate = "0.1.0";
    record.actor = {"local:test", "operating system", ""};
    log_.push_back(WriteRecord(record));
    EXPECT_EQ(chain_.Add(log_.back()), "");
  }

  std::string log_id_;
  Chain chain_;
  Log log_;
};

Verification Verified(const Log& log, const std::vector<Checkpoint>& expected = {}) {
  const absl::StatusOr<Verification> result = Verify(
      [&](const auto& each) {
        for (const std::string& bytes : log) {
          if (const absl::Status status = each(bytes); !status.ok()) return status;
        }
        return absl::OkStatus();
      },
      expected);
  EXPECT_TRUE(result.ok()) << result.status();
  return result.value_or(Verification{"could not be read", {}, {}, {}, ""});
}

Log Honest(int decisions) {
  Writer writer;
  for (int i = 0; i < decisions; ++i) writer.Decide(absl::StrCat("service-", i));
  return writer.log();
}

Checkpoint HeadOf(const Log& log) { return Verified(log).head; }

std::string Short(const std::string& hash) { return hash.substr(0, 16); }

TEST(VerifyTest, AnHonestLedger) {
  Writer writer;
  writer.Decide("a");
  const Checkpoint early = writer.head();
  writer.Checkpoint();
  writer.Decide("b");
  const Verification verified = Verified(writer.log(), {writer.head(), early});
  EXPECT_EQ(verified.problem, "");
  EXPECT_EQ(verified.head, writer.head());
  EXPECT_EQ(verified.genesis, Hex(LeafHash(writer.log()[0])));
  EXPECT_TRUE(verified.notes.empty());
}

struct DamageCase {
  const char* name;
  void (*damage)(Log& log);  // of genesis and five decisions
  const char* problem;
};

class DamageTest : public testing::TestWithParam<DamageCase> {};

TEST_P(DamageTest, IsFoundWithoutARememberedHead) {
  Log log = Honest(5);
  ASSERT_EQ(Verified(log).problem, "");
  GetParam().damage(log);
  EXPECT_EQ(Verified(log).problem, GetParam().problem);
}

void Replace(std::string& bytes, const char* what, const char* with) {
  const std::string before = bytes;
  bytes = absl::StrReplaceAll(bytes, {{what, with}});
  ASSERT_NE(bytes, before) << "nothing was changed";
}

const DamageCase kDamages[] = {
    {"edited", [](Log& log) { Replace(log[2], "\"deny\"", "\"allow\""); },
     "record 3 is bad: it holds another hash than the record before it has, so one of the two was changed"},
    {"edited_in_the_middle_with_both_ends_kept",
     [](Log& log) {
       Replace(log[2], "service-1", "service-9");
       Replace(log[3], "service-2", "service-8");
     },
     "record 3 is bad: it holds another hash than the record before it has, so one of the two was changed"},
    {"deleted", [](Log& log) { log.erase(log.begin() + 3); },
     "record 3 is bad: it says that it is record 4, and stands in place 3"},
    {"the_first_deleted", [](Log& log) { log.erase(log.begin()); },
     "record 0 is bad: it says that it is record 1, and stands in place 0"},
    {"inserted_twice", [](Log& log) { log.insert(log.begin() + 2, log[2]); },
     "record 3 is bad: it says that it is record 2, and stands in place 3"},
    {"swapped", [](Log& log) { std::swap(log[2], log[3]); },
     "record 2 is bad: it says that it is record 3, and stands in place 2"},
    {"of_another_ledger", [](Log& log) { log[4] = Writer("other").log()[0]; },
     "record 4 is bad: it says that it is record 0, and stands in place 4"},
    {"another_form_of_the_same", [](Log& log) { Replace(log[5], "\":", "\": "); },
     "record 5 is bad: it is no record: there is no JSON value, at byte 10"},
    {"a_newer_version", [](Log& log) { Replace(log[5], "\"v\":1", "\"v\":2"); },
     "record 5 is bad: it has version 2, and this slogate knows version 1"},
    {"torn", [](Log& log) { log[5].resize(100); },
     "record 5 is bad: it is no record: a text has no end, at byte 101"},
    {"all_gone", [](Log& log) { log.clear(); }, "it has no records: not even the first"},
};

INSTANTIATE_TEST_SUITE_P(Damages, DamageTest, testing::ValuesIn(kDamages),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(VerifyTest, ACheckpointThatLies) {
  Writer writer;
  writer.Decide("a");
  writer.Checkpoint();
  Log log = writer.log();
  const std::string root = Hex(HeadOf({log.begin(), log.begin() + 2}).root);
  Replace(log[2], root.c_str(), Hex(EmptyRoot()).c_str());
  EXPECT_EQ(Verified(log).problem,
            "record 2 is bad: it is a checkpoint, and says something else of the records before it "
            "than they are");
}

TEST(VerifyTest, WhatOnlyARememberedHeadFinds) {
  const Log log = Honest(5);
  const Checkpoint remembered = HeadOf(log);

  Log cut = log;
  cut.resize(3);
  EXPECT_EQ(Verified(cut).problem, "") << "without a head nobody can tell";
  EXPECT_EQ(Verified(cut, {remembered}).problem,
            absl::StrCat("it has 3 records, and ", PrintCheckpoint(remembered),
                         " was remembered: what came after was cut off, or an old copy was put "
                         "back"));

  Writer rewritten(cut);
  for (int i = 0; i < 5; ++i) rewritten.Decide("rewritten");
  EXPECT_EQ(Verified(rewritten.log()).problem, "");
  const Log first_six(rewritten.log().begin(), rewritten.log().begin() + 6);
  EXPECT_EQ(Verified(rewritten.log(), {remembered}).problem,
            absl::StrCat("its first 6 records are not those that ", PrintCheckpoint(remembered),
                         " was remembered of (their root is ", Short(Hex(HeadOf(first_six).root)),
                         "…, not ", Short(Hex(remembered.root)),
                         "…): they were changed, replaced or forked"));

  const Log fresh = Writer().log();
  EXPECT_EQ(Verified(fresh).problem, "");
  EXPECT_NE(Verified(fresh, {remembered}).problem, "");

  Writer foreign("other");
  for (int i = 0; i < 9; ++i) foreign.Decide("x");
  EXPECT_NE(Verified(foreign.log(), {remembered}).problem, "");
}

TEST(VerifyTest, AHeadOfAnotherLedger) {
  Checkpoint foreign = HeadOf(Honest(2));
  foreign.log_id = "other";
  EXPECT_EQ(Verified(Honest(2), {foreign}).problem,
            absl::StrCat("it is the ledger acme, and ", PrintCheckpoint(foreign),
                         " was remembered of another"));
}

TEST(VerifyTest, AClockThatStepsBackIsNoDamage) {
  Writer writer;
  writer.Decide("a", absl::FromUnixSeconds(1000));
  writer.Decide("b", absl::FromUnixSeconds(900));
  writer.Decide("c", absl::FromUnixSeconds(800));
  const Verification verified = Verified(writer.log());
  EXPECT_EQ(verified.problem, "");
  EXPECT_EQ(verified.notes,
            std::vector<std::string>{"record 2 is older than one before it: a clock stepped back"});
}

TEST(VerifyTest, WhatReadingComesToIsHandedOn) {
  const absl::StatusOr<Verification> result =
      Verify([](const auto&) { return absl::UnavailableError("the disk died"); }, {});
  EXPECT_EQ(result.status().ToString(), "UNAVAILABLE: the disk died");
}

// What somebody with every right to the database may do to it.
class Attacker {
 public:
  explicit Attacker(uint64_t seed) : random_(seed) {}

  // Changes `log`, whose history `copies` are, in one of many ways.
  void Change(Log& log, const std::vector<Log>& copies) {
    switch (Pick(7)) {
      case 0:  // edit a byte inside a text
        if (!log.empty()) {
          std::string& bytes = log[Pick(log.size())];
          const size_t at = bytes.find("service-");
          if (at != std::string::npos) bytes[at] = 'S';
        }
        return;
      case 1:
        if (!log.empty()) log.erase(log.begin() + static_cast<std::ptrdiff_t>(Pick(log.size())));
        return;
      case 2:
        if (log.size() > 1) std::swap(log[Pick(log.size())], log[Pick(log.size())]);
        return;
      case 3:
        log.resize(Pick(log.size() + 1));
        return;
      case 4:  // an old copy is put back
        log = copies[Pick(copies.size())];
        return;
      case 5: {  // a beginning is kept, and the rest written anew without a flaw
        if (log.empty() || Verified(log).problem != "") return;
        log.resize(1 + Pick(log.size()));
        Writer forger(log);
        for (size_t i = Pick(4); i > 0; --i) forger.Decide(absl::StrCat("forged-", random_()));
        log = forger.log();
        return;
      }
      case 6: {  // all of it is written anew
        Writer forger;
        for (size_t i = Pick(8); i > 0; --i) forger.Decide(absl::StrCat("forged-", random_()));
        log = forger.log();
        return;
      }
    }
  }

 private:
  size_t Pick(size_t below) { return random_() % below; }
  std::mt19937_64 random_;
};

// True of any history: with a head remembered elsewhere, verify passes iff the records up to that head are
// there unchanged, and what follows them hangs together.
TEST(VerifyPropertyTest, ARememberedHeadFindsEveryChange) {
  int found = 0, undone = 0;
  for (uint64_t seed = 0; seed < 3000; ++seed) {
    std::mt19937_64 random(seed);
    Writer writer;
    std::vector<Log> copies = {writer.log()};
    std::vector<Checkpoint> heads = {writer.head()};
    for (size_t i = 1 + random() % 9; i > 0; --i) {
      if (random() % 5 == 0) {
        writer.Checkpoint();
      } else {
        writer.Decide(absl::StrCat("service-", random() % 3));
      }
      copies.push_back(writer.log());
      heads.push_back(writer.head());
    }
    const size_t known = random() % copies.size();
    Log log = copies.back();
    Attacker attacker(seed);
    for (size_t i = 1 + random() % 3; i > 0; --i) attacker.Change(log, copies);

    const Log& kept = copies[known];
    const bool unchanged =
        log.size() >= kept.size() && std::equal(kept.begin(), kept.end(), log.begin());
    const bool coherent = Verified(log).problem.empty();
    const bool passes = Verified(log, {heads[known]}).problem.empty();
    EXPECT_EQ(passes, unchanged && coherent) << "seed " << seed;
    (passes ? undone : found) += 1;
  }
  EXPECT_GT(found, 1000);
  EXPECT_GT(undone, 100);
}

}  // namespace
}  // namespace slogate
