// A disk in memory below SQLite. After a power cut it has what was synced, and of the rest as much as the test
// says; and it fails when the test says. It is asked for syncs as SQLite's own layer for Linux asks the system:
// a new journal's name is synced with its first sync, a deletion only where SQLite wants that.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace slogate::fake {

// What an operation fails with: as a full disk, a broken one or one that became read-only has it. On the first
// two a write that fails has written its first half.
enum class DiskFault : uint8_t { kFull, kBroken, kReadOnly };

class FaultyDisk {
 public:
  using Image = std::map<std::string, std::string>;  // whole paths → contents

  // Begins with `files`, all synced. SQLite must have closed all of it before this is gone. A database that it
  // opens and that is not there was made by others, empty and synced.
  explicit FaultyDisk(Image files = {});
  ~FaultyDisk();
  FaultyDisk(const FaultyDisk&) = delete;
  FaultyDisk& operator=(const FaultyDisk&) = delete;

  const std::string& vfs() const;  // what SQLite knows it by

  Image files() const;          // now
  size_t operations() const;    // so many have changed or synced something
  size_t syncs_failed() const;  // of files and folders

  // The files after a power cut behind the first `operations`. `survives` is asked for each change that was not
  // synced, in their order, and of a write for each sector; also for what a sync that failed left undecided.
  Image AfterPowerCut(size_t operations, const std::function<bool()>& survives) const;

  // The operation so many from now on fails (1: the next), and so do all after it where it is `for_good`.
  void FailAt(size_t operation, DiskFault fault, bool for_good);
  void Mend();              // nothing fails any more
  bool has_failed() const;  // since FailAt

 private:
  struct Layer;
  std::unique_ptr<Layer> layer_;
};

}  // namespace slogate::fake
