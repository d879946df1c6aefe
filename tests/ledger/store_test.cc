// A store over both databases: what is kept, what is found, and what is refused.
#include "gate/ledger/store.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include "gate/base/sha256.h"
#include "gate/ledger/match.h"
#include "gate/ledger/select.h"
#include "gate/ledger/tree.h"
#include "tests/testing/fakes.h"
#include "tests/testing/ledger_places.h"
#include "tests/testing/sample_records.h"

namespace slogate {
namespace {

using fake::Chained;
using fake::LedgerKind;
using fake::LedgerPlace;
using fake::SampleChain;

const absl::Time kStart = fake::kSampleStart;

class Stores : public testing::TestWithParam<LedgerKind> {
 protected:
  void SetUp() override {
    if (auto why = fake::CannotHave(GetParam())) GTEST_SKIP() << *why;
    place_ = std::make_unique<LedgerPlace>(GetParam());
    absl::StatusOr<std::unique_ptr<Store>> store = CreateStore(place_->location(), clock_);
    ASSERT_TRUE(store.ok()) << store.status();
    store_ = *std::move(store);
  }

  absl::Status Keep(const std::vector<Record>& records) {
    if (absl::Status begun = store_->Begin(Store::Access::kAppend); !begun.ok()) return begun;
    for (const Record& record : records) {
      absl::Status kept = store_->Insert(record.seq, record.bytes);
      if (kept.ok()) continue;
      store_->Rollback();
      return kept;
    }
    return store_->Commit();
  }

  // The seqs that a query finds.
  std::vector<int64_t> Find(const RecordQuery& query) {
    std::vector<int64_t> seqs;
    const absl::Status scanned = store_->Scan(query, [&](const Store::Row& row) {
      seqs.push_back(row.seq);
      return absl::OkStatus();
    });
    EXPECT_TRUE(scanned.ok()) << scanned;
    return seqs;
  }

  std::unique_ptr<Store> Another() { return OpenStore(place_->location(), clock_).value(); }

