// Recomputes everything that a ledger promises from its records' bytes alone, in one pass and flat
// memory.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/strings/string_view.h>

#include "gate/history/record.h"
#include "gate/ledger/checkpoint.h"
#include "gate/ledger/tree.h"

namespace slogate {

// Links records to one chain under one tree, one after the other.
class Chain {
 public:
  Chain() = default;  // expects the first record of some ledger
  // Goes on behind the records that `frontier` is the tree of; `last` is the hash of the last of them.
  Chain(std::string log_id, Frontier frontier, const Digest& last)
      : log_id_(std::move(log_id)), frontier_(std::move(frontier)), last_(last) {}

  // "" where `bytes` is the next record; else what is wrong with it, and nothing has changed.
  std::string Add(absl::string_view bytes);

  // Gives `record` the seq, the prev and, but for the first, the log_id of the next one.
  void Place(Record& record) const;

  const std::string& log_id() const { return log_id_; }  // "" before the first
  const Frontier& frontier() const { return frontier_; }
  const Digest& last() const { return last_; }  // of the empty tree before the first
  Checkpoint head() const { return {log_id_, frontier_.size(), frontier_.Root()}; }
  // The record that was the first to be older than the one before it.
  const std::optional<int64_t>& stepped_back() const { return stepped_back_; }

 private:
  std::string log_id_;
  Frontier frontier_;
  Digest last_ = EmptyRoot();
  std::string newest_time_;
  std::optional<int64_t> stepped_back_;
};

// Gives each record's bytes in order, until one call returns an error, which it hands on.
using RecordSource =
    std::function<absl::Status(const std::function<absl::Status(absl::string_view bytes)>& each)>;

struct Verification {
  std::string problem;  // "" where all is well; else what is wrong, for people
  std::optional<int64_t>
      bad_seq;      // the first record that is not what it must be, where there is one
  Checkpoint head;  // of what verified: all, or the records before the bad one
  std::vector<std::string> notes;  // what is no damage but worth knowing: a clock that stepped back
  std::string genesis;             // the hash of the first record, 64 hex digits; "" without one
};

// `expected`: heads remembered elsewhere; each must be a beginning of this ledger, or it was cut,
// rolled back, replaced or forked. Returns what `source` returns where reading itself fails.
absl::StatusOr<Verification> Verify(const RecordSource& source,
                                    const std::vector<Checkpoint>& expected);

}  // namespace slogate
