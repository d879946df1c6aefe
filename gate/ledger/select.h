// The SQL that finds records, which SQLite and PostgreSQL both take.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "gate/history/history.h"

namespace slogate {

// `values` stand for $1, $2, … of `sql`, in that order. Never a value in `sql` itself.
struct Statement {
  std::string sql;
  std::vector<std::string> values = {};
};

// [from, to)
struct SeqRange {
  int64_t from = 0;
  int64_t to = std::numeric_limits<int64_t>::max();
};

// Whether `query` asks for a text that no record holds, and that a database might not even take: ids
// are printable ASCII, everything else is UTF-8 without NUL.
bool FindsNothing(const RecordQuery& query);

// seq and bytes of at most `most` records of `range` that meet `query`, whose `from`, `to` and `most` are
// not looked at.
Statement SelectRecords(const RecordQuery& query, const SeqRange& range, int64_t most);

// One number: the first seq of a record at or after `time`, and the last of one before it; -1 where
// there is none. Times may step back, so neither is a matter of order alone.
Statement FirstSince(absl::Time time);
Statement LastBefore(absl::Time time);

}  // namespace slogate
