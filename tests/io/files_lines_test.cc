// Files that are read line by line, and files that are nobody else's business.
#include "gate/io/files.h"

#include <sys/stat.h>

#include <string>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <gtest/gtest.h>

#include "tests/testing/temp_folder.h"

namespace slogate {
namespace {

struct LinesCase {
  const char* name;
  std::string content;
  std::string want;  // the lines between bars, and the status where it is not OK
};

class LinesTest : public testing::TestWithParam<LinesCase> {};

TEST_P(LinesTest, ComeOneAfterTheOther) {
  const fake::TempFolder folder;
  folder.Write("lines", GetParam().content);
  std::vector<std::string> lines;
  const absl::Status read =
      RealFiles()->ReadLines(folder.path() + "/lines", 100'000, [&](absl::string_view line) {
        if (line == "stop") return absl::CancelledError("enough");
        lines.push_back(line.size() > 20 ? absl::StrCat(line.size()) : std::string(line));
        return absl::OkStatus();
      });
  std::string got = absl::StrJoin(lines, "|");
  if (!read.ok()) absl::StrAppend(&got, " ", absl::StatusCodeToString(read.code()));
  EXPECT_EQ(got, GetParam().want);
}

const LinesCase kLines[] = {
    {"nothing", "", ""},
    {"one", "a\n", "a"},
    {"without_an_end", "a\nb", "a|b"},
    {"an_empty_one", "a\n\nb\n", "a||b"},
    {"carriage_returns_stay", "a\r\nb\n", "a\r|b"},
    {"longer_than_a_piece", std::string(70'000, 'x') + "\ny\n", "70000|y"},
    {"as_long_as_may_be", std::string(100'000, 'x') + "\n", "100000"},
    {"too_long", "a\n" + std::string(100'001, 'x') + "\nb\n", "a OUT_OF_RANGE"},
    {"too_long_without_an_end", std::string(200'000, 'x'), " OUT_OF_RANGE"},
    {"ended_by_whoever_reads", "a\nstop\nb\n", "a CANCELLED"},
};

INSTANTIATE_TEST_SUITE_P(Lines, LinesTest, testing::ValuesIn(kLines),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(ReadLinesTest, SaysWhyNot) {
  const fake::TempFolder folder;
  const absl::Status read = RealFiles()->ReadLines(
      folder.path() + "/none", 10, [](auto) { return absl::InternalError("there is no line"); });
  EXPECT_EQ(read.ToString(), absl::StrCat("NOT_FOUND: cannot read ", folder.path(),
                                          "/none: No such file or directory"));
}

TEST(ReadPrivateTest, OnlyWhatNobodyElseMayRead) {
  const fake::TempFolder folder;
  folder.Write("key", "secret");
  const std::string path = folder.path() + "/key";
  for (const mode_t mode : {mode_t{0600}, mode_t{0400}}) {
    ASSERT_EQ(chmod(path.c_str(), mode), 0);
    EXPECT_EQ(RealFiles()->ReadPrivate(path, 100).value_or(""), "secret");
  }
  for (const mode_t mode : {mode_t{0640}, mode_t{0604}, mode_t{0620}, mode_t{0666}}) {
    ASSERT_EQ(chmod(path.c_str(), mode), 0);
    const absl::Status status = RealFiles()->ReadPrivate(path, 100).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << mode;
    EXPECT_EQ(RealFiles()->Read(path, 100).value_or(""), "secret") << mode;
  }
  ASSERT_EQ(chmod(path.c_str(), 0644), 0);
  EXPECT_EQ(RealFiles()->ReadPrivate(path, 100).status().ToString(),
            absl::StrCat("FAILED_PRECONDITION: cannot read ", path,
                         ": others may read or write it (mode 0644): chmod 600"));
}

}  // namespace
}  // namespace slogate
