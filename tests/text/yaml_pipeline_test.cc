// What is read of pipeline files beyond the strict subset.
#include <string>
#include <vector>

#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include "gate/text/node.h"

namespace slogate {
namespace {

std::string Show(const Node& node) {
  if (node.kind == Node::Kind::kScalar) return absl::StrCat(node.scalar, "@", node.at.line);
  std::string out = node.kind == Node::Kind::kList ? "[" : "{";
  for (const Node& element : node.list) absl::StrAppend(&out, Show(element), " ");
  for (const auto& [key, value] : node.map)
    absl::StrAppend(&out, key.scalar, "=", Show(value), " ");
  if (out.back() == ' ') out.pop_back();
  return absl::StrCat(out, node.kind == Node::Kind::kList ? "]" : "}");
}

struct Case {
  const char* name;
  const char* text;
  const char* want;  // the tree, or what is said of it
};

class YamlPipeline : public testing::TestWithParam<Case> {};

TEST_P(YamlPipeline, Reads) {
  const SourceFile file = {"p.yml", GetParam().text};
  std::vector<Diagnostic> diagnostics;
  const std::optional<Node> node = ParseYaml(file, diagnostics, YamlDialect::kPipeline);
  EXPECT_EQ(node && diagnostics.empty() ? Show(*node) : Render(diagnostics, {file}),
            GetParam().want);
}

const Case kCases[] = {
    {"AliasesHaveThePlacesOfWhatTheyStandFor", "a: &x\n  b: 1\nc: *x\n", "{a={b=1@2} c={b=1@2}}"},
    {"Scalars", "a: &x 1\nb: [*x, *x]\n", "{a=1@1 b=[1@1 1@1]}"},
    {"TheLaterAnchorCounts", "a: &x 1\nb: &x 2\nc: *x\n", "{a=1@1 b=2@2 c=2@2}"},
    {"MergedMembersStandBehindItsOwn", "a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  c: 3\n",
     "{a={b=1@1 c=2@1} d={c=3@4 b=1@1}}"},
    {"TheFirstOfSeveralMergedCounts", "a: &x {k: 1}\nb: &y {k: 2, l: 3}\nc: {<<: [*x, *y]}\n",
     "{a={k=1@1} b={k=2@2 l=3@2} c={k=1@1 l=3@2}}"},
    {"QuotedAngles", "a: {'<<': 1}\n", "{a={<<=1@1}}"},
    {"Tags", "a: !reference [b, c]\nd: !!str 1\n", "{a=[b@1 c@1] d=1@2}"},
    {"UnknownAnchor", "a: *x\n",
     "p.yml:1:4: error: nothing before this place has the anchor 'x' [unknown_anchor]\n"
     "  1 | a: *x\n"
     "    |    ^\n"
     "    = quote a text that begins with '*'\n"},
    {"WithinItself", "a: &x [*x]\n",
     "p.yml:1:8: error: nothing before this place has the anchor 'x' [unknown_anchor]\n"
     "  1 | a: &x [*x]\n"
     "    |        ^\n"
     "    = quote a text that begins with '*'\n"},
    {"BillionsOfNothing",
     "a: &a [1,1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
     "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
     "e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\n",
     "p.yml:4:4: error: anchors and aliases stand for more than 100000 values [too_large]\n"
     "  4 | d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
     "    |    ^\n"
     "    = write out what is needed\n"},
    {"StillOneOfEachKey", "a: 1\na: 2\n",
     "p.yml:2:1: error: key 'a' stands here again; first on line 1 [duplicate_key]\n"
     "  2 | a: 2\n"
     "    | ^\n"
     "    = keep one of them\n"},
    {"Empty", "# nothing\n", "p.yml: error: the file is empty [empty_file]\n"},
};

INSTANTIATE_TEST_SUITE_P(All, YamlPipeline, testing::ValuesIn(kCases),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace slogate
