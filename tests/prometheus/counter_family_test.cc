#include "gate/prometheus/counter_family.h"

#include <ostream>
#include <string>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>
#include <gtest/gtest.h>

#include "gate/base/duration.h"

namespace slogate {
namespace {

using Strings = std::vector<std::string>;

struct Case {
  const char* name;
  Strings asked;  // "SELECTOR WINDOW"
  Strings
      want;  // a family: its reads, its windows, and each selector as "read+where", of its whole
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.name; }

std::string Shown(const CounterFamily& family) {
  const auto print = [](std::string* out, const auto& one) { out->append(Print(one)); };
  Strings counted, windows;
  for (size_t i = 0; i < family.counted.size(); ++i) {
    const CountedSelector& one = family.counted[i];
    counted.push_back(absl::StrCat(one.read));
    if (!one.where.empty())
      absl::StrAppend(&counted.back(), "+", absl::StrJoin(one.where, ",", print));
    if (const auto whole = WholeOf(i, family)) absl::StrAppend(&counted.back(), " of ", *whole);
  }
  for (const absl::Duration window : family.windows) windows.push_back(PrintDuration(window));
  return absl::StrCat(absl::StrJoin(family.reads, " & ", print), " | ", absl::StrJoin(windows, " "),
                      " | ", absl::StrJoin(counted, "; "));
}

class CounterFamilyTest : public testing::TestWithParam<Case> {};

TEST_P(CounterFamilyTest, ReadsTogether) {
  std::vector<Question> questions;
  for (const std::string& asked : GetParam().asked) {
    const std::pair<std::string, std::string> parts = absl::StrSplit(asked, ' ');
    Question question{QuestionKind::kEvents, "main", {}, *ParseDuration(parts.second)};
    SelectorMistake mistake;
    ASSERT_TRUE(ParseSelector(parts.first, question.selector, mistake)) << mistake.message;
    questions.push_back(std::move(question));
  }
  Strings got;
  for (const CounterFamily& family : FamiliesOf(questions)) {
    got.push_back(Shown(family));
    EXPECT_EQ(family.max_age, absl::Minutes(5));
  }
  EXPECT_EQ(got, GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, CounterFamilyTest,
    testing::ValuesIn(std::vector<Case>{
        {"TotalAndBad",
         {"x 5m", "x 30d", R"(x{code=~"5.."} 5m)"},
         {R"(x | 30d 5m | 0; 0+code=~"5.." of 0)"}},
        {"InAnyOrderOfMatchers",
         {R"(x{b="2",code=~"5..",a="1"} 5m)", R"(x{a="1",b="2"} 5m)"},
         {R"(x{a="1",b="2"} | 5m | 0; 0+code=~"5.." of 0)"}},
        {"TheNarrowestIsTheWhole",
         {"x 5m", R"(x{a="1"} 5m)", R"(x{a="1",b="2"} 5m)"},
         {R"(x | 5m | 0; 0+a="1" of 0; 0+a="1",b="2" of 1)"}},
        {"WhatTheServerDecidesIsReadApart",
         {"x 5m", R"(x{code=~"5[0-9]+"} 5m)"},
         {R"(x & x{code=~"5[0-9]+"} | 5m | 0; 1 of 0)"}},
        {"BucketsOfOneHistogram",
         {R"(h_bucket{le="+Inf",a="1"} 7d)", R"(h_bucket{le="0.3",a="1"} 7d)"},
         {R"(h_bucket{a="1",le="+Inf"} & h_bucket{a="1",le="0.3"} | 7d | 0; 1 of 0)"}},
        {"OthersOfTheSameMatchers",
         {R"(x{a="1"} 7d)", R"(y{a="1"} 7d)"},
         {R"(x{a="1"} & y{a="1"} | 7d | 0; 1)"}},
        {"ServicesApart",
         {R"(x{a="1"} 7d)", R"(x{a="2"} 7d)", R"(y{b="1"} 7d)"},
         {R"(x{a="1"} | 7d | 0)", R"(x{a="2"} | 7d | 0)", R"(y{b="1"} | 7d | 0)"}},
    }),
    [](const auto& test) { return std::string(test.param.name); });

TEST(CounterFamiliesTest, ComeOfCountsAloneAndTakeTheAgeOfCoverage) {
  const Selector x = {"x", {}};
  EXPECT_TRUE(FamiliesOf(std::vector<Question>{{QuestionKind::kHistory, "main", x, absl::Hours(1)}})
                  .empty());
  const std::vector<CounterFamily> families = FamiliesOf(std::vector<Question>{
      {QuestionKind::kEvents, "main", x, absl::Hours(1)},
      {QuestionKind::kCoverage, "main", x, absl::Hours(1), absl::Minutes(20)}});
  ASSERT_EQ(families.size(), 1U);
  EXPECT_EQ(families[0].max_age, absl::Minutes(20));
}

}  // namespace
}  // namespace slogate
