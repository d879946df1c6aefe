#include "gate/io/files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

namespace slogate {
namespace {

absl::Status Error(absl::StatusCode code, absl::string_view doing, const std::string& path,
                   absl::string_view reason) {
  return absl::Status(code, absl::StrCat("cannot ", doing, " ", path, ": ", reason));
}

absl::Status SystemError(int error, absl::string_view doing, const std::string& path) {
  absl::StatusCode code = absl::StatusCode::kUnavailable;
  if (error == ENOENT || error == ENOTDIR) code = absl::StatusCode::kNotFound;
  if (error == EACCES || error == EPERM) code = absl::StatusCode::kPermissionDenied;
  if (error == EISDIR) code = absl::StatusCode::kFailedPrecondition;
  if (error == EEXIST) code = absl::StatusCode::kAlreadyExists;
  return Error(code, doing, path, strerror(error));
}

// The system would read such a path only up to the NUL, and open another file.
bool HasNul(const std::string& path) { return path.find('\0') != std::string::npos; }

// Calls a system call again as long as a signal cut it short.
template <typename Call>
auto Uninterrupted(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);  // never again after EINTR: Linux has closed it by then
  }
  int get() const { return fd_; }
  bool ok() const { return fd_ >= 0; }

 private:
  int fd_;
};

absl::string_view KindWord(mode_t mode) {
  if (S_ISDIR(mode)) return "a folder";
  if (S_ISCHR(mode) || S_ISBLK(mode)) return "a device";
  if (S_ISFIFO(mode)) return "a pipe";
  if (S_ISSOCK(mode)) return "a socket";
  return "not a regular file";
}

// A file without a name: it is gone when the process is, however that ends. False where the file
// system has no such thing.
bool OpenNameless(const Descriptor& folder, mode_t mode, Descriptor& file) {
  file = Descriptor(Uninterrupted(
      [&] { return openat(folder.get(), ".", O_WRONLY | O_TMPFILE | O_CLOEXEC, mode); }));
  return file.ok();
}

absl::Status WriteAll(const Descriptor& file, absl::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written =
        Uninterrupted([&] { return write(file.get(), bytes.data(), bytes.size()); });
    if (written < 0) return SystemError(errno, "write", path);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

class DiskNewFile : public NewFile {
 public:
  // `path` is for messages; the file will be `name` in `folder`. It has the name `temporary` until
  // then, or, where it is `nameless`, gets it a moment before. Where it is `first`, it takes the
  // place of nothing.
  DiskNewFile(std::string path, Descriptor folder, std::string name, std::string temporary,
              Descriptor file, bool nameless, bool first)
      : path_(std::move(path)),
        folder_(std::move(folder)),
        name_(std::move(name)),
        temporary_(std::move(temporary)),
        file_(std::move(file)),
        nameless_(nameless),
        first_(first) {}

  ~DiskNewFile() override {
    if (!committed_ && !nameless_) unlinkat(folder_.get(), temporary_.c_str(), 0);
  }

  absl::Status Write(absl::string_view bytes) override {
    if (committed_ || failed_) return Misused("written to");
    failed_ = true;  // until all is well
    if (const absl::Status status = WriteAll(file_, bytes, path_); !status.ok()) return status;
    // Never tried twice: after a failed fsync the kernel forgets what it could not write.
    if (Uninterrupted([&] { return fsync(file_.get()); }) != 0) {
      return SystemError(errno, "write", path_);
    }
    failed_ = false;
    return absl::OkStatus();
  }

  absl::Status Commit() override {
    if (committed_ || failed_) return Misused("put in its place");
    if (nameless_) {
      const std::string self = absl::StrCat("/proc/self/fd/", file_.get());
      if (linkat(AT_FDCWD, self.c_str(), folder_.get(), temporary_.c_str(), AT_SYMLINK_FOLLOW) !=
          0) {
        return SystemError(errno, "write", path_);
      }
      nameless_ = false;
    }
    // Only a link refuses to replace, on every file system.
    if (first_ ? linkat(folder_.get(), temporary_.c_str(), folder_.get(), name_.c_str(), 0) != 0
               : renameat(folder_.get(), temporary_.c_str(), folder_.get(), name_.c_str()) != 0) {
      return SystemError(errno, "write", path_);
    }
    if (first_) unlinkat(folder_.get(), temporary_.c_str(), 0);
    committed_ = true;
    // EINVAL: a file system that has no notion of syncing a folder.
    if (Uninterrupted([&] { return fsync(folder_.get()); }) != 0 && errno != EINVAL) {
      return SystemError(errno, "write", path_);
    }
    return absl::OkStatus();
  }

 private:
  absl::Status Misused(absl::string_view what) const {
    return Error(absl::StatusCode::kFailedPrecondition, "write", path_,
                 absl::StrCat(failed_ ? "a write failed before" : "it is complete",
                              ", so it cannot be ", what));
  }

  std::string path_;
  Descriptor folder_;
  std::string name_, temporary_;
  Descriptor file_;
  bool nameless_;
  bool first_;
  bool committed_ = false;
  bool failed_ = false;
};

class DiskOpenFile : public OpenFile {
 public:
  DiskOpenFile(std::string path, Descriptor file)
      : path_(std::move(path)), file_(std::move(file)) {}

  absl::Status Append(absl::string_view bytes) override { return WriteAll(file_, bytes, path_); }

 private:
  std::string path_;
  Descriptor file_;
};

// The content of a file, piece by piece; ends as ReadLines does.
absl::Status ReadPieces(const std::string& path, bool is_private,
                        const std::function<absl::Status(absl::string_view piece)>& each) {
  if (HasNul(path)) {
    return Error(absl::StatusCode::kNotFound, "read", path, "the path has a NUL byte");
  }
  const Descriptor file(
      Uninterrupted([&] { return open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY); }));
  struct stat status {};
  if (!file.ok() || fstat(file.get(), &status) != 0) return SystemError(errno, "read", path);
  if (S_ISDIR(status.st_mode)) {
    return Error(absl::StatusCode::kFailedPrecondition, "read", path, "it is a folder");
  }
  if (is_private && (status.st_mode & 077) != 0) {
    return Error(absl::StatusCode::kFailedPrecondition, "read", path,
                 absl::StrFormat("others may read or write it (mode %04o): chmod 600",
                                 status.st_mode & 07777));
  }
  char buffer[1 << 16];
  while (true) {
    const ssize_t got = Uninterrupted([&] { return read(file.get(), buffer, sizeof buffer); });
    if (got < 0) return SystemError(errno, "read", path);
    if (got == 0) return absl::OkStatus();
    const absl::Status taken = each(absl::string_view(buffer, static_cast<size_t>(got)));
    if (!taken.ok()) return taken;
  }
}

