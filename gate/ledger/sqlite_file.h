// Whether a file may be trusted to be a ledger, by what the system says of it.
#pragma once

#include <cstdint>

#include <absl/status/status.h>
#include <absl/strings/string_view.h>

#include "gate/io/disk_file.h"

namespace slogate {

// The name of a file system that other machines may write to at the same time, or whose locks and syncs
// nobody can count on; "" for all others. `type` is statfs's f_type (linux/magic.h and each one's source).
absl::string_view NetworkFileSystem(uint32_t type);

// FailedPrecondition, in words that go on after the file's name, where it may not.
absl::Status JudgeFile(const DiskFile& file);

}  // namespace slogate
