// Records of every kind, as slogate would write them.
#pragma once

#include <string>
#include <vector>

#include <absl/time/time.h>

#include "gate/base/sha256.h"
#include "gate/history/record.h"
#include "gate/ledger/tree.h"

namespace slogate::fake {

// One of `kind` about the service "checkout" in "production", with everything filled in that such a
// record has; what a ledger gives is left to it.
Record SampleRecord(RecordKind kind);

// All kinds that are about a release, in the order of RecordKind.
std::vector<RecordKind> ReleaseKinds();

// Links records to a chain of the ledger "acme", whatever they say.
class Chained {
 public:
  void Add(Record record);
  const std::vector<Record>& records() const { return records_; }

 private:
  Digest last_ = EmptyRoot();
  std::vector<Record> records_;
};

inline const absl::Time kSampleStart = absl::FromUnixSeconds(1'764'000'000);

// One of `kind` as above, at another time and of another release.
Record RecordAt(absl::Time time, RecordKind kind, const std::string& service,
                const std::string& environment = "production");

// Twelve records from kSampleStart on that differ in everything that is searched by.
Chained SampleChain();

}  // namespace slogate::fake
