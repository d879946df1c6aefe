#include "tests/faults/failing_store.h"

namespace slogate::fake {

absl::Status NextOf(Turn& turn, const StoreFault& fault) {
  if (!(fault.for_good ? turn.FailsFromThenOn() : turn.Fails())) return absl::OkStatus();
  return absl::Status(fault.code, "sqlite:ledger.db: it failed");
}

absl::Status FailingStore::Begin(Access access) {
  if (absl::Status failed = NextOf(turn_, fault_); !failed.ok()) return failed;
  return store_->Begin(access);
}

absl::Status FailingStore::Commit() {
  absl::Status failed = NextOf(turn_, fault_);
  if (failed.ok()) return store_->Commit();
  if (fault_.committed) {
    store_->Commit().IgnoreError();
  } else {
    store_->Rollback();
  }
  return failed;
}

absl::StatusOr<absl::Time> FailingStore::Now() {
  if (absl::Status failed = NextOf(turn_, fault_); !failed.ok()) return failed;
  return store_->Now();
}

absl::StatusOr<std::string> FailingStore::Role() {
  if (absl::Status failed = NextOf(turn_, fault_); !failed.ok()) return failed;
  return store_->Role();
}

absl::Status FailingStore::Insert(int64_t seq, absl::string_view bytes) {
  if (absl::Status failed = NextOf(turn_, fault_); !failed.ok()) return failed;
  return store_->Insert(seq, bytes);
}

// Before the first row, or between two.
absl::Status FailingStore::Scan(const RecordQuery& query,
                                const std::function<absl::Status(const Row&)>& each) {
  if (absl::Status failed = NextOf(turn_, fault_); !failed.ok()) return failed;
  return store_->Scan(query, [&](const Row& row) {
    if (absl::Status failed = NextOf(turn_, fault_); !failed.ok()) return failed;
    return each(row);
  });
}

absl::StatusOr<bool> FailingStore::Has(absl::string_view nonce) {
  if (absl::Status failed = NextOf(turn_, fault_); !failed.ok()) return failed;
  return store_->Has(nonce);
}

absl::StatusOr<int64_t> FailingStore::FindFalseColumn() {
  if (absl::Status failed = NextOf(turn_, fault_); !failed.ok()) return failed;
  return store_->FindFalseColumn();
}

}  // namespace slogate::fake
