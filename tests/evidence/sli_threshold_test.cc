#include "gate/evidence/sli_threshold.h"

#include <ostream>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>

#include "gate/evidence/plan.h"
#include "tests/evidence/evidence_case.h"

namespace slogate {
namespace {

// 2,016 slices in the SLO's window, 12 in an hour.
constexpr absl::Duration kWeek = absl::Hours(7 * 24), kHour = absl::Hours(1);

EffectivePolicy PolicyWith(const std::string& threshold) {
  return PolicyOf({.slos = {absl::StrCat("{name: a, objective: 99%, window: 7d, sli: {threshold: {",
                                         threshold, ", slice: 5m}}}")}});
}

ThresholdSli SliOf(const std::string& threshold) {
  return std::get<ThresholdSli>(PolicyWith(threshold).slos.front().sli);
}

constexpr char kQueue[] = "value: queue, at_most: 9.5";

TEST(ThresholdQuestionsTest, AskInHowManySlicesThereIsAValueAndABadOne) {
  const std::vector<Question> questions = AskEvents(SliOf(kQueue), "spare", kHour);
  ASSERT_EQ(questions.size(), 2U);
  for (const Question& question : questions) {
    EXPECT_EQ(question.source, "spare");
    EXPECT_EQ(Print(question.selector), "queue");
    EXPECT_EQ(question.over, kHour);
    EXPECT_EQ(question.slicing->length, absl::Minutes(5));
    EXPECT_EQ(question.slicing->of, Slicing::Of::kValue);
  }
  EXPECT_EQ(questions[0].kind, QuestionKind::kSlices);
  EXPECT_EQ(questions[1].kind, QuestionKind::kSlicesWhere);
  EXPECT_EQ(questions[1].slicing->comparator, Comparator::kAbove);
  EXPECT_EQ(questions[1].slicing->limit, Rational::FromDecimal("9.5").value());
}

TEST(ThresholdQuestionsTest, WhatMustBeHighIsBadWhereItIsLow) {
  const std::vector<Question> questions =
      AskEvents(SliOf("value: 'min(a) / 2', watch: a, at_least: -3"), "main", kHour);
  EXPECT_EQ(questions[1].promql.text, "min(a) / 2");
  EXPECT_TRUE(questions[1].selector.metric.empty());
  EXPECT_EQ(questions[1].slicing->comparator, Comparator::kBelow);
  EXPECT_EQ(questions[1].slicing->limit, Rational(-3));
}

TEST(ThresholdQuestionsTest, WatchTheGaugeUnlessToldOtherwise) {
  EXPECT_EQ(Print(WatchedSelectors(SliOf(kQueue)).at(0)), "queue");
  EXPECT_EQ(Print(WatchedSelectors(SliOf("value: queue, at_most: 1, watch: up")).at(0)), "up");
  EXPECT_TRUE(AskFurther(SliOf(kQueue), "main", kHour, kWeek, {}).empty());
}

struct CountCase {
  const char* name;
  std::string no_data;
  Strings slices;       // those with a value, and the bad ones
  std::string history;  // of the week, "" where nobody asked
  Strings want;
};

void PrintTo(const CountCase& test, std::ostream* out) { *out << test.name; }

class CountThresholdTest : public testing::TestWithParam<CountCase> {};

TEST_P(CountThresholdTest, ComesTo) {
  const CountCase& test = GetParam();
  const ThresholdSli sli = SliOf(absl::StrCat(kQueue, test.no_data));
  Evidence evidence = Told(AskEvents(sli, "main", kHour), test.slices);
  evidence.Append(Told({{QuestionKind::kHistory, "main", {"queue", {}}, kWeek}}, {test.history}));
  EXPECT_EQ(Texts(CountEvents(sli, "main", kHour, kWeek, evidence)), test.want);
}

INSTANTIATE_TEST_SUITE_P(
    Slices, CountThresholdTest,
    testing::ValuesIn(std::vector<CountCase>{
        {"all_have_data", "", {"12", "1"}, "604800", {"1 of 12"}},
        {"none_is_bad", "", {"12", "0"}, "604800", {"0 of 12"}},
        {"those_without_are_skipped", "", {"5", "1"}, "604800", {"1 of 5"}},
        {"or_bad", ", no_data: bad", {"5", "1"}, "604800", {"8 of 12"}},
        {"or_good", ", no_data: good", {"5", "1"}, "604800", {"1 of 12"}},
        {"none_are_missing", ", no_data: bad", {"12", "1"}, "604800", {"1 of 12"}},
        {"more_than_there_can_be_are_as_many",
         ", no_data: bad",
         {"13", "1"},
         "604800",
         {"1 of 13"}},
        {"none_before_the_first_sample", ", no_data: bad", {"5", "1"}, "1800", {"2 of 6"}},
        {"perhaps_before_it", ", no_data: bad", {"5", "1"}, "1750..2050", {"1..3 of 5..7"}},
        {"nothing_is_stored", ", no_data: good", {"5", "1"}, "none", {"1 of 5"}},
        {"only_nan", "", {"0", "0"}, "604800", {"0 of 0"}},
        {"only_nan_and_that_is_bad", ", no_data: bad", {"0", "0"}, "604800", {"12 of 12"}},
        {"the_beginning_is_not_known",
         ", no_data: bad",
         {"5", "1"},
         "timed_out",
         {"timed_out: said of history 0"}},
        {"nobody_asked_for_it",
         ", no_data: good",
         {"5", "1"},
         "",
         {"malformed_answer: the question was not asked"}},
        {"nor_needs_it_where_they_are_skipped", "", {"5", "1"}, "timed_out", {"1 of 5"}},
        {"no_point_at_all",
         "",
         {"none", "none"},
         "604800",
         {"no_series: there is no value of queue in any slice of the last 1 h"}},
        {"nothing_to_compare",
         "",
         {"12", "none"},
         "604800",
         {"malformed_answer: the source has values of queue but cannot compare any within the last "
          "1 "
          "h"}},
        {"more_bad_than_all",
         "",
         {"2", "3"},
         "604800",
         {"not_finite: 3 bad slices of 2 in which there is a value of queue"}},
        {"a_failure", "", {"timed_out", "1"}, "604800", {"timed_out: said of slices 0"}},
        {"several_series",
         "",
         {"12", "many_series"},
         "604800",
         {"many_series: said of slices_where 1"}},
        {"nobody_asked",
         "",
         {"", ""},
         "",
         {"malformed_answer: the question was not asked",
          "malformed_answer: the question was not asked"}},
    }),
    [](const auto& test) { return std::string(test.param.name); });

struct GapCase {
  const char* slices;
  const char* history;
  const char* want;  // "" for no gap
};

TEST(ThresholdGapTest, IsThereWhereTooFewSlicesHaveAValue) {
  const GapCase cases[] = {
      {"2016", "604800", ""},
      {"1815", "604800", ""},
      {"1814", "604800",
       "gap, about 0.8998 against 0.9: 202 of 2016 slices of 5 m end without a value of queue"},
      {"0", "604800",
       "gap, 0 against 0.9: 2016 of 2016 slices of 5 m end without a value of queue"},
      {"260", "86400", ""},
      {"144", "86400",
       "gap, 0.5 against 0.9: 144 of 288 slices of 5 m end without a value of queue"},
      {"0", "none", ""},
      {"0", "timed_out", ""},  // said already, of the history
      {"none", "604800", ""},  // not counted
  };
  const ThresholdSli sli = SliOf(kQueue);
  for (const GapCase& test : cases) {
    Evidence evidence = Told(AskEvents(sli, "main", kWeek), {test.slices, "0"});
    evidence.Append(Told({{QuestionKind::kHistory, "main", {"queue", {}}, kWeek}}, {test.history}));
    const auto gap =
        GapOfValues(sli, "main", kWeek, Rational::FromDecimal("0.9").value(), evidence);
    EXPECT_EQ(gap ? Text(*gap) : "", test.want) << test.slices << " " << test.history;
  }
}

// What is watched may be sampled in all of the week, and the value not be there.
TEST(ThresholdGapTest, IsWeighedBesideTheCoverageOfWhatIsWatched) {
  const EffectivePolicy policy = PolicyWith("value: 'a / b', watch: up, at_most: 1");
  const EffectiveSlo& slo = policy.slos.front();
  Evidence evidence =
      Told(AskEvents(std::get<ThresholdSli>(slo.sli), "main", kWeek), {"1000", "1"});
  evidence.Append(Told(
      {{"newest_sample up 5m", "12"}, {"history up 7d", "604800"}, {"coverage up 7d 5m", "120"}}));
  const SloEvidence weighed = Weigh(policy, slo, {kWeek}, evidence);
  EXPECT_EQ(Text(weighed.counts.at(kWeek)), "1 of 1000");
  ASSERT_EQ(weighed.findings.size(), 1U);
  EXPECT_EQ(
      Text(weighed.findings[0].finding),
      "gap, about 0.4960 against 0.9: 1016 of 2016 slices of 5 m end without a value of a / b");
}

}  // namespace
}  // namespace slogate
