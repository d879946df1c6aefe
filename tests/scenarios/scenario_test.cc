// Every tests/scenarios/*.txt is a test (tests/testing/scenario.h says how they read). With
// SLOGATE_UPDATE=1 in the environment each is rewritten as it came out: read the difference before
// you keep it.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>
#include <gtest/gtest.h>

#include "tests/testing/scenario.h"

namespace slogate {
namespace {

constexpr char kFolder[] = SLOGATE_SOURCE_DIR "/tests/scenarios";

std::vector<std::string> Names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    if (entry.path().extension() == ".txt") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string Read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class Scenario : public testing::TestWithParam<std::string> {};

TEST_P(Scenario, ComesOutAsItSays) {
  const std::string path = absl::StrCat(kFolder, "/", GetParam(), ".txt");
  const std::string text = Read(path);
  const fake::Played played = fake::PlayScenario(text, kFolder);
  EXPECT_EQ(absl::StrJoin(played.mistakes, "\n"), "");
  if (std::getenv("SLOGATE_UPDATE") != nullptr && played.mistakes.empty()) {
    std::ofstream(path, std::ios::binary) << played.text;
  } else {
    EXPECT_EQ(text, played.text) << "SLOGATE_UPDATE=1 rewrites " << path;
  }
}

// One answer for several questions or one for each: the same numbers, words and exit codes.
TEST_P(Scenario, ComesOutTheSameWhenAskedApart) {
  const std::string text = Read(absl::StrCat(kFolder, "/", GetParam(), ".txt"));
  const fake::Played played = fake::PlayScenario(text, kFolder, Asking::kApart);
  EXPECT_EQ(absl::StrJoin(played.mistakes, "\n"), "");
  EXPECT_EQ(fake::WithoutQueries(text), fake::WithoutQueries(played.text));
}

// The words between the lines that GitHub's runner obeys; all of them elsewhere.
std::string WordsIn(const std::string& log) {
  std::string words;
  for (const std::string& line : std::vector<std::string>(absl::StrSplit(log, '\n'))) {
    if (!absl::StartsWith(line, "::")) absl::StrAppend(&words, line, "\n");
  }
  return words;
}

// One decision through every adapter: the same verdict, words and exit code.
class Everywhere : public testing::TestWithParam<const char*> {};

TEST_P(Everywhere, TheSameIsSaid) {
  const std::string text = Read(absl::StrCat(kFolder, "/", GetParam(), ".txt"));
  const std::string story = text.substr(0, text.find("-- run --"));
  const auto play = [&](const std::string& adapter) {
    const fake::Played played = fake::PlayScenario(
        absl::StrCat(story,
                     "-- output.txt --\n-- environment --\nGITHUB_OUTPUT=output.txt\n"
                     "-- run --\nslogate check --policy policy.yaml --slos checkout.yaml "
                     "--environment production --adapter ",
                     adapter, "\n"),
        kFolder);
    EXPECT_EQ(absl::StrJoin(played.mistakes, "\n"), "");
    return WordsIn(
        played.text.substr(played.text.find("-- exit --"))
            .substr(0, played.text.find("-- files --") - played.text.find("-- exit --")));
  };
  const std::string plain = play("plain");
  EXPECT_TRUE(absl::StrContains(plain, "-- stdout --")) << plain;
  for (const char* adapter : {"github", "jenkins", "circleci"}) EXPECT_EQ(play(adapter), plain);
}

INSTANTIATE_TEST_SUITE_P(Stories, Everywhere,
                         testing::Values("0001_allow", "0002_warn_low_budget", "0004_deny_spent",
                                         "0005_hold_fast_burn", "0612_stale", "0618_not_decisive"),
                         [](const auto& story) { return std::string(story.param); });

INSTANTIATE_TEST_SUITE_P(All, Scenario, testing::ValuesIn(Names()),
                         [](const auto& scenario) { return scenario.param; });

TEST(Scenarios, NumbersAreDistinct) {
  std::set<std::string> numbers;
  for (const std::string& name : Names()) {
    EXPECT_TRUE(numbers.insert(name.substr(0, 4)).second) << name;
  }
  EXPECT_FALSE(numbers.empty());
}

TEST(Scenarios, EveryFixtureIsUsed) {
  std::string all;
  for (const std::string& name : Names())
    absl::StrAppend(&all, Read(absl::StrCat(kFolder, "/", name, ".txt")));
  for (const auto& entry :
       std::filesystem::directory_iterator(absl::StrCat(kFolder, "/fixtures"))) {
    const std::string use = absl::StrCat("= fixtures/", entry.path().filename().string(), " --");
    EXPECT_TRUE(absl::StrContains(all, use)) << "nobody uses " << entry.path();
  }
}

}  // namespace
}  // namespace slogate
