#include "gate/policy/vocabulary.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace slogate {
namespace {

TEST(VerdictTest, TheStrongestIsTheLargest) {
  EXPECT_LT(Verdict::kNone, Verdict::kAllow);
  EXPECT_LT(Verdict::kAllow, Verdict::kWarn);
  EXPECT_LT(Verdict::kWarn, Verdict::kHold);
  EXPECT_LT(Verdict::kHold, Verdict::kDeny);
  EXPECT_EQ(Verdict{}, Verdict::kNone) << "a verdict nobody set is none";
}

TEST(VerdictTest, Words) {
  EXPECT_EQ(Word(Verdict::kNone), "none");
  EXPECT_EQ(Word(Verdict::kAllow), "allow");
  EXPECT_EQ(Word(Verdict::kWarn), "warn");
  EXPECT_EQ(Word(Verdict::kHold), "hold");
  EXPECT_EQ(Word(Verdict::kDeny), "deny");
}

TEST(EnforcementTest, Words) {
  EXPECT_EQ(Word(Enforcement::kEnforce), "enforce");
  EXPECT_EQ(Word(Enforcement::kObserve), "observe");
}

TEST(FindingKindTest, TheTableIsInTheOrderOfTheEnum) {
  size_t index = 0;
  std::set<std::string> words;
  for (const FindingTraits& traits : AllFindings()) {
    EXPECT_EQ(static_cast<size_t>(traits.kind), index++) << traits.word;
    EXPECT_TRUE(words.insert(std::string(traits.word)).second) << traits.word;
    EXPECT_EQ(Word(traits.kind), traits.word);
    EXPECT_EQ(&Traits(traits.kind), &traits);
    EXPECT_EQ(FindingFromWord(traits.word), traits.kind);
    EXPECT_EQ(traits.doc.back(), '.') << traits.word;
  }
  EXPECT_EQ(index, static_cast<size_t>(FindingKind::kFewEvents) + 1);
  for (const char* word : {"", "Stale", "stale ", "gaps", "rules"}) {
    EXPECT_EQ(FindingFromWord(word), std::nullopt) << word;
  }
}

// Doubt must never let a release out by itself: only what a policy may choose to forgive begins as
// a warning.
TEST(FindingKindTest, DefaultsAndWhatMayBeSoftened) {
  for (const FindingTraits& traits : AllFindings()) {
    const bool soft =
        traits.kind == FindingKind::kGap || traits.kind == FindingKind::kShortHistory ||
        traits.kind == FindingKind::kBirths || traits.kind == FindingKind::kNoTraffic ||
        traits.kind == FindingKind::kFewEvents;
    EXPECT_EQ(traits.may_be_softened, soft) << traits.word;
    const bool warns = traits.kind == FindingKind::kShortHistory ||
                       traits.kind == FindingKind::kBirths ||
                       traits.kind == FindingKind::kFewEvents;
    EXPECT_EQ(traits.verdict, warns ? Verdict::kWarn : Verdict::kHold) << traits.word;
  }
}

}  // namespace
}  // namespace slogate
