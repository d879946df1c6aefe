#include "gate/io/disk_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include <gtest/gtest.h>

#include "tests/testing/temp_folder.h"

namespace slogate {
namespace {

TEST(DiskFile, TellsWhatTheSystemKnows) {
  const fake::TempFolder folder;
  const std::string path = folder.Write("a", "text");
  ASSERT_EQ(chmod(path.c_str(), 0640), 0);
  ASSERT_EQ(link(path.c_str(), folder.Path("b").c_str()), 0);
  ASSERT_EQ(symlink(path.c_str(), folder.Path("c").c_str()), 0);
  for (const char* name : {"a", "b", "c"}) {
    const absl::StatusOr<DiskFile> file = LookAtFile(folder.Path(name));
    ASSERT_TRUE(file.ok()) << file.status();
    EXPECT_TRUE(file->is_regular);
    EXPECT_EQ(file->mode, 0640U);
    EXPECT_EQ(file->links, 2U);
    EXPECT_NE(file->file_system, 0U);
  }
  EXPECT_FALSE(LookAtFile(folder.path())->is_regular);
  EXPECT_EQ(LookAtFile("/proc/self/stat")->file_system, 0x9fa0U);
  EXPECT_EQ(LookAtFile(folder.Path("d")).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(LookAtFile(folder.Path("a/d")).status().code(), absl::StatusCode::kNotFound);
}

TEST(DiskFile, MakesOnlyWhatIsNew) {
  const fake::TempFolder folder;
  const mode_t before = umask(0);
  EXPECT_TRUE(MakeEmptyFile(folder.Path("a")).ok());
  umask(before);
  EXPECT_EQ(LookAtFile(folder.Path("a"))->mode, 0600U);
  EXPECT_EQ(folder.Read("a"), "");
  folder.Write("b", "kept");
  EXPECT_EQ(MakeEmptyFile(folder.Path("b")).code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(folder.Read("b"), "kept");
  // Not even through a link that leads to nothing yet.
  ASSERT_EQ(symlink(folder.Path("e").c_str(), folder.Path("c").c_str()), 0);
  EXPECT_EQ(MakeEmptyFile(folder.Path("c")).code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(MakeEmptyFile(folder.Path("d/e")).code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(MakeEmptyFile("/proc/slogate").code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(folder.Names(), (std::vector<std::string>{"a", "b", "c"}));
}

}  // namespace
}  // namespace slogate
