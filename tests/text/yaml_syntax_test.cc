#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "gate/text/node.h"

namespace slogate {
namespace {

std::string Mistakes(const std::string& text) {
  const SourceFile file = {"p.yaml", text};
  std::vector<Diagnostic> diagnostics;
  ParseYaml(file, diagnostics);
  return Render(diagnostics, {file});
}

struct Case {
  const char* name;
  const char* text;
  const char* want;
};

class YamlSyntax : public testing::TestWithParam<Case> {};

TEST_P(YamlSyntax, Says) { EXPECT_EQ(Mistakes(GetParam().text), GetParam().want); }

const Case kCases[] = {
    {"BareSelectorInFlow", "sli: {events: {bad: http_total{service=\"x\"}}}\n",
     "p.yaml:1:31: error: did not find expected ',' or '}' while parsing a flow mapping "
     "[yaml_syntax]\n"
     "  1 | sli: {events: {bad: http_total{service=\"x\"}}}\n"
     "    |                               ^\n"
     "    = quote the selector: 'http_requests_total{service=\"checkout\"}'\n"},
    {"TabIndent",
     "a:\n"
     "\tb: 1\n",
     "p.yaml:2:1: error: found character that cannot start any token while scanning for the next "
     "token [yaml_syntax]\n"
     "  2 |  b: 1\n"
     "    | ^\n"
     "    = indent with blanks, not with tabs\n"},
    {"TabIndentLater",
     "a:\n"
     "  b: 1\n"
     "\tc: 2\n",
     "p.yaml:3:1: error: found a tab character that violates indentation while scanning a plain "
     "scalar [yaml_syntax]\n"
     "  3 |  c: 2\n"
     "    | ^\n"
     "    = indent with blanks, not with tabs\n"},
    {"AtSign", "a: @x\n",
     "p.yaml:1:4: error: found character that cannot start any token while scanning for the next "
     "token [yaml_syntax]\n"
     "  1 | a: @x\n"
     "    |    ^\n"
     "    = quote a text that begins with '@', '`' or '%'\n"},
    {"Percent", "a: %x\n",
     "p.yaml:1:4: error: found character that cannot start any token while scanning for the next "
     "token [yaml_syntax]\n"
     "  1 | a: %x\n"
     "    |    ^\n"
     "    = quote a text that begins with '@', '`' or '%'\n"},
    {"ColonInPlainText", "a: b: c\n",
     "p.yaml:1:5: error: mapping values are not allowed in this context [yaml_syntax]\n"
     "  1 | a: b: c\n"
     "    |     ^\n"
     "    = check the indentation; quote a text that holds ': '\n"},
    {"UnclosedDoubleQuote",
     "a: \"abc\n"
     "b: 1\n",
     "p.yaml:1:4: error: this quote is never closed [yaml_syntax]\n"
     "  1 | a: \"abc\n"
     "    |    ^\n"
     "    = end the text with the same quote\n"},
    {"UnclosedSingleQuote",
     "a: 'abc\n"
     "b: 1\n",
     "p.yaml:1:4: error: this quote is never closed [yaml_syntax]\n"
     "  1 | a: 'abc\n"
     "    |    ^\n"
     "    = end the text with the same quote\n"},
    {"WrongIndent",
     "a:\n"
     "  b: 1\n"
     " c: 2\n",
     "p.yaml:3:2: error: did not find expected key while parsing a block mapping [yaml_syntax]\n"
     "  3 |  c: 2\n"
     "    |  ^\n"
     "    = check the indentation and the quotes just before this place\n"},
    {"NoColon",
     "a: 1\n"
     "foo\n"
     "b: 2\n",
     "p.yaml:3:1: error: could not find expected ':' while scanning a simple key [yaml_syntax]\n"
     "  3 | b: 2\n"
     "    | ^\n"
     "    = write 'key: value', with a blank after the colon\n"},
    {"NoColonInTheLastLine",
     "a: 1\n"
     "foo",
     "p.yaml:2:1: error: could not find expected ':' while scanning a simple key [yaml_syntax]\n"
     "  2 | foo\n"
     "    | ^\n"
     "    = write 'key: value', with a blank after the colon\n"},
    {"NothingAfterTheLastComma",
     "a: 1\n"
     "b: {c: 1,",
     "p.yaml:2:10: error: did not find expected node content while parsing a flow node "
     "[yaml_syntax]\n"
     "  2 | b: {c: 1,\n"
     "    |          ^\n"},
    {"SurrogatePair", "{\"a\": \"\\ud83d\\ude00\"}\n",
     "p.yaml:1:10: error: found invalid Unicode character escape code while parsing a quoted "
     "scalar [yaml_syntax]\n"
     "  1 | {\"a\": \"\\ud83d\\ude00\"}\n"
     "    |          ^\n"
     "    = write the character itself instead of its \\u escapes\n"},
    {"UnknownEscape", "a: \"\\d+\"\n",
     "p.yaml:1:5: error: found unknown escape character while parsing a quoted scalar "
     "[yaml_syntax]\n"
     "  1 | a: \"\\d+\"\n"
     "    |     ^\n"
     "    = use single quotes, or write \\\\ for a backslash\n"},
    {"UnclosedBrace",
     "a: {b: 1\n"
     "c: 2\n",
     "p.yaml:2:2: error: did not find expected ',' or '}' while parsing a flow mapping "
     "[yaml_syntax]\n"
     "  2 | c: 2\n"
     "    |  ^\n"
     "    = look for a missing comma or bracket before this place\n"},
    {"UnclosedBracket", "a: [1, 2\n",
     "p.yaml:2:1: error: did not find expected ',' or ']' while parsing a flow sequence "
     "[yaml_syntax]\n"
     "  2 | \n"
     "    | ^\n"
     "    = look for a missing comma or bracket before this place\n"},
    {"BareAmpersand", "a: & x\n",
     "p.yaml:1:5: error: did not find expected alphabetic or numeric character while scanning an "
     "anchor [yaml_syntax]\n"
     "  1 | a: & x\n"
     "    |     ^\n"
     "    = quote a text that begins with '&' or '*'\n"},
    {"BareStar", "a: *\n",
     "p.yaml:1:5: error: did not find expected alphabetic or numeric character while scanning an "
     "alias [yaml_syntax]\n"
     "  1 | a: *\n"
     "    |     ^\n"
     "    = quote a text that begins with '&' or '*'\n"},
    {"ListIndent",
     "a:\n"
     " - b\n"
     " c: d\n",
     "p.yaml:3:2: error: did not find expected '-' indicator while parsing a block collection "
     "[yaml_syntax]\n"
     "  3 |  c: d\n"
     "    |  ^\n"
     "    = give all entries of a list the same indentation\n"},
    {"CrLfCountsOnce",
     "a: 1\r\n"
     "b: &x 2\r\n",
     "p.yaml:2:4: error: anchors are not allowed [anchor]\n"
     "  2 | b: &x 2\n"
     "    |    ^\n"
     "    = write the value out where it is needed\n"},
};

INSTANTIATE_TEST_SUITE_P(All, YamlSyntax, testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace slogate
