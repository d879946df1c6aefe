#include "tests/testing/slow_scan.h"

#include <absl/strings/numbers.h>

#include "gate/base/sha256.h"
#include "gate/ledger/scan.h"
#include "gate/text/json.h"

namespace slogate::fake {
namespace {

// A text as it is written, without its quotes; nothing where there is none.
std::optional<std::string> Written(const json::Value& value) {
  if (!value.is_string()) return std::nullopt;
  const std::string quoted = json::Dump(value);
  return quoted.substr(1, quoted.size() - 2);
}

std::optional<int64_t> Integer(const json::Value& value) {
  int64_t integer = 0;
  if (!value.is_number() || !absl::SimpleAtoi(value.text(), &integer)) return std::nullopt;
  return integer;
}

}  // namespace

std::optional<SlowFrame> SlowScan(absl::string_view bytes) {
  const absl::StatusOr<json::Value> record = json::Parse(bytes);
  if (!record.ok() || !record->is_object() || json::Dump(*record) != bytes) return std::nullopt;
  const auto version = Integer((*record)["v"]), seq = Integer((*record)["seq"]);
  const auto log_id = Written((*record)["log_id"]), prev = Written((*record)["prev"]);
  const auto kind = Written((*record)["kind"]), time = Written((*record)["time"]);
  if (!version || !seq || *seq < 0 || !log_id || !prev || !DigestFromHex(*prev) || !kind || !time)
    return std::nullopt;
  return SlowFrame{*version, *seq, *log_id, *prev, *kind, *time};
}

testing::AssertionResult ScansAgree(absl::string_view bytes) {
  const absl::StatusOr<RecordFrame> fast = ScanRecord(bytes);
  const std::optional<SlowFrame> slow = SlowScan(bytes);
  if (fast.ok() != slow.has_value()) {
    return testing::AssertionFailure() << (slow ? "refused: " : "accepted: ") << bytes << "\n"
                                       << fast.status();
  }
  if (!slow) return testing::AssertionSuccess();
  if (fast->version == slow->version && fast->seq == slow->seq && fast->log_id == slow->log_id &&
      fast->prev == slow->prev && fast->kind == slow->kind && fast->time == slow->time) {
    return testing::AssertionSuccess();
  }
  return testing::AssertionFailure() << "another frame: " << bytes;
}

}  // namespace slogate::fake
