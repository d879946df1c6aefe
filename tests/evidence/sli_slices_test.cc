#include "gate/evidence/sli_slices.h"

#include <ostream>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>

#include "tests/evidence/evidence_case.h"

namespace slogate {
namespace {

constexpr absl::Duration kWeek = absl::Hours(7 * 24), kHour = absl::Hours(1);

SlicesSli SliOf(const std::string& slices) {
  const EffectivePolicy policy =
      PolicyOf({.slos = {absl::StrCat("{name: a, objective: 95%, window: 7d, sli: {slices: {",
                                      slices, ", slice: 5m}}}")}});
  return std::get<SlicesSli>(policy.slos.front().sli);
}

constexpr char kBad[] = R"(total: all, bad: '{code="5"}', ratio: 99%)";
constexpr char kGood[] = R"(total: all, good: '{code="2"}', ratio: 99%)";
constexpr char kOther[] = "total: all, bad: failed, ratio: 99%";
constexpr char kPair[] = "good: served, bad: failed, ratio: 99%";

TEST(SlicesQuestionsTest, AskForTheShareOfBadEventsOnBothSidesOfItsNoise) {
  const std::vector<Question> questions = AskEvents(SliOf(kBad), "spare", kHour);
  ASSERT_EQ(questions.size(), 3U);
  for (const Question& question : questions) {
    EXPECT_EQ(question.source, "spare");
    EXPECT_EQ(Print(question.selector), "all");
    EXPECT_EQ(question.over, kHour);
    EXPECT_EQ(question.slicing->length, absl::Minutes(5));
    EXPECT_EQ(question.slicing->of, Slicing::Of::kEvents);
    EXPECT_FALSE(question.slicing->beside);
  }
  EXPECT_EQ(questions[0].kind, QuestionKind::kSlices);
  EXPECT_TRUE(questions[0].slicing->part.metric.empty());
  for (size_t i = 1; i < 3; ++i) {
    EXPECT_EQ(questions[i].kind, QuestionKind::kSlicesWhere);
    EXPECT_EQ(Print(questions[i].slicing->part), R"(all{code="5"})");
    EXPECT_EQ(questions[i].slicing->comparator, Comparator::kAbove);
  }
  EXPECT_EQ(questions[1].slicing->limit.ExactDecimal(), "0.01000000001");
  EXPECT_EQ(questions[2].slicing->limit.ExactDecimal(), "0.00999999999");
}

TEST(SlicesQuestionsTest, AskForTheShareOfGoodEventsWhereBadOnesAreNotNamed) {
  const std::vector<Question> questions = AskEvents(SliOf(kGood), "main", kHour);
  EXPECT_EQ(Print(questions[1].slicing->part), R"(all{code="2"})");
  EXPECT_EQ(questions[1].slicing->comparator, Comparator::kAtLeast);
  EXPECT_EQ(questions[1].slicing->limit.ExactDecimal(), "0.99000000099");
  EXPECT_EQ(questions[2].slicing->limit.ExactDecimal(), "0.98999999901");
}

TEST(SlicesQuestionsTest, AddGoodAndBadWhereThereIsNoTotal) {
  const std::vector<Question> questions = AskEvents(SliOf(kPair), "main", kHour);
  for (const Question& question : questions) {
    EXPECT_EQ(Print(question.selector), "served");
    EXPECT_EQ(Print(question.slicing->part), "failed");
    EXPECT_TRUE(question.slicing->beside);
  }
  EXPECT_EQ(WatchedSelectors(SliOf(kPair)).size(), 2U);
}

// All events of a good slice being good leaves no room for noise.
TEST(SlicesQuestionsTest, AskOnceWhetherAnyEventIsBad) {
  const std::vector<Question> questions =
      AskEvents(SliOf("total: all, bad: failed, ratio: 100%"), "main", kHour);
  EXPECT_EQ(questions[1], questions[2]);
  EXPECT_EQ(questions[1].slicing->limit, Rational(0));
}

struct FurtherCase {
  const char* name;
  const char* sli;
  Strings slices;
  Strings want;
};

TEST(SlicesFurtherTest, AsksWhetherCountersExist) {
  const FurtherCase cases[] = {
      {"all is there", kBad, {"12", "0", "1"}, {}},
      {"nothing is bad yet", kBad, {"12", "none", "none"}, {"series_seen all{code!=\"\"} 7d"}},
      {"another counter", kOther, {"12", "none", "none"}, {"series_seen failed 7d"}},
      {"good and bad", kPair, {"12", "0", "0"}, {"series_seen served 7d"}},
      {"good alone",
       kPair,
       {"12", "none", "none"},
       {"series_seen failed 7d", "series_seen served 7d"}},
      {"nothing is there", kBad, {"none", "none", "none"}, {}},
      {"nothing is known", kBad, {"timed_out", "none", "none"}, {}},
  };
  for (const FurtherCase& test : cases) {
    const SlicesSli sli = SliOf(test.sli);
    const Evidence evidence = Told(AskEvents(sli, "main", kHour), test.slices);
    EXPECT_EQ(Texts(AskFurther(sli, "main", kHour, kWeek, evidence)), test.want) << test.name;
  }
}

struct CountCase {
  const char* name;
  std::string sli;
  Strings slices;    // busy ones; surely and perhaps beyond the ratio
  Readings further;  // what else was asked
  Strings want;
};

void PrintTo(const CountCase& test, std::ostream* out) { *out << test.name; }

class CountSlicesTest : public testing::TestWithParam<CountCase> {};

TEST_P(CountSlicesTest, ComesTo) {
  const CountCase& test = GetParam();
  const SlicesSli sli = SliOf(test.sli);
  Evidence evidence = Told(AskEvents(sli, "main", kHour), test.slices);
  evidence.Append(Told(test.further));
  EXPECT_EQ(Texts(CountEvents(sli, "main", kHour, kWeek, evidence)), test.want);
}

constexpr char kCarries[] = R"(series_seen all{code!=""} 7d)";

INSTANTIATE_TEST_SUITE_P(
    Slices, CountSlicesTest,
    testing::ValuesIn(std::vector<CountCase>{
        {"bad", kBad, {"12", "2", "2"}, {}, {"2 of 12 (estimate)"}},
        {"just_at_the_ratio", kBad, {"12", "2", "5"}, {}, {"2..5 of 12 (estimate)"}},
        {"good", kGood, {"12", "9", "10"}, {}, {"2..3 of 12 (estimate)"}},
        {"more_good_than_all", kGood, {"12", "13", "13"}, {}, {"0..1 of 12 (estimate)"}},
        {"quiet_slices_are_skipped", kBad, {"5", "1", "1"}, {}, {"1 of 5 (estimate)"}},
        {"or_bad",
         absl::StrCat(kBad, ", no_data: bad"),
         {"5", "1", "1"},
         {{"history all 7d", "604800"}},
         {"8 of 12 (estimate)"}},
        {"or_good",
         absl::StrCat(kBad, ", no_data: good"),
         {"5", "1", "1"},
         {{"history all 7d", "604800"}},
         {"1 of 12 (estimate)"}},
        {"nobody_came", kBad, {"0", "0", "0"}, {}, {"0 of 0 (estimate)"}},
        {"no_bad_series_yet",
         kBad,
         {"12", "none", "none"},
         {{kCarries, "1"}},
         {"0 of 12 (estimate)"}},
        {"no_such_label",
         kBad,
         {"12", "none", "none"},
         {{kCarries, "0"}},
         {"no_series: no series of all carries the label code"}},
        {"no_such_counter",
         kOther,
         {"12", "none", "none"},
         {{"series_seen failed 7d", "0"}},
         {"no_series: the source has never seen a series of failed"}},
        {"not_known_whether_there_is",
         kOther,
         {"12", "none", "none"},
         {{"series_seen failed 7d", "timed_out"}},
         {"timed_out: said of series_seen failed 7d"}},
        {"nobody_asked_whether_there_is",
         kOther,
         {"12", "none", "none"},
         {},
         {"malformed_answer: the question was not asked"}},
        {"good_and_bad",
         kPair,
         {"12", "1", "1"},
         {{"series_seen served 7d", "1"}},
         {"1 of 12 (estimate)"}},
        {"good_was_never_seen_and_is_not_all_bad",
         kPair,
         {"12", "12", "12"},
         {{"series_seen served 7d", "0"}},
         {"no_series: the source has never seen a series of served"}},
        {"no_total",
         kBad,
         {"none", "none", "none"},
         {},
         {"no_series: no series of all has two samples in the last 1 h"}},
        {"bad_ones_of_nobody",
         kOther,
         {"3", "4", "4"},
         {},
         {"not_finite: 4 bad slices of 3 in which there is an event of all"}},
        {"a_failure", kBad, {"12", "0", "too_large"}, {}, {"too_large: said of slices_where 2"}},
        {"nobody_asked",
         kBad,
         {"12", "", "0"},
         {},
         {"malformed_answer: the question was not asked"}},
    }),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace slogate
