#include <optional>
#include <string>

#include "gate/ledger/scan.h"
#include "tests/fuzz/fuzz.h"
#include "tests/testing/slow_scan.h"

namespace slogate {

bool FuzzRecord(absl::string_view input) {
  const absl::StatusOr<RecordFrame> frame = ScanRecord(input);
  const std::optional<fake::SlowFrame> slow = fake::SlowScan(input);
  Require(frame.ok() == slow.has_value(), "records are what json::Parse and json::Dump agree on");
  if (!frame.ok()) {
    Require(absl::IsInvalidArgument(frame.status()), "a record is good or invalid");
    RequirePrintable(std::string(frame.status().message()), "a refusal is printable");
    return false;
  }
  if (!slow) return false;
  Require(frame->version == slow->version && frame->seq == slow->seq, "its numbers are its own");
  Require(frame->log_id == slow->log_id && frame->prev == slow->prev && frame->kind == slow->kind &&
              frame->time == slow->time,
          "its texts are its own");
  return true;
}

}  // namespace slogate
