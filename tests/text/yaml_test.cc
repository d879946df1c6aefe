// What the YAML reader takes, and the places it gives.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>

#include "gate/base/limits.h"
#include "gate/text/node.h"

namespace slogate {
namespace {

Node Read(const std::string& text) {
  std::vector<Diagnostic> diagnostics;
  const SourceFile file = {"p.yaml", text};
  std::optional<Node> node = ParseYaml(file, diagnostics);
  EXPECT_EQ(Render(diagnostics, {file}), "");
  return node ? *std::move(node) : Node();
}

// The tree in one line: texts in quotes where they were quoted, with line:column.
std::string Show(const Node& node) {
  std::string out = absl::StrCat(node.at.line, ":", node.at.column);
  if (node.kind == Node::Kind::kScalar) {
    const char* quote = node.quoted ? "'" : "";
    return absl::StrCat(out, quote, node.scalar, quote);
  }
  absl::StrAppend(&out, node.kind == Node::Kind::kList ? "[" : "{");
  const char* separator = "";
  for (const Node& element : node.list) {
    absl::StrAppend(&out, separator, Show(element));
    separator = " ";
  }
  for (const auto& [key, value] : node.map) {
    absl::StrAppend(&out, separator, Show(key), "=", Show(value));
    separator = " ";
  }
  return absl::StrCat(out, node.kind == Node::Kind::kList ? "]" : "}");
}

struct TreeCase {
  const char* name;
  const char* text;
  const char* want;
};

class YamlTreeTest : public testing::TestWithParam<TreeCase> {};

TEST_P(YamlTreeTest, Reads) { EXPECT_EQ(Show(Read(GetParam().text)), GetParam().want); }

const TreeCase kTreeCases[] = {
    {"Block", "a: 1\nb:\n  - x\n  - 'y'\n", "1:1{1:1a=1:41 2:1b=3:3[3:5x 4:5'y']}"},
    {"Flow", "{a: [1, \"2\"], b: {c: d}}", "1:1{1:2a=1:5[1:61 1:9'2'] 1:15b=1:18{1:19c=1:22d}}"},
    {"Json", "{\"a\":\n\t[1,true,null,\"x\\/y\"]}",
     "1:1{1:2'a'=2:2[2:31 2:5true 2:10null 2:15'x/y']}"},
    {"JsonWithoutBlanks", "{\"a\":1,\"b\":\"c\"}", "1:1{1:2'a'=1:61 1:8'b'=1:12'c'}"},
    {"WordsStayTexts", "a: no\nb: 1e3\nc: 014\nd: ~\ne: 0x1F\n",
     "1:1{1:1a=1:4no 2:1b=2:41e3 3:1c=3:4014 4:1d=4:4~ 5:1e=5:40x1F}"},
    {"MissingValue", "a:\nb: 1\n", "1:1{1:1a=1:3 2:1b=2:41}"},
    {"ColumnsCountCharacters", "ß€: 😀x # y\n\n", "1:1{1:1ß€=1:5😀x}"},
    {"CrLf", "a: 1\r\nb: 2\r\n", "1:1{1:1a=1:41 2:1b=2:42}"},
    {"DashesAndDots", "---\na: 1\n...\n", "2:1{2:1a=2:41}"},
    {"CommentsAndBlankLines", "# x\n\na: 1 # y\n# z\n", "3:1{3:1a=3:41}"},
    {"BlockScalar", "a: |\n  x\n  y\n", "1:1{1:1a=1:4'x\ny\n'}"},
    {"FoldedScalar", "a: >-\n  x\n  y\n", "1:1{1:1a=1:4'x y'}"},
    {"QuotedMergeKeyIsAKey", "'<<': 1\n", "1:1{1:1'<<'=1:71}"},
    {"SelectorInBlock", "a: http_total{service=\"x\"}\n", "1:1{1:1a=1:4http_total{service=\"x\"}}"},
};

INSTANTIATE_TEST_SUITE_P(All, YamlTreeTest, testing::ValuesIn(kTreeCases),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(Yaml, DeepestAllowed) {
  const auto levels = static_cast<size_t>(limits::kFileDepth);
  const Node node = Read(absl::StrCat(std::string(levels, '['), std::string(levels, ']')));
  EXPECT_EQ(node.kind, Node::Kind::kList);
}

TEST(Yaml, TellsWhichTextsStandLetterForLetter) {
  const Node root = Read(
      "plain: ß a\nsingle: 'ß b'\ndouble: \"ß c\"\nescaped: \"\\u00e9\"\ndoubled: 'it''s'\n"
      "lines: one\n  two\nblock: |\n  x\nempty: ''\n");
  const struct {
    const char* key;
    bool exact;
    int text_column;
  } kCases[] = {{"plain", true, 8},     {"single", true, 10},   {"double", true, 10},
                {"escaped", false, 11}, {"doubled", false, 11}, {"lines", false, 8},
                {"block", false, 8},    {"empty", true, 9}};
  for (const auto& test : kCases) {
    const Node* value = root.Find(test.key);
    ASSERT_NE(value, nullptr) << test.key;
    EXPECT_EQ(value->exact_columns, test.exact) << test.key;
    EXPECT_EQ(value->text_column, test.text_column) << test.key;
  }
  EXPECT_EQ(root.Find("none"), nullptr);
}

TEST(Yaml, GivesTheTreeBesideMistakesThatLeaveItClear) {
  std::vector<Diagnostic> diagnostics;
  const std::optional<Node> node =
      ParseYaml({"p.yaml", "a: &x 1\na: 2\nb: *x\nc: !!str 3\n"}, diagnostics);
  ASSERT_TRUE(node.has_value());
  EXPECT_EQ(diagnostics.size(), 4u);
  EXPECT_EQ(Show(*node), "1:1{1:1a=1:41 3:1b=3:4 4:1c=4:43}");
  EXPECT_TRUE(node->Find("b")->unreadable);
}

TEST(Yaml, NullIsWhatReadersTakeForNothing) {
  const Node root = Read("a:\nb: ~\nc: null\nd: NULL\ne: ''\nf: 'null'\ng: nil\nh: []\n");
  for (const char* key : {"a", "b", "c", "d"}) EXPECT_TRUE(IsNull(*root.Find(key))) << key;
  for (const char* key : {"e", "f", "g", "h"}) EXPECT_FALSE(IsNull(*root.Find(key))) << key;
}

}  // namespace
}  // namespace slogate