absl::StatusOr<std::string> ReadWhole(const std::string& path, bool is_private, size_t most_bytes) {
  std::string content;
  const absl::Status read = ReadPieces(path, is_private, [&](absl::string_view piece) {
    if (piece.size() > most_bytes - content.size()) {
      return Error(absl::StatusCode::kOutOfRange, "read", path,
                   absl::StrCat("it is larger than ", most_bytes, " bytes"));
    }
    content.append(piece.data(), piece.size());
    return absl::OkStatus();
  });
  if (!read.ok()) return read;
  return content;
}

class DiskFiles : public Files {
 public:
  absl::StatusOr<std::string> Read(const std::string& path, size_t most_bytes) override {
    return ReadWhole(path, false, most_bytes);
  }

  absl::StatusOr<std::string> ReadPrivate(const std::string& path, size_t most_bytes) override {
    return ReadWhole(path, true, most_bytes);
  }
  absl::Status ReadLines(const std::string& path, size_t most_bytes,
                         const std::function<absl::Status(absl::string_view line)>& each) override {
    std::string begun;  // a line whose end has not come yet
    const absl::Status read = ReadPieces(path, false, [&](absl::string_view piece) -> absl::Status {
      for (size_t end = piece.find('\n'); end != absl::string_view::npos; end = piece.find('\n')) {
        begun.append(piece.data(), end);
        piece.remove_prefix(end + 1);
        if (begun.size() > most_bytes) break;
        if (const absl::Status status = each(begun); !status.ok()) return status;
        begun.clear();
      }
      begun.append(piece.data(), piece.size());
      if (begun.size() <= most_bytes) return absl::OkStatus();
      return Error(absl::StatusCode::kOutOfRange, "read", path,
                   absl::StrCat("a line is longer than ", most_bytes, " bytes"));
    });
    if (!read.ok() || begun.empty()) return read;
    return each(begun);
  }

  absl::StatusOr<std::unique_ptr<NewFile>> Create(const std::string& path) override {
    return CreateNew(path, false);
  }

