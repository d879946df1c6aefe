#include "gate/io/http_text.h"

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

namespace slogate {
namespace {

TEST(EncodeForm, Fields) {
  struct Case {
    const char* name;
    TextPairs form;
    const char* expected;
  };
  const Case cases[] = {
      {"nothing", {}, ""},
      {"empty value", {{"a", ""}}, "a="},
      {"empty key", {{"", "1"}}, "=1"},
      {"order and repeats are kept", {{"b", "2"}, {"a", "1"}, {"b", "3"}}, "b=2&a=1&b=3"},
      {"what would split a form", {{"a&b=c", "d=e&f"}}, "a%26b%3Dc=d%3De%26f"},
      {"a blank is no plus", {{"q", "1 + 1"}}, "q=1%20%2B%201"},
      {"PromQL",
       {{"query", "sum(x{a=~\"5..\"}[5m])"}},
       "query=sum%28x%7Ba%3D~%225..%22%7D%5B5m%5D%29"},
      {"UTF-8 by byte", {{"q", "\xc3\xa4"}}, "q=%C3%A4"},
  };
  for (const Case& c : cases) EXPECT_EQ(EncodeForm(c.form), c.expected) << c.name;
}

TEST(EncodeForm, EveryByte) {
  const std::string unreserved =
      "-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~";
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text(1, static_cast<char>(byte));
    const std::string expected =
        unreserved.find(text) != std::string::npos
            ? text
            : absl::StrCat("%", byte < 16 ? "0" : "",
                           absl::AsciiStrToUpper(absl::StrCat(absl::Hex(byte))));
    EXPECT_EQ(EncodeForm({{text, text}}), absl::StrCat(expected, "=", expected));
  }
}

TEST(HeadersRefusal, NamesAndValues) {
  struct Case {
    const char* name;
    TextPairs headers;
    const char* expected;
  };
  const char kLineBreak[] = "the value of the header X-Scope-OrgID has a line break or a NUL byte";
  const char kName[] = "a header has a name that no header may have";
  const Case cases[] = {
      {"none", {}, ""},
      {"usual", {{"X-Scope-OrgID", "team a"}, {"Authorization", "Bearer abc"}}, ""},
      {"bytes beyond ASCII and tabs", {{"X-Scope-OrgID", "\xc3\xa4\t"}}, ""},
      {"CR LF", {{"X-Scope-OrgID", "secret\r\nX-Admin: 1"}}, kLineBreak},
      {"CR", {{"X-Scope-OrgID", "secret\r"}}, kLineBreak},
      {"LF", {{"X-Scope-OrgID", "\nsecret"}}, kLineBreak},
      {"NUL", {{"X-Scope-OrgID", std::string("a\0b", 3)}}, kLineBreak},
      {"the second of two", {{"A", "1"}, {"X-Scope-OrgID", "\n"}}, kLineBreak},
      {"no name", {{"", "1"}}, kName},
      {"blank in the name", {{"X Y", "1"}}, kName},
      {"colon in the name", {{"X:", "1"}}, kName},
      {"line break in the name", {{"X\r\nY", "1"}}, kName},
      {"NUL in the name", {{std::string("X\0", 2), "1"}}, kName},
  };
  for (const Case& c : cases) EXPECT_EQ(HeadersRefusal(c.headers), c.expected) << c.name;
}

TEST(SaysCompressed, Lines) {
  struct Case {
    const char* line;
    bool expected;
  };
  const Case cases[] = {
      {"HTTP/1.1 200 OK\r\n", false},
      {"Content-Type: application/json\r\n", false},
      {"\r\n", false},
      {"Content-Encoding: gzip\r\n", true},
      {"content-encoding:DEFLATE\r\n", true},
      {"Content-Encoding: identity, br\r\n", true},
      {"Content-Encoding: Identity\r\n", false},
      {"Content-Encoding:\r\n", false},
      {"Transfer-Encoding: chunked\r\n", false},
      {"Transfer-Encoding: Chunked\r\n", false},
      {"Transfer-Encoding: gzip, chunked\r\n", true},
      {"X-Content-Encoding: gzip\r\n", false},
  };
  for (const Case& c : cases) EXPECT_EQ(SaysCompressed(c.line), c.expected) << c.line;
}

}  // namespace
}  // namespace slogate
