#include "gate/ledger/tail.h"

#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include <absl/strings/str_cat.h>

#include "gate/base/duration.h"
#include "gate/history/record.h"
#include "gate/ledger/scan.h"
#include "gate/ledger/tree.h"

namespace slogate {
namespace {

// The newest checkpoint record.
absl::StatusOr<std::optional<Record>> LastCheckpoint(Store& store) {
  RecordQuery query;
  query.kinds = {RecordKind::kCheckpoint};
  query.newest_first = true;
  query.most = 1;
  std::optional<Record> found;
  absl::Status status = store.Scan(query, [&](const Store::Row& row) {
    absl::StatusOr<Record> record = ReadRecord(row.bytes);
    if (!record.ok()) return BadRecord(store, row.seq, record.status().message());
    if (record->kind != RecordKind::kCheckpoint || record->seq != row.seq) {
      return BadRecord(store, row.seq, "it is not the record that the database finds there");
    }
    found = *std::move(record);
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  return found;
}

// The tree that a checkpoint record says is before it.
std::optional<Frontier> FrontierOf(const Record& checkpoint) {
  std::vector<Digest> hashes;
  for (const std::string& text : std::get<TreeHead>(checkpoint.payload).frontier) {
    const std::optional<Digest> hash = DigestFromHex(text);
    if (!hash) return std::nullopt;
    hashes.push_back(*hash);
  }
  return Frontier::From(static_cast<uint64_t>(checkpoint.seq), std::move(hashes));
}

absl::Status AddNext(const Store& store, const Store::Row& row, Tail& tail) {
  const auto place = static_cast<int64_t>(tail.chain.frontier().size());
  const absl::StatusOr<RecordFrame> frame = ScanRecord(row.bytes);
  if (frame.ok() && frame->version > kRecordVersion) {
    return absl::FailedPreconditionError(
        absl::StrCat(store.name(), ": record ", row.seq, " has version ", frame->version,
                     ", and this slogate knows version ", kRecordVersion, ": use a newer slogate"));
  }
  if (row.seq != place) return BadRecord(store, place, "it is missing");
  if (const std::string wrong = tail.chain.Add(row.bytes); !wrong.empty()) {
    return BadRecord(store, place, wrong);
  }
  const std::optional<absl::Time> time = ParseTime(frame->time);
  if (!time) return BadRecord(store, place, "its time is none");
  tail.newest = *time;
  return absl::OkStatus();
}

}  // namespace

absl::Status BadRecord(const Store& store, int64_t seq, absl::string_view what) {
  return absl::DataLossError(absl::StrCat(store.name(), ": record ", seq, " is bad: ", what,
                                          ". Nothing is appended to it any more. slogate ledger "
                                          "verify looks at all of it, slogate ledger "
                                          "export saves what is there; then put back a copy, or "
                                          "make a new ledger of what verifies with "
                                          "slogate ledger import --repair REASON"));
}

absl::StatusOr<Tail> VerifyTail(Store& store, const std::string& log_id) {
  const absl::StatusOr<std::optional<Record>> checkpoint = LastCheckpoint(store);
  if (!checkpoint.ok()) return checkpoint.status();
  Tail tail;
  RecordQuery query;
  // The one before it tells whether the checkpoint hangs on the chain.
  std::optional<Frontier> before;
  if (*checkpoint) {
    before = FrontierOf(**checkpoint);
    if (!before || (*checkpoint)->seq == 0) {
      return BadRecord(store, (*checkpoint)->seq, "it is a checkpoint of no tree");
    }
    tail.begin = before->size();
    query.from = (*checkpoint)->seq - 1;
  }
  absl::Status status = store.Scan(query, [&](const Store::Row& row) {
    if (!before) return AddNext(store, row, tail);
    if (row.seq != *query.from) return BadRecord(store, *query.from, "it is missing");
    tail.chain = Chain(log_id, *std::exchange(before, std::nullopt), LeafHash(row.bytes));
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  // A checkpoint that is found by its kind, and no record by its place.
  if (before) return BadRecord(store, *query.from, "it is missing");
  if (tail.chain.frontier().size() > 0 && tail.chain.log_id() != log_id) {
    return BadRecord(
        store, 0, absl::StrCat("it is of the ledger ", tail.chain.log_id(), ", not of ", log_id));
  }
  return tail;
}

}  // namespace slogate
