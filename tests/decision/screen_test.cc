#include "gate/decision/screen.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_replace.h>
#include <absl/strings/str_split.h>

#include "gate/decision/explanation.h"
#include "gate/decision/sentences.h"
#include "gate/decision/summary.h"
#include "gate/text/diagnostic.h"
#include "tests/decision/guarded.h"
#include "tests/decision/rich.h"
#include "tests/decision/story.h"
#include "tests/testing/past.h"

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
    const Screen screen =
        ScreenFor(decision, {ExitCodeOf(decision.ruling.verdict, decision.ruling.outcome),
                             "decision.json", "sha256:0123456789abcdef0123"});
    const std::string text =
        absl::StrCat(screen.headline, "\n", absl::StrJoin(screen.lines, "\n"), "\n");
    fake::ExpectGolden(absl::StrCat(name, ".screen.txt"), text);
    for (const absl::string_view line : absl::StrSplit(text, '\n')) {
      // A command stays whole, so that it can be copied.
      const absl::string_view words = absl::StripLeadingAsciiWhitespace(line);
      EXPECT_TRUE(Columns(line) <= 110U || absl::StartsWith(words, "slogate ")) << line;
    }
  }
}

TEST(ExplanationTest, Golden) {
  for (const auto& [name, decision] : fake::GoldenDecisions()) {
    fake::ExpectGolden(absl::StrCat(name, ".explained.txt"),
                       Explanation(decision, "decision.json", "sha256:0123"));
  }
}

// Whatever people wrote into a ledger: a terminal shows it, and obeys nothing of it.
TEST(ScreenTest, APastThatSpeaksToTheTerminal) {
  const std::string evil = "\x1b[2J\u202e\u200b\x07";
  const char* past[] = {
      "60m request ov-EVIL github:alEVIL ticket=INC-1EVIL known=VAREVIL "
      "reason=payments_fail_for_one_inEVIL_ten\n50m approve ov-EVIL github:bob known=EVIL "
      "reason=EVIL_yes\n40m use ov-9EVIL sha256:dEVIL ticket=INC-9EVIL",
      "60m request ov-EVIL github:alEVIL ticket=INC-1\n50m approve ov-EVIL github:bob "
      "known=EVIL reason=EVIL_yes",
      "60m request ov-EVIL github:alEVIL ticket=INC-1\n5m reject ov-EVIL github:bEVIL reason=EVIL",
      "60m request ov-EVIL github:alEVIL ticket=INC-1 rules=EVIL,spent",
      "60m request ov-EVIL github:alEVIL ticket=CVE-1 change=security\n"
      "9m deployed dEVIL\n8m decision dEVIL verdict=EVIL outcome=EVIL basis=EVIL closed=spent/a",
  };
  for (const char* one : past) {
    for (const char* change : {"", "security"}) {
      Decision decision = fake::GuardedDecision(absl::StrReplaceAll(one, {{"EVIL", evil}}),
                                                fake::kSpent, change, "CVE-1");
      decision.request.history->log_id = evil;
      const std::string text =
          absl::StrCat(Explanation(decision, "decision.json", "sha256:0123"), ScreenText(decision),
                       absl::StrJoin(SummaryOf(decision).sentences, "\n"));
      for (const absl::string_view line : absl::StrSplit(text, '\n')) {
        ASSERT_EQ(Printable(line), line);
      }
      EXPECT_TRUE(absl::StrContains(text, "\\u202e")) << "it is shown, not hidden";
    }
  }
}

TEST(ScreenTest, ARuleAboutNoSloIsAboutTheService) {
  const Decision decision = fake::GuardedDecision("5m deployed sha256:0d");
  const Summary summary = SummaryOf(decision);
  EXPECT_EQ(summary.sentences,
            Lines{"checkout was last released 5 m ago; the policy wants 15 m between releases."});
  std::string rules;
  for (const RuleSummary& rule : summary.rules) {
    if (rule.state == RuleSummary::State::kFires) {
      absl::StrAppend(&rules, rule.rule, " for ", rule.slo, ": ", rule.Text());
    }
  }
  EXPECT_EQ(rules, "fresh for checkout: last release 5 m ago, must be at least 15 m ago");
}

TEST(ScreenTest, NoLedgerWasAsked) {
  Request request;
  request.subject = fake::PastSubject();
  const Decision decision = fake::DecisionOf(
      fake::kGuardedPolicy, {{"events requests", "1000000"}, {"events errors", "0"}}, request);
  EXPECT_EQ(
      ScreenText(decision),
      "HOLD   checkout  4.18.2  sha256:ab12cd34  feature\n"
      "  Not known when checkout was last released: no ledger was asked.\n"
      "  fresh  (policy.yaml:37:5)  last release not known, as no ledger was asked; must be at "
      "least 15 m ago; all\n    else passes\n"
      "  The policy leaves no other way out than to wait until the budget recovers.\n"
      "  Measured 2026-11-23T03:12:40Z.\n");
}

TEST(ScreenTest, TheWayToAnOverride) {
  const auto ways = [](const std::string& past) {
    const Decision decision = fake::GuardedDecision(past, fake::kSpent);
    std::string text;
    for (const WayOut& way : decision.ruling.next) {
      if (way.kind != WayOut::Kind::kOverride) continue;
      const WayOutText words = DescribeWayOut(way, decision, "4f1c");
      absl::StrAppend(&text, words.text, ": ", words.option, "  ", words.note);
    }
    return text;
  };
  EXPECT_EQ(ways(""),
            "override: slogate override request --decision 4f1c --policy policy.yaml --reason '…' "
            "--ticket INC-…  (3 of 3 left in 30 d for checkout; needs 1 approval by sre-oncall)");
  EXPECT_EQ(ways("3d use ov-1 sha256:1\n2d use ov-2 sha256:2\n1d use ov-3 sha256:3\n"
                 "5h use ov-4 sha256:4"),
            "override: slogate override request --decision 4f1c --policy policy.yaml --reason '…' "
            "--ticket INC-…  (0 of 3 left in 30 d for checkout; needs 2 approvals by directors)");
  EXPECT_EQ(ways("60m request ov-1 github:alice ticket=INC-1"),
            "override: slogate override approve ov-1 --policy policy.yaml  (needs 1 approval by "
            "sre-oncall; or wait: --wait 20m)");
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
  EXPECT_EQ(headline(Verdict::kDeny, Basis::kOverride, false, 0),
            "DENY shop feature overridden, PROCEEDS, exit 0");
  EXPECT_EQ(headline(Verdict::kDeny, Basis::kOverride, true, 0),
            "would DENY shop feature overridden, PROCEEDS, dry run, exit 0");
  EXPECT_EQ(headline(Verdict::kDeny, Basis::kObserve, false, 0),
            "DENY shop feature observed only, PROCEEDS, exit 0");
}

}  // namespace
}  // namespace slogate
