// What the stores on SQLite and PostgreSQL have in common: everything that is said in SQL.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <absl/types/span.h>

#include "gate/ledger/select.h"
#include "gate/ledger/store.h"

namespace slogate {

class SqlStore : public Store {
 public:
  // The text of each column of one row; "" for NULL.
  using Cells = absl::Span<const absl::string_view>;

  const std::string& name() const final { return name_; }
  absl::Status Begin(Access access) final;
  absl::Status Commit() final;
  void Rollback() final;
  absl::Status Insert(int64_t seq, absl::string_view bytes) final;
  absl::Status Scan(const RecordQuery& query,
                    const std::function<absl::Status(const Row&)>& each) final;
  absl::StatusOr<bool> Has(absl::string_view nonce) final;
  absl::StatusOr<int64_t> FindFalseColumn() final;

 protected:
  explicit SqlStore(std::string name) : name_(std::move(name)) {}

  // Runs one statement to its end. Codes as Store's.
  virtual absl::Status Query(const Statement& statement,
                             const std::function<void(Cells)>& each) = 0;
  // Brings back a connection that broke while nothing was going on.
  virtual absl::Status Reconnect() = 0;
  // A transaction that keeps every other writer out.
  virtual absl::Status BeginAppend() = 0;
  virtual absl::Status CommitAppend() = 0;
  virtual void RollbackAppend() = 0;

  // Answers the first seq of `range` where what is searched by is not what the bytes say, or -1.
  virtual Statement FalseColumnIn(const SeqRange& range) const = 0;

  // The one number that `statement` answers; DataLoss where it answers anything else.
  absl::StatusOr<int64_t> Number(const Statement& statement);

 private:
  static constexpr int64_t kNoEnd = std::numeric_limits<int64_t>::max();

  absl::StatusOr<SeqRange> RangeOf(const RecordQuery& query);

  std::string name_;
  bool appending_ = false;
  // Records are never changed: those that were there at the beginning are a snapshot, without a
  // transaction that would hold up writers.
  int64_t end_ = kNoEnd;
};

}  // namespace slogate
