#include "gate/io/files.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <thread>
#include <vector>

#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include "tests/testing/temp_folder.h"

namespace slogate {
namespace {

using Names = std::vector<std::string>;

std::string Text(const absl::Status& status) { return status.ToString(); }

mode_t ModeOf(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
}

// Sets the umask for as long as it lives.
class Umask {
 public:
  explicit Umask(mode_t mask) : old_(umask(mask)) {}
  ~Umask() { umask(old_); }

 private:
  mode_t old_;
};

// Without root's rights for as long as it lives: root may read and write everything, which would
// prove nothing.
class Unprivileged {
 public:
  explicit Unprivileged(const std::string& folder) : root_(geteuid() == 0) {
    constexpr uid_t kNobody = 65534;
    if (root_ && (chown(folder.c_str(), kNobody, kNobody) != 0 || seteuid(kNobody) != 0)) abort();
  }
  ~Unprivileged() {
    if (root_ && seteuid(0) != 0) abort();
  }

 private:
  const bool root_;
};

class FilesTest : public testing::Test {
 protected:
  std::string ReadError(const std::string& path, size_t most = 100) {
    const absl::StatusOr<std::string> content = files_->Read(path, most);
    return content.ok() ? absl::StrCat("read: ", *content) : Text(content.status());
  }
  std::string CreateError(const std::string& path) {
    const absl::StatusOr<std::unique_ptr<NewFile>> file = files_->Create(path);
    return file.ok() ? "created" : Text(file.status());
  }
  // Creates, writes and commits; "" where all went well.
  std::string Put(const std::string& path, absl::string_view content) {
    absl::StatusOr<std::unique_ptr<NewFile>> file = files_->Create(path);
    if (!file.ok()) return Text(file.status());
    if (absl::Status status = (*file)->Write(content); !status.ok()) return Text(status);
    const absl::Status status = (*file)->Commit();
    return status.ok() ? "" : Text(status);
  }

