// A new ledger from an export, byte for byte.
#pragma once

#include <functional>
#include <string>

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/strings/string_view.h>

#include "gate/history/record.h"
#include "gate/ledger/checkpoint.h"
#include "gate/ledger/store.h"

namespace slogate {

// Gives the lines of an export, without their ends, until one call returns an error, which it hands on.
using LineSource =
    std::function<absl::Status(const std::function<absl::Status(absl::string_view line)>& each)>;

// What is to be done where the export does not verify.
struct Repair {
  std::string reason;  // "": nothing is imported then
  Actor actor;
  std::string nonce;
};

struct Imported {
  Checkpoint head;
  int64_t lost_lines = 0;  // which did not verify, or followed one that did not
};

// Writes the records into `store`, which must have none (else AlreadyExists), in one transaction. DataLoss,
// and nothing is written, where they do not verify and no repair is wanted, or not even the first one
// does. A repair takes the records before the bad one, and adds one that says what was lost.
absl::StatusOr<Imported> Import(Store& store, const LineSource& lines, const Repair& repair);

}  // namespace slogate