  fake::FixedClock clock_{kStart};
  std::unique_ptr<LedgerPlace> place_;
  std::unique_ptr<Store> store_;
};

INSTANTIATE_TEST_SUITE_P(All, Stores, testing::ValuesIn(fake::LedgerKinds()),
                         [](const auto& test) { return fake::LedgerKindName(test.param); });

TEST_P(Stores, KnowWhoTheyAre) {
  EXPECT_EQ(store_->name(), place_->name());
  EXPECT_EQ(store_->Role().value(), GetParam() == LedgerKind::kSqlite ? "" : "postgres");
  if (GetParam() == LedgerKind::kSqlite) {
    EXPECT_EQ(store_->Now().value(), kStart);
  } else {
    EXPECT_LT(absl::AbsDuration(store_->Now().value() - RealClock()->Now()), absl::Minutes(1));
  }
}

TEST_P(Stores, GiveBackWhatTheyKeep) {
  const Chained chain = SampleChain();
  ASSERT_EQ(Keep(chain.records()), absl::OkStatus());
  std::vector<std::string> want, got;
  for (const Record& record : chain.records()) want.push_back(record.bytes);
  ASSERT_TRUE(Another()
                  ->Scan({},
                         [&](const Store::Row& row) {
                           EXPECT_EQ(row.seq, static_cast<int64_t>(got.size()));
                           got.emplace_back(row.bytes);
                           return absl::OkStatus();
                         })
                  .ok());
  EXPECT_EQ(got, want);
  EXPECT_EQ(store_->FindFalseColumn().value(), -1);
}

// The database's answer to any query is what the records themselves say.
TEST_P(Stores, FindWhatIsAskedFor) {
  const Chained chain = SampleChain();
  ASSERT_EQ(Keep(chain.records()), absl::OkStatus());
  std::vector<RecordQuery> queries(1);
  const auto vary = [&](auto set, const auto& values) {
    for (size_t i = queries.size(); i > 0; --i) {
      for (const auto& value : values) {
        RecordQuery query = queries[i - 1];
        set(query, value);
        queries.push_back(query);
      }
    }
  };
  using Texts = std::vector<std::string>;
  vary([](RecordQuery& q, const std::string& v) { q.service = v; },
       Texts{"checkout", "search", "", "nobody"});
  vary([](RecordQuery& q, const std::string& v) { q.environment = v; },
       Texts{"production", "staging", ""});
  vary([](RecordQuery& q, const std::vector<RecordKind>& v) { q.kinds = v; },
       std::vector<std::vector<RecordKind>>{
           {RecordKind::kDecision},
           {RecordKind::kRelease, RecordKind::kGenesis, RecordKind::kRepair}});
  const size_t plain = queries.size();
  const auto vary_plain = [&](auto set, const auto& values) {
    for (size_t i = 0; i < plain; ++i) {
      for (const auto& value : values) {
        RecordQuery query = queries[i];
        set(query, value);
        queries.push_back(query);
      }
    }
  };
  vary_plain([](RecordQuery& q, const std::string& v) { q.artifact = v; }, Texts{"sha256:2", "x"});
  vary_plain([](RecordQuery& q, const std::string& v) { q.verdict = v; }, Texts{"deny", "warn"});
  vary_plain([](RecordQuery& q, const std::string& v) { q.change = v; }, Texts{"rollback", "x"});
  vary_plain([](RecordQuery& q, const std::string& v) { q.actor = v; },
             Texts{"github:alice", "jenkins:\"böb\""});
  vary_plain([](RecordQuery& q, const std::string& v) { q.id = v; },
             Texts{"sha256:2", "sha256:222", "sha256:2222", "ov-", "ov-0123456789ab", "s", "~"});
  vary_plain([](RecordQuery& q, int v) { q.since = kStart + absl::Seconds(v); },
             std::vector<int>{-1, 0, 120, 121, 240, 241});
  vary_plain([](RecordQuery& q, int v) { q.until = kStart + absl::Seconds(v); },
             std::vector<int>{0, 120, 121, 240, 241});
  vary_plain([](RecordQuery& q, int v) { q.from = v; }, std::vector<int>{-1, 0, 5, 12, 99});
  vary_plain([](RecordQuery& q, int v) { q.to = v; }, std::vector<int>{0, 1, 7, 99});
  size_t found = 0;
  for (const RecordQuery& query : queries) {
    std::vector<int64_t> want;
    for (const Record& record : chain.records()) {
      if (Meets(record, query)) want.push_back(record.seq);
    }
    found += want.size();
    EXPECT_EQ(Find(query), want) << SelectRecords(query, {}, 20).sql;
    if (testing::Test::HasFailure()) return;
    RecordQuery newest = query;
    newest.newest_first = true;
    newest.most = 2;
    std::vector<int64_t> last(want.rbegin(), want.rend());
    last.resize(std::min<size_t>(last.size(), 2));
    EXPECT_EQ(Find(newest), last);
  }
  EXPECT_GT(queries.size(), 1000U);
  EXPECT_GT(found, 1000U);
}

TEST_P(Stores, FindNothingByWhatNoRecordHolds) {
  ASSERT_EQ(Keep(SampleChain().records()), absl::OkStatus());
  RecordQuery query;
  query.service = "\xff";
  EXPECT_TRUE(Find(query).empty());
  query.service = std::string("checkout\0x", 10);
  EXPECT_TRUE(Find(query).empty());
  query = {};
  query.most = 0;
  EXPECT_TRUE(Find(query).empty());
}

TEST_P(Stores, ReadAnyNumberPageByPage) {
  Chained chain;
  for (int i = 0; i < 1100; ++i)
    chain.Add(fake::RecordAt(kStart, RecordKind::kDecision, "checkout"));
  ASSERT_EQ(Keep(chain.records()), absl::OkStatus());
  std::vector<int64_t> upwards;
  for (int64_t i = 0; i < 1100; ++i) upwards.push_back(i);
  EXPECT_EQ(Find({}), upwards);
  RecordQuery query;
  query.service = "checkout";
  EXPECT_EQ(Find(query), upwards);
  query.newest_first = true;
  EXPECT_EQ(Find(query), std::vector<int64_t>(upwards.rbegin(), upwards.rend()));
  query.most = 513;
  EXPECT_EQ(Find(query), std::vector<int64_t>(upwards.rbegin(), upwards.rbegin() + 513));
  query.from = 1000;
  EXPECT_EQ(Find(query), std::vector<int64_t>(upwards.rbegin(), upwards.rbegin() + 100));

  int seen = 0;
  const absl::Status enough = store_->Scan({}, [&](const Store::Row&) {
    return ++seen == 600 ? absl::CancelledError("enough") : absl::OkStatus();
  });
  EXPECT_EQ(enough, absl::CancelledError("enough"));
  EXPECT_EQ(seen, 600);
}

TEST_P(Stores, TakeBackWhatWasNotCommitted) {
  const Chained chain = SampleChain();
  ASSERT_EQ(Keep({chain.records()[0]}), absl::OkStatus());
  ASSERT_TRUE(store_->Begin(Store::Access::kAppend).ok());
  ASSERT_TRUE(store_->Insert(1, chain.records()[1].bytes).ok());
  EXPECT_EQ(Find({}), (std::vector<int64_t>{0, 1}));
  store_->Rollback();
  EXPECT_EQ(Find({}), (std::vector<int64_t>{0}));
  EXPECT_FALSE(store_->Has("nonce1").value());
  EXPECT_TRUE(store_->Has("nonce0").value());
}

TEST_P(Stores, KeepOtherWritersOut) {
  const Chained chain = SampleChain();
  ASSERT_TRUE(store_->Begin(Store::Access::kAppend).ok());
  const std::unique_ptr<Store> reader = Another();
  EXPECT_TRUE(reader->Begin(Store::Access::kRead).ok());
  ASSERT_TRUE(store_->Insert(0, chain.records()[0].bytes).ok());
  ASSERT_TRUE(store_->Commit().ok());
  // What came after the reader began is not there for it.
  int seen = 0;
  const auto count = [&](const Store::Row&) {
    ++seen;
    return absl::OkStatus();
  };
  EXPECT_TRUE(reader->Scan({}, count).ok());
  EXPECT_EQ(seen, 0);
  reader->Rollback();
  EXPECT_TRUE(reader->Scan({}, count).ok());
  EXPECT_EQ(seen, 1);
}

// A record in the hands of somebody who writes SQL: none of these may become part of the ledger.
TEST_P(Stores, RefuseWhatDoesNotGoOn) {
  const Chained chain = SampleChain();
  const std::vector<Record>& all = chain.records();
  ASSERT_EQ(Keep({all[0], all[1], all[2]}), absl::OkStatus());
  const auto changed = [&](void (*change)(Record&)) {
    Record record = all[3];
    change(record);
    record.bytes = WriteRecord(record);
    return record;
  };
  struct Refused {
    const char* name;
    Record record;
    absl::StatusCode code;
  };
  const absl::StatusCode taken = absl::StatusCode::kAborted,
                         wrong = absl::StatusCode::kInvalidArgument;
  Record other_place = all[3];
  other_place.seq = 4;
  Record no_json = all[3];
  no_json.bytes = "{";
  Record no_record = all[3];
  no_record.bytes = "{\"seq\":3,\"v\":1}";
  for (const Refused& refused :
       {Refused{"the same again", all[2], taken},
        {"a fork", changed([](Record& r) {
           r.seq = 2;
           r.nonce = "new";
         }),
         taken},
        {"a gap", changed([](Record& r) { r.seq = 4; }), wrong},
        {"below the first", changed([](Record& r) { r.seq = -1; }),
         GetParam() == LedgerKind::kSqlite ? wrong : taken},
        {"another ledger", changed([](Record& r) { r.log_id = "other"; }), wrong},
        {"a nonce that was used", changed([](Record& r) { r.nonce = "nonce1"; }), taken},
        {"another seq than in its bytes", other_place, wrong},
        {"fractions of seconds", changed([](Record& r) { r.time += absl::Milliseconds(1); }),
         wrong},
        // SQLite says the same of a row that was damaged on the disk.
        {"no JSON", no_json,
         GetParam() == LedgerKind::kSqlite ? absl::StatusCode::kDataLoss : wrong},
        {"not all of a record", no_record, wrong}}) {
    const absl::Status kept = Keep({refused.record});
    EXPECT_EQ(kept.code(), refused.code) << refused.name << ": " << kept;
    EXPECT_EQ(std::string(kept.message()).rfind(place_->name() + ": ", 0), 0U) << kept;
  }
  EXPECT_EQ(Find({}), (std::vector<int64_t>{0, 1, 2}));
  EXPECT_EQ(Keep({all[3]}), absl::OkStatus());
}

TEST_P(Stores, LetNobodyChangeRecordsBySql) {
  ASSERT_EQ(Keep(SampleChain().records()), absl::OkStatus());
  for (const char* sql :
       {"UPDATE slogate.records SET bytes = '{}'",
        "UPDATE slogate.records SET seq = 99 WHERE seq = 1", "DELETE FROM slogate.records",
        "DELETE FROM slogate.records WHERE seq = 3"}) {
    const std::string answer = place_->Run(sql);
    EXPECT_NE(answer.find("records are never changed or deleted"), std::string::npos) << answer;
  }
  if (GetParam() == LedgerKind::kPostgresql) {
    EXPECT_EQ(place_->Run("TRUNCATE slogate.records"),
              "ERROR 42501 records are never changed or deleted");
    // Not even for a session that claims to be a replica.
    EXPECT_EQ(place_->Run("SET session_replication_role = replica; DELETE FROM slogate.records"),
              "ERROR 42501 records are never changed or deleted");
  } else {
    // Which deletes without asking the trigger for it.
    EXPECT_EQ(
        place_->Run("INSERT OR REPLACE INTO records(seq, bytes) SELECT seq, bytes FROM records "
                    "WHERE seq = 3"),
        "ERROR a record stands in that place already");
    EXPECT_EQ(place_->Run("INSERT OR REPLACE INTO records(seq, bytes) SELECT 12, json_set(bytes, "
                          "'$.seq', 12, '$.nonce', 'n') FROM records WHERE seq = 3"),
              "ERROR a record stands in that place already");
  }
  EXPECT_EQ(Find({}).size(), 12U);
}

TEST_P(Stores, AreRefusedWithOtherTables) {
  ASSERT_EQ(Keep(SampleChain().records()), absl::OkStatus());
  store_.reset();
  const bool sqlite = GetParam() == LedgerKind::kSqlite;
  for (const char* sql :
       {sqlite ? "DROP TRIGGER records_stay" : "DROP TRIGGER stay ON slogate.records",
        sqlite ? "CREATE TRIGGER x AFTER INSERT ON records BEGIN SELECT 1; END"
               : "CREATE RULE x AS ON INSERT TO slogate.records DO ALSO SELECT 1",
        sqlite ? "DROP INDEX records_prev" : "DROP INDEX slogate.records_prev"}) {
    const LedgerPlace place(GetParam());
    ASSERT_TRUE(CreateStore(place.location(), clock_).ok());
    ASSERT_EQ(place.Run(sql), "");
    for (const absl::Status& opened : {OpenStore(place.location(), clock_).status(),
                                       CreateStore(place.location(), clock_).status()}) {
      EXPECT_EQ(opened.code(), absl::StatusCode::kFailedPrecondition) << sql << opened;
      EXPECT_NE(std::string(opened.message()).find("somebody changed its table"), std::string::npos)
          << opened;
    }
  }
}

// Whoever may change the tables can make a record be found by something else than it says. They cannot do so
// without its being found out.
TEST_P(Stores, NameFalseColumns) {
  ASSERT_EQ(Keep(SampleChain().records()), absl::OkStatus());
  store_.reset();
  if (GetParam() == LedgerKind::kSqlite) {
    // The index is made by another expression, and then says what it always said.
    ASSERT_EQ(
        place_->Run("PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, "
                    "'verdict, seq', 'CASE seq WHEN 2 THEN ''allow'' ELSE verdict END, seq') "
                    "WHERE name = 'records_by_verdict'; PRAGMA writable_schema = RESET"),
        "");
    ASSERT_EQ(place_->Run("REINDEX records_by_verdict"), "");
    ASSERT_EQ(
        place_->Run("PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE INDEX "
                    "records_by_verdict ON records(verdict, seq)' WHERE name = "
                    "'records_by_verdict'; PRAGMA writable_schema = RESET"),
        "");
  } else {
    ASSERT_EQ(
        place_->RunUnguarded(
            "ALTER TABLE slogate.records DROP COLUMN verdict;"
            "ALTER TABLE slogate.records ADD COLUMN verdict text COLLATE \"C\" GENERATED ALWAYS "
            "AS (CASE seq WHEN 2 THEN 'allow' ELSE bytes ->> 'verdict' END) STORED;"
            "CREATE INDEX records_by_verdict ON slogate.records(verdict, seq)"),
        "");
  }
  store_ = Another();
  RecordQuery query;
  query.verdict = "deny";
  EXPECT_EQ(Find(query), (std::vector<int64_t>{3}));  // record 2 denied, too
  EXPECT_EQ(store_->FindFalseColumn().value(), 2);
}

}  // namespace
}  // namespace slogate
