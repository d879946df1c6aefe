#include "gate/ledger/select.h"

#include <algorithm>
#include <set>
#include <utility>

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "gate/base/duration.h"
#include "gate/text/utf8.h"

namespace slogate {
namespace {

class Conditions {
 public:
  // "$3", standing for `value`.
  std::string Value(std::string value) {
    values_.push_back(std::move(value));
    return absl::StrCat("$", values_.size());
  }
  void Add(absl::string_view left, std::string value) {
    conditions_.push_back(absl::StrCat(left, Value(std::move(value))));
  }
  void AddIfSet(absl::string_view left, const std::string& value) {
    if (!value.empty()) Add(left, value);
  }
  // " WHERE …" of all of them, and of `more` where it is not "".
  std::string Where(const std::string& more) const {
    std::vector<std::string> all = conditions_;
    if (!more.empty()) all.push_back(more);
    return all.empty() ? "" : absl::StrCat(" WHERE ", absl::StrJoin(all, " AND "));
  }
  std::vector<std::string> values() && { return std::move(values_); }

 private:
  std::vector<std::string> conditions_, values_;
};

// What comes after every text that begins with `prefix`, which is not empty and all printable ASCII.
std::string AfterAll(std::string prefix) {
  ++prefix.back();
  return prefix;
}

// Records have whole seconds: those at or after `time` are those at or after the next of them.
std::string Second(absl::Time time) {
  return PrintTime(
      absl::FromUnixSeconds(absl::ToUnixSeconds(time + absl::Seconds(1) - absl::Nanoseconds(1))));
}

bool IsText(absl::string_view text) {
  while (!text.empty()) {
    const Utf8Character next = FirstCharacter(text);
    if (!next.valid || next.code == 0) return false;
    text.remove_prefix(next.bytes);
  }
  return true;
}

}  // namespace

bool FindsNothing(const RecordQuery& query) {
  for (const std::string* text : {&query.artifact, &query.verdict, &query.change, &query.actor}) {
    if (!IsText(*text)) return true;
  }
  return !IsText(query.service.value_or("")) || !IsText(query.environment.value_or("")) ||
         !std::all_of(query.id.begin(), query.id.end(), absl::ascii_isgraph);
}

Statement SelectRecords(const RecordQuery& query, const SeqRange& range, int64_t most) {
  Conditions where;
  if (query.service) where.Add("service = ", *query.service);
  if (query.environment) where.Add("environment = ", *query.environment);
  where.AddIfSet("artifact = ", query.artifact);
  where.AddIfSet("verdict = ", query.verdict);
  where.AddIfSet("change = ", query.change);
  where.AddIfSet("actor = ", query.actor);
  if (!query.id.empty()) {
    where.Add("id >= ", query.id);
    where.Add("id < ", AfterAll(query.id));
  }
  if (query.since) where.Add("time >= ", Second(*query.since));
  if (query.until) where.Add("time < ", Second(*query.until));
  if (range.from > 0) where.Add("seq >= ", absl::StrCat(range.from));
  if (range.to < std::numeric_limits<int64_t>::max()) where.Add("seq < ", absl::StrCat(range.to));
  // One walk along an index for each kind, all in the order of seq, which the databases merge; they would
  // not for "kind IN (…)".
  std::vector<std::string> walks;
  const auto add_walk = [&](const std::string& kind) {
    walks.push_back(absl::StrCat("SELECT seq, bytes FROM slogate.records", where.Where(kind)));
  };
  for (const RecordKind kind : std::set<RecordKind>(query.kinds.begin(), query.kinds.end())) {
    add_walk(absl::StrCat("kind = ", where.Value(std::string(Word(kind)))));
  }
  if (walks.empty()) add_walk("");
  std::string sql = absl::StrCat(absl::StrJoin(walks, " UNION ALL "), " ORDER BY seq",
                                 query.newest_first ? " DESC" : "", " LIMIT ", most);
  return {std::move(sql), std::move(where).values()};
}

// "seq + 0" keeps both databases from walking through all records in the order of seq for the first
// that fits.
Statement FirstSince(absl::Time time) {
  return {"SELECT coalesce(min(seq + 0), -1) FROM slogate.records WHERE time >= $1",
          {Second(time)}};
}

Statement LastBefore(absl::Time time) {
  return {"SELECT coalesce(max(seq + 0), -1) FROM slogate.records WHERE time < $1", {Second(time)}};
}

}  // namespace slogate
