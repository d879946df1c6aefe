#include "gate/prometheus/grouping.h"

#include <ostream>
#include <string>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <gtest/gtest.h>

namespace slogate {
namespace {

using Kind = Ask::Kind;

Selector Read(absl::string_view text) {
  Selector selector;
  SelectorMistake mistake;
  EXPECT_TRUE(ParseSelector(text, selector, mistake)) << text << ": " << mistake.message;
  return selector;
}

Ask Increase(absl::string_view selector) {
  return {Kind::kIncrease, Read(selector), absl::Hours(1)};
}

// One line a request, and below it what of the answer goes to which ask.
std::string Shown(const std::vector<Group>& groups) {
  std::string out;
  for (const Group& group : groups) {
    absl::StrAppend(&out, QueryText(group.ask, group.by), "\n");
    for (const Share& share : group.shares) {
      const std::string where = absl::StrJoin(
          share.where, ",",
          [](std::string* text, const Matcher& matcher) { text->append(Print(matcher)); });
      absl::StrAppend(&out, "  ", share.ask, " {", where, "}\n");
    }
  }
  return out;
}

struct GroupCase {
  const char* name;
  std::vector<const char*> selectors;
  const char* groups;
};

void PrintTo(const GroupCase& test, std::ostream* out) { *out << test.name; }

class Grouping : public testing::TestWithParam<GroupCase> {};

TEST_P(Grouping, AsksThis) {
  std::vector<Ask> asks;
  for (const char* selector : GetParam().selectors) asks.push_back(Increase(selector));
  EXPECT_EQ(Shown(GroupAsks(asks)), GetParam().groups);
}

INSTANTIATE_TEST_SUITE_P(
    Counters, Grouping,
    testing::Values(
        GroupCase{"nothing", {}, ""},
        GroupCase{"one_counter", {R"(x{a="1"})"}, R"(sum(increase(x{a="1"}[1h]))
  0 {}
)"},
        GroupCase{"bad_is_a_part_of_total",
                  {R"(x{service="a"})", R"(x{service="a",code=~"5.."})"},
                  R"(sum by (code) (increase(x{service="a"}[1h]))
  0 {}
  1 {code=~"5.."}
)"},
        GroupCase{"whatever_the_order_of_the_matchers",
                  {R"(x{env="prod",code="500",service="a"})", R"(x{service="a",env="prod"})"},
                  R"(sum by (code) (increase(x{service="a",env="prod"}[1h]))
  1 {}
  0 {code="500"}
)"},
        GroupCase{"good_and_bad_of_one_total",
                  {"x", R"(x{code=~"2..|3.."})", R"(x{code!~"2..|3.."})"},
                  R"(sum by (code) (increase(x[1h]))
  0 {}
  1 {code=~"2..|3.."}
  2 {code!~"2..|3.."}
)"},
        GroupCase{"several_matchers_on_the_label",
                  {"x", R"(x{code=~"5..",code!="503"})"},
                  R"(sum by (code) (increase(x[1h]))
  0 {}
  1 {code!="503",code=~"5.."}
)"},
        GroupCase{"what_is_left_to_the_server",
                  {"x", R"(x{code=~"5[0-9]+"})"},
                  R"(sum(increase(x[1h]))
  0 {}
sum(increase(x{code=~"5[0-9]+"}[1h]))
  1 {}
)"},
        GroupCase{"two_more_labels_are_no_part",
                  {"x", R"(x{code="500",method="GET"})"},
                  R"(sum(increase(x[1h]))
  0 {}
sum(increase(x{code="500",method="GET"}[1h]))
  1 {}
)"},
        GroupCase{"a_total_is_divided_by_one_label_only",
                  {"x", R"(x{code=~"5.."})", R"(x{slow="yes"})"},
                  R"(sum by (code) (increase(x[1h]))
  0 {}
  1 {code=~"5.."}
sum(increase(x{slow="yes"}[1h]))
  2 {}
)"},
        GroupCase{"parts_of_parts_are_left_to_the_server",
                  {"x", R"(x{code="500"})", R"(x{code="500",method="GET"})"},
                  R"(sum by (code) (increase(x[1h]))
  0 {}
  1 {code="500"}
sum(increase(x{code="500",method="GET"}[1h]))
  2 {}
)"},
        GroupCase{"other_metrics_are_no_parts",
                  {"x", R"(y{code="500"})"},
                  R"(sum(increase(x[1h]))
  0 {}
sum(increase(y{code="500"}[1h]))
  1 {}
)"},
        GroupCase{"selectors_that_differ_in_one_value",
                  {R"(x{service="a",env="prod"})", R"(x{service="b",env="prod"})"},
                  R"(sum by (service) (increase(x{service=~"a|b",env="prod"}[1h]))
  0 {service="a"}
  1 {service="b"}
)"},
        GroupCase{"totals_with_their_parts",
                  {R"(x{service="b"})", R"(x{service="b",code=~"5.."})", R"(x{service="a"})",
                   R"(x{service="a",code=~"4..|5.."})"},
                  R"(sum by (service, code) (increase(x{service=~"a|b"}[1h]))
  0 {service="b"}
  1 {service="b",code=~"5.."}
  2 {service="a"}
  3 {service="a",code=~"4..|5.."}
)"},
        GroupCase{"those_without_parts_go_together_too",
                  {R"(x{service="a"})", R"(x{service="a",code="500"})", R"(x{service="b"})",
                   R"(x{service="c"})"},
                  R"(sum by (code) (increase(x{service="a"}[1h]))
  0 {}
  1 {code="500"}
sum by (service) (increase(x{service=~"b|c"}[1h]))
  2 {service="b"}
  3 {service="c"}
)"},
        GroupCase{"values_are_literals",
                  {R"(x{path="/a.b"})", R"re(x{path="/a|b(c)"})re"},
                  R"re(sum by (path) (increase(x{path=~"/a\\.b|/a\\|b\\(c\\)"}[1h]))
  0 {path="/a.b"}
  1 {path="/a|b(c)"}
)re"},
        GroupCase{"only_equals_makes_a_family",
                  {R"(x{a=~"1+"})", R"(x{a=~"2+"})"},
                  R"(sum(increase(x{a=~"1+"}[1h]))
  0 {}
sum(increase(x{a=~"2+"}[1h]))
  1 {}
)"},
        GroupCase{"two_differences_do_not_go_together",
                  {R"(x{a="1",b="1"})", R"(x{a="2",b="2"})"},
                  R"(sum(increase(x{a="1",b="1"}[1h]))
  0 {}
sum(increase(x{a="2",b="2"}[1h]))
  1 {}
)"},
        GroupCase{
            "each_joins_the_largest_family",
            {R"(x{a="1",b="1"})", R"(x{a="1",b="2"})", R"(x{a="2",b="1"})", R"(x{a="3",b="1"})"},
            R"(sum by (a) (increase(x{a=~"1|2|3",b="1"}[1h]))
  0 {a="1"}
  2 {a="2"}
  3 {a="3"}
sum(increase(x{a="1",b="2"}[1h]))
  1 {}
)"},
        GroupCase{"values_with_control_characters_go_alone",
                  {"x{a=\"1\"}", "x{a=\"2\\n\"}"},
                  "sum(increase(x{a=\"1\"}[1h]))\n  0 {}\nsum(increase(x{a=\"2\\n\"}[1h]))\n"
                  "  1 {}\n"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(GroupAsks, KeepsKindsAndWindowsApart) {
  const Selector a = Read(R"(x{service="a"})"), b = Read(R"(x{service="b"})");
  const std::vector<Ask> asks = {{Kind::kTime},
                                 {Kind::kIncrease, a, absl::Hours(1)},
                                 {Kind::kIncrease, b, absl::Hours(2)},
                                 {Kind::kNewest, a},
                                 {Kind::kNewest, b},
                                 {Kind::kAnySample, a, absl::Hours(6), absl::Hours(714)},
                                 {Kind::kAnySample, b, absl::Hours(6), absl::Hours(714)},
                                 {Kind::kIndex, a},
                                 {Kind::kIndex, b},
                                 {Kind::kBounds, a, absl::Minutes(5)},
                                 {Kind::kBounds, b, absl::Minutes(5)}};
  EXPECT_EQ(Shown(GroupAsks(asks)), R"(time()
  0 {}
sum(increase(x{service="a"}[1h]))
  1 {}
sum(increase(x{service="b"}[2h]))
  2 {}
time() - max by (service) (timestamp(x{service=~"a|b"}))
  3 {service="a"}
  4 {service="b"}
group by (service) (last_over_time(x{service=~"a|b"}[6h] offset 29d18h))
  5 {service="a"}
  6 {service="b"}
x{service="a"}
  7 {}
x{service="b"}
  8 {}
group by (le) (last_over_time(x{service="a"}[5m]))
  9 {}
group by (le) (last_over_time(x{service="b"}[5m]))
  10 {}
)");
}

// Of the same time before, and never of another.
TEST(GroupAsks, KeepsTimesApart) {
  const Selector a = Read(R"(x{service="a"})"), b = Read(R"(x{service="b"})");
  const std::vector<Ask> asks = {{Kind::kIncrease, a, absl::Hours(744), absl::Hours(216)},
                                 {Kind::kIncrease, b, absl::Hours(744), absl::Hours(216)},
                                 {Kind::kIncrease, a, absl::Hours(744), absl::Hours(217)},
                                 {Kind::kIncrease, b, absl::Hours(744)}};
  EXPECT_EQ(Shown(GroupAsks(asks)), R"(sum by (service) (increase(x{service=~"a|b"}[31d] offset 9d))
  0 {service="a"}
  1 {service="b"}
sum(increase(x{service="a"}[31d] offset 9d1h))
  2 {}
sum(increase(x{service="b"}[31d]))
  3 {}
)");
}

// Only sums are put together from parts; the age of a part says nothing of the whole.
TEST(GroupAsks, DividesNothingButCounts) {
  const std::vector<Ask> asks = {{Kind::kNewest, Read("x")}, {Kind::kNewest, Read(R"(x{a="1"})")}};
  EXPECT_EQ(Shown(GroupAsks(asks)), R"(time() - max(timestamp(x))
  0 {}
time() - max(timestamp(x{a="1"}))
  1 {}
)");
}

TEST(GroupAsks, EveryAskHasOneShareAndNoQueryGrowsBeyondTheLimit) {
  std::vector<Ask> asks;
  for (int i = 0; i < 120; ++i) {
    const std::string service = absl::StrCat("{service=\"s", i, "\"");
    asks.push_back(Increase(absl::StrCat("x", service, "}")));
    asks.push_back(Increase(absl::StrCat("x", service, ",code=~\"5..\"}")));
  }
  std::vector<int> shares(asks.size());
  const std::vector<Group> groups = GroupAsks(asks);
  ASSERT_EQ(groups.size(), 3u);
  for (const Group& group : groups) {
    EXPECT_EQ(group.shares.size(), 80u);  // 40 totals, each with its part
    for (const Share& share : group.shares) ++shares[share.ask];
  }
  for (const int count : shares) EXPECT_EQ(count, 1);
}

TEST(GroupAsks, NoQueryGrowsBeyondWhatServersTake) {
  std::vector<Ask> asks;
  for (char c = 'a'; c < 'e'; ++c) {
    asks.push_back(Increase(absl::StrCat("x{path=\"", std::string(2'500, c), "\"}")));
  }
  const std::vector<Group> groups = GroupAsks(asks);
  ASSERT_EQ(groups.size(), 2u);
  for (const Group& group : groups) EXPECT_EQ(group.shares.size(), 2u);
  // A value may be longer than that by itself.
  asks.resize(2);
  for (Ask& ask : asks) ask.selector.matchers[0].value += std::string(10'000, 'x');
  EXPECT_EQ(GroupAsks(asks).size(), 2u);
}

struct Divided {
  std::vector<std::string> labels;
  const char* value;  // or the detail of a finding, after '!'
};

std::vector<Part> PartsOf(const std::vector<Divided>& divided) {
  std::vector<Part> parts;
  for (const Divided& one : divided) {
    Part part{one.labels, {}};
    if (one.value[0] == '!') {
      part.heard.finding = Finding{FindingKind::kNotFinite, {}, {}, one.value + 1};
    } else {
      part.heard.value = Rational::FromDecimal(one.value);
    }
    parts.push_back(part);
  }
  return parts;
}

std::string Shown(const std::vector<std::optional<Heard>>& heard) {
  std::vector<std::string> out;
  for (const std::optional<Heard>& one : heard) {
    if (!one) {
      out.push_back("apart");
    } else if (one->finding) {
      out.push_back(absl::StrCat(Word(one->finding->kind), ": ", one->finding->detail));
    } else {
      out.push_back(one->value ? *one->value->ExactDecimal() : "no data");
    }
  }
  return absl::StrJoin(out, "; ");
}

struct DistributeCase {
  const char* name;
  std::vector<const char*> selectors;
  std::vector<Divided> parts;
  const char* heard;  // of each selector in the order of the shares
};

void PrintTo(const DistributeCase& test, std::ostream* out) { *out << test.name; }

class Distributing : public testing::TestWithParam<DistributeCase> {};

TEST_P(Distributing, TellsEachItsOwn) {
  std::vector<Ask> asks;
  for (const char* selector : GetParam().selectors) asks.push_back(Increase(selector));
  const std::vector<Group> groups = GroupAsks(asks);
  ASSERT_EQ(groups.size(), 1u);
  EXPECT_EQ(Shown(Distribute(groups[0], PartsOf(GetParam().parts))), GetParam().heard);
}

const std::vector<const char*> kOneSlo = {"x", R"(x{code=~"5..|429"})"};
const std::vector<const char*> kTwoSlos = {R"(x{s="a"})", R"(x{s="a",code="500"})", R"(x{s="b"})",
                                           R"(x{s="b",code!="200"})"};

INSTANTIATE_TEST_SUITE_P(
    Answers, Distributing,
    testing::Values(
        DistributeCase{"nothing", kOneSlo, {}, "no data; no data"},
        DistributeCase{"sums",
                       kOneSlo,
                       {{{"200"}, "90.5"}, {{"429"}, "2"}, {{"500"}, "1"}, {{"5000"}, "4"}},
                       "97.5; 3"},
        DistributeCase{"no_bad_series", kOneSlo, {{{"200"}, "90"}}, "90; no data"},
        DistributeCase{"a_series_without_the_label",
                       {"x", R"(x{code!="200"})"},
                       {{{""}, "5"}, {{"200"}, "90"}},
                       "95; 5"},
        DistributeCase{"by_service_and_code",
                       kTwoSlos,
                       {{{"a", "200"}, "90"},
                        {{"a", "500"}, "1"},
                        {{"b", "200"}, "10"},
                        {{"b", "302"}, "4"},
                        {{"b", "500"}, "3"}},
                       "91; 1; 17; 7"},
        DistributeCase{"one_service_has_no_data",
                       kTwoSlos,
                       {{{"b", "200"}, "10"}},
                       "no data; no data; 10; no data"},
        DistributeCase{"a_defect_is_that_of_whom_it_concerns",
                       kTwoSlos,
                       {{{"a", "200"}, "90"},
                        {{"a", "500"}, "!NaN"},
                        {{"b", "200"}, "!Inf"},
                        {{"b", "500"}, "3"}},
                       "not_finite: NaN; not_finite: NaN; not_finite: Inf; 3"},
        DistributeCase{"a_stranger_spoils_all",
                       kTwoSlos,
                       {{{"a", "200"}, "90"}, {{"c\x1b", "200"}, "1"}},
                       "malformed_answer: the answer speaks of s=\"c\\x1b\", which was not asked "
                       "for; malformed_answer: the answer speaks of s=\"c\\x1b\", which was not "
                       "asked for; malformed_answer: the answer speaks of s=\"c\\x1b\", which was "
                       "not asked for; malformed_answer: the answer speaks of s=\"c\\x1b\", which "
                       "was not asked for"},
        DistributeCase{"servers_differ_on_what_a_dot_takes",
                       kOneSlo,
                       {{{"200"}, "90"}, {{"50\n"}, "1"}},
                       "91; apart"},
        DistributeCase{"a_literal_takes_any_value",
                       {"x", R"(x{code="500"})"},
                       {{{"500"}, "90"}, {{"5\n0"}, "1"}},
                       "91; 90"}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace slogate
