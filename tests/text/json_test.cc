#include "gate/text/json.h"

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>

#include "gate/base/limits.h"

namespace slogate::json {
namespace {

std::string Nested(int levels) {
  const auto count = static_cast<size_t>(levels);
  return absl::StrCat(std::string(count, '['), std::string(count, ']'));
}

TEST(JsonParse, KeepsEveryKind) {
  const auto value =
      Parse(R"( {"n":null,"t":true,"f":false,"s":"a\u00e9\n\ud83d\ude00","l":[1,[],{}]} )");
  ASSERT_TRUE(value.ok()) << value.status();
  const Value& root = *value;
  EXPECT_TRUE(root.is_object());
  EXPECT_TRUE(root["n"].is_null());
  EXPECT_TRUE(root["t"].is_bool());
  EXPECT_TRUE(root["t"].boolean());
  EXPECT_FALSE(root["f"].boolean());
  EXPECT_EQ(root["s"].text(), "aé\n😀");
  EXPECT_EQ(root["l"].array().size(), 3u);
  EXPECT_TRUE(root["none"].is_null());
  EXPECT_TRUE(root["s"]["none"].is_null());
}

TEST(JsonParse, NumbersKeepTheirText) {
  for (const char* text : {"0", "1", "-1", "9007199254740993", "18446744073709551616",
                           "-9223372036854775809", "1.50", "1e3", "1E+3", "0.1",
                           "123456789012345678901234567890", "1e-400", "99.90000000000000000001"}) {
    const auto value = Parse(text);
    ASSERT_TRUE(value.ok()) << text << value.status();
    EXPECT_TRUE(value->is_number());
    EXPECT_EQ(value->text(), text);
  }
  EXPECT_EQ(Parse("-0")->text(), "0");
}

struct RefusedCase {
  const char* name;
  std::string text;
  const char* want;
};

class JsonRefusedTest : public testing::TestWithParam<RefusedCase> {};

TEST_P(JsonRefusedTest, SaysWhere) {
  const auto value = Parse(GetParam().text);
  ASSERT_FALSE(value.ok());
  EXPECT_EQ(value.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(std::string(value.status().message()), GetParam().want);
}

const RefusedCase kRefusedCases[] = {
    {"Empty", "", "not JSON, at byte 1"},
    {"Word", "nope", "not JSON, at byte 2"},
    {"Comment", "// x\n1", "not JSON, at byte 1"},
    {"TrailingComma", "[1,]", "not JSON, at byte 4"},
    {"TrailingText", "{} x", "not JSON, at byte 4"},
    {"TwoValues", "1 2", "not JSON, at byte 3"},
    {"SingleQuotes", "{'a':1}", "not JSON, at byte 2"},
    {"PlusSign", "+1", "not JSON, at byte 1"},
    {"LeadingZero", "01", "not JSON, at byte 2"},
    {"NaN", "NaN", "not JSON, at byte 1"},
    {"LoneSurrogate", R"("\ud83d")", "not JSON, at byte 8"},
    {"InvalidUtf8", "\"\xff\"", "not JSON, at byte 2"},
    {"RawControl", "\"a\nb\"", "not JSON, at byte 3"},
    {"ByteOrderMark", "\xef\xbb\xbf{}", "a byte order mark, at byte 1"},
    {"DuplicateKey", R"({"a":1,"a":2})", "a key stands twice in one object, at byte 10"},
    {"DuplicateKeyEscaped", R"({"a":1,"\u0061":2})",
     "a key stands twice in one object, at byte 15"},
    {"TooDeep", Nested(limits::kJsonDepth + 1), "nested more than 64 levels deep, at byte 65"},
    {"VeryDeep", std::string(100'000, '['), "nested more than 64 levels deep, at byte 65"},
    {"BeyondDouble", "1e400", "a number beyond the range of numbers, at byte 5"},
    {"Nul", std::string("1\0", 2), "a NUL character, at byte 2"},
    {"TextAfterNul", std::string("{}\0x", 4), "a NUL character, at byte 3"},
};

INSTANTIATE_TEST_SUITE_P(All, JsonRefusedTest, testing::ValuesIn(kRefusedCases),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(JsonParse, TakesTheDeepestAllowed) {
  const std::string text = Nested(limits::kJsonDepth);
  const auto value = Parse(text);
  ASSERT_TRUE(value.ok()) << value.status();
  EXPECT_EQ(Dump(*value), text);
}

TEST(JsonParse, TakesAsManyValuesAsAllowedAndNoMore) {
  std::string text = "[0";  // two values
  for (size_t values = 2; values < limits::kJsonValues; ++values) text += ",0";
  EXPECT_TRUE(Parse(absl::StrCat(text, "]")).ok());
  const auto value = Parse(absl::StrCat(text, ",0]"));
  ASSERT_FALSE(value.ok());
  EXPECT_EQ(std::string(value.status().message()), "more than 2000000 values, at byte 4000001");
}

TEST(JsonDump, SortsKeysAndKeepsNumbers) {
  const auto value = Parse(R"({ "b" : 1.50 , "a" : [ true , null , "x" ] , "B" : {} })");
  ASSERT_TRUE(value.ok()) << value.status();
  EXPECT_EQ(Dump(*value), R"({"B":{},"a":[true,null,"x"],"b":1.50})");
}

TEST(JsonDump, EscapesText) {
  EXPECT_EQ(Dump(Value("a\"b\\c\n\r\t\x01/ß😀")), R"("a\"b\\c\n\r\t\u0001/ß😀")");
  EXPECT_EQ(Dump(Value(std::string("a\xff"
                                   "b\xc3"))),
            "\"a\xef\xbf\xbd"
            "b\xef\xbf\xbd\"");
}

TEST(JsonDump, Pretty) {
  const auto value = Parse(R"({"a":[1,2],"b":{},"c":{"d":null},"e":[]})");
  ASSERT_TRUE(value.ok()) << value.status();
  EXPECT_EQ(DumpPretty(*value),
            "{\n"
            "  \"a\": [\n"
            "    1,\n"
            "    2\n"
            "  ],\n"
            "  \"b\": {},\n"
            "  \"c\": {\n"
            "    \"d\": null\n"
            "  },\n"
            "  \"e\": []\n"
            "}\n");
}

TEST(JsonDump, WritesWhatWasDumpedBeforeAsItStood) {
  const Value whole = Object{{"a", Array{Value::Number("1"), "x\n\"y\""}}, {"b", Value()}};
  const Value parts = Object{{"a", Value::Dumped(whole["a"])}, {"b", Value::Dumped(Value())}};
  EXPECT_EQ(Dump(parts), Dump(whole));
  EXPECT_EQ(Dump(Value::Dumped(parts)), R"({"a":[1,"x\n\"y\""],"b":null})");
  EXPECT_FALSE(parts["a"].is_array());
  EXPECT_FALSE(Value::Dumped("1") == Value("1"));
}

TEST(JsonValue, ComparesContentAndKind) {
  EXPECT_EQ(Value("1"), Value("1"));
  EXPECT_FALSE(Value("1") == Value::Number("1"));
  EXPECT_FALSE(Value() == Value(false));
  EXPECT_FALSE(Value(Array{}) == Value(Object{}));
  EXPECT_EQ(*Parse(R"({"a":[1],"b":2})"), *Parse(R"({"b":2,"a":[1]})"));
  EXPECT_FALSE(*Parse("[1,2]") == *Parse("[2,1]"));
  EXPECT_EQ(Value::Number(int64_t{-7}).text(), "-7");
}

}  // namespace
}  // namespace slogate::json
