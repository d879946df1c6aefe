#include "gate/policy/selector.h"

#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>

namespace slogate {
namespace {

// What ParseSelector makes of a text: its canonical form, or "offset: message | hint".
std::string Parsed(const std::string& text) {
  Selector selector;
  SelectorMistake mistake;
  if (ParseSelector(text, selector, mistake)) return Print(selector);
  return absl::StrCat(mistake.offset, ": ", mistake.message, " | ", mistake.hint);
}

Selector Read(const std::string& text) {
  Selector selector;
  SelectorMistake mistake;
  EXPECT_TRUE(ParseSelector(text, selector, mistake)) << text << ": " << mistake.message;
  return selector;
}

struct Case {
  const char* name;
  std::string text;
  std::string want;
};

class SelectorTest : public testing::TestWithParam<Case> {};

TEST_P(SelectorTest, Parse) { EXPECT_EQ(Parsed(GetParam().text), GetParam().want); }

std::string CaseName(const testing::TestParamInfo<Case>& info) { return info.param.name; }

const Case kGood[] = {
    {"name_alone", "up", "up"},
    {"name_with_colons", ":job:http_requests:rate5m", ":job:http_requests:rate5m"},
    {"empty_braces", "http_requests_total{}", "http_requests_total"},
    {"one_matcher", "a{b=\"c\"}", "a{b=\"c\"}"},
    {"all_operators", "a{b=\"1\",c!=\"2\",d=~\"3|4\",e!~\"5..\"}",
     "a{b=\"1\",c!=\"2\",d=~\"3|4\",e!~\"5..\"}"},
    {"order_stays", "a{z=\"1\",b=\"2\"}", "a{z=\"1\",b=\"2\"}"},
    {"trailing_comma", "a{b=\"c\",}", "a{b=\"c\"}"},
    {"blanks_everywhere", " \ta {\r\n b = \"c\" , d =~ 'e' } \n", "a{b=\"c\",d=~\"e\"}"},
    {"matchers_alone", "{code=~\"5..\"}", "{code=~\"5..\"}"},
    {"matchers_alone_negative", "{code!~\"5..\"}", "{code!~\"5..\"}"},
    {"one_matcher_of_two_is_empty", "{a=\"\",b=\"c\"}", "{a=\"\",b=\"c\"}"},
    {"empty_value_after_a_name", "a{b=\"\"}", "a{b=\"\"}"},
    {"label_that_is_a_word_of_promql", "a{by=\"c\",offset=\"1\"}", "a{by=\"c\",offset=\"1\"}"},
    {"name_that_begins_like_a_word", "sum_of_things", "sum_of_things"},
    {"same_matcher_twice", "a{b=\"c\",b=\"c\"}", "a{b=\"c\",b=\"c\"}"},
    {"single_quotes", "a{b='c \"d\" \\'e\\''}", "a{b=\"c \\\"d\\\" 'e'\"}"},
    {"backquotes_are_raw", "a{b=~`\\d+\\.\\d+`}", "a{b=~\"\\\\d+\\\\.\\\\d+\"}"},
    {"backquotes_over_lines", "a{b=`c\nd`}", "a{b=\"c\\nd\"}"},
    {"letter_escapes", "a{b=\"\\a\\b\\f\\n\\r\\t\\v\\\\\\\"\"}",
     "a{b=\"\\x07\\x08\\x0c\\n\\r\\t\\x0b\\\\\\\"\"}"},
    {"number_escapes", "a{b=\"\\x41\\102\\u00e9\\U0001F600\"}", "a{b=\"ABé😀\"}"},
    {"bytes_that_make_a_character", "a{b=\"\\xc3\\xa9\"}", "a{b=\"é\"}"},
    {"nothing_hides_in_a_value", "a{b=\"} or vector(1) #\"}", "a{b=\"} or vector(1) #\"}"},
    {"regex_classes", "a{b=~\"(?i)[[:alpha:]]+\\\\pL{2,3}(?P<x>y)?\"}",
     "a{b=~\"(?i)[[:alpha:]]+\\\\pL{2,3}(?P<x>y)?\"}"},
};

INSTANTIATE_TEST_SUITE_P(Good, SelectorTest, testing::ValuesIn(kGood), CaseName);

constexpr char kWants[] =
    "write a counter's name and matchers: http_requests_total{service=\"checkout\"}";
constexpr char kCounter[] = "give the counter itself; slogate adds increase, sum and the window";
constexpr char kArithmetic[] = "give one selector; slogate does the arithmetic";
constexpr char kInstant[] = "remove it; slogate evaluates every query at one instant of its own";
constexpr char kEscape[] = "write a backslash as \\\\, or put the value in backquotes: `…`";
constexpr char kRegex[] =
    "matchers use RE2 syntax; a backslash within double quotes is written twice";
constexpr char kAll[] = "name the label and value that tell these events from all: {code=~\"5..\"}";
constexpr char kNothing[] = "these matchers choose nothing: each is empty or matches everything | ";

const Case kBad[] = {
    {"empty", "", absl::StrCat("0: the selector is empty | ", kWants)},
    {"blanks", "  \n", absl::StrCat("0: the selector is empty | ", kWants)},
    {"number", "1",
     absl::StrCat("0: a selector begins with a metric name or '{', not with '1' | ", kWants)},
    {"parenthesis", " (a)",
     absl::StrCat("1: a selector begins with a metric name or '{', not with '(' | ", kWants)},
    {"sign", "-a",
     absl::StrCat("0: a selector begins with a metric name or '{', not with '-' | ", kWants)},
    {"letter_beyond_ascii", "été",
     absl::StrCat("0: a selector begins with a metric name or '{', not with 'é' | ", kWants)},
    {"quoted_name", "\"a.b\"",
     "0: a selector does not begin with a quote | write the metric name without quotes: "
     "http_requests_total{code=\"500\"}"},
    {"name_with_a_dot", "a.b",
     absl::StrCat("1: '.' does not belong after the selector | ", kWants)},
    {"name_with_an_accent", "caf\u00e9",
     absl::StrCat("3: 'é' does not belong after the selector | ", kWants)},
    {"range", "a{b=\"c\"}[5m]",
     "8: a range such as [5m] does not belong here | remove it; slogate adds the window itself"},
    {"range_of_a_name", "a [5m",
     "2: a range such as [5m does not belong here | remove it; slogate adds the window itself"},
    {"offset", "a offset 5m", absl::StrCat("2: 'offset' does not belong here | ", kInstant)},
    {"offset_in_capitals", "a{} OFFSET 5m",
     absl::StrCat("4: 'offset' does not belong here | ", kInstant)},
    {"at", "a @ 1", absl::StrCat("2: '@' does not belong here | ", kInstant)},
    {"function", "rate(a[5m])",
     absl::StrCat("0: 'rate(…)' is a function, not a selector | ", kCounter)},
    {"function_with_blank", "rate (a)",
     absl::StrCat("0: 'rate(…)' is a function, not a selector | ", kCounter)},
    {"aggregation", "sum by (code) (a)",
     absl::StrCat("0: 'sum(…)' is a function, not a selector | ", kCounter)},
    {"aggregation_without", "sum without(code)(a)",
     absl::StrCat("0: 'sum(…)' is a function, not a selector | ", kCounter)},
    {"word_of_promql", "sum",
     absl::StrCat("0: 'sum' is a word of PromQL, not a metric name | ", kWants)},
    {"word_in_capitals", "NaN{a=\"b\"}",
     absl::StrCat("0: 'NaN' is a word of PromQL, not a metric name | ", kWants)},
    {"division", "a / b", absl::StrCat("2: the operator '/' does not belong here | ", kArithmetic)},
    {"addition", "a{} + 1",
     absl::StrCat("4: the operator '+' does not belong here | ", kArithmetic)},
    {"comparison", "a > 0",
     absl::StrCat("2: the operator '>' does not belong here | ", kArithmetic)},
    {"or_vector", "a or vector(0)",
     absl::StrCat("2: the operator 'or' does not belong here | ", kArithmetic)},
    {"closing_parenthesis", "a)",
     absl::StrCat("1: ')' does not belong after the selector | ", kWants)},
    {"closing_brace", "a}", absl::StrCat("1: '}' does not belong after the selector | ", kWants)},
    {"second_selector", "a{} b",
     absl::StrCat("4: 'b' does not belong after the selector | ", kWants)},
    {"comma", "a,b", absl::StrCat("1: ',' does not belong after the selector | ", kWants)},
    {"second_braces", "a{b=\"c\"}{d=\"e\"}",
     "8: a second '{' does not belong here | put all matchers in one pair of braces"},
    {"comment", "a # all",
     "2: a comment does not belong here | remove it, or put it beside the selector in the file"},
    {"comment_inside", "a{# b",
     "2: a label name must stand here, not '#' | label names are letters, digits and '_', without "
     "quotes: {code=\"500\"}"},
    {"name_matcher", "{__name__=\"a\"}",
     "1: the metric name cannot be a matcher | write the name before the brace: "
     "http_requests_total{…}"},
    {"name_matcher_by_regex", "a{b=\"c\", __name__=~\".*\"}",
     "9: the metric name cannot be a matcher | write the name before the brace: "
     "http_requests_total{…}"},
    {"quoted_label", "a{\"b\"=\"c\"}",
     "2: a label name must stand here, not '\"' | label names are letters, digits and '_', without "
     "quotes: {code=\"500\"}"},
    {"label_with_colon", "a{b:c=\"d\"}",
     "3: one of = != =~ !~ must follow the label 'b' | write b=\"…\""},
    {"comma_alone", "a{,}",
     "2: a label name must stand here, not ',' | label names are letters, digits and '_', without "
     "quotes: {code=\"500\"}"},
    {"two_commas", "a{b=\"c\",,}",
     "8: a label name must stand here, not ',' | label names are letters, digits and '_', without "
     "quotes: {code=\"500\"}"},
    {"double_equals", "a{b==\"c\"}", "3: '==' compares numbers | write b=\"…\""},
    {"tilde_first", "a{b~=\"c\"}",
     "3: one of = != =~ !~ must follow the label 'b' | write b=\"…\""},
    {"label_alone", "a{b}", "3: one of = != =~ !~ must follow the label 'b' | write b=\"…\""},
    {"label_at_the_end", "a{b", "3: one of = != =~ !~ must follow the label 'b' | write b=\"…\""},
    {"unquoted", "a{b=500}", "4: the value of 'b' must stand in quotes | write b=\"…\""},
    {"unquoted_regex", "a{b=~5..}", "5: the value of 'b' must stand in quotes | write b=~\"…\""},
    {"curly_quotes", "a{b=“c”}", "4: the value of 'b' must stand in quotes | write b=\"…\""},
    {"no_value", "a{b=", "4: the value of 'b' must stand in quotes | write b=\"…\""},
    {"no_comma", "a{b=\"c\" d=\"e\"}",
     "8: ',' or '}' must follow the value, not 'd' | separate matchers with commas: "
     "{service=\"checkout\",code=\"500\"}"},
    {"or_between_matchers", "{b=\"c\" or d=\"e\"}",
     "7: ',' or '}' must follow the value, not 'o' | separate matchers with commas: "
     "{service=\"checkout\",code=\"500\"}"},
    {"unclosed_brace", "a{b=\"c\"",
     "1: the brace '{' is not closed | add '}' after the last matcher"},
    {"unclosed_brace_after_comma", "a{b=\"c\",",
     "1: the brace '{' is not closed | add '}' after the last matcher"},
    {"open_brace", "a{", "1: the brace '{' is not closed | add '}' after the last matcher"},
    {"unclosed_quote", "a{b=\"c}",
     "4: the quote \" is not closed | end the value with the same quote, on the same line"},
    {"quote_closed_by_another", "a{b='c\"}",
     "4: the quote ' is not closed | end the value with the same quote, on the same line"},
    {"line_break_in_quotes", "a{b=\"c\nd\"}",
     "4: the quote \" is not closed | end the value with the same quote, on the same line"},
    {"unclosed_backquote", "a{b=`c}",
     "4: the quote ` is not closed | end the value with the same quote, on the same line"},
    {"unknown_escape", "a{b=~\"\\d+\"}",
     absl::StrCat("6: '\\d' begins no escape that PromQL knows | ", kEscape)},
    {"other_quote_escaped", "a{b=\"\\'\"}",
     absl::StrCat("5: '\\'' begins no escape that PromQL knows | ", kEscape)},
    {"escape_beyond_ascii", "a{b=\"\\é\"}",
     absl::StrCat("5: '\\é' begins no escape that PromQL knows | ", kEscape)},
    {"short_hex", "a{b=\"\\x4\"}",
     absl::StrCat("5: '\\x' begins no escape that PromQL knows | ", kEscape)},
    {"octal_of_two_digits", "a{b=\"\\47\"}",
     absl::StrCat("5: '\\4' begins no escape that PromQL knows | ", kEscape)},
    {"octal_over_a_byte", "a{b=\"\\777\"}",
     absl::StrCat("5: '\\7' begins no escape that PromQL knows | ", kEscape)},
    {"surrogate", "a{b=\"\\ud83d\"}",
     absl::StrCat("5: '\\u' begins no escape that PromQL knows | ", kEscape)},
    {"beyond_unicode", "a{b=\"\\U00110000\"}",
     absl::StrCat("5: '\\U' begins no escape that PromQL knows | ", kEscape)},
    {"backslash_at_the_end", "a{b=\"\\",
     absl::StrCat("5: '\\' begins no escape that PromQL knows | ", kEscape)},
    {"bytes_that_make_no_character", "a{b=\"\\xff\"}",
     "4: the escapes of this value make no valid UTF-8 | write the character itself, or \\u00e9 "
     "for é"},
    {"broken_regex", "a{b=~\"(\"}",
     absl::StrCat("5: the regular expression of 'b' is broken: missing ): ( | ", kRegex)},
    {"regex_star_alone", "a{code!~\"*\"}",
     absl::StrCat(
         "8: the regular expression of 'code' is broken: no argument for repetition operator: * | ",
         kRegex)},
    {"regex_lookahead", "a{b=~\"(?!c)\"}",
     absl::StrCat("5: the regular expression of 'b' is broken: invalid perl operator: (?! | ",
                  kRegex)},
    {"regex_closes_the_anchors_group", "a{b=~\"c)(d\"}",
     absl::StrCat("5: the regular expression of 'b' is broken: unexpected ): c)(d | ", kRegex)},
    {"regex_too_large", "a{b=~\"((((x{100}){100}){100}){100})\"}",
     absl::StrCat("5: the regular expression of 'b' is broken: invalid repetition size: {100} | ",
                  kRegex)},
    {"regex_over_the_memory_cap", "a{b=~`[\\pL\\pN]{999}`}",
     absl::StrCat(
         "5: the regular expression of 'b' is broken: pattern too large - compile failed | ",
         kRegex)},
    {"no_matcher_at_all", "{}", absl::StrCat("0: ", kNothing, kAll)},
    {"empty_values_only", " {a=\"\",b=~\"\"}", absl::StrCat("1: ", kNothing, kAll)},
    {"matches_everything", "{a=~\".*\"}", absl::StrCat("0: ", kNothing, kAll)},
    {"control_character", "a{b=\"\x01\"}",
     "5: the selector has a control character | remove it, or write it as an escape such as \\x01"},
    {"nul", std::string("a\0", 2),
     "1: the selector has a control character | remove it, or write it as an escape such as \\x01"},
    {"no_utf8", "a{b=\"\xff\"}", "5: the selector is not valid UTF-8 | save the file as UTF-8"},
    {"too_long", absl::StrCat("a{b=\"", std::string(10'000, 'c'), "\"}"),
     "10000: the selector is longer than 10000 bytes | match fewer values, or shorten the regular "
     "expression"},
};

INSTANTIATE_TEST_SUITE_P(Bad, SelectorTest, testing::ValuesIn(kBad), CaseName);

TEST(SelectorLimitTest, LongestIsRead) {
  const std::string longest = absl::StrCat("a{b=\"", std::string(10'000 - 7, 'c'), "\"}");
  EXPECT_EQ(Parsed(longest), longest);
}

TEST(SelectorLimitTest, EveryCutTextEndsInAMistakeOrASelector) {
  const std::string text =
      "http_requests_total{service=\"check\\u00e9out\",code=~`5..|4\\d\\d`,a!='b'}";
  for (size_t length = 0; length < text.size(); ++length) {
    const bool is_name = length >= 1 && length <= 19;
    Selector selector;
    SelectorMistake mistake;
    EXPECT_EQ(ParseSelector(text.substr(0, length), selector, mistake), is_name) << length;
    if (!is_name) {
      EXPECT_LE(mistake.offset, length);
      EXPECT_FALSE(mistake.message.empty());
      EXPECT_FALSE(mistake.hint.empty());
    }
  }
}

// Print and ParseSelector undo each other for whatever a selector may hold.
TEST(SelectorPropertyTest, PrintIsAFixedPoint) {
  std::mt19937 random(20'261'123);
  const auto below = [&](size_t n) { return static_cast<size_t>(random() % n); };
  const std::vector<std::string> pieces = {"a",  "5..",  "\"",   "'",     "`", "\\", "\n", "\t",
                                           "\r", "\x01", "\x7f", "é",     "😀", "{",  "}",  ",",
                                           "=",  "#",    " ",    "\\x41", "[", "(",  "|",  "$"};
  for (int round = 0; round < 2000; ++round) {
    Selector selector;
    if (below(3) != 0) selector.metric = std::vector<std::string>{"a", ":b_1", "_c:d"}[below(3)];
    const size_t count = below(4);
    for (size_t i = 0; i < count; ++i) {
      std::string value;
      for (size_t length = below(8); length > 0; --length) value += pieces[below(pieces.size())];
      selector.matchers.push_back({absl::StrCat("l", i), below(2) == 0 ? "=" : "!=", value});
    }
    if (selector.matchers_only() || below(2) == 0)
      selector.matchers.push_back({"code", "=~", "5\\d{2}|\"x\""});
    Selector read;
    SelectorMistake mistake;
    ASSERT_TRUE(ParseSelector(Print(selector), read, mistake))
        << Print(selector) << ": " << mistake.message;
    ASSERT_EQ(read, selector) << Print(selector);
  }
}

// Bytes drawn from what selectors are made of: no crash, and what is read prints to itself.
TEST(SelectorPropertyTest, AnyTextIsReadOrRefused) {
  std::mt19937 random(7);
  const std::string bytes = "ab_:09{}=!~\"'`\\,x41u[](). \n#@\xc3\xa9\xff*+?|^$";
  int good = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text = round % 2 == 0 ? "a{b=~\"" : "";
    for (size_t length = random() % 12; length > 0; --length)
      text += bytes[random() % bytes.size()];
    if (round % 2 == 0) text += "\"}";
    Selector selector;
    SelectorMistake mistake;
    if (!ParseSelector(text, selector, mistake)) {
      ASSERT_LE(mistake.offset, text.size());
      continue;
    }
    ++good;
    ASSERT_EQ(Parsed(Print(selector)), Print(selector)) << text;
  }
  EXPECT_GT(good, 1000);
}

TEST(QuotePromqlTest, Escapes) {
  EXPECT_EQ(QuotePromql(""), "\"\"");
  EXPECT_EQ(QuotePromql("a'b\"c\\d`"), "\"a'b\\\"c\\\\d`\"");
  EXPECT_EQ(QuotePromql(absl::string_view("\0\x1f\x7f\xff", 4)), "\"\\x00\\x1f\\x7f\\xff\"");
  EXPECT_EQ(QuotePromql("é😀\n"), "\"é😀\\n\"");
  EXPECT_EQ(QuotePromql("\u0089\u200b\u202e\U000e0001"), "\"\\u0089\\u200b\\u202e\\U000e0001\"");
}

TEST(CompleteTest, AddsMatchersToTotal) {
  const Selector total = Read("a{b=\"1\",c=~\"2\"}");
  EXPECT_EQ(Print(Complete(Read("{code=~\"5..\"}"), total)), "a{b=\"1\",c=~\"2\",code=~\"5..\"}");
  EXPECT_EQ(Print(Complete(Read("{c=~\"2\",d=\"3\"}"), total)), "a{b=\"1\",c=~\"2\",d=\"3\"}");
  EXPECT_EQ(Print(Complete(Read("errors{d=\"3\"}"), total)), "errors{d=\"3\"}");
  EXPECT_EQ(Print(Complete(Read("a"), total)), "a");
}

TEST(WithMatchersTest, AddsWhatIsMissing) {
  const std::map<std::string, std::string> matchers = {{"env", "prod"}, {"zone", "a\"b"}};
  EXPECT_EQ(Print(WithMatchers(Read("a"), matchers)), "a{env=\"prod\",zone=\"a\\\"b\"}");
  EXPECT_EQ(Print(WithMatchers(Read("a{env=\"prod\"}"), matchers)),
            "a{env=\"prod\",zone=\"a\\\"b\"}");
  EXPECT_EQ(Print(WithMatchers(Read("a{env=~\"prod\"}"), {{"env", "prod"}})),
            "a{env=~\"prod\",env=\"prod\"}");
  EXPECT_EQ(Print(WithMatchers(Read("a{env=\"dev\"}"), {{"env", "prod"}})),
            "a{env=\"dev\",env=\"prod\"}");
  EXPECT_EQ(Print(WithMatchers(Read("a{b=\"c\"}"), {})), "a{b=\"c\"}");
}

TEST(SameSelectionTest, IgnoresOrderAndRepetition) {
  EXPECT_TRUE(SameSelection(Read("a{b=\"1\",c=\"2\"}"), Read("a{c=\"2\",b=\"1\",b=\"1\"}")));
  EXPECT_FALSE(SameSelection(Read("a{b=\"1\"}"), Read("a{b=\"1\",c=\"2\"}")));
  EXPECT_FALSE(SameSelection(Read("a{b=\"1\",c=\"2\"}"), Read("a{b=\"1\"}")));
  EXPECT_FALSE(SameSelection(Read("a{b=\"1\"}"), Read("a{b=~\"1\"}")));
  EXPECT_FALSE(SameSelection(Read("a{b=\"1\"}"), Read("c{b=\"1\"}")));
}

// The two matchers as "one two", or "".
std::string ContradictionIn(const std::string& text) {
  const auto pair = Contradiction(Read(text));
  return pair ? absl::StrCat(Print(pair->first), " ", Print(pair->second)) : "";
}

TEST(ContradictionTest, FindsWhatAnEqualsExcludes) {
  EXPECT_EQ(ContradictionIn("a{b=\"1\",b=\"2\"}"), "b=\"1\" b=\"2\"");
  EXPECT_EQ(ContradictionIn("a{b!=\"1\",c=\"x\",b=\"1\"}"), "b=\"1\" b!=\"1\"");
  EXPECT_EQ(ContradictionIn("a{b=\"200\",b=~\"5..\"}"), "b=\"200\" b=~\"5..\"");
  EXPECT_EQ(ContradictionIn("a{b=\"500\",b!~\"5..\"}"), "b=\"500\" b!~\"5..\"");
  EXPECT_EQ(ContradictionIn("a{b=\"5000\",b=~\"5..\"}"), "b=\"5000\" b=~\"5..\"")
      << "matchers match whole values";
  EXPECT_EQ(ContradictionIn("a{b=\"\",b=~\".+\"}"), "b=\"\" b=~\".+\"");
}

TEST(ContradictionTest, LeavesTheRestAlone) {
  for (const char* text :
       {"a", "a{b=\"1\"}", "a{b=\"1\",b=\"1\"}", "a{b=\"500\",b=~\"5..\"}", "a{b=\"1\",b!=\"2\"}",
        "a{b=\"1\",c=\"2\"}", "a{b=~\"1\",b=~\"2\"}", "a{b=\"\",b=~\".*\"}"}) {
    EXPECT_EQ(ContradictionIn(text), "") << text;
  }
}

}  // namespace
}  // namespace slogate
