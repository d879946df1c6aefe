#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "gate/base/limits.h"
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

class YamlRefused : public testing::TestWithParam<Case> {};

TEST_P(YamlRefused, Says) { EXPECT_EQ(Mistakes(GetParam().text), GetParam().want); }

const Case kCases[] = {
    {"ByteOrderMark", "\357\273\277a: 1\n",
     "p.yaml:1:1: error: the file holds a byte order mark [byte_order_mark]\n"
     "  1 | \\ufeffa: 1\n"
     "    | ^\n"
     "    = save the file as UTF-8 without BOM\n"},
    {"Utf16", "\377\376a",
     "p.yaml:1:1: error: the file is UTF-16 [byte_order_mark]\n"
     "  1 | \\xff\\xfea\n"
     "    | ^\n"
     "    = save the file as UTF-8 without BOM\n"},
    {"InvalidUtf8", "a: \377\n",
     "p.yaml:1:4: error: this byte is not UTF-8 [invalid_utf8]\n"
     "  1 | a: \\xff\n"
     "    |    ^\n"
     "    = save the file as UTF-8\n"},
    {"LoneCarriageReturn", "a: 1\rb: 2\n",
     "p.yaml:1:5: error: a carriage return without a line feed [carriage_return]\n"
     "  1 | a: 1\\x0db: 2\n"
     "    |     ^\n"
     "    = end lines with LF or CR LF\n"},
    {"NextLine", "a: 1\302\205b: 2\n",
     "p.yaml:1:5: error: a Unicode line break, which readers count differently [line_separator]\n"
     "  1 | a: 1\\u0085b: 2\n"
     "    |     ^\n"
     "    = end lines with LF or CR LF\n"},
    {"LineSeparator", "a: \"x\342\200\250y\"\n",
     "p.yaml:1:6: error: a Unicode line break, which readers count differently [line_separator]\n"
     "  1 | a: \"x\\u2028y\"\n"
     "    |      ^\n"
     "    = end lines with LF or CR LF\n"},
    {"ParagraphSeparator", "a: \"x\342\200\251y\"\n",
     "p.yaml:1:6: error: a Unicode line break, which readers count differently [line_separator]\n"
     "  1 | a: \"x\\u2029y\"\n"
     "    |      ^\n"
     "    = end lines with LF or CR LF\n"},
    {"ControlCharacter", "a: \033[31m\n",
     "p.yaml:1:4: error: a control character [control_character]\n"
     "  1 | a: \\x1b[31m\n"
     "    |    ^\n"
     "    = remove it; in double quotes, \\x1b stands for the character\n"},
    {"Delete", "a: \177\n",
     "p.yaml:1:4: error: a control character [control_character]\n"
     "  1 | a: \\x7f\n"
     "    |    ^\n"
     "    = remove it; in double quotes, \\x1b stands for the character\n"},
    {"EveryKindOfCharacterOnce", "\001\002\r\177\302\205\n",
     "p.yaml:1:1: error: a control character [control_character]\n"
     "  1 | \\x01\\x02\\x0d\\x7f\\u0085\n"
     "    | ^\n"
     "    = remove it; in double quotes, \\x1b stands for the character\n"
     "\n"
     "p.yaml:1:3: error: a carriage return without a line feed [carriage_return]\n"
     "  1 | \\x01\\x02\\x0d\\x7f\\u0085\n"
     "    |         ^\n"
     "    = end lines with LF or CR LF\n"
     "\n"
     "p.yaml:1:5: error: a Unicode line break, which readers count differently [line_separator]\n"
     "  1 | \\x01\\x02\\x0d\\x7f\\u0085\n"
     "    |                 ^\n"
     "    = end lines with LF or CR LF\n"},
    {"VersionDirective",
     "%YAML 1.2\n"
     "---\n"
     "a: 1\n",
     "p.yaml:1:1: error: directives are not allowed [directive]\n"
     "  1 | %YAML 1.2\n"
     "    | ^\n"
     "    = remove the lines that begin with '%'\n"},
    {"TagDirective",
     "%TAG ! tag:x,2000:\n"
     "---\n"
     "a: 1\n",
     "p.yaml:1:1: error: directives are not allowed [directive]\n"
     "  1 | %TAG ! tag:x,2000:\n"
     "    | ^\n"
     "    = remove the lines that begin with '%'\n"},
    {"UnknownDirective",
     "%FOO x\n"
     "---\n"
     "a: 1\n",
     "p.yaml:1:5: error: directives are not allowed [directive]\n"
     "  1 | %FOO x\n"
     "    |     ^\n"
     "    = remove the lines that begin with '%'\n"},
    {"SecondDocument",
     "a: 1\n"
     "---\n"
     "b: 2\n",
     "p.yaml:2:1: error: the file goes on after its first document [second_document]\n"
     "  2 | ---\n"
     "    | ^\n"
     "    = put each document into a file of its own\n"},
    {"TextAfterDots",
     "a: 1\n"
     "...\n"
     "b: 2\n",
     "p.yaml:3:1: error: the file goes on after its first document [second_document]\n"
     "  3 | b: 2\n"
     "    | ^\n"
     "    = put each document into a file of its own; check the indentation\n"},
    {"TwoJsonValues", "{\"a\":1}{\"b\":2}\n",
     "p.yaml:1:8: error: the file goes on after its first document [second_document]\n"
     "  1 | {\"a\":1}{\"b\":2}\n"
     "    |        ^\n"
     "    = put each document into a file of its own; check the indentation\n"},
    {"TextAfterJson", "{\"a\": 1} x\n",
     "p.yaml:1:10: error: the file goes on after its first document [second_document]\n"
     "  1 | {\"a\": 1} x\n"
     "    |          ^\n"
     "    = put each document into a file of its own; check the indentation\n"},
    {"AnchorsEverywhere",
     "a: &x 1\n"
     "b: &y [1]\n"
     "c: &z {d: 1}\n",
     "p.yaml:1:4: error: anchors are not allowed [anchor]\n"
     "  1 | a: &x 1\n"
     "    |    ^\n"
     "    = write the value out where it is needed\n"
     "\n"
     "p.yaml:2:4: error: anchors are not allowed [anchor]\n"
     "  2 | b: &y [1]\n"
     "    |    ^\n"
     "    = write the value out where it is needed\n"
     "\n"
     "p.yaml:3:4: error: anchors are not allowed [anchor]\n"
     "  3 | c: &z {d: 1}\n"
     "    |    ^\n"
     "    = write the value out where it is needed\n"},
    {"AliasAsValue", "b: *x\n",
     "p.yaml:1:4: error: aliases are not allowed [alias]\n"
     "  1 | b: *x\n"
     "    |    ^\n"
     "    = write the value out; quote a text that begins with '*'\n"},
    {"AliasAsKey", "*x : 2\n",
     "p.yaml:1:1: error: aliases are not allowed [alias]\n"
     "  1 | *x : 2\n"
     "    | ^\n"
     "    = write the value out; quote a text that begins with '*'\n"},
    {"AliasBomb",
     "a: &a [1,1]\n"
     "b: &b [*a,*a]\n"
     "c: [*b,*b]\n",
     "p.yaml:1:4: error: anchors are not allowed [anchor]\n"
     "  1 | a: &a [1,1]\n"
     "    |    ^\n"
     "    = write the value out where it is needed\n"
     "\n"
     "p.yaml:2:4: error: anchors are not allowed [anchor]\n"
     "  2 | b: &b [*a,*a]\n"
     "    |    ^\n"
     "    = write the value out where it is needed\n"
     "\n"
     "p.yaml:2:8: error: aliases are not allowed [alias]\n"
     "  2 | b: &b [*a,*a]\n"
     "    |        ^\n"
     "    = write the value out; quote a text that begins with '*'\n"
     "\n"
     "p.yaml:2:11: error: aliases are not allowed [alias]\n"
     "  2 | b: &b [*a,*a]\n"
     "    |           ^\n"
     "    = write the value out; quote a text that begins with '*'\n"
     "\n"
     "p.yaml:3:5: error: aliases are not allowed [alias]\n"
     "  3 | c: [*b,*b]\n"
     "    |     ^\n"
     "    = write the value out; quote a text that begins with '*'\n"
     "\n"
     "p.yaml:3:8: error: aliases are not allowed [alias]\n"
     "  3 | c: [*b,*b]\n"
     "    |        ^\n"
     "    = write the value out; quote a text that begins with '*'\n"},
    {"AliasOfItself", "&a [*a]\n",
     "p.yaml:1:1: error: anchors are not allowed [anchor]\n"
     "  1 | &a [*a]\n"
     "    | ^\n"
     "    = write the value out where it is needed\n"
     "\n"
     "p.yaml:1:5: error: aliases are not allowed [alias]\n"
     "  1 | &a [*a]\n"
     "    |     ^\n"
     "    = write the value out; quote a text that begins with '*'\n"},
    {"Tags",
     "a: !!str 1\n"
     "b: !x [1]\n"
     "c: !!binary x\n",
     "p.yaml:1:4: error: tags are not allowed [tag]\n"
     "  1 | a: !!str 1\n"
     "    |    ^\n"
     "    = leave out the word that begins with '!'\n"
     "\n"
     "p.yaml:2:4: error: tags are not allowed [tag]\n"
     "  2 | b: !x [1]\n"
     "    |    ^\n"
     "    = leave out the word that begins with '!'\n"
     "\n"
     "p.yaml:3:4: error: tags are not allowed [tag]\n"
     "  3 | c: !!binary x\n"
     "    |    ^\n"
     "    = leave out the word that begins with '!'\n"},
    {"MergeKey",
     "a: {x: 1}\n"
     "b:\n"
     "  <<: {x: 1}\n",
     "p.yaml:3:3: error: merge keys are not allowed [merge_key]\n"
     "  3 |   <<: {x: 1}\n"
     "    |   ^\n"
     "    = write the members out\n"},
    {"DuplicateKeysAll",
     "a: 1\n"
     "b: 2\n"
     "a: 3\n"
     "\"a\": 4\n",
     "p.yaml:3:1: error: key 'a' stands here again; first on line 1 [duplicate_key]\n"
     "  3 | a: 3\n"
     "    | ^\n"
     "    = keep one of them\n"
     "\n"
     "p.yaml:4:1: error: key 'a' stands here again; first on line 1 [duplicate_key]\n"
     "  4 | \"a\": 4\n"
     "    | ^\n"
     "    = keep one of them\n"},
    {"DuplicateKeyInFlow", "{a: 1, a: 2}",
     "p.yaml:1:8: error: key 'a' stands here again; first on line 1 [duplicate_key]\n"
     "  1 | {a: 1, a: 2}\n"
     "    |        ^\n"
     "    = keep one of them\n"},
    {"ListAsKey", "[a]: 1\n",
     "p.yaml:1:1: error: a key must be a word, not a list or mapping [bad_key]\n"
     "  1 | [a]: 1\n"
     "    | ^\n"
     "    = quote the key or the text it is part of\n"},
    {"MappingAsKey",
     "? {a: 1}\n"
     ": 2\n",
     "p.yaml:1:3: error: a key must be a word, not a list or mapping [bad_key]\n"
     "  1 | ? {a: 1}\n"
     "    |   ^\n"
     "    = quote the key or the text it is part of\n"},
    {"QuestionMarks", "? ? ? x\n",
     "p.yaml:1:3: error: a key must be a word, not a list or mapping [bad_key]\n"
     "  1 | ? ? ? x\n"
     "    |   ^\n"
     "    = quote the key or the text it is part of\n"},
    {"EmptyKey", "\"\": 1\n",
     "p.yaml:1:1: error: a key is empty [bad_key]\n"
     "  1 | \"\": 1\n"
     "    | ^\n"
     "    = write 'key: value'\n"},
    {"TooDeepFlow",
     "a: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n",
     "p.yaml:1:35: error: nested more than 32 levels deep [too_deep]\n"
     "  1 | a: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n"
     "    |                                   ^\n"
     "    = no policy needs that; look for a bracket that is never closed\n"},
    {"TooDeepBlock",
     "a:\n"
     " a:\n"
     "  a:\n"
     "   a:\n"
     "    a:\n"
     "     a:\n"
     "      a:\n"
     "       a:\n"
     "        a:\n"
     "         a:\n"
     "          a:\n"
     "           a:\n"
     "            a:\n"
     "             a:\n"
     "              a:\n"
     "               a:\n"
     "                a:\n"
     "                 a:\n"
     "                  a:\n"
     "                   a:\n"
     "                    a:\n"
     "                     a:\n"
     "                      a:\n"
     "                       a:\n"
     "                        a:\n"
     "                         a:\n"
     "                          a:\n"
     "                           a:\n"
     "                            a:\n"
     "                             a:\n"
     "                              a:\n"
     "                               a:\n"
     "                                a:\n"
     "                                 a:\n"
     "                                  a:\n"
     "                                   a:\n"
     "                                    a:\n"
     "                                     a:\n"
     "                                      a:\n"
     "                                       a:\n",
     "p.yaml:33:33: error: nested more than 32 levels deep [too_deep]\n"
     "  33 |                                 a:\n"
     "     |                                 ^\n"
     "     = no policy needs that; look for a bracket that is never closed\n"},
    {"Empty", "",
     "p.yaml: error: the file is empty [empty_file]\n"
     "    = a file begins with 'apiVersion: slogate/v1' and 'kind: …'\n"},
    {"OnlyComment", "# x\n",
     "p.yaml: error: the file is empty [empty_file]\n"
     "    = a file begins with 'apiVersion: slogate/v1' and 'kind: …'\n"},
    {"OnlyDashes", "---\n",
     "p.yaml: error: the file is empty [empty_file]\n"
     "    = a file begins with 'apiVersion: slogate/v1' and 'kind: …'\n"},
    {"Null", "null\n",
     "p.yaml: error: the file is empty [empty_file]\n"
     "    = a file begins with 'apiVersion: slogate/v1' and 'kind: …'\n"},
};