  fake::TempFolder folder_;
  std::unique_ptr<Files> files_ = RealFiles();
};

// CreateFirst, written; "" where all went well.
std::string PutFirst(Files& files, const std::string& path, absl::string_view content) {
  absl::StatusOr<std::unique_ptr<NewFile>> file = files.CreateFirst(path);
  if (!file.ok()) return Text(file.status());
  if (absl::Status status = (*file)->Write(content); !status.ok()) return Text(status);
  const absl::Status status = (*file)->Commit();
  return status.ok() ? "" : Text(status);
}

TEST_F(FilesTest, CreatesFirstWithTheFoldersAboveIt) {
  EXPECT_EQ(PutFirst(*files_, folder_.Path("a/b/new"), "text"), "");
  EXPECT_EQ(PutFirst(*files_, folder_.Path("a/other"), "text"), "");
  EXPECT_EQ(folder_.Read("a/b/new"), "text");
  EXPECT_EQ(folder_.Names(), Names{"a"});  // and no temporary file
  EXPECT_EQ(files_->Read(folder_.Path("a/b/new"), 100).value(), "text");
}

TEST_F(FilesTest, CreatesFirstOnlyWhereNothingStands) {
  const std::string path = folder_.Write("old", "old");
  const std::string exists =
      absl::StrCat("ALREADY_EXISTS: cannot write ", path, ": something stands there");
  EXPECT_EQ(PutFirst(*files_, path, "new"), exists);
  EXPECT_EQ(folder_.Read("old"), "old");
  ASSERT_EQ(symlink("nowhere", folder_.Path("link").c_str()), 0);
  EXPECT_EQ(PutFirst(*files_, folder_.Path("link"), "new"),
            absl::StrCat("ALREADY_EXISTS: cannot write ", folder_.Path("link"),
                         ": something stands there"));
  EXPECT_EQ(
      PutFirst(*files_, folder_.Path("old/below"), "new"),
      absl::StrCat("NOT_FOUND: cannot write ", folder_.Path("old/below"), ": Not a directory"));
  EXPECT_EQ(PutFirst(*files_, std::string("a\0b", 3), "new"),
            absl::StrCat("NOT_FOUND: cannot write ", std::string("a\0b", 3),
                         ": the path has a NUL byte"));
}

TEST_F(FilesTest, WhatComesMeanwhileIsNotReplaced) {
  const std::string path = folder_.Path("new");
  absl::StatusOr<std::unique_ptr<NewFile>> file = files_->CreateFirst(path);
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_TRUE((*file)->Write("ours").ok());
  folder_.Write("new", "theirs");
  EXPECT_EQ(Text((*file)->Commit()),
            absl::StrCat("ALREADY_EXISTS: cannot write ", path, ": File exists"));
  file->reset();
  EXPECT_EQ(folder_.Read("new"), "theirs");
  EXPECT_EQ(folder_.Names(), Names{"new"});
}

TEST_F(FilesTest, ReadsAllBytes) {
  std::string bytes;
  for (int i = 0; i < 200000; ++i) bytes += static_cast<char>(i * 7);
  const std::string path = folder_.Write("a file", bytes);
  const absl::StatusOr<std::string> content = files_->Read(path, bytes.size());
  ASSERT_TRUE(content.ok()) << content.status();
  EXPECT_EQ(*content, bytes);
  EXPECT_EQ(ReadError(folder_.Write("empty", ""), 0), "read: ");
}

TEST_F(FilesTest, ReadRefusesOneByteTooMany) {
  const std::string path = folder_.Write("big", "12345");
  EXPECT_EQ(ReadError(path, 5), "read: 12345");
  EXPECT_EQ(ReadError(path, 4),
            absl::StrCat("OUT_OF_RANGE: cannot read ", path, ": it is larger than 4 bytes"));
  EXPECT_EQ(ReadError("/dev/zero", 1 << 20),
            "OUT_OF_RANGE: cannot read /dev/zero: it is larger than 1048576 bytes");
}

TEST_F(FilesTest, ReadSaysWhyNot) {
  const std::string missing = folder_.Path("missing");
  EXPECT_EQ(ReadError(missing),
            absl::StrCat("NOT_FOUND: cannot read ", missing, ": No such file or directory"));
  EXPECT_EQ(ReadError(""), "NOT_FOUND: cannot read : No such file or directory");
  const std::string below = folder_.Write("file", "x") + "/below";
  EXPECT_EQ(ReadError(below), absl::StrCat("NOT_FOUND: cannot read ", below, ": Not a directory"));
  EXPECT_EQ(ReadError(folder_.path()),
            absl::StrCat("FAILED_PRECONDITION: cannot read ", folder_.path(), ": it is a folder"));
  // Half of the path would name a file that is there.
  const std::string cut = folder_.Path("file") + std::string("\0.yaml", 6);
  EXPECT_EQ(ReadError(cut),
            absl::StrCat("NOT_FOUND: cannot read ", cut, ": the path has a NUL byte"));
}

TEST_F(FilesTest, ReadNeedsTheRight) {
  const std::string path = folder_.Write("secret", "x");
  ASSERT_EQ(chmod(path.c_str(), 0), 0);
  const Unprivileged unprivileged(folder_.path());
  EXPECT_EQ(ReadError(path),
            absl::StrCat("PERMISSION_DENIED: cannot read ", path, ": Permission denied"));
}

TEST_F(FilesTest, ReadsAPipeToItsEnd) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  const std::string bytes(300000, 'p');  // more than a pipe holds, so that it comes in pieces
  std::thread writer([&] {
    size_t done = 0;
    while (done < bytes.size()) {
      const ssize_t written = write(ends[1], bytes.data() + done, bytes.size() - done);
      if (written <= 0) break;
      done += static_cast<size_t>(written);
    }
    close(ends[1]);
  });
  const absl::StatusOr<std::string> content =
      files_->Read(absl::StrCat("/dev/fd/", ends[0]), bytes.size());
  writer.join();
  close(ends[0]);
  ASSERT_TRUE(content.ok()) << content.status();
  EXPECT_EQ(*content, bytes);
}

TEST_F(FilesTest, CommitPutsTheWholeFileInItsPlace) {
  const std::string path = folder_.Path("decision.json");
  {
    absl::StatusOr<std::unique_ptr<NewFile>> file = files_->Create(path);
    ASSERT_TRUE(file.ok()) << file.status();
    ASSERT_TRUE((*file)->Write("{\"a\":").ok());
    ASSERT_TRUE((*file)->Write("1}\n").ok());
    EXPECT_EQ(folder_.Read("decision.json"), "") << "nobody sees it before Commit";
    // No name at all, so that a run that is killed leaves nothing; a hidden one where the file system
    // has no nameless files.
    for (const std::string& name : folder_.Names()) EXPECT_EQ(name.substr(0, 9), ".slogate-");
    ASSERT_TRUE((*file)->Commit().ok());
    EXPECT_EQ(folder_.Names(), Names{"decision.json"});
  }
  EXPECT_EQ(folder_.Read("decision.json"), "{\"a\":1}\n");
  EXPECT_EQ(folder_.Names(), Names{"decision.json"}) << "and it stays";
}

TEST_F(FilesTest, WithoutCommitNothingHappened) {
  const std::string path = folder_.Write("decision.json", "old");
  {
    absl::StatusOr<std::unique_ptr<NewFile>> file = files_->Create(path);
    ASSERT_TRUE(file.ok()) << file.status();
    ASSERT_TRUE((*file)->Write("new").ok());
    EXPECT_EQ(folder_.Read("decision.json"), "old");
  }
  EXPECT_EQ(folder_.Read("decision.json"), "old");
  EXPECT_EQ(folder_.Names(), Names{"decision.json"});
}

TEST_F(FilesTest, CommitIsTheLastWord) {
  const std::string path = folder_.Path("a");
  absl::StatusOr<std::unique_ptr<NewFile>> file = files_->Create(path);
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_TRUE((*file)->Write("1").ok());
  ASSERT_TRUE((*file)->Commit().ok());
  EXPECT_EQ(Text((*file)->Commit()),
            absl::StrCat("FAILED_PRECONDITION: cannot write ", path,
                         ": it is complete, so it cannot be put in its place"));
  EXPECT_EQ(Text((*file)->Write("2")),
            absl::StrCat("FAILED_PRECONDITION: cannot write ", path,
                         ": it is complete, so it cannot be written to"));
  EXPECT_EQ(folder_.Read("a"), "1");
}

TEST_F(FilesTest, AFailedWriteCanNeverBeCommitted) {
  const std::string path = folder_.Write("decision.json", "old");
  absl::StatusOr<std::unique_ptr<NewFile>> file = files_->Create(path);
  ASSERT_TRUE(file.ok()) << file.status();
  // A file size limit stands in for a full disk: the second half of the bytes does not fit.
  rlimit old_limit{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &old_limit), 0);
  const rlimit limit{100000, old_limit.rlim_max};
  const auto old_handler = signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &limit), 0);
  const absl::Status write = (*file)->Write(std::string(200000, 'x'));
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &old_limit), 0);
  signal(SIGXFSZ, old_handler);

  EXPECT_EQ(Text(write), absl::StrCat("UNAVAILABLE: cannot write ", path, ": File too large"));
  EXPECT_EQ(Text((*file)->Write("x")),
            absl::StrCat("FAILED_PRECONDITION: cannot write ", path,
                         ": a write failed before, so it cannot be written to"));
  EXPECT_EQ(Text((*file)->Commit()),
            absl::StrCat("FAILED_PRECONDITION: cannot write ", path,
                         ": a write failed before, so it cannot be put in its place"));
  file->reset();
  EXPECT_EQ(folder_.Read("decision.json"), "old");
  EXPECT_EQ(folder_.Names(), Names{"decision.json"});
}

