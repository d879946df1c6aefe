// Files on disk. Error messages name the path and the system's reason, never the content.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/strings/string_view.h>

namespace slogate {

// A file in the making beside the path it will replace: nobody ever sees half of it. Destroying it
// before Commit removes it and leaves what stood at the path untouched.
class NewFile {
 public:
  virtual ~NewFile() = default;
  // Writes all of `bytes` and waits until they are on the disk.
  virtual absl::Status Write(absl::string_view bytes) = 0;
  // Puts the file in its place, by one rename. Once only.
  virtual absl::Status Commit() = 0;
};

// A file that is there already, to whose end more is written.
class OpenFile {
 public:
  virtual ~OpenFile() = default;
  // Writes all of `bytes`, after whatever stands there by then; where it fails, some may be there.
  // Errors as of Files::Read.
  virtual absl::Status Append(absl::string_view bytes) = 0;
};

class Files {
 public:
  virtual ~Files() = default;

  // The whole content. NotFound, PermissionDenied, OutOfRange (more than `most_bytes`),
  // FailedPrecondition (a folder), Unavailable (any other failure). Pipes such as <(…) are read to
  // their end.
  virtual absl::StatusOr<std::string> Read(const std::string& path, size_t most_bytes) = 0;

  // As Read; FailedPrecondition where group or others may read or write it, too.
  virtual absl::StatusOr<std::string> ReadPrivate(const std::string& path, size_t most_bytes) = 0;

  // The lines of a file of any size, one after the other, without their ends (LF); an end without a line
  // behind it begins none. Ends with the first status of `each` that is not OK, and returns it;
  // OutOfRange for a line of more than `most_bytes`; otherwise as Read.
  virtual absl::Status ReadLines(
      const std::string& path, size_t most_bytes,
      const std::function<absl::Status(absl::string_view line)>& each) = 0;

  // Opens a new file that will stand at `path`, with the rights of the one it replaces or else 0666
  // less the umask. FailedPrecondition where something other than a regular file stands there;
  // otherwise as Read.
  virtual absl::StatusOr<std::unique_ptr<NewFile>> Create(const std::string& path) = 0;

  // Opens a new file that will stand at `path` where nothing stands yet, and makes the folders above
  // it. AlreadyExists otherwise, from Commit too where something has come there meanwhile.
  virtual absl::StatusOr<std::unique_ptr<NewFile>> CreateFirst(const std::string& path) = 0;

  // Opens what stands at `path`. FailedPrecondition where it is no regular file; otherwise as Read.
  virtual absl::StatusOr<std::unique_ptr<OpenFile>> Open(const std::string& path) = 0;
};

std::unique_ptr<Files> RealFiles();

}  // namespace slogate
