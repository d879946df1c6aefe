// The newest part of a ledger, which every reader and writer verifies before going on: what was added since
// the last checkpoint record.
#pragma once

#include <cstdint>
#include <string>

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/strings/string_view.h>
#include <absl/time/time.h>

#include "gate/ledger/store.h"
#include "gate/ledger/verify.h"

namespace slogate {

struct Tail {
  Chain chain;                            // to the newest record
  uint64_t begin = 0;                     // the newest checkpoint record's seq, or 0
  absl::Time newest = absl::UnixEpoch();  // the newest record's time
};

// In a transaction of `store`. DataLoss names the first bad record and what is wrong with it;
// FailedPrecondition where a newer slogate wrote it. Empty where there are no records.
absl::StatusOr<Tail> VerifyTail(Store& store, const std::string& log_id);

// DataLoss about one record of `store`, with what to do.
absl::Status BadRecord(const Store& store, int64_t seq, absl::string_view what);

}  // namespace slogate
