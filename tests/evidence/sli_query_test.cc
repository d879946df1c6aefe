#include "gate/evidence/sli_query.h"

#include <ostream>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>

#include "tests/evidence/evidence_case.h"

namespace slogate {
namespace {

constexpr absl::Duration kMonth = absl::Hours(30 * 24), kHour = absl::Hours(1);

QuerySli SliOf(const std::string& half) {
  const EffectivePolicy policy =
      PolicyOf({.slos = {absl::StrCat("{name: a, objective: 99%, window: 30d, sli: {query: {total: "
                                      "'n[$window]', ",
                                      half, ", watch: requests}}}")}});
  return std::get<QuerySli>(policy.slos.front().sli);
}

constexpr char kBad[] = "bad: 'b[$window]'", kGood[] = "good: 'g[$window]'";

TEST(QueryQuestionsTest, AskTheAuthorsOwn) {
  const std::vector<Question> questions = AskEvents(SliOf(kGood), "spare", kHour);
  ASSERT_EQ(questions.size(), 2U);
  EXPECT_EQ(questions[0].promql.text, "n[$window]");
  EXPECT_EQ(questions[1].promql.text, "g[$window]");
  for (const Question& question : questions) {
    EXPECT_EQ(question.kind, QuestionKind::kNumber);
    EXPECT_EQ(question.source, "spare");
    EXPECT_EQ(question.over, kHour);
  }
  EXPECT_EQ(Print(WatchedSelectors(SliOf(kBad)).at(0)), "requests");
  EXPECT_TRUE(AskFurther(SliOf(kBad), "main", kHour, kMonth, {}).empty());
}

struct CountCase {
  const char* name;
  const char* half;
  Strings numbers;  // total, half
  Strings want;
};

void PrintTo(const CountCase& test, std::ostream* out) { *out << test.name; }

class CountQueryTest : public testing::TestWithParam<CountCase> {};

TEST_P(CountQueryTest, ComesTo) {
  const QuerySli sli = SliOf(GetParam().half);
  const Evidence evidence = Told(AskEvents(sli, "main", kHour), GetParam().numbers);
  EXPECT_EQ(Texts(CountEvents(sli, "main", kHour, kMonth, evidence)), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Numbers, CountQueryTest,
    testing::ValuesIn(std::vector<CountCase>{
        {"bad", kBad, {"~1000", "~3"}, {"3 of 1000 (estimate)"}},
        {"good", kGood, {"~1000", "~997"}, {"3 of 1000 (estimate)"}},
        {"more_good_than_all", kGood, {"1000", "1003"}, {"0..3 of 1000"}},
        {"none_came", kBad, {"0", "0"}, {"0 of 0"}},
        {"bad_ones_of_none",
         kBad,
         {"0", "2"},
         {"not_finite: the query of bad counts events in the last 1 h, and that of total none: the "
          "two do not count the same thing"}},
        {"no_total",
         kBad,
         {"none", "3"},
         {"no_series: the query of total gives nothing over 1 h: n[1h]"}},
        {"no_bad_is_not_zero_bad",
         kBad,
         {"1000", "none"},
         {"no_series: the query of bad gives nothing over 1 h: b[1h]"}},
        {"no_good_is_not_all_bad",
         kGood,
         {"1000", "none"},
         {"no_series: the query of good gives nothing over 1 h: g[1h]"}},
        {"neither",
         kBad,
         {"none", "none"},
         {"no_series: the query of total gives nothing over 1 h: n[1h]",
          "no_series: the query of bad gives nothing over 1 h: b[1h]"}},
        {"a_failure", kBad, {"rejected_query", "none"}, {"rejected_query: said of number 0"}},
        {"nobody_asked", kBad, {"1000", ""}, {"malformed_answer: the question was not asked"}},
    }),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace slogate