TEST_F(FilesTest, ANewFileHasTheRightsTheUmaskLeaves) {
  struct Case {
    mode_t mask, expected;
  };
  for (const Case& c : {Case{022, 0644}, Case{077, 0600}, Case{0, 0666}}) {
    const Umask masked(c.mask);
    const std::string path = folder_.Path(absl::StrCat("mask", absl::Hex(c.mask)));
    EXPECT_EQ(Put(path, "x"), "");
    EXPECT_EQ(ModeOf(path), c.expected);
  }
}

TEST_F(FilesTest, AReplacedFileKeepsItsRights) {
  const Umask masked(022);
  for (const mode_t mode : {0600U, 0640U, 0666U, 0755U}) {
    const std::string path = folder_.Write("a", "old");
    ASSERT_EQ(chmod(path.c_str(), mode), 0);
    EXPECT_EQ(Put(path, "new"), "");
    EXPECT_EQ(ModeOf(path), mode);
    EXPECT_EQ(folder_.Read("a"), "new");
  }
  // A program that runs with its owner's rights does not stay one with other content.
  const std::string path = folder_.Write("setuid", "old");
  ASSERT_EQ(chmod(path.c_str(), 04755), 0);
  EXPECT_EQ(Put(path, "new"), "");
  EXPECT_EQ(ModeOf(path), 0755U);
}

TEST_F(FilesTest, ThroughALinkToARegularFile) {
  const std::string target = folder_.Write("runs/1.json", "old");
  const std::string link = folder_.Path("latest.json");
  ASSERT_EQ(symlink("runs/1.json", link.c_str()), 0);
  EXPECT_EQ(Put(link, "new"), "");
  EXPECT_EQ(folder_.Read("runs/1.json"), "new");
  struct stat status {};
  ASSERT_EQ(lstat(link.c_str(), &status), 0);
  EXPECT_TRUE(S_ISLNK(status.st_mode)) << "the link is still one";
  EXPECT_EQ(folder_.Names(), (Names{"latest.json", "runs"}))
      << "the temporary file was beside the target";
}

