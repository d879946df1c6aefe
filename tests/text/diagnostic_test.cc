#include "gate/text/diagnostic.h"

#include <gtest/gtest.h>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include "gate/base/limits.h"

namespace slogate {
namespace {

Diagnostic At(int line, int column, std::string message = "wrong", std::string hint = "") {
  return {.id = "some_id",
          .file = "p.yaml",
          .at = {line, column},
          .message = std::move(message),
          .hint = std::move(hint)};
}

struct RenderCase {
  const char* name;
  std::string text;
  Diagnostic diagnostic;
  std::string want;
};

class RenderTest : public testing::TestWithParam<RenderCase> {};

TEST_P(RenderTest, Shows) {
  EXPECT_EQ(Render({GetParam().diagnostic}, {{"p.yaml", GetParam().text}}), GetParam().want);
}

const RenderCase kRenderCases[] = {
    {"MessageLineCaretHint", "a: 1\nobjectiv: 2\n", At(2, 1, "unknown key", "the way out"),
     "p.yaml:2:1: error: unknown key [some_id]\n"
     "  2 | objectiv: 2\n"
     "    | ^\n"
     "    = the way out\n"},
    {"WholeFile", "a: 1\n", At(0, 0, "the file is empty", "write one"),
     "p.yaml: error: the file is empty [some_id]\n"
     "    = write one\n"},
    {"WiderLineNumber", std::string(99, '\n') + "x: y\n", At(100, 4),
     "p.yaml:100:4: error: wrong [some_id]\n"
     "  100 | x: y\n"
     "      |    ^\n"},
    {"CaretCountsCharacters", "ß€: x\n", At(1, 5),
     "p.yaml:1:5: error: wrong [some_id]\n"
     "  1 | ß€: x\n"
     "    |     ^\n"},
    {"BehindTheEnd", "ab\n", At(1, 9),
     "p.yaml:1:9: error: wrong [some_id]\n"
     "  1 | ab\n"
     "    |   ^\n"},
    {"LineThatIsNotThere", "ab\n", At(7, 1), "p.yaml:7:1: error: wrong [some_id]\n"},
    {"TabIsOneColumn", "\ta: b\n", At(1, 2),
     "p.yaml:1:2: error: wrong [some_id]\n"
     "  1 |  a: b\n"
     "    |  ^\n"},
    {"ControlCharactersAreEscaped", "a\x1b[31m: b\n", At(1, 8),
     "p.yaml:1:8: error: wrong [some_id]\n"
     "  1 | a\\x1b[31m: b\n"
     "    |           ^\n"},
    {"InvalidUtf8IsEscaped", "a\xff: b\n", At(1, 5),
     "p.yaml:1:5: error: wrong [some_id]\n"
     "  1 | a\\xff: b\n"
     "    |        ^\n"},
    {"CarriageReturnIsNotShown", "a: b\r\nc: d\r\n", At(1, 1),
     "p.yaml:1:1: error: wrong [some_id]\n"
     "  1 | a: b\n"
     "    | ^\n"},
    {"MessageCannotForgeLines", "a: b\n", At(1, 1, "key 'x\n\x1b[2Jok'"),
     "p.yaml:1:1: error: key 'x\\x0a\\x1b[2Jok' [some_id]\n"
     "  1 | a: b\n"
     "    | ^\n"},
    {"LongLineIsCutAtBothEnds", std::string(300, 'x') + "HERE" + std::string(300, 'y'), At(1, 301),
     "p.yaml:1:301: error: wrong [some_id]\n"
     "  1 | …" +
         std::string(68, 'x') + "HERE" + std::string(30, 'y') + "…\n" + "    | " +
         std::string(69, ' ') + "^\n"},
    {"LongLineIsCutAtItsEnd", "HERE" + std::string(300, 'y'), At(1, 1),
     "p.yaml:1:1: error: wrong [some_id]\n"
     "  1 | HERE" +
         std::string(98, 'y') +
         "…\n"
         "    | ^\n"},
    {"SecretBeforeCaret", "a: {password: hunter2, b: c}\n", At(1, 24),
     "p.yaml:1:24: error: wrong [some_id]\n"
     "  1 | a: {password: ***, b: c}\n"
     "    |                    ^\n"},
    {"CaretInsideSecret", "password: hunter2\n", At(1, 14),
     "p.yaml:1:14: error: wrong [some_id]\n"
     "  1 | password: ***\n"
     "    |           ^\n"},
    {"SecretOnLaterLine", "bearer_token: >-\n  hunter2\n", At(2, 5),
     "p.yaml:2:5: error: wrong [some_id]\n"
     "  2 |   ***\n"
     "    |   ^\n"},
};

INSTANTIATE_TEST_SUITE_P(All, RenderTest, testing::ValuesIn(kRenderCases),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(Render, SortsByFileThenPlaceAndTellsWarnings) {
  Diagnostic late = At(3, 1, "late");
  Diagnostic early = At(1, 2, "early");
  Diagnostic other = At(1, 1, "other file");
  other.file = "a.yaml";
  other.severity = Severity::kWarning;
  EXPECT_EQ(Render({other, late, early}, {{"p.yaml", "one\ntwo\nthree"}, {"a.yaml", "x"}}),
            "p.yaml:1:2: error: early [some_id]\n"
            "  1 | one\n"
            "    |  ^\n"
            "\n"
            "p.yaml:3:1: error: late [some_id]\n"
            "  3 | three\n"
            "    | ^\n"
            "\n"
            "a.yaml:1:1: warning: other file [some_id]\n"
            "  1 | x\n"
            "    | ^\n");
}

TEST(Render, StopsAfterManyAndSaysHowManyMore) {
  std::vector<Diagnostic> many(limits::kShownDiagnostics + 5, At(1, 1));
  const std::string text = Render(many, {{"p.yaml", "x"}});
  EXPECT_TRUE(absl::EndsWith(text, "\n… and 5 more\n")) << text.substr(text.size() - 100);
}

TEST(HasErrors, WarningsAreNone) {
  Diagnostic warning = At(1, 1);
  warning.severity = Severity::kWarning;
  EXPECT_FALSE(HasErrors({}));
  EXPECT_FALSE(HasErrors({warning}));
  EXPECT_TRUE(HasErrors({warning, At(1, 1)}));
}

struct MaskCase {
  const char* name;
  const char* line;
  const char* want;
};

class MaskSecretsTest : public testing::TestWithParam<MaskCase> {};

TEST_P(MaskSecretsTest, Hides) { EXPECT_EQ(MaskSecrets(GetParam().line), GetParam().want); }

const MaskCase kMaskCases[] = {
    {"Plain", "password: hunter2", "password: ***"},
    {"PlainWithComma", "  password: hun,ter2 # mine", "  password: ***"},
    {"Quoted", "password: \"hun\\\"ter2\" # x", "password: *** # x"},
    {"SingleQuoted", "password: 'hun''ter2' # x", "password: *** # x"},
    {"UnclosedQuote", "password: 'hunter2", "password: ***"},
    {"InFlow", "{username: me, password: hunter2, x: 1}", "{username: me, password: ***, x: 1}"},
    {"Json", R"({"auth":{"bearer_token":"hunter2"},"a":1})",
     R"({"auth":{"bearer_token":***},"a":1})"},
    {"JsonBlanks", R"("api_key" : "hunter2")", R"("api_key" : ***)"},
    {"Header", "headers: {Authorization: Bearer hunter2, X-A: b}",
     "headers: {Authorization: ***, X-A: b}"},
    {"ApiKey", "X-Api-Key: hunter2", "X-Api-Key: ***"},
    {"Cookie", "set-cookie: hunter2", "set-cookie: ***"},
    {"AnyCase", "PassWord: hunter2", "PassWord: ***"},
    {"Misspelt", "bearer_tokn: hunter2", "bearer_tokn: ***"},
    {"AuthAsText", "auth: hunter2", "auth: ***"},
    {"AuthAsSet", "auth: {hunter2}", "auth: ***"},
    {"ListOfSecrets", "token: [hunter2, hunter3]", "token: ***"},
    {"Template", "bearer_token: {{ hunter2 }}", "bearer_token: ***"},
    {"OtherMapping", "bearer_token: {value: hunter2}", "bearer_token: ***"},
    {"BadVariable", "bearer_token: {env: $hunter2}", "bearer_token: ***"},
    {"UserOfUrl", "url: 'https://me:hunter2@host/path'", "url: 'https://***@host/path'"},
    {"UserOfUrlWithAt", "url: https://me:hunt@er2@host", "url: https://***@host"},
    {"UserOfUrlWithSlash", "url: https://me:hunt/er2@host", "url: https://***@host"},
    {"UserWithoutScheme", "url: me:hunter2@host", "url: ***@host"},
    {"QueryOfUrl", "url: https://h/?a=1&token=hunter2&b=2", "url: https://h/?a=1&token=***&b=2"},
    {"NotAFile", "auth: {bearer_token: {file: /run/secret}}",
     "auth: {bearer_token: {file: /run/secret}}"},
    {"NotAVariable", "auth: {basic: {password: {env: NAME}, username: me}}",
     "auth: {basic: {password: {env: NAME}, username: me}}"},
    {"NothingSecret", "url: 'https://host:9090' # ops@example", "url: 'https://***@example"},
    {"Selector", "total: 'http_requests_total{service=\"checkout\"}'",
     "total: 'http_requests_total{service=\"checkout\"}'"},
    {"KeyWithoutValue", "password:", "password:"},
};

INSTANTIATE_TEST_SUITE_P(All, MaskSecretsTest, testing::ValuesIn(kMaskCases),
                         [](const auto& test) { return std::string(test.param.name); });

// Whatever line a diagnostic points to, the secret is never shown.
TEST(Render, NeverShowsSecretsThatStandBelowTheirKey) {
  for (const std::string text : {
           "auth:\n  bearer_token: |\n    hunter2\n    hunter3\n",
           "auth:\n  bearer_token:\n    hunter2\n",
           "auth:\n  bearer_token:\n    value: hunter2\n",
           "auth:\n  hunter2\n",
           "auth:\n  basic:\n    password: \"hunter2\n      hunter3: x\"\n",
           "{\n\"password\":\n\"hunter2\"\n}\n",
           "headers:\n  Authorization:\n    Bearer hunter2\n",
           "password: {\n  literal: hunter2\n}\n",
           "password: {file: /x,\n  other: hunter2}\n",
       }) {
    std::vector<Diagnostic> everywhere;
    for (int line = 1; line <= 6; ++line) everywhere.push_back(At(line, 3));
    const std::string shown = Render(everywhere, {{"p.yaml", text}});
    EXPECT_FALSE(absl::StrContains(shown, "hunter")) << shown;
  }
}

TEST(Render, ShowsWhatFollowsASecret) {
  const std::string text = "auth:\n  bearer_token:\n    file: /run/secret\nrules:\n  - id: a\n";
  const std::string shown = Render({At(3, 5), At(4, 1), At(5, 5)}, {{"p.yaml", text}});
  EXPECT_TRUE(absl::StrContains(shown, "  3 |     file: /run/secret\n")) << shown;
  EXPECT_TRUE(absl::StrContains(shown, "  4 | rules:\n")) << shown;
  EXPECT_TRUE(absl::StrContains(shown, "  5 |   - id: a\n")) << shown;
}

TEST(Printable, EscapesWhatTerminalsObeyOrHide) {
  const struct {
    const char* text;
    const char* want;
  } kCases[] = {
      {"plain ß € 😀", "plain ß € 😀"},
      {"a\nb\tc\r", "a\\x0ab\\x09c\\x0d"},
      {"\x1b[31m\x7f", "\\x1b[31m\\x7f"},
      {"\xc2\x85", "\\u0085"},
      {"\xe2\x80\xae"
       "abc",
       "\\u202eabc"},
      {"a\xe2\x80\x8b"
       "b",
       "a\\u200bb"},
      {"\xef\xbb\xbf", "\\ufeff"},
      {"\xf3\xa0\x81\x81", "\\U000e0041"},
      {"\xff\xc3", "\\xff\\xc3"},
  };
  for (const auto& test : kCases) EXPECT_EQ(Printable(test.text), test.want);
}

TEST(Cut, KeepsCharactersWhole) {
  EXPECT_EQ(Cut("abc", 3), "abc");
  EXPECT_EQ(Cut("abcd", 3), "abc…");
  EXPECT_EQ(Cut("a€b", 3), "a…");
  EXPECT_EQ(Cut("a€b", 4), "a€…");
  EXPECT_EQ(Cut("€", 1), "…");
}

}  // namespace
}  // namespace slogate
