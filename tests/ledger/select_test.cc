// Which records are asked for, and that no more are read than are given: by what SQLite says of its plans.
#include "gate/ledger/select.h"

#include <ostream>
#include <string>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>
#include <gtest/gtest.h>

#include "gate/ledger/store.h"
#include "tests/testing/fakes.h"
#include "tests/testing/sqlite_file.h"
#include "tests/testing/temp_folder.h"

namespace slogate {
namespace {

const absl::Time kTime = absl::FromUnixSeconds(1'764'000'000);

struct Case {
  const char* name;
  RecordQuery query;
  SeqRange range;
  std::string where, order;  // of the SQL
  std::string values;
  std::string plan;
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.name; }

RecordQuery Query(void (*set)(RecordQuery&)) {
  RecordQuery query;
  set(query);
  return query;
}

class Selects : public testing::TestWithParam<Case> {};

TEST_P(Selects, ReadNoMoreThanTheyGive) {
  const Case& test = GetParam();
  const Statement statement = SelectRecords(test.query, test.range, 20);
  EXPECT_EQ(statement.sql, absl::StrCat("SELECT seq, bytes FROM slogate.records", test.where,
                                        " ORDER BY seq", test.order, " LIMIT 20"));
  EXPECT_EQ(absl::StrJoin(statement.values, " "), test.values);

  const fake::TempFolder folder;
  fake::FixedClock clock(kTime);
  ASSERT_TRUE(CreateStore({LedgerLocation::Kind::kSqlite, folder.Path("l")}, clock).ok());
  std::vector<std::string> steps;
  const std::string rows =
      fake::RunSqlite(folder.Path("l"), absl::StrCat("EXPLAIN QUERY PLAN ", statement.sql));
  for (absl::string_view row : absl::StrSplit(rows, '\n', absl::SkipEmpty())) {
    const std::vector<std::string> cells = absl::StrSplit(row, '|');
    ASSERT_EQ(cells.size(), 4U) << rows;
    steps.push_back(cells[3]);
  }
  EXPECT_EQ(absl::StrJoin(steps, "; "), test.plan);
}

INSTANTIATE_TEST_SUITE_P(
    All, Selects,
    testing::Values(
        Case{"All", {}, {}, "", "", "", "SCAN slogate.records"},
        Case{"Newest",
             Query([](RecordQuery& q) { q.newest_first = true; }),
             {},
             "",
             " DESC",
             "",
             "SCAN slogate.records"},
        Case{"NextPage",
             {},
             {512, 1024},
             " WHERE seq >= $1 AND seq < $2",
             "",
             "512 1024",
             "SEARCH slogate.records USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"},
        Case{"Service",
             Query([](RecordQuery& q) { q.service = "s"; }),
             {},
             " WHERE service = $1",
             "",
             "s",
             "SEARCH slogate.records USING INDEX records_by_service (service=?)"},
        Case{"Environment",
             Query([](RecordQuery& q) {
               q.service = "s";
               q.environment = "";
               q.newest_first = true;
             }),
             {},
             " WHERE service = $1 AND environment = $2",
             " DESC",
             "s ",
             "SEARCH slogate.records USING INDEX records_by_environment (service=? AND "
             "environment=?)"},
        Case{"LastDecision",
             Query([](RecordQuery& q) {
               q.service = "s";
               q.environment = "e";
               q.kinds = {RecordKind::kDecision};
               q.newest_first = true;
             }),
             {0, 99},
             " WHERE service = $1 AND environment = $2 AND seq < $3 AND kind = $4",
             " DESC",
             "s e 99 decision",
             "SEARCH slogate.records USING INDEX records_by_environment_and_kind (service=? AND "
             "environment=? "
             "AND kind=? AND seq<?)"},
        Case{"SeveralKinds",
             Query([](RecordQuery& q) {
               q.service = "s";
               q.environment = "e";
               q.kinds = {RecordKind::kRelease, RecordKind::kOverrideUse, RecordKind::kRelease};
               q.since = kTime;
             }),
             {7, 99},
             " WHERE service = $1 AND environment = $2 AND time >= $3 AND seq >= $4 AND seq < $5 "
             "AND "
             "kind = $6 UNION ALL SELECT seq, bytes FROM slogate.records WHERE service = $1 AND "
             "environment = $2 AND time >= $3 AND seq >= $4 AND seq < $5 AND kind = $7",
             "",
             "s e 2025-11-24T16:00:00Z 7 99 override_use release",
             "MERGE (UNION ALL); LEFT; SEARCH slogate.records USING INDEX "
             "records_by_environment_and_kind "
             "(service=? AND environment=? AND kind=? AND seq>? AND seq<?); RIGHT; SEARCH "
             "slogate.records "
             "USING INDEX records_by_environment_and_kind (service=? AND environment=? AND kind=? "
             "AND "
             "seq>? AND seq<?)"},
        Case{"Kind",
             Query([](RecordQuery& q) { q.kinds = {RecordKind::kCheckpoint}; }),
             {},
             " WHERE kind = $1",
             "",
             "checkpoint",
             "SEARCH slogate.records USING INDEX records_by_kind (kind=?)"},
        Case{"Artifact",
             Query([](RecordQuery& q) { q.artifact = "sha256:c"; }),
             {},
             " WHERE artifact = $1",
             "",
             "sha256:c",
             "SEARCH slogate.records USING INDEX records_by_artifact (artifact=?)"},
        Case{"Actor",
             Query([](RecordQuery& q) { q.actor = "github:alice"; }),
             {},
             " WHERE actor = $1",
             "",
             "github:alice",
             "SEARCH slogate.records USING INDEX records_by_actor (actor=?)"},
        Case{"Verdict",
             Query([](RecordQuery& q) { q.verdict = "deny"; }),
             {},
             " WHERE verdict = $1",
             "",
             "deny",
             "SEARCH slogate.records USING INDEX records_by_verdict (verdict=?)"},
        // Few have it, and those are put in order.
        Case{"Id",
             Query([](RecordQuery& q) { q.id = "ov-01"; }),
             {},
             " WHERE id >= $1 AND id < $2",
             "",
             "ov-01 ov-02",
             "SEARCH slogate.records USING INDEX records_by_id (id>? AND id<?); USE TEMP B-TREE "
             "FOR ORDER "
             "BY"},
        // The range is found by FirstSince and LastBefore.
        Case{"Time",
             Query([](RecordQuery& q) {
               q.since = kTime - absl::Milliseconds(1);
               q.until = kTime + absl::Milliseconds(1);
             }),
             {5, 9},
             " WHERE time >= $1 AND time < $2 AND seq >= $3 AND seq < $4",
             "",
             "2025-11-24T16:00:00Z 2025-11-24T16:00:01Z 5 9",
             "SEARCH slogate.records USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"}),
    [](const auto& test) { return test.param.name; });

TEST(Select, FindsTimesInTheIndex) {
  const fake::TempFolder folder;
  fake::FixedClock clock(kTime);
  ASSERT_TRUE(CreateStore({LedgerLocation::Kind::kSqlite, folder.Path("l")}, clock).ok());
  for (const Statement& statement : {FirstSince(kTime), LastBefore(kTime)}) {
    const std::string plan =
        fake::RunSqlite(folder.Path("l"), absl::StrCat("EXPLAIN QUERY PLAN ", statement.sql));
    EXPECT_TRUE(absl::StrContains(plan, "SEARCH slogate.records USING INDEX records_by_time (time"))
        << plan;
  }
}

TEST(Select, AsksForNoTextThatNoRecordHas) {
  EXPECT_FALSE(FindsNothing({}));
  EXPECT_FALSE(FindsNothing(Query([](RecordQuery& q) {
    q.service = "caf\xc3\xa9";
    q.id = "sha256:0a";
  })));
  for (const RecordQuery& query :
       {Query([](RecordQuery& q) { q.service = "\xff"; }),
        Query([](RecordQuery& q) { q.environment = std::string(1, '\0'); }),
        Query([](RecordQuery& q) { q.actor = "a\xc3"; }),
        Query([](RecordQuery& q) { q.artifact = "\x80"; }),
        Query([](RecordQuery& q) { q.change = "\xed\xa0\x80"; }),
        Query([](RecordQuery& q) { q.verdict = "\xf5"; }),
        Query([](RecordQuery& q) { q.id = "\x7f"; }),
        Query([](RecordQuery& q) { q.id = "caf\xc3\xa9"; })}) {
    EXPECT_TRUE(FindsNothing(query));
  }
}

}  // namespace
}  // namespace slogate
