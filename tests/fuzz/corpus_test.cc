// What the fuzz targets start from, and what they once found, as unit tests.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include "tests/fuzz/fuzz.h"

namespace slogate {

void Require(bool holds, absl::string_view what) { EXPECT_TRUE(holds) << what; }

namespace {

constexpr char kFolder[] = SLOGATE_SOURCE_DIR "/tests/fuzz/corpus/";

struct Target {
  const char* name;
  bool (*run)(absl::string_view);
};

class Corpus : public testing::TestWithParam<Target> {};

TEST_P(Corpus, Holds) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(absl::StrCat(kFolder, GetParam().name))) {
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  size_t good = 0;
  for (const std::filesystem::path& path : files) {
    SCOPED_TRACE(path);
    std::ifstream file(path, std::ios::binary);
    const std::string input{std::istreambuf_iterator<char>(file), {}};
    const bool taken = GetParam().run(input);
    const std::string name = path.filename().string();
    if (absl::StartsWith(name, "good_")) {
      EXPECT_TRUE(taken);
      ++good;
    } else if (absl::StartsWith(name, "bad_")) {
      EXPECT_FALSE(taken);
    }
    // Cut short anywhere, it must hold as well.
    for (size_t bytes = 0; bytes < input.size(); bytes += 1 + input.size() / 50)
      GetParam().run(absl::string_view(input).substr(0, bytes));
  }
  EXPECT_GT(good, 0u);
}

INSTANTIATE_TEST_SUITE_P(
    All, Corpus,
    testing::Values(Target{"policy", FuzzPolicy}, Target{"selector", FuzzSelector},
                    Target{"answer", FuzzAnswer}, Target{"decimal", FuzzDecimal},
                    Target{"decision", FuzzDecision}, Target{"pipeline", FuzzPipeline},
                    Target{"record", FuzzRecord}, Target{"note", FuzzNote},
                    Target{"chunk", FuzzChunk}, Target{"frames", FuzzFrames}),
    [](const auto& target) { return target.param.name; });

}  // namespace
}  // namespace slogate
