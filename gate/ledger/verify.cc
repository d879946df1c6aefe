#include "gate/ledger/verify.h"

#include <algorithm>
#include <utility>

#include <absl/strings/str_cat.h>

#include "gate/ledger/scan.h"

namespace slogate {
namespace {

// Ends the reading where a record is bad: no error of whoever reads.
absl::Status Enough() { return absl::CancelledError("a bad record was found"); }

std::string Short(const Digest& root) { return Hex(root).substr(0, 16); }

// What `head` says against the tree of as many records; "" where they agree.
std::string Disagreement(const Checkpoint& expected, const Checkpoint& head) {
  if (expected.root == head.root) return "";
  return absl::StrCat("its first ", expected.size, " records are not those that ",
                      PrintCheckpoint(expected), " was remembered of (their root is ",
                      Short(head.root), "…, not ", Short(expected.root),
                      "…): they were changed, replaced or forked");
}

// A checkpoint record says what the tree before it is, and later checks begin from there.
std::string WrongHead(absl::string_view bytes, const Frontier& frontier) {
  const absl::StatusOr<Record> record = ReadRecord(bytes);
  if (!record.ok()) return std::string(record.status().message());
  const auto& head = std::get<TreeHead>(record->payload);
  std::vector<std::string> hashes;
  for (const Digest& hash : frontier.hashes()) hashes.push_back(Hex(hash));
  if (head.root == Hex(frontier.Root()) && head.frontier == hashes) return "";
  return "it is a checkpoint, and says something else of the records before it than they are";
}

}  // namespace

std::string Chain::Add(absl::string_view bytes) {
  const absl::StatusOr<RecordFrame> frame = ScanRecord(bytes);
  if (!frame.ok()) return absl::StrCat("it is no record: ", frame.status().message());
  if (frame->version != kRecordVersion) {
    return absl::StrCat("it has version ", frame->version, ", and this slogate knows version ",
                        kRecordVersion);
  }
  const auto place = static_cast<int64_t>(frontier_.size());
  if (frame->seq != place) {
    return absl::StrCat("it says that it is record ", frame->seq, ", and stands in place ", place);
  }
  if (place > 0 && frame->log_id != log_id_) {
    return absl::StrCat("it is of the ledger ", frame->log_id, ", not of ", log_id_);
  }
  if (frame->prev != Hex(last_)) return "it holds another hash than the record before it has, so one of the two was changed";
  if ((place == 0) != (frame->kind == Word(RecordKind::kGenesis))) {
    return place == 0 ? "a ledger begins with a genesis record" : "it is a second genesis record";
  }
  if (frame->kind == Word(RecordKind::kCheckpoint)) {
    std::string wrong = WrongHead(bytes, frontier_);
    if (!wrong.empty()) return wrong;
  }
  if (place == 0) {
    if (!IsLogId(frame->log_id)) return "its log_id is none";
    log_id_ = std::string(frame->log_id);
  }
  if (frame->time < newest_time_) {
    if (!stepped_back_) stepped_back_ = place;
  } else {
    newest_time_.assign(frame->time.data(), frame->time.size());
  }
  last_ = LeafHash(bytes);
  frontier_.Append(last_);
  return "";
}

void Chain::Place(Record& record) const {
  record.seq = static_cast<int64_t>(frontier_.size());
  record.prev = Hex(last_);
  if (!log_id_.empty()) record.log_id = log_id_;
}

absl::StatusOr<Verification> Verify(const RecordSource& source,
                                    const std::vector<Checkpoint>& expected) {
  std::vector<Checkpoint> heads = expected;
  std::sort(heads.begin(), heads.end(),
            [](const Checkpoint& a, const Checkpoint& b) { return a.size < b.size; });
  auto next = heads.begin();
  Chain chain;
  Verification result;
  const auto compare = [&] {
    while (result.problem.empty() && next != heads.end() && next->size == chain.frontier().size()) {
      result.problem = Disagreement(*next++, chain.head());
    }
  };
  compare();
  const absl::Status read = source([&](absl::string_view bytes) {
    const std::string wrong = chain.Add(bytes);
    if (!wrong.empty()) {
      result.bad_seq = static_cast<int64_t>(chain.frontier().size());
      result.problem = absl::StrCat("record ", *result.bad_seq, " is bad: ", wrong);
      return Enough();
    }
    if (chain.frontier().size() == 1) result.genesis = Hex(chain.last());
    compare();
    return result.problem.empty() ? absl::OkStatus() : Enough();
  });
  if (!read.ok() && result.problem.empty()) return read;
  result.head = chain.head();
  if (!result.problem.empty()) return result;
  if (chain.frontier().size() == 0) {
    result.problem = "it has no records: not even the first";
    return result;
  }
  for (const Checkpoint& head : heads) {
    if (head.log_id != chain.log_id()) {
      result.problem = absl::StrCat("it is the ledger ", chain.log_id(), ", and ",
                                    PrintCheckpoint(head), " was remembered of another");
    } else if (head.size > chain.frontier().size()) {
      result.problem =
          absl::StrCat("it has ", chain.frontier().size(), " records, and ", PrintCheckpoint(head),
                       " was remembered: what came after was cut off, or an old copy was put back");
    }
  }
  if (chain.stepped_back()) {
    result.notes.push_back(absl::StrCat("record ", *chain.stepped_back(),
                                        " is older than one before it: a clock stepped back"));
  }
  return result;
}

}  // namespace slogate
