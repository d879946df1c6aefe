// Whatever the program runs out of, and when: exit 0 is only ever a complete decision, and no file
// holds half of one.
#include <sys/resource.h>
#include <unistd.h>

#include <string>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include "tests/process/process.h"

namespace slogate {
namespace {

class Limits : public Process {
 protected:
  // Whether a check of a healthy service proceeds within the limit; whole, or not at all.
  bool Proceeds(__rlimit_resource resource, rlim_t most) {
    SCOPED_TRACE(most);
    ::unlink(folder_.Path("decision.json").c_str());
    fake::ChildOptions options = Options();
    options.limits[resource] = most;
    const int code = Run(Check(), options);
    const std::string document = folder_.Read("decision.json");
    if (code == 0) {
      EXPECT_TRUE(absl::StartsWith(out_, "ALLOW  shop")) << out_;
      EXPECT_TRUE(absl::StrContains(document, R"("exit_code":0)")) << document;
      EXPECT_EQ(Run({"replay", "decision.json"}), 0);
    } else if (!document.empty()) {  // it could not ask, and says so
      EXPECT_TRUE(absl::StrContains(document, absl::StrCat("\"exit_code\":", code))) << document;
      EXPECT_EQ(Run({"replay", "decision.json"}), 0);
    }
    EXPECT_EQ(folder_.Names(), document.empty() ? (Strings{"policy.yaml"})
                                                : (Strings{"decision.json", "policy.yaml"}));
    return code == 0;
  }
};

TEST_F(Limits, FileSizesUpToThatOfTheDocument) {
  Serve("5");
  ASSERT_TRUE(Proceeds(RLIMIT_FSIZE, 1 << 20));
  const rlim_t whole = folder_.Read("decision.json").size();
  ASSERT_GT(whole, 1000u);
  for (rlim_t bytes = 0; bytes < whole; bytes += 1 + whole / 20)
    EXPECT_FALSE(Proceeds(RLIMIT_FSIZE, bytes));
  EXPECT_FALSE(Proceeds(RLIMIT_FSIZE, whole - 1));
  EXPECT_TRUE(Proceeds(RLIMIT_FSIZE, whole));
}

TEST_F(Limits, OpenFiles) {
  Serve("5");
  rlim_t files = 0;
  while (files < 100 && !Proceeds(RLIMIT_NOFILE, files)) ++files;
  EXPECT_GT(files, 4u);
  EXPECT_LT(files, 100u);
  EXPECT_TRUE(Proceeds(RLIMIT_NOFILE, files + 1));
}

#ifndef SLOGATE_SANITIZED  // AddressSanitizer reserves terabytes, and its frames are large
TEST_F(Limits, Memory) {
  Serve("5");
  constexpr rlim_t kPage = 1 << 16;
  rlim_t too_few = 1 << 4, enough = 1 << 12;  // 1 MiB, 256 MiB
  ASSERT_FALSE(Proceeds(RLIMIT_AS, too_few * kPage));
  ASSERT_TRUE(Proceeds(RLIMIT_AS, enough * kPage));
  while (enough - too_few > 1) {
    const rlim_t middle = (enough + too_few) / 2;
    (Proceeds(RLIMIT_AS, middle * kPage) ? enough : too_few) = middle;
  }
  for (rlim_t pages = 1; pages < too_few; pages += 1 + too_few / 40)
    Proceeds(RLIMIT_AS, pages * kPage);
  // Just below the least that is enough, there is most to run out of.
  for (rlim_t pages = too_few - 24; pages < too_few; ++pages) Proceeds(RLIMIT_AS, pages * kPage);
}

TEST_F(Limits, Stack) {
  Serve("5");
  for (rlim_t bytes = 1 << 12; bytes < 1 << 23; bytes *= 2) Proceeds(RLIMIT_STACK, bytes);
  EXPECT_TRUE(Proceeds(RLIMIT_STACK, 1 << 23));
}
#endif

}  // namespace
}  // namespace slogate