TEST_F(FilesTest, RefusesWhatIsNoRegularFile) {
  const std::string pipe = folder_.Path("pipe");
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  const std::string socket_path = folder_.Path("socket");
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  ASSERT_LT(socket_path.size(), sizeof address.sun_path);
  strcpy(address.sun_path, socket_path.c_str());
  ASSERT_EQ(bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  close(fd);
  const std::string to_device = folder_.Path("to_device"), to_folder = folder_.Path("to_folder");
  ASSERT_EQ(symlink("/dev/null", to_device.c_str()), 0);
  ASSERT_EQ(symlink(".", to_folder.c_str()), 0);
  const std::string nowhere = folder_.Path("nowhere");
  ASSERT_EQ(symlink("missing", nowhere.c_str()), 0);

  struct Case {
    std::string path, reason;
  };
  const std::string rest = ", and only a regular file is replaced; name another path";
  const Case cases[] = {
      {folder_.path(), "it is a folder" + rest},
      {"/dev/null", "it is a device" + rest},
      {pipe, "it is a pipe" + rest},
      {socket_path, "it is a socket" + rest},
      {to_device, "it is a device" + rest},
      {to_folder, "it is a folder" + rest},
      {nowhere, "it is a link that leads nowhere; remove it or name another path"},
  };
  const Names before = folder_.Names();
  for (const Case& c : cases) {
    EXPECT_EQ(CreateError(c.path),
              absl::StrCat("FAILED_PRECONDITION: cannot write ", c.path, ": ", c.reason));
  }
  EXPECT_EQ(folder_.Names(), before) << "nothing was made, not even for a moment that lasts";
}

TEST_F(FilesTest, CreateSaysWhyNot) {
  const std::string lost = folder_.Path("no/such/a.json");
  EXPECT_EQ(CreateError(lost), absl::StrCat("NOT_FOUND: cannot write ", lost,
                                            ": there is no folder ", folder_.Path("no/such")));
  const std::string slash = folder_.Path("new/");
  EXPECT_EQ(CreateError(slash),
            absl::StrCat("FAILED_PRECONDITION: cannot write ", slash, ": it names no file"));
  const std::string below = folder_.Write("file", "x") + "/below";
  EXPECT_EQ(CreateError(below),
            absl::StrCat("NOT_FOUND: cannot write ", below, ": Not a directory"));
  EXPECT_EQ(CreateError(""), "FAILED_PRECONDITION: cannot write : it names no file");
  const std::string cut = folder_.Path("a") + std::string("\0b", 2);
  EXPECT_EQ(CreateError(cut),
            absl::StrCat("NOT_FOUND: cannot write ", cut, ": the path has a NUL byte"));
}

TEST_F(FilesTest, CreateNeedsAFolderItMayWriteTo) {
  ASSERT_EQ(chmod(folder_.path().c_str(), 0500), 0);
  const Unprivileged unprivileged(folder_.path());
  const std::string path = folder_.Path("a");
  EXPECT_EQ(CreateError(path),
            absl::StrCat("PERMISSION_DENIED: cannot write ", path, ": Permission denied"));
}

TEST_F(FilesTest, ARelativeNameIsOfTheWorkingFolder) {
  char before[4096];
  ASSERT_NE(getcwd(before, sizeof before), nullptr);
  ASSERT_EQ(chdir(folder_.path().c_str()), 0);
  EXPECT_EQ(Put("decision.json", "x"), "");
  ASSERT_EQ(chdir(before), 0);
  EXPECT_EQ(folder_.Read("decision.json"), "x");
}

TEST_F(FilesTest, TwoAtOnceDoNotMeet) {
  const std::string path = folder_.Path("a");
  absl::StatusOr<std::unique_ptr<NewFile>> first = files_->Create(path);
  absl::StatusOr<std::unique_ptr<NewFile>> second = files_->Create(path);
  ASSERT_TRUE(first.ok() && second.ok());
  ASSERT_TRUE((*first)->Write("first").ok());
  ASSERT_TRUE((*second)->Write("second").ok());
  ASSERT_TRUE((*first)->Commit().ok());
  EXPECT_EQ(folder_.Read("a"), "first");
  second->reset();
  EXPECT_EQ(folder_.Read("a"), "first");
  EXPECT_EQ(folder_.Names(), Names{"a"});
}

}  // namespace
}  // namespace slogate