  absl::StatusOr<std::unique_ptr<NewFile>> CreateFirst(const std::string& path) override {
    struct stat status {};
    if (!HasNul(path) && lstat(path.c_str(), &status) == 0) {
      return Error(absl::StatusCode::kAlreadyExists, "write", path, "something stands there");
    }
    for (size_t slash = path.find('/', 1); slash != std::string::npos && !HasNul(path);
         slash = path.find('/', slash + 1)) {
      const std::string folder = path.substr(0, slash);
      if (mkdir(folder.c_str(), 0777) != 0 && errno != EEXIST) {
        return SystemError(errno, "make the folder", folder);
      }
    }
    return CreateNew(path, true);
  }

  absl::StatusOr<std::unique_ptr<OpenFile>> Open(const std::string& path) override {
    if (HasNul(path)) {
      return Error(absl::StatusCode::kNotFound, "write", path, "the path has a NUL byte");
    }
    // A pipe without a reader would block.
    Descriptor file(Uninterrupted([&] {
      return open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    }));
    struct stat status {};
    if (!file.ok() || fstat(file.get(), &status) != 0) return SystemError(errno, "write", path);
    if (!S_ISREG(status.st_mode)) {
      return Error(absl::StatusCode::kFailedPrecondition, "write", path,
                   absl::StrCat("it is ", KindWord(status.st_mode), ", not a regular file"));
    }
    return std::make_unique<DiskOpenFile>(path, std::move(file));
  }

 private:
  static absl::StatusOr<std::unique_ptr<NewFile>> CreateNew(const std::string& path, bool first) {
    if (HasNul(path)) {
      return Error(absl::StatusCode::kNotFound, "write", path, "the path has a NUL byte");
    }
    std::string target = path;
    mode_t mode = 0666;
    struct stat old {};
    const bool replaces = stat(path.c_str(), &old) == 0;
    if (replaces) {
      if (!S_ISREG(old.st_mode)) {
        return Error(absl::StatusCode::kFailedPrecondition, "write", path,
                     absl::StrCat("it is ", KindWord(old.st_mode), ", and only a regular file is ",
                                  "replaced; name another path"));
      }
      // A link stays a link: the file it leads to is replaced, as a shell's > would.
      char resolved[PATH_MAX];
      if (realpath(path.c_str(), resolved) == nullptr) return SystemError(errno, "write", path);
      target = resolved;
      mode = old.st_mode & 0777;
    } else if (errno != ENOENT) {
      return SystemError(errno, "write", path);
    } else if (lstat(path.c_str(), &old) == 0) {
      return Error(absl::StatusCode::kFailedPrecondition, "write", path,
                   "it is a link that leads nowhere; remove it or name another path");
    }

    const size_t slash = target.rfind('/');
    const std::string folder_path =
        slash == std::string::npos ? "." : target.substr(0, std::max<size_t>(slash, 1));
    std::string name = slash == std::string::npos ? target : target.substr(slash + 1);
    if (name.empty()) {
      return Error(absl::StatusCode::kFailedPrecondition, "write", path, "it names no file");
    }
    Descriptor folder(Uninterrupted(
        [&] { return open(folder_path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
    if (!folder.ok() && errno == ENOENT) {
      return Error(absl::StatusCode::kNotFound, "write", path,
                   absl::StrCat("there is no folder ", folder_path));
    }
    if (!folder.ok()) return SystemError(errno, "write", path);

    uint64_t random = 0;
    if (Uninterrupted([&] { return getrandom(&random, sizeof random, 0); }) != sizeof random) {
      return SystemError(errno, "write", path);
    }
    std::string temporary = absl::StrFormat(".slogate-%016x.tmp", random);
    // What replaces a file must not be readable by more people than that file, not even for a
    // moment.
    const mode_t first_mode = replaces ? 0600 : mode;
    Descriptor file;
    const bool nameless =
        access("/proc/self/fd", X_OK) == 0 && OpenNameless(folder, first_mode, file);
    if (!nameless) {
      file = Descriptor(Uninterrupted([&] {
        return openat(folder.get(), temporary.c_str(),
                      O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, first_mode);
      }));
    }
    if (!file.ok()) return SystemError(errno, "write", path);
    const int fd = file.get();
    auto made =
        std::make_unique<DiskNewFile>(path, std::move(folder), std::move(name),
                                      std::move(temporary), std::move(file), nameless, first);
    if (replaces && fchmod(fd, mode) != 0) return SystemError(errno, "write", path);
    return made;
  }
};

}  // namespace

std::unique_ptr<Files> RealFiles() { return std::make_unique<DiskFiles>(); }

}  // namespace slogate
