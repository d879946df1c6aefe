// A ledger's database of which one call fails.
#pragma once

#include <memory>
#include <string>

#include "gate/ledger/store.h"
#include "tests/faults/failing_world.h"

namespace slogate::fake {

// How it fails: with a code that Store knows.
struct StoreFault {
  absl::StatusCode code = absl::StatusCode::kUnavailable;
  bool for_good = false;   // every later call, too
  bool committed = false;  // a Commit that fails so has written all the same
};

class FailingStore : public Store {
 public:
  // Every call has its turn.
  FailingStore(Turn& turn, const StoreFault& fault, std::unique_ptr<Store> store)
      : turn_(turn), fault_(fault), store_(std::move(store)) {}

  const std::string& name() const override { return store_->name(); }
  absl::Status Begin(Access access) override;
  absl::Status Commit() override;
  void Rollback() override { store_->Rollback(); }
  absl::StatusOr<absl::Time> Now() override;
  absl::StatusOr<std::string> Role() override;
  absl::Status Insert(int64_t seq, absl::string_view bytes) override;
  absl::Status Scan(const RecordQuery& query,
                    const std::function<absl::Status(const Row&)>& each) override;
  absl::StatusOr<bool> Has(absl::string_view nonce) override;
  absl::StatusOr<int64_t> FindFalseColumn() override;

 private:
  Turn& turn_;
  const StoreFault fault_;
  std::unique_ptr<Store> store_;
};

// What the call whose turn it is returns; OK for all others.
absl::Status NextOf(Turn& turn, const StoreFault& fault);

}  // namespace slogate::fake
