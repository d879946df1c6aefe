#include "gate/ledger/scan.h"

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <absl/status/status.h>
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include "gate/base/limits.h"
#include "tests/testing/slow_scan.h"

namespace slogate {
namespace {

const std::string kPrev(64, 'a');
const std::string kHead =
    absl::StrCat(R"({"kind":"decision","log_id":"acme","prev":")", kPrev, R"(","seq":7,)");
constexpr char kTail[] = R"("time":"2026-11-23T03:12:40Z","v":1})";

// A record with one more member, which stands between "seq" and "time".
std::string With(const std::string& value) {
  return absl::StrCat(kHead, "\"subject\":", value, ",", kTail);
}

TEST(ScanRecord, GivesTheFrame) {
  const std::string bytes = absl::StrCat(kHead, kTail);
  const absl::StatusOr<RecordFrame> frame = ScanRecord(bytes);
  ASSERT_TRUE(frame.ok()) << frame.status();
  EXPECT_EQ(frame->version, 1);
  EXPECT_EQ(frame->seq, 7);
  EXPECT_EQ(frame->log_id, "acme");
  EXPECT_EQ(frame->prev, kPrev);
  EXPECT_EQ(frame->kind, "decision");
  EXPECT_EQ(frame->time, "2026-11-23T03:12:40Z");
  EXPECT_GE(frame->kind.data(), bytes.data());
  EXPECT_LT(frame->kind.data(), bytes.data() + bytes.size());
}

TEST(ScanRecord, TakesTheOutermostMembersOnly) {
  const std::string bytes = With(R"({"kind":"genesis","prev":"no hex","seq":-1,"v":"two"})");
  ASSERT_TRUE(fake::ScansAgree(bytes));
  EXPECT_EQ(ScanRecord(bytes)->kind, "decision");
}

TEST(ScanRecord, GivesTextsAsTheyAreWritten) {
  const std::string bytes =
      absl::StrCat(R"({"kind":"a\"b\\c","log_id":"\u0000\n","prev":")", kPrev,
                   R"(","seq":9223372036854775807,"time":"für 🚀","v":-9223372036854775808})");
  ASSERT_TRUE(fake::ScansAgree(bytes));
  const RecordFrame frame = *ScanRecord(bytes);
  EXPECT_EQ(frame.kind, R"(a\"b\\c)");
  EXPECT_EQ(frame.log_id, R"(\u0000\n)");
  EXPECT_EQ(frame.time, "für 🚀");
  EXPECT_EQ(frame.seq, 9223372036854775807);
  EXPECT_EQ(frame.version, std::numeric_limits<int64_t>::min());
}

struct Case {
  std::string name, value;
};

class GoodValue : public testing::TestWithParam<Case> {};

TEST_P(GoodValue, IsAccepted) {
  const absl::StatusOr<RecordFrame> frame = ScanRecord(With(GetParam().value));
  EXPECT_TRUE(frame.ok()) << frame.status();
  EXPECT_TRUE(fake::ScansAgree(With(GetParam().value)));
}

std::string Nested(size_t levels) {
  return absl::StrCat(std::string(levels, '['), std::string(levels, ']'));
}

INSTANTIATE_TEST_SUITE_P(
    All, GoodValue,
    testing::ValuesIn(std::vector<Case>{
        {"Null", "null"},
        {"True", "true"},
        {"False", "false"},
        {"EmptyObject", "{}"},
        {"EmptyArray", "[]"},
        {"Array", "[1,\"a\",null,[true],{\"b\":[]}]"},
        {"Object", R"({"a":1,"b":{"c":[{}]}})"},
        {"EmptyKey", R"({"":1,"a":2})"},
        {"KeysByBytes", R"({"Z":1,"a":2,"a ":3,"aa":4,"b":5,"ä":6,"🚀":7})"},
        // As bytes: LF, blank, '"', '#', '\', ']', DEL.
        {"KeysByTheBytesTheyStandFor",
         "{\"\\u0001\":0,\"\\t\":1,\"\\n\":2,\"\\r\":3,\"\\u001f\":4,\" \":5,\"\\\"\":6,\"#\":7,"
         "\"[\":8,\"\\\\\":9,\"]\":10,\"\x7f\":11,\"é\":12}"},
        {"KeysWithCommonEscapes", R"({"\\":1,"\\\n":2,"\\\"":3,"\\a":4,"\\aa":5})"},
        {"EmptyText", R"("")"},
        {"Escapes", R"("\"\\\n\r\t\u0000\u0001\u0008\u000b\u000c\u000e\u000f\u0010\u001a\u001f")"},
        {"NoEscapeNeeded", "\"/ \x7f '<>&\""},
        {"BeyondAscii", "\"äé€🚀\u07ff\u0800\uffff\U00010000\U0010ffff\u2028\ufeff\""},
        {"Zero", "0"},
        {"Integer", "1234567890"},
        {"Negative", "-1"},
        {"LongInteger", "123456789012345678901234567890"},
        {"Decimal", "0.999"},
        {"DecimalWithZeros", "-0.000"},
        {"NegativeZeroWithExponent", "-0e0"},
        {"Exponents", "[1e5,1E5,1e+5,1e-5,1.5e05,0e9]"},
        {"LargestDouble", "[1.7976931348623157e308,1.7976931348623158e308]"},
        {"TooSmall", "[1e-400,4.9e-324,-1e-99999999999999999999]"},
        {"ZeroOfAnySize", "[0e99999999999999999999,-0.0e400]"},
        {"ManyDigits",
         absl::StrCat("[1", std::string(308, '0'), ",0.", std::string(400, '0'), "1]")},
        {"Deepest", Nested(limits::kJsonDepth - 1)},
    }),
    [](const auto& test) { return test.param.name; });

