#include "gate/policy/promql.h"

#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>

namespace slogate {
namespace {

const std::vector<absl::string_view> kBoth = {kWindowPlaceholder, kMatchersPlaceholder};

// The text as it was read, or "offset: message; hint".
std::string Read(const std::string& text) {
  Promql promql;
  PromqlMistake mistake;
  if (ParsePromql(text, kBoth, promql, mistake)) return promql.text;
  return absl::StrCat(mistake.offset, ": ", mistake.message, "; ", mistake.hint);
}

struct Case {
  const char* name;
  std::string text, want;
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.name; }

class ParsePromqlTest : public testing::TestWithParam<Case> {};

TEST_P(ParsePromqlTest, Reads) { EXPECT_EQ(Read(GetParam().text), GetParam().want); }

INSTANTIATE_TEST_SUITE_P(
    Whole, ParsePromqlTest,
    testing::Values(Case{"as_it_stands", R"(sum(increase(a{b="c",$matchers}[$window])))",
                         R"(sum(increase(a{b="c",$matchers}[$window])))"},
                    Case{"on_one_line", "\n  sum(\n\ta\r\n)\n", "sum( a )"},
                    Case{"blanks_in_quotes_stay", R"(a{b="x   y"}   >  1)", R"(a{b="x   y"} > 1)"},
                    Case{"brackets_and_comments_in_quotes", R"(a{b="(#$x",c='}',d=`[`})",
                         R"(a{b="(#$x",c='}',d=`[`})"},
                    Case{"any_letters", "a{b=\"Zürich\"}", "a{b=\"Zürich\"}"}),
    [](const auto& test) { return std::string(test.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Refused, ParsePromqlTest,
    testing::Values(
        Case{"empty", "", "0: the PromQL is empty; write an expression that gives one number"},
        Case{"blank", " \n ", "0: the PromQL is empty; write an expression that gives one number"},
        Case{"too_long", std::string(10'001, 'a'),
             "10000: the PromQL is longer than 10000 bytes; record what it computes as a series of "
             "its own, and name that"},
        Case{"a_comment", "a # b",
             "2: a comment would swallow what slogate adds; remove it, or put it beside the PromQL "
             "in the file"},
        Case{"an_open_quote", "a{b=\"c}",
             "4: the quote \" is not closed; end the value with the same quote, on the same line"},
        Case{"a_line_end_in_quotes", "a{b=`c\nd`}",
             "4: a value within quotes has a tab or a line end; write it as an escape: \\t or \\n"},
        Case{"an_open_bracket", "sum(a{b=\"c\"}",
             "3: the bracket '(' is not closed; close it, or remove it"},
        Case{"a_bracket_that_ends_ours", "a) or vector(0",
             "1: the bracket ')' closes nothing; open it, or remove it"},
        Case{"a_bracket_of_another_kind", "sum(a]",
             "5: the bracket ']' closes nothing; open it, or remove it"},
        Case{
            "an_unknown_placeholder", "increase(a[$windows])",
            "11: nothing is known here to put in place of '$windows'; did you mean 'window'?; only "
            "$window and $matchers can stand here"},
        Case{"another_tools_placeholder", "increase(a[$__range])",
             "11: nothing is known here to put in place of '$__range'; only $window and $matchers "
             "can stand here"},
        Case{"a_lone_dollar", "a $",
             "2: nothing is known here to put in place of '$'; only $window "
             "and $matchers can stand here"},
        Case{"not_utf8", "a{b=\"\xff\"}",
             "5: the PromQL is not valid UTF-8; save the file as UTF-8"},
        Case{"a_character_nobody_sees", "a\u200b",
             "1: the PromQL has a character that cannot be seen; remove it, or write it as an "
             "escape "
             "such as \\u200b"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(PromqlTest, MentionsWhatStandsOutsideOfQuotes) {
  EXPECT_TRUE(Mentions({"a[$window]"}, kWindowPlaceholder));
  EXPECT_FALSE(Mentions({"a[$window]"}, kMatchersPlaceholder));
  EXPECT_FALSE(Mentions({"a{b=\"$window\"}"}, kWindowPlaceholder));
}

TEST(PromqlTest, TakesTheWindowInEveryPlace) {
  EXPECT_EQ(WithWindow({"a[$window] / b[$window:1m]"}, "1h30m").text, "a[1h30m] / b[1h30m:1m]");
  EXPECT_EQ(WithWindow({"a{b=\"$window\"}[$window]"}, "1h").text, "a{b=\"$window\"}[1h]");
  EXPECT_EQ(WithWindow({"a"}, "1h").text, "a");
}

struct MatchersCase {
  const char* text;
  const char* two;   // with two matchers
  const char* none;  // without any
};

TEST(PromqlTest, TakesMatchersWithTheirCommas) {
  const MatchersCase cases[] = {
      {"a{$matchers}", R"(a{env="prod",zone="a\"b"})", "a{}"},
      {R"(a{b="c",$matchers})", R"(a{b="c",env="prod",zone="a\"b"})", R"(a{b="c"})"},
      {R"(a{b="c" , $matchers })", R"(a{b="c" , env="prod",zone="a\"b" })", R"(a{b="c"  })"},
      {R"(a{$matchers,b="c"})", R"(a{env="prod",zone="a\"b",b="c"})", R"(a{b="c"})"},
      {R"(a{b="c",$matchers,d="e"})", R"(a{b="c",env="prod",zone="a\"b",d="e"})",
       R"(a{b="c",d="e"})"},
      {"a{$matchers} / b{$matchers}", R"(a{env="prod",zone="a\"b"} / b{env="prod",zone="a\"b"})",
       "a{} / b{}"},
      {"a[$window]", "a[$window]", "a[$window]"},
  };
  for (const MatchersCase& test : cases) {
    EXPECT_EQ(WithMatchers(Promql{test.text}, {{"env", "prod"}, {"zone", "a\"b"}}).text, test.two);
    EXPECT_EQ(WithMatchers(Promql{test.text}, {}).text, test.none);
  }
}

}  // namespace
}  // namespace slogate
