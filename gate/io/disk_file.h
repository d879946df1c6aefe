// What a database file is to the system, before a library opens it by name.
#pragma once

#include <cstdint>
#include <string>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

namespace slogate {

struct DiskFile {
  bool is_regular = false;
  uint32_t mode = 0;         // the permission bits, as chmod has them
  uint64_t links = 1;        // names that it has
  uint32_t file_system = 0;  // statfs's f_type
};

// What stands at `path`, symbolic links followed. NotFound, PermissionDenied, or Unavailable.
absl::StatusOr<DiskFile> LookAtFile(const std::string& path);

// Makes an empty file with mode 0600 where nothing stands, and waits until it and its name are on the
// disk. AlreadyExists, NotFound (no such folder), PermissionDenied, or Unavailable.
absl::Status MakeEmptyFile(const std::string& path);

}  // namespace slogate