struct BadCase {
  std::string name, bytes, want;
};

class BadRecord : public testing::TestWithParam<BadCase> {};

TEST_P(BadRecord, SaysWhatIsWrongAndWhere) {
  EXPECT_EQ(ScanRecord(GetParam().bytes).status(), absl::InvalidArgumentError(GetParam().want));
  EXPECT_TRUE(fake::ScansAgree(GetParam().bytes));
}

std::string Byte(const std::string& what, size_t in_value) {
  return absl::StrCat(what, ", at byte ",
                      kHead.size() + std::string("\"subject\":").size() + in_value);
}

BadCase BadValue(const std::string& name, const std::string& value, const std::string& what,
                 size_t at) {
  return {name, With(value), Byte(what, at)};
}

constexpr char kNoValue[] = "there is no JSON value";
constexpr char kNoDigit[] = "there is no digit where a number needs one";
constexpr char kEscape[] = "an escape in another form than a ledger's";
constexpr char kOrder[] = "this key stands twice, or is out of the order of bytes";
constexpr char kRange[] = "a number beyond the range of numbers";
constexpr char kControl[] = "a control character without an escape";
constexpr char kBehindMember[] = "there is no ',' or '}' right behind a value";

INSTANTIATE_TEST_SUITE_P(
    Values, BadRecord,
    testing::ValuesIn(std::vector<BadCase>{
        BadValue("Nothing", "", kNoValue, 1),
        BadValue("Word", "nil", kNoValue, 1),
        BadValue("WordInCapitals", "True", kNoValue, 1),
        BadValue("WordCut", "tru", kNoValue, 1),
        BadValue("WordLonger", "truee", kBehindMember, 5),
        BadValue("NotANumber", "NaN", kNoValue, 1),
        BadValue("SignAlone", "-", kNoValue, 1),
        BadValue("PlusSign", "+1", kNoValue, 1),
        BadValue("LeadingZero", "01", kBehindMember, 2),
        BadValue("NegativeZero", "-0", "zero has no sign", 1),
        BadValue("NegativeZeroInArray", "[1,-0]", "zero has no sign", 4),
        BadValue("PointAtTheEnd", "1.", kNoDigit, 3),
        BadValue("PointFirst", ".5", kNoValue, 1),
        BadValue("ExponentAlone", "1e", kNoDigit, 3),
        BadValue("ExponentsSignAlone", "1e+", kNoDigit, 4),
        BadValue("TooLarge", "1e309", kRange, 1),
        BadValue("TooFarBelowZero", "-1e309", kRange, 1),
        BadValue("JustTooLarge", "1.7976931348623159e308", kRange, 1),
        BadValue("ExponentBeyondInt", "1e99999999999999999999", kRange, 1),
        BadValue("TooManyDigits", "1" + std::string(309, '0'), kRange, 1),
        BadValue("BlankBefore", " 1", kNoValue, 1),
        BadValue("BlankBehind", "1 ", kBehindMember, 2),
        BadValue("BlankInArray", "[1, 2]", kNoValue, 4),
        BadValue("CommaAtTheEndOfArray", "[1,]", kNoValue, 4),
        BadValue("ArrayWithoutComma", "[1 2]", "there is no ',' or ']' right behind a value", 3),
        BadValue("ArrayOpen", "[1", "there is no ',' or ']' right behind a value", 10),
        BadValue("KeyTwice", R"({"a":1,"a":2})", kOrder, 8),
        BadValue("KeysOutOfOrder", R"({"b":1,"a":2})", kOrder, 8),
        BadValue("LongerKeyFirst", R"({"aa":1,"a":2})", kOrder, 9),
        BadValue("KeysByCharacterNotByte", "{\"\xc3\xa9\":1,\"z\":2}", kOrder, 9),
        // What they stand for counts: LF comes before the blank, though '\' comes behind it.
        BadValue("KeysAsWritten", R"({" ":1,"\n":2})", kOrder, 8),
        BadValue("EscapedKeyTwice", R"({"\n":1,"\n":2})", kOrder, 9),
        BadValue("EscapedKeyLongerFirst", R"({"\n\n":1,"\n":2})", kOrder, 11),
        BadValue("KeyNoText", "{1:2}", "there is no key right behind a '{' or ','", 2),
        BadValue("CommaAtTheEndOfObject", R"({"a":1,})",
                 "there is no key right behind a '{' or ','", 8),
        BadValue("NoColon", R"({"a" :1})", "there is no ':' right behind a key", 5),
        BadValue("BlankBehindColon", R"({"a": 1})", kNoValue, 6),
        BadValue("EscapedSlash", R"("\/")", kEscape, 2),
        BadValue("Backspace", R"("\b")", kEscape, 2),
        BadValue("UpperCaseHex", R"("\u001F")", kEscape, 2),
        BadValue("LineEndAsNumber", R"("\u000a")", kEscape, 2),
        BadValue("TabAsNumber", R"("\u0009")", kEscape, 2),
        BadValue("ReturnAsNumber", R"("\u000d")", kEscape, 2),
        BadValue("BlankAsNumber", R"("\u0020")", kEscape, 2),
        BadValue("DeleteAsNumber", R"("\u007f")", kEscape, 2),
        BadValue("LetterAsNumber", R"("\u0041")", kEscape, 2),
        BadValue("Surrogates", R"("\ud83d\ude80")", kEscape, 2),
        BadValue("EscapeCut", R"("\u00")", kEscape, 2),
        BadValue("UnknownEscape", R"("\x")", kEscape, 2),
        BadValue("LineEndInText", "\"a\nb\"", kControl, 3),
        BadValue("ControlInText", "\"0123456789\x1f\"", kControl, 12),
        BadValue("NulInText", std::string("\"\0\"", 3), kControl, 2),
        BadValue("NotUtf8", "\"01234567\xff\"", "not UTF-8", 10),
        BadValue("Overlong", "\"\xc0\xaf\"", "not UTF-8", 2),
        BadValue("OverlongNul", "\"\xc0\x80\"", "not UTF-8", 2),
        BadValue("Surrogate", "\"\xed\xa0\x80\"", "not UTF-8", 2),
        BadValue("BeyondUnicode", "\"\xf4\x90\x80\x80\"", "not UTF-8", 2),
        BadValue("CharacterCut", "\"\xe2\x82\"", "not UTF-8", 2),
        BadValue("TooDeep", Nested(limits::kJsonDepth), "it is nested too deep",
                 static_cast<size_t>(limits::kJsonDepth)),
    }),
    [](const auto& test) { return test.param.name; });

