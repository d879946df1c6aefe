#include "gate/decision/screen.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>

#include "gate/decision/explanation.h"
#include "tests/decision/rich.h"
#include "tests/decision/story.h"

namespace slogate {
namespace {

using Lines = std::vector<std::string>;

TEST(ColumnsTest, CountsCharacters) {
  EXPECT_EQ(Columns(""), 0U);
  EXPECT_EQ(Columns("abc"), 3U);
  EXPECT_EQ(Columns("a → …"), 5U);
}

TEST(WrapTest, Table) {
  const std::string long_word(120, 'x');
  EXPECT_EQ(Wrap("", 2, 4), (Lines{"  "}));
  EXPECT_EQ(Wrap("a  b", 2, 4), (Lines{"  a  b"})) << "blanks align, so they stay";
  EXPECT_EQ(Wrap(long_word, 0, 4), (Lines{long_word}));
  EXPECT_EQ(Wrap(absl::StrCat("see ", long_word, " now"), 2, 4),
            (Lines{"  see", absl::StrCat("    ", long_word), "    now"}));
  const std::string fits(108, 'x');
  EXPECT_EQ(Wrap(fits, 2, 4), (Lines{"  " + fits}));
  EXPECT_EQ(Wrap(fits.substr(2) + " y", 2, 4), (Lines{"  " + fits.substr(2) + " y"}));
  EXPECT_EQ(Wrap(fits.substr(1) + " y", 2, 4), (Lines{"  " + fits.substr(1), "    y"}));
}

TEST(WrapTest, NoLineIsTooLongAndNoWordIsLost) {
  std::mt19937 random(5);
  for (int i = 0; i < 500; ++i) {
    Lines words;
    for (size_t n = 1 + random() % 60; n > 0; --n) {
      std::string word;
      for (size_t c = 1 + random() % (random() % 20 == 0 ? 150 : 15); c > 0; --c)
        word += random() % 8 == 0 ? "→" : "x";
      words.push_back(std::move(word));
    }
    Lines got;
    for (const std::string& line : Wrap(absl::StrJoin(words, " "), 2, 4)) {
      const Lines in_line = absl::StrSplit(line, ' ', absl::SkipEmpty());
      ASSERT_FALSE(in_line.empty());
      ASSERT_TRUE(in_line.size() == 1 || Columns(line) <= 110) << line;
      ASSERT_EQ(line.substr(0, 2), "  ");
      got.insert(got.end(), in_line.begin(), in_line.end());
    }
    ASSERT_EQ(got, words);
  }
}

TEST(ScreenTest, Golden) {
  for (const auto& [name, decision] : fake::GoldenDecisions()) {
    const Screen screen = ScreenFor(
        decision, {ExitCodeOf(decision.ruling.verdict, decision.ruling.outcome), "decision.json"});
    const std::string text =
        absl::StrCat(screen.headline, "\n", absl::StrJoin(screen.lines, "\n"), "\n");
    fake::ExpectGolden(absl::StrCat(name, ".screen.txt"), text);
    for (const absl::string_view line : absl::StrSplit(text, '\n')) {
      EXPECT_LE(Columns(line), 110U) << line;
    }
  }
}

TEST(ExplanationTest, Golden) {
  for (const auto& [name, decision] : fake::GoldenDecisions()) {
    fake::ExpectGolden(absl::StrCat(name, ".explained.txt"),
                       Explanation(decision, "decision.json", "sha256:0123"));
  }
}

TEST(ScreenTest, TheHeadlineSaysWhatHappens) {
  const auto headline = [](Verdict verdict, Basis basis, bool dry_run, int exit_code) {
    Decision decision = fake::WarnDecision();
    decision.ruling.verdict = verdict;
    decision.ruling.basis = basis;
    decision.dry_run = dry_run;
    decision.request.subject = {"shop", "", "", "", "", "", ""};
    const Screen screen = ScreenFor(decision, {exit_code, ""});
    EXPECT_EQ(screen.headline.substr(0, screen.verdict.size()), screen.verdict);
    EXPECT_EQ(Columns(screen.headline), 110U);
    return absl::StrJoin(absl::StrSplit(screen.headline, ' ', absl::SkipEmpty()), " ");
  };
  EXPECT_EQ(headline(Verdict::kAllow, Basis::kBudget, false, 0), "ALLOW shop feature exit 0");
  EXPECT_EQ(headline(Verdict::kWarn, Basis::kBudget, false, 0), "WARN shop feature exit 0");
  EXPECT_EQ(headline(Verdict::kHold, Basis::kBudget, false, 3), "HOLD shop feature exit 3");
  EXPECT_EQ(headline(Verdict::kDeny, Basis::kBudget, false, 1), "DENY shop feature exit 1");
  EXPECT_EQ(headline(Verdict::kNone, Basis::kBudget, false, 5), "NONE shop feature exit 5");
  EXPECT_EQ(headline(Verdict::kDeny, Basis::kBudget, true, 0),
            "would DENY shop feature dry run, exit 0");
  EXPECT_EQ(headline(Verdict::kDeny, Basis::kObserve, false, 0),
            "DENY shop feature observed only, PROCEEDS, exit 0");
}

}  // namespace
}  // namespace slogate
