#include "gate/io/disk_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <absl/strings/str_cat.h>

namespace slogate {
namespace {

absl::Status SystemError(int error) {
  const char* reason = strerror(error);
  if (error == ENOENT || error == ENOTDIR) return absl::NotFoundError(reason);
  if (error == EACCES || error == EPERM || error == EROFS)
    return absl::PermissionDeniedError(reason);
  if (error == EEXIST) return absl::AlreadyExistsError(reason);
  return absl::UnavailableError(reason);
}

// Waits until it is on the disk, and closes it.
int Synced(int descriptor) {
  // EINVAL: a file system that has no notion of syncing a folder.
  const int error = fsync(descriptor) == 0 || errno == EINVAL ? 0 : errno;
  close(descriptor);
  return error;
}

}  // namespace

absl::StatusOr<DiskFile> LookAtFile(const std::string& path) {
  struct stat file {};
  struct statfs around {};
  if (stat(path.c_str(), &file) != 0 || statfs(path.c_str(), &around) != 0) {
    return SystemError(errno);
  }
  return DiskFile{S_ISREG(file.st_mode), file.st_mode & 07777, file.st_nlink,
                  static_cast<uint32_t>(around.f_type)};
}

absl::Status MakeEmptyFile(const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const int made = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (made < 0) return SystemError(errno);
  if (const int error = Synced(made); error != 0) return SystemError(error);
  const int above = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (above < 0) return SystemError(errno);
  const int error = Synced(above);
  return error == 0 ? absl::OkStatus() : SystemError(error);
}

}  // namespace slogate
