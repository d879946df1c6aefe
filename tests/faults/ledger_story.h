// A run of slogate with a ledger, in memory, told as data, that can be played again and again with another
// fault in it. What came before it, other runs have recorded.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gate/history/record.h"
#include "tests/faults/failing_store.h"
#include "tests/faults/story.h"
#include "tests/testing/faulty_disk.h"
#include "tests/testing/temp_folder.h"

namespace slogate::fake {

struct LedgerRan : Ran {
  std::vector<Record> records;  // of the ledger after it
  std::string problem;          // why that does not verify, or ""
  size_t store_calls = 0;
  bool disk_failed = false;
};

class LedgerStory {
 public:
  // As Story. The policy is acme.yaml with a ledger and overrides, and `more` at its end. There is a ledger of
  // one record, and SLOGATE_LEDGER says where.
  explicit LedgerStory(const std::string& lines, const std::string& more = "");

  Story& story() { return *story_; }
  // Whoever runs slogate from now on, and how.
  LedgerStory& Let(const std::string& who, std::vector<std::string> arguments);
  // Plays it, must see it end with `exit`, and keeps what it recorded.
  LedgerRan Before(int exit);

  size_t recorded() const { return recorded_; }  // by all that happened before

  // Plays it; what it records is forgotten again.
  LedgerRan Play() { return Play(0, StoreFault()); }
  LedgerRan Play(size_t failing, const StoreFault& fault);  // a call to the store
  LedgerRan PlayInWorld(size_t failing);                    // a call to anything else
  LedgerRan PlayOnDisk(size_t failing, DiskFault fault, bool for_good);

 private:
  LedgerRan Run(FaultyDisk& disk, Turn& turn, const StoreFault& fault, size_t failing_in_world = 0);
  void Look(const FaultyDisk& disk, LedgerRan& ran);

  TempFolder folder_;
  LedgerLocation location_{LedgerLocation::Kind::kSqlite, folder_.Write("ledger.db", "")};
  std::unique_ptr<Story> story_;
  FaultyDisk::Image begun_;
  size_t recorded_ = 0;
  std::string who_;
};

}  // namespace slogate::fake
