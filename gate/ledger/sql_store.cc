#include "gate/ledger/sql_store.h"

#include <algorithm>
#include <utility>

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

#include "gate/base/limits.h"

namespace slogate {

absl::Status SqlStore::Begin(Access access) {
  end_ = kNoEnd;
  if (absl::Status status = Reconnect(); !status.ok()) return status;
  if (access == Access::kAppend) {
    absl::Status status = BeginAppend();
    appending_ = status.ok();
    return status;
  }
  const absl::StatusOr<int64_t> last =
      Number({"SELECT coalesce(max(seq), -1) FROM slogate.records"});
  if (!last.ok()) return last.status();
  end_ = *last + 1;
  return absl::OkStatus();
}

absl::Status SqlStore::Commit() {
  end_ = kNoEnd;
  return std::exchange(appending_, false) ? CommitAppend() : absl::OkStatus();
}

void SqlStore::Rollback() {
  end_ = kNoEnd;
  if (std::exchange(appending_, false)) RollbackAppend();
}

absl::Status SqlStore::Insert(int64_t seq, absl::string_view bytes) {
  return Query({"INSERT INTO slogate.records(seq, bytes) VALUES ($1, $2)",
                {absl::StrCat(seq), std::string(bytes)}},
               [](Cells) {});
}

absl::StatusOr<int64_t> SqlStore::Number(const Statement& statement) {
  int64_t number = 0;
  int read = 0;
  absl::Status status =
      Query(statement, [&](Cells cells) { read += absl::SimpleAtoi(cells[0], &number) ? 1 : 2; });
  if (!status.ok()) return status;
  // No answer must not be taken for one: "nothing since then" would be no use of an override.
  if (read != 1) {
    return absl::DataLossError(
        absl::StrCat(name_, ": the database gave no number where it has to: ", statement.sql));
  }
  return number;
}

absl::StatusOr<SeqRange> SqlStore::RangeOf(const RecordQuery& query) {
  SeqRange range{std::max<int64_t>(query.from.value_or(0), 0),
                 std::min(query.to.value_or(kNoEnd), end_)};
  if (query.since) {
    const absl::StatusOr<int64_t> first = Number(FirstSince(*query.since));
    if (!first.ok()) return first.status();
    if (*first < 0) return SeqRange{0, 0};
    range.from = std::max(range.from, *first);
  }
  if (query.until) {
    const absl::StatusOr<int64_t> last = Number(LastBefore(*query.until));
    if (!last.ok()) return last.status();
    range.to = std::min(range.to, *last + 1);
  }
  return range;
}

// Page by page: no statement is under way while `each` takes its time, as a reader of SQLite would
// hold up all writers.
absl::Status SqlStore::Scan(const RecordQuery& query,
                            const std::function<absl::Status(const Row&)>& each) {
  if (FindsNothing(query)) return absl::OkStatus();
  absl::StatusOr<SeqRange> range = RangeOf(query);
  if (!range.ok()) return range.status();
  int64_t left = query.most.value_or(kNoEnd);
  std::vector<std::pair<int64_t, std::string>> rows;  // of a page; the next one takes their memory
  while (left > 0 && range->from < range->to) {
    const int64_t page = std::min<int64_t>(left, limits::kPageRecords);
    size_t found = 0;
    absl::Status status = Query(SelectRecords(query, *range, page), [&](Cells cells) {
      if (found == rows.size()) rows.emplace_back();
      auto& [seq, bytes] = rows[found++];
      if (!absl::SimpleAtoi(cells[0], &seq)) seq = -1;  // no record's: whoever reads it sees that
      bytes.assign(cells[1].data(), cells[1].size());
    });
    if (!status.ok()) return status;
    for (size_t i = 0; i < found; ++i) {
      if (status = each({rows[i].first, rows[i].second}); !status.ok()) return status;
    }
    if (static_cast<int64_t>(found) < page) break;
    left -= page;
    (query.newest_first ? range->to : range->from) =
        rows[found - 1].first + (query.newest_first ? 0 : 1);
  }
  return absl::OkStatus();
}

// A writer whose commit nobody confirmed may still be at it: its end is waited for.
absl::StatusOr<bool> SqlStore::Has(absl::string_view nonce) {
  if (absl::Status status = Begin(Access::kAppend); !status.ok()) return status;
  const absl::StatusOr<int64_t> found =
      Number({"SELECT count(*) FROM slogate.records WHERE nonce = $1", {std::string(nonce)}});
  Rollback();
  if (!found.ok()) return found.status();
  return *found > 0;
}

// Piece by piece, as Scan is.
absl::StatusOr<int64_t> SqlStore::FindFalseColumn() {
  const absl::StatusOr<int64_t> last =
      Number({"SELECT coalesce(max(seq), -1) FROM slogate.records"});
  if (!last.ok()) return last.status();
  constexpr int64_t kPiece = 20 * limits::kPageRecords;
  for (int64_t from = 0; from <= *last; from += kPiece) {
    const absl::StatusOr<int64_t> found = Number(FalseColumnIn({from, from + kPiece}));
    if (!found.ok() || *found >= 0) return found;
  }
  return -1;
}

}  // namespace slogate