INSTANTIATE_TEST_SUITE_P(All, YamlRefused, testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(YamlRefused, NulCharacter) {
  EXPECT_EQ(Mistakes(std::string("a: \0", 4)),
            "p.yaml:1:4: error: a NUL character [nul_character]\n"
            "  1 | a: \\x00\n"
            "    |    ^\n"
            "    = save the file as UTF-8 text\n");
}

TEST(YamlRefused, MoreThanTheLimit) {
  EXPECT_EQ(Mistakes("a: " + std::string(limits::kFileBytes, 'x')),
            "p.yaml: error: the file has 1048579 bytes; at most 1048576 are read [file_too_large]\n"
            "    = split the objectives over several files\n");
}

// Each of these keeps a naive reader busy for minutes, or overflows its stack.
TEST(YamlRefused, HostileDepthEndsAtOnce) {
  for (const std::string piece : {"[", "{", "[\n", "{a: ", "- ", "? ", "- [ [\n", "[[{a: "}) {
    std::string text;
    while (text.size() + piece.size() < limits::kFileBytes) text += piece;
    std::vector<Diagnostic> diagnostics;
    EXPECT_FALSE(ParseYaml({"p.yaml", text}, diagnostics).has_value()) << piece;
    ASSERT_EQ(diagnostics.size(), 1u) << piece;
    EXPECT_TRUE(diagnostics[0].id == "too_deep" || diagnostics[0].id == "bad_key" ||
                diagnostics[0].id == "yaml_syntax")
        << diagnostics[0].id;
  }
}

}  // namespace
}  // namespace slogate
