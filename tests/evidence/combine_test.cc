#include "gate/evidence/combine.h"

#include <algorithm>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>

#include "tests/evidence/evidence_case.h"

namespace slogate {
namespace {

Bounds Read(const std::string& text) {
  const Strings ends = absl::StrSplit(text, "..");
  return {Rational::FromDecimal(ends.front()).value(), Rational::FromDecimal(ends.back()).value()};
}

// "3 of 1000", "~2..3 of 1000" (an estimate), "0..2 of 1000!" (more good events than events in all).
EventCount Counted(std::string text) {
  EventCount count;
  count.estimate = absl::StartsWith(text, "~");
  if (count.estimate) text.erase(0, 1);
  count.good_exceeds_total = absl::EndsWith(text, "!");
  if (count.good_exceeds_total) text.pop_back();
  const Strings parts = absl::StrSplit(text, " of ");
  count.bad = Read(parts.at(0));
  count.total = Read(parts.at(1));
  return count;
}

std::string Told(const EventCount& count) {
  return absl::StrCat(count.estimate ? "~" : "", Text(count.bad), " of ", Text(count.total),
                      count.good_exceeds_total ? "!" : "");
}

struct Case {
  const char* name;
  Strings counts;
  const char* sum;
  const char* worst;
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.name; }

class CombineCounts : public testing::TestWithParam<Case> {};

TEST_P(CombineCounts, WhicheverStandsFirst) {
  Strings texts = GetParam().counts;
  std::sort(texts.begin(), texts.end());
  do {
    std::vector<EventCount> counts;
    for (const std::string& text : texts) counts.push_back(Counted(text));
    EXPECT_EQ(Told(SumOf(counts)), GetParam().sum) << absl::StrJoin(texts, ", ");
    EXPECT_EQ(Told(WorstOf(counts)), GetParam().worst) << absl::StrJoin(texts, ", ");
  } while (std::next_permutation(texts.begin(), texts.end()));
}

EventCount After(EventCount count, const std::string& previous) {
  count.previous_total = Read(previous);
  return count;
}

TEST(PeriodsBefore, AreAddedWhereTheyAreKnown) {
  const EventCount eu = After(Counted("1 of 100"), "3000"), us = After(Counted("2 of 200"), "400");
  EXPECT_EQ(Text(*SumOf({eu, us}).previous_total), "3400");
  // A budget is not made larger by events that nobody knows of.
  EXPECT_EQ(Text(*SumOf({eu, Counted("2 of 200")}).previous_total), "3000");
  EXPECT_FALSE(SumOf({Counted("1 of 100"), Counted("2 of 200")}).previous_total);
}

TEST(PeriodsBefore, AreThoseOfTheWorst) {
  const EventCount bad = After(Counted("2 of 100"), "3000"), good = After(Counted("1 of 100"), "9");
  EXPECT_EQ(Text(*WorstOf({good, bad}).previous_total), "3000");
  const EventCount perhaps = After(Counted("0..4 of 100"), "500");
  EXPECT_EQ(Text(*WorstOf({perhaps, bad}).previous_total), "500..3000");
  EXPECT_FALSE(WorstOf({Counted("0..4 of 100"), bad}).previous_total);
}

TEST(Steps, OfOneSourceAreThoseOfAll) {
  EventCount moved = Counted("0..4 of 100");
  moved.step = true;
  EXPECT_TRUE(SumOf({moved, Counted("2 of 100")}).step);
  EXPECT_TRUE(WorstOf({moved, Counted("2 of 100")}).step);
  EXPECT_FALSE(WorstOf({Counted("1 of 100"), Counted("2 of 100")}).step);
}

INSTANTIATE_TEST_SUITE_P(
    All, CombineCounts,
    testing::ValuesIn(std::vector<Case>{
        {"one", {"3 of 1000"}, "3 of 1000", "3 of 1000"},
        // The mean of the ratios, 5.05 %, would be neither.
        {"events_not_ratios", {"10 of 100", "10 of 10000"}, "20 of 10100", "10 of 100"},
        {"the_larger_share_not_the_larger_number",
         {"9 of 100", "10 of 1000"},
         "19 of 1100",
         "9 of 100"},
        {"a_hairs_breadth",
         {"1 of 3", "333333333333 of 1000000000000"},
         "333333333334 of 1000000000003",
         "1 of 3"},
        {"three", {"1 of 10", "2 of 10", "3 of 10"}, "6 of 30", "3 of 10"},
        {"equal_shares", {"1 of 10", "10 of 100"}, "11 of 110", "10 of 100"},
        {"nothing_bad", {"0 of 10", "0 of 100"}, "0 of 110", "0 of 100"},
        {"no_events_at_one", {"0 of 0", "1 of 100"}, "1 of 100", "1 of 100"},
        {"no_events_at_one_and_none_bad", {"0 of 0", "0 of 100"}, "0 of 100", "0 of 100"},
        {"no_events_at_all", {"0 of 0", "0 of 0"}, "0 of 0", "0 of 0"},
        {"more_bad_than_events", {"5 of 0", "1 of 100"}, "6 of 100", "5 of 0"},
        {"bounds_apart", {"1..2 of 100", "3..4 of 100"}, "4..6 of 200", "3..4 of 100"},
        {"bounds_that_touch", {"1..3 of 100", "3..4 of 100"}, "4..7 of 200", "3..4 of 100"},
        {"bounds_that_overlap", {"1..4 of 100", "3..5 of 120"}, "4..9 of 220", "1..5 of 100..120"},
        {"one_within_the_other", {"1..9 of 100", "3..4 of 100"}, "4..13 of 200", "1..9 of 100"},
        {"only_those_that_may_be_worst",
         {"1..2 of 100", "5..7 of 100", "6..8 of 100"},
         "12..17 of 300",
         "5..8 of 100"},
        {"an_estimate_makes_the_sum_one", {"~1 of 100", "2 of 100"}, "~3 of 200", "2 of 100"},
        {"more_good_than_all_at_one", {"0..2 of 100!", "5 of 100"}, "5..7 of 200", "5 of 100"},
        {"more_good_than_all_at_both",
         {"0..2 of 100!", "0..3 of 90!"},
         "0..5 of 190!",
         "0..3 of 90..100!"},
    }),
    [](const auto& test) { return std::string(test.param.name); });

constexpr absl::Duration kHour = absl::Hours(1), kMonth = absl::Hours(720);

SloFinding Found(FindingKind kind, std::optional<absl::Duration> window, std::string source) {
  return {{kind, {}, {}, ""}, window, std::move(source)};
}

TEST(CombineSources, OneStaysAsItIs) {
  SloEvidence one;
  one.counts[kHour] = Counted("1 of 10");
  one.findings = {Found(FindingKind::kStale, std::nullopt, "eu")};
  for (const Combining how : {Combining::kSum, Combining::kWorst}) {
    const SloEvidence out = CombineSources(how, {one});
    EXPECT_EQ(Told(out.counts.at(kHour)), "1 of 10");
    ASSERT_EQ(out.findings.size(), 1u);
    EXPECT_EQ(out.findings[0].source, "eu");
  }
}

// Whatever one of them did not tell is not known, even where the others look well; its findings say why.
TEST(CombineSources, AWindowThatOneCouldNotCountHasNoCount) {
  SloEvidence eu, us;
  eu.counts = {{kHour, Counted("1 of 10")}, {kMonth, Counted("2 of 1000")}};
  us.counts = {{kMonth, Counted("3 of 2000")}};
  us.findings = {Found(FindingKind::kNoSeries, kHour, "us")};
  for (const bool swapped : {false, true}) {
    const std::vector<SloEvidence> both = swapped ? std::vector{us, eu} : std::vector{eu, us};
    const SloEvidence sum = CombineSources(Combining::kSum, both);
    EXPECT_EQ(sum.counts.count(kHour), 0u);
    EXPECT_EQ(Told(sum.counts.at(kMonth)), "5 of 3000");
    const SloEvidence worst = CombineSources(Combining::kWorst, both);
    EXPECT_EQ(worst.counts.count(kHour), 0u);
    EXPECT_EQ(Told(worst.counts.at(kMonth)), "2 of 1000");
    EXPECT_EQ(worst.findings.size(), 1u);
  }
}

}  // namespace
}  // namespace slogate