// A record of the members given, where they stand.
std::string Record(const std::string& kind, const std::string& log_id, const std::string& prev,
                   const std::string& seq, const std::string& time, const std::string& v) {
  std::string bytes = "{";
  for (const std::string& member : {kind, log_id, prev, seq, time, v}) {
    if (!member.empty()) absl::StrAppend(&bytes, bytes.size() > 1 ? "," : "", member);
  }
  return bytes + "}";
}
const std::string kKind = R"("kind":"k")", kLog = R"("log_id":"l")", kSeq = R"("seq":0)",
                  kTime = R"("time":"t")", kV = R"("v":1)",
                  kPrevious = absl::StrCat("\"prev\":\"", kPrev, "\"");
const std::string kTextsWanted = R"("log_id", "prev", "kind" and "time" are texts, at byte )";

INSTANTIATE_TEST_SUITE_P(
    Frames, BadRecord,
    testing::ValuesIn(std::vector<BadCase>{
        {"Empty", "", "a record is a JSON object, at byte 1"},
        {"Blank", " " + absl::StrCat(kHead, kTail), "a record is a JSON object, at byte 1"},
        {"ByteOrderMark", absl::StrCat("\xef\xbb\xbf", kHead, kTail),
         "a record is a JSON object, at byte 1"},
        {"Array", "[]", "a record is a JSON object, at byte 1"},
        {"Null", "null", "a record is a JSON object, at byte 1"},
        {"LineEndBehind", "{}\n", "something stands behind the record, at byte 3"},
        {"NulBehind", std::string("{}\0", 3), "something stands behind the record, at byte 3"},
        {"TwoRecords", "{}{}", "something stands behind the record, at byte 3"},
        {"OpenAlone", "{", "there is no key right behind a '{' or ',', at byte 2"},
        {"KeyOpen", "{\"a", "a text has no end, at byte 4"},
        {"KeyWithOpenEscape", "{\"\\", "a text has no end, at byte 3"},
        {"KeyAlone", "{\"a\"", "there is no ':' right behind a key, at byte 5"},
        {"NoValueYet", "{\"a\":", "there is no JSON value, at byte 6"},
        {"NoEnd", "{\"a\":1", "there is no ',' or '}' right behind a value, at byte 7"},
        {"Nothing", "{}", "the record has no \"kind\", at byte 1"},
        {"NoKind", Record("", kLog, kPrevious, kSeq, kTime, kV),
         "the record has no \"kind\", at byte 1"},
        {"NoLogId", Record(kKind, "", kPrevious, kSeq, kTime, kV),
         "the record has no \"log_id\", at byte 1"},
        {"NoPrev", Record(kKind, kLog, "", kSeq, kTime, kV),
         "the record has no \"prev\", at byte 1"},
        {"NoSeq", Record(kKind, kLog, kPrevious, "", kTime, kV),
         "the record has no \"seq\", at byte 1"},
        {"NoTime", Record(kKind, kLog, kPrevious, kSeq, "", kV),
         "the record has no \"time\", at byte 1"},
        {"NoVersion", Record(kKind, kLog, kPrevious, kSeq, kTime, ""),
         "the record has no \"v\", at byte 1"},
        {"KindNull", Record("\"kind\":null", kLog, kPrevious, kSeq, kTime, kV), kTextsWanted + "9"},
        {"LogIdANumber", Record(kKind, "\"log_id\":1", kPrevious, kSeq, kTime, kV),
         kTextsWanted + "22"},
        {"TimeAnObject", Record(kKind, kLog, kPrevious, kSeq, "\"time\":{}", kV),
         kTextsWanted + "115"},
        {"PrevANumber", Record(kKind, kLog, "\"prev\":1", kSeq, kTime, kV), kTextsWanted + "33"},
        {"PrevEmpty", Record(kKind, kLog, "\"prev\":\"\"", kSeq, kTime, kV),
         "\"prev\" is not 64 lower-case hex digits, at byte 33"},
        {"PrevInCapitals",
         Record(kKind, kLog, absl::StrCat("\"prev\":\"", std::string(64, 'A'), "\""), kSeq, kTime,
                kV),
         "\"prev\" is not 64 lower-case hex digits, at byte 33"},
        {"PrevShort",
         Record(kKind, kLog, absl::StrCat("\"prev\":\"", std::string(63, 'a'), "\""), kSeq, kTime,
                kV),
         "\"prev\" is not 64 lower-case hex digits, at byte 33"},
        {"SeqNegative", Record(kKind, kLog, kPrevious, "\"seq\":-1", kTime, kV),
         "\"seq\" is not an integer from 0 on, at byte 106"},
        {"SeqDecimal", Record(kKind, kLog, kPrevious, "\"seq\":1.0", kTime, kV),
         "\"seq\" is not an integer from 0 on, at byte 106"},
        {"SeqWithExponent", Record(kKind, kLog, kPrevious, "\"seq\":1e0", kTime, kV),
         "\"seq\" is not an integer from 0 on, at byte 106"},
        {"SeqText", Record(kKind, kLog, kPrevious, "\"seq\":\"1\"", kTime, kV),
         "\"seq\" is not an integer from 0 on, at byte 106"},
        {"SeqBeyond64Bits",
         Record(kKind, kLog, kPrevious, "\"seq\":9223372036854775808", kTime, kV),
         "\"seq\" is not an integer from 0 on, at byte 106"},
        {"VersionNull", Record(kKind, kLog, kPrevious, kSeq, kTime, "\"v\":null"),
         "\"v\" is not an integer of 64 bits, at byte 123"},
        {"VersionBeyond64Bits",
         Record(kKind, kLog, kPrevious, kSeq, kTime, "\"v\":-9223372036854775809"),
         "\"v\" is not an integer of 64 bits, at byte 123"},
        {"SeqTwice", Record(kKind, kLog, kPrevious, kSeq, "\"seq\":1", kV),
         "this key stands twice, or is out of the order of bytes, at byte 108"},
    }),
    [](const auto& test) { return test.param.name; });

TEST(ScanRecord, HoldsAsManyValuesAsJsonMayHave) {
  const size_t others = 8;  // the record, its six members, the array
  std::string zeros = "[0";
  for (size_t i = 1; i < limits::kJsonValues - others; ++i) zeros += ",0";
  EXPECT_TRUE(ScanRecord(With(zeros + "]")).ok());
  // The array leaves room for time, but not for v.
  EXPECT_EQ(ScanRecord(With(zeros + ",0]")).status().message(),
            absl::StrCat("it has too many values, at byte ", With(zeros + ",0]").size() - 1));
}

}  // namespace
}  // namespace slogate
