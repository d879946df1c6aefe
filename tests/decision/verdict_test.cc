#include "gate/decision/verdict.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

namespace slogate {
namespace {

using Rules = std::vector<RuleState>;
using Findings = std::vector<FindingState>;

constexpr Verdict kVerdicts[] = {Verdict::kAllow, Verdict::kWarn, Verdict::kHold, Verdict::kDeny};

bool Has(const std::vector<size_t>& rules, size_t rule) {
  return std::find(rules.begin(), rules.end(), rule) != rules.end();
}

// The list of verdict.h once more, slowly: everything that speaks says its verdict, and the
// strongest of what was said wins.
Judgement Literally(const Rules& rules, const Findings& findings) {
  std::vector<Verdict> said;
  const auto strongest = [&said] {
    for (const Verdict verdict : {Verdict::kDeny, Verdict::kHold, Verdict::kWarn}) {
      if (std::count(said.begin(), said.end(), verdict) > 0) return verdict;
    }
    return Verdict::kAllow;
  };
  for (const RuleState& rule : rules) {
    if (rule.truth == Truth::kTrue && !rule.skipped) said.push_back(rule.verdict);
  }
  const Verdict base = strongest();
  Judgement result;
  for (const FindingState& finding : findings) {
    std::vector<Verdict> above;
    for (size_t i = 0; i < rules.size(); ++i) {
      if (Has(finding.rules, i) && rules[i].verdict > base) above.push_back(rules[i].verdict);
    }
    const bool decisive = !finding.skipped && !above.empty();
    result.decisive.push_back(decisive);
    if (!decisive) continue;
    const auto warns = std::count(above.begin(), above.end(), Verdict::kWarn);
    const bool only_warns = warns == static_cast<std::ptrdiff_t>(above.size());
    said.push_back(only_warns && finding.verdict > Verdict::kWarn ? Verdict::kWarn
                                                                  : finding.verdict);
  }
  for (size_t i = 0; i < rules.size(); ++i) {
    const bool by_finding = std::any_of(
        findings.begin(), findings.end(),
        [&](const FindingState& finding) { return !finding.softened && Has(finding.rules, i); });
    if (rules[i].truth != Truth::kUnknown || rules[i].skipped || by_finding) continue;
    said.push_back(rules[i].verdict == Verdict::kDeny ? Verdict::kHold : rules[i].verdict);
  }
  result.verdict = strongest();
  return result;
}

std::string Tell(const Rules& rules, const Findings& findings) {
  std::string text;
  for (const RuleState& rule : rules) {
    absl::StrAppend(&text, "rule ",
                    rule.truth == Truth::kTrue    ? "true "
                    : rule.truth == Truth::kFalse ? "false "
                                                  : "unknown ",
                    Word(rule.verdict), rule.skipped ? " skipped" : "", "; ");
  }
  for (const FindingState& finding : findings) {
    absl::StrAppend(&text, "finding ", Word(finding.verdict), finding.skipped ? " skipped" : "",
                    finding.softened ? " softened" : "", " of rules ",
                    absl::StrJoin(finding.rules, ","), "; ");
  }
  return text;
}

Rules AllRules() {
  Rules all;
  for (const Truth truth : {Truth::kUnknown, Truth::kFalse, Truth::kTrue}) {
    for (const Verdict verdict : {Verdict::kWarn, Verdict::kHold, Verdict::kDeny}) {
      for (const bool skipped : {false, true}) all.push_back({truth, verdict, skipped});
    }
  }
  return all;
}

Findings AllFindingsOver(size_t rules) {
  Findings all;
  for (const Verdict verdict : kVerdicts) {
    for (const bool skipped : {false, true}) {
      for (const bool softened : {false, true}) {
        for (unsigned subset = 0; subset < 1U << rules; ++subset) {
          FindingState finding{verdict, skipped, softened, {}};
          for (size_t i = 0; i < rules; ++i) {
            if ((subset >> i & 1U) != 0) finding.rules.push_back(i);
          }
          all.push_back(std::move(finding));
        }
      }
    }
  }
  return all;
}

// Calls `visit(list)` for every choice of `count` members of `all`; their order does not matter.
template <class T, class Visit>
void EveryChoice(const std::vector<T>& all, size_t count, const Visit& visit,
                 std::vector<T> chosen = {}, size_t from = 0) {
  if (chosen.size() == count) {
    visit(chosen);
    return;
  }
  for (size_t i = from; i < all.size(); ++i) {
    chosen.push_back(all[i]);
    EveryChoice(all, count, visit, chosen, i);
    chosen.pop_back();
  }
}

// Every assignment of up to three rules and one finding, and of up to two rules and two findings.
template <class Visit>
void EveryState(const Visit& visit) {
  for (size_t rules = 0; rules <= 3; ++rules) {
    const Findings all = AllFindingsOver(rules);
    EveryChoice(AllRules(), rules, [&](const Rules& chosen) {
      for (size_t findings = 0; findings <= (rules == 3 ? 1U : 2U); ++findings) {
        EveryChoice(all, findings, [&](const Findings& found) { visit(chosen, found); });
      }
    });
  }
}

bool Opens(const Rules& rules, const Findings& findings) {
  return Judge(rules, findings).verdict < Verdict::kHold;
}

TEST(JudgeTest, IsWhatTheListSaysInAllCombinations) {
  size_t states = 0;
  EveryState([&](const Rules& rules, const Findings& findings) {
    ++states;
    const Judgement want = Literally(rules, findings), got = Judge(rules, findings);
    ASSERT_EQ(Word(got.verdict), Word(want.verdict)) << Tell(rules, findings);
    ASSERT_EQ(got.decisive, want.decisive) << Tell(rules, findings);
  });
  EXPECT_EQ(states, 524'106U);
}

TEST(JudgeTest, IsWhatTheListSaysForThreeRulesAndTwoFindings) {
  const Rules all_rules = AllRules();
  const Findings all_findings = AllFindingsOver(3);
  std::mt19937 random(20261123);
  for (int i = 0; i < 100'000; ++i) {
    Rules rules;
    for (int n = 0; n < 3; ++n) rules.push_back(all_rules[random() % all_rules.size()]);
    const Findings findings = {all_findings[random() % all_findings.size()],
                               all_findings[random() % all_findings.size()]};
    const Judgement want = Literally(rules, findings), got = Judge(rules, findings);
    ASSERT_EQ(Word(got.verdict), Word(want.verdict)) << Tell(rules, findings);
    ASSERT_EQ(got.decisive, want.decisive) << Tell(rules, findings);
  }
}

TEST(JudgeTest, AllowMeansThatNothingWasTrueOrLeftOpen) {
  EveryState([&](const Rules& rules, const Findings& findings) {
    const Judgement got = Judge(rules, findings);
    ASSERT_NE(got.verdict, Verdict::kNone) << Tell(rules, findings);
    for (size_t i = 0; i < rules.size(); ++i) {
      const RuleState& rule = rules[i];
      if (rule.skipped || rule.truth == Truth::kFalse) continue;
      // A rule that is true, or may be, is answered by its own verdict, by a finding's, or by a
      // finding that class or policy take lightly by name.
      if (rule.truth == Truth::kTrue) {
        ASSERT_GE(got.verdict, rule.verdict) << Tell(rules, findings);
        continue;
      }
      const bool by_name =
          std::any_of(findings.begin(), findings.end(), [&](const FindingState& finding) {
            return !finding.softened && Has(finding.rules, i) &&
                   (finding.skipped || finding.verdict < Verdict::kHold);
          });
      if (by_name) continue;
      ASSERT_GE(got.verdict, std::min(rule.verdict, Verdict::kHold)) << Tell(rules, findings);
    }
  });
}

// The promise of the project, at its root: what is no longer known opens nothing.
TEST(JudgeTest, LosingARuleToAFindingNeverOpens) {
  EveryState([&](const Rules& rules, const Findings& findings) {
    if (Opens(rules, findings)) return;
    for (size_t i = 0; i < rules.size(); ++i) {
      Rules lost = rules;
      lost[i].truth = Truth::kUnknown;
      Findings more = findings;
      more.push_back({Verdict::kHold, false, false, {i}});
      ASSERT_FALSE(Opens(lost, more)) << "without rule " << i << ": " << Tell(rules, findings);
    }
  });
}

TEST(JudgeTest, WhatIsAddedNeverWeakens) {
  EveryState([&](const Rules& rules, const Findings& findings) {
    const Verdict verdict = Judge(rules, findings).verdict;
    for (size_t i = 0; i < findings.size(); ++i) {
      Findings changed = findings;
      changed[i].skipped = true;
      ASSERT_LE(Judge(rules, changed).verdict, verdict) << "skipped: " << Tell(rules, findings);
      changed[i] = findings[i];
      changed[i].verdict = std::min(Verdict::kDeny, Verdict(int(findings[i].verdict) + 1));
      ASSERT_GE(Judge(rules, changed).verdict, verdict) << "stronger: " << Tell(rules, findings);
      if (!findings[i].softened) continue;
      changed = findings;
      changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(i));
      ASSERT_LE(Judge(rules, changed).verdict, verdict) << "without: " << Tell(rules, findings);
    }
  });
}

TEST(JudgeTest, SkippingARuleNeverCloses) {
  EveryState([&](const Rules& rules, const Findings& findings) {
    if (!Opens(rules, findings)) return;
    for (size_t i = 0; i < rules.size(); ++i) {
      Rules changed = rules;
      changed[i].skipped = true;
      ASSERT_TRUE(Opens(changed, findings)) << Tell(rules, findings);
    }
  });
}

TEST(JudgeTest, NothingAtAllIsAllow) {
  EXPECT_EQ(Judge({}, {}).verdict, Verdict::kAllow);
  EXPECT_EQ(Judge({RuleState{}}, {}).verdict, Verdict::kHold)
      << "a rule nobody evaluated is unknown";
  EXPECT_EQ(Judgement{}.verdict, Verdict::kNone) << "zero is no verdict";
}

TEST(OutcomeTest, EveryCombination) {
  std::string table;
  for (const Verdict verdict :
       {Verdict::kNone, Verdict::kAllow, Verdict::kWarn, Verdict::kHold, Verdict::kDeny}) {
    for (const Enforcement enforcement : {Enforcement::kEnforce, Enforcement::kObserve}) {
      absl::StrAppend(&table, Word(verdict), " ", Word(enforcement), ": ",
                      Word(OutcomeOf(verdict, enforcement)), "\n");
    }
  }
  EXPECT_EQ(table,
            "none enforce: blocked\nnone observe: blocked\n"
            "allow enforce: proceed\nallow observe: proceed\n"
            "warn enforce: proceed\nwarn observe: proceed\n"
            "hold enforce: blocked\nhold observe: proceed\n"
            "deny enforce: blocked\ndeny observe: proceed\n");
  EXPECT_EQ(Outcome{}, Outcome::kBlocked) << "zero is blocked";
}

TEST(EndingTest, EveryCombination) {
  std::string table;
  for (const Verdict verdict :
       {Verdict::kNone, Verdict::kAllow, Verdict::kWarn, Verdict::kHold, Verdict::kDeny}) {
    for (const Verdict without_class : {Verdict::kAllow, Verdict::kDeny}) {
      absl::StrAppend(&table, Word(verdict), " of ", Word(without_class), ":");
      for (const bool overridden : {false, true}) {
        for (const Enforcement enforcement : {Enforcement::kEnforce, Enforcement::kObserve}) {
          const Ending ending = EndingOf(verdict, without_class, overridden, enforcement);
          absl::StrAppend(&table, "  ", Word(ending.outcome), " ", Word(ending.basis));
        }
      }
      absl::StrAppend(&table, "\n");
    }
  }
  // Columns: enforced, observed, overridden, overridden and observed.
  EXPECT_EQ(table,
            "none of allow:  blocked budget  blocked budget  blocked budget  blocked budget\n"
            "none of deny:  blocked budget  blocked budget  blocked budget  blocked budget\n"
            "allow of allow:  proceed budget  proceed budget  proceed budget  proceed budget\n"
            "allow of deny:  proceed class  proceed class  proceed class  proceed class\n"
            "warn of allow:  proceed budget  proceed budget  proceed budget  proceed budget\n"
            "warn of deny:  proceed class  proceed class  proceed class  proceed class\n"
            "hold of allow:  blocked budget  proceed observe  proceed override  proceed override\n"
            "hold of deny:  blocked budget  proceed observe  proceed override  proceed override\n"
            "deny of allow:  blocked budget  proceed observe  proceed override  proceed override\n"
            "deny of deny:  blocked budget  proceed observe  proceed override  proceed override\n");
  EXPECT_EQ(Ending{}.outcome, Outcome::kBlocked) << "zero is blocked";
}

TEST(ExitCodeTest, EveryCombination) {
  std::string table;
  for (const Verdict verdict :
       {Verdict::kNone, Verdict::kAllow, Verdict::kWarn, Verdict::kHold, Verdict::kDeny}) {
    for (const Outcome outcome : {Outcome::kBlocked, Outcome::kProceed}) {
      absl::StrAppend(&table, Word(verdict), " ", Word(outcome), ": ", ExitCodeOf(verdict, outcome),
                      "\n");
    }
  }
  EXPECT_EQ(table,
            "none blocked: 5\nnone proceed: 5\n"
            "allow blocked: 1\nallow proceed: 0\n"
            "warn blocked: 1\nwarn proceed: 0\n"
            "hold blocked: 3\nhold proceed: 0\n"
            "deny blocked: 1\ndeny proceed: 0\n");
}

}  // namespace
}  // namespace slogate
