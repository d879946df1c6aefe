#include "gate/decision/reason.h"

#include <string>

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>

namespace slogate {
namespace {

std::string Times(size_t count, const std::string& text) {
  std::string all;
  for (size_t i = 0; i < count; ++i) absl::StrAppend(&all, text);
  return all;
}

struct LengthCase {
  const char* name;
  std::string reason;
  size_t want;
};

const LengthCase kLengths[] = {
    {"empty", "", 0},
    {"one", "x", 1},
    {"a_sentence", "payments fail, this mends it", 28},
    {"blanks_at_the_ends", " \t\n payments fail, this mends it \r\n", 28},
    {"blanks_within_count_once", "payments   fail,\n\nthis mends it", 28},
    {"only_blanks", " \t\r\n\v\f ", 0},
    {"blanks_of_unicode", "\u00a0\u2003\u3000\u2800", 0},
    {"what_nobody_sees", "\u200b\u200d\ufeff\u202e\u2066", 0},
    {"what_nobody_sees_between_words", "payments\u200bfail", 13},
    {"other_scripts", "支払いが失敗するため今すぐ直す必要があります", 22},
    {"one_character", Times(100, "x"), 1},
    {"four_characters", Times(30, "asdf"), 4},
    {"four_characters_and_blanks", Times(30, "asdf "), 4},
    {"four_characters_mixed", "asdf fdsa dsaf asdf sdfa fads", 4},
    {"a_word_again_and_again", Times(8, "because "), 7},
    {"whatever_its_case", Times(4, "Because because BECAUSE "), 7},
    {"two_words_again_and_again", Times(5, "qwer tyuiop "), 11},
    {"a_word_that_repeats_itself", Times(6, "qwertz"), 6},
    {"cut_off_in_the_middle", Times(6, "qwertz") + "qwe", 6},
    {"and_ends_otherwise", Times(6, "qwertz ") + "now", 10},
    {"a_sentence_may_repeat_words", "the fix of the shop for the users of the shop in the north",
     58},
};

class SayingLengthTest : public testing::TestWithParam<LengthCase> {};

TEST_P(SayingLengthTest, CountsWhatSaysSomething) {
  EXPECT_EQ(SayingLength(GetParam().reason), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(Reasons, SayingLengthTest, testing::ValuesIn(kLengths),
                         [](const auto& test) { return std::string(test.param.name); });

struct WhyCase {
  const char* name;
  std::string text;
  const char* want;
};

const char kNoText[] = "the reason is no text: it holds NUL or bytes that are not UTF-8";
const char kEmpty[] =
    "the reason is empty: say in at least 20 characters why the release cannot wait";

const WhyCase kReasons[] = {
    {"empty", "", kEmpty},
    {"blank", Times(50, " "), kEmpty},
    {"one", "x",
     "the reason says 1 of the 20 characters that the policy wants, blanks and repetitions not "
     "counted: say why the release cannot wait"},
    {"asdf", Times(1000, "asdf "),
     "the reason has 5000 bytes, and at most 4096 are kept: put the rest into the ticket"},
    {"nineteen", "payments fail badly",
     "the reason says 19 of the 20 characters that the policy wants, blanks and repetitions not "
     "counted: say why the release cannot wait"},
    {"twenty", "payments fail badly!", ""},
    {"nineteen_and_blanks", "   payments fail badly   ",
     "the reason says 19 of the 20 characters that the policy wants, blanks and repetitions not "
     "counted: say why the release cannot wait"},
    {"the_longest", "payments fail badly! " + Times(4075, "."), ""},
    {"a_byte_more", "payments fail badly! " + Times(4076, "."),
     "the reason has 4097 bytes, and at most 4096 are kept: put the rest into the ticket"},
    {"a_megabyte", Times(1 << 20, "x"),
     "the reason has 1048576 bytes, and at most 4096 are kept: put the rest into the ticket"},
    {"nul", std::string("payments fail badly!\0", 21), kNoText},
    {"not_utf8", "payments fail badly! \xff", kNoText},
    {"overlong_nul", "payments fail badly! \xc0\x80", kNoText},
    {"what_a_terminal_obeys_is_text", "payments fail badly! \x1b[2J\u202e", ""},
    {"several_lines", "payments\nfail\nbadly\nin\nthe north", ""},
};

class WhyNotReasonTest : public testing::TestWithParam<WhyCase> {};

TEST_P(WhyNotReasonTest, SaysWhatToDo) {
  EXPECT_EQ(WhyNotReason(GetParam().text, 20), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(Reasons, WhyNotReasonTest, testing::ValuesIn(kReasons),
                         [](const auto& test) { return std::string(test.param.name); });

const char kNoWord[] = "the ticket is not one word of at most 200 bytes: give it as it is called";
const char kPrefix[] = "the ticket must begin with INC-: give --ticket INC-…";

const WhyCase kTickets[] = {
    {"right", "INC-12", ""},
    {"missing", "", "the ticket is missing: give --ticket INC-…"},
    {"another_prefix", "CVE-12", kPrefix},
    {"the_prefix_alone", "INC-", kPrefix},
    {"another_case", "inc-12", kPrefix},
    {"two_words", "INC-12 INC-13", kNoWord},
    {"a_blank_behind", "INC-12 ", kNoWord},
    {"a_blank_before", " INC-12", kNoWord},
    {"a_blank_nobody_sees", "INC-12\u200b", kNoWord},
    {"nul", std::string("INC-12\0", 7), kNoWord},
    {"too_long", "INC-" + Times(197, "1"), kNoWord},
    {"the_longest", "INC-" + Times(196, "1"), ""},
};

class WhyNotTicketTest : public testing::TestWithParam<WhyCase> {};

TEST_P(WhyNotTicketTest, SaysWhatToDo) {
  EXPECT_EQ(WhyNotTicket(GetParam().text, "INC-"), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(Tickets, WhyNotTicketTest, testing::ValuesIn(kTickets),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(WhyNotTicketTest, WhereNoneIsAskedFor) {
  EXPECT_EQ(WhyNotTicket("", std::nullopt), "");
  EXPECT_EQ(WhyNotTicket("whatever", std::nullopt), "");
  EXPECT_EQ(WhyNotTicket("what ever", std::nullopt), kNoWord);
}

}  // namespace
}  // namespace slogate
