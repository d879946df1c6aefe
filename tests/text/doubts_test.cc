// Which members a decoder leaves in doubt, on a small language of its own.
#include "gate/text/doubts.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>

#include "gate/text/type.h"

namespace slogate {
namespace {

struct Person {
  Position at;
  std::string name, town;
  std::vector<std::string> hats;
};

struct Crew {
  Position at;
  std::string ship;
  Person captain;
  std::vector<Person> sailors;
  std::map<std::string, Person> guests;
};

Type<std::string> WordType() {
  Shape shape;
  shape.expected = "a word";
  shape.bad_id = "bad_word";
  return Scalar<std::string>(shape, [](absl::string_view text, std::string& out, BadValue&) {
    out = std::string(text);
    return out != "bad";
  });
}

Type<Person> PersonType() {
  return Struct<Person>("Person", "a person", "A person.")
      .Place(&Person::at)
      .Required("name", &Person::name, WordType(), "A name.")
      .Optional("town", &Person::town, WordType(), "A town.")
      .Optional("hats", &Person::hats, List("a list of hats", WordType()), "Hats.");
}

Type<Crew> CrewType() {
  return Struct<Crew>("Crew", "a crew", "A crew.")
      .Place(&Crew::at)
      .Required("ship", &Crew::ship, WordType(), "A ship.")
      .Optional("captain", &Crew::captain, PersonType(), "A captain.")
      .Optional("sailors", &Crew::sailors, List("a list of sailors", PersonType()), "Sailors.")
      .Optional("guests", &Crew::guests, Map("a mapping of guests", WordType(), PersonType()),
                "Guests.");
}

struct DoubtsCase {
  const char* name;
  const char* text;
  const char* want;  // the members in doubt, of the crew, then of each sailor and guest
};

class DoubtsTest : public testing::TestWithParam<DoubtsCase> {};

TEST_P(DoubtsTest, AreAbout) {
  const SourceFile file = {"crew.yaml", GetParam().text};
  std::vector<Diagnostic> diagnostics;
  const std::optional<Node> root = ParseYaml(file, diagnostics);
  ASSERT_TRUE(root.has_value());
  Doubts doubts;
  const Crew crew = DecodeFile(CrewType(), "crew.yaml", *root, doubts, diagnostics);
  std::string about;
  const auto add = [&](const std::string& who, Position at, const std::vector<const char*>& keys) {
    for (const char* key : keys) {
      if (doubts.About("crew.yaml", at, key)) absl::StrAppend(&about, who, key, " ");
      EXPECT_FALSE(doubts.About("other.yaml", at, key));
    }
  };
  add("", crew.at, {"ship", "captain", "sailors", "guests"});
  for (size_t i = 0; i < crew.sailors.size(); ++i) {
    add(absl::StrCat(i, "."), crew.sailors[i].at, {"name", "town", "hats"});
  }
  for (const auto& [name, guest] : crew.guests) {
    add(absl::StrCat(name, "."), guest.at, {"name", "town", "hats"});
  }
  EXPECT_EQ(about, GetParam().want);
  EXPECT_EQ(diagnostics.empty(), about.empty());
  EXPECT_FALSE(doubts.AboutAFile());
}

const DoubtsCase kCases[] = {
    {"Nothing", "ship: a\nsailors: [{name: b}]\nguests: {c: {name: d, hats: [e]}}\n", ""},
    {"AValue", "ship: bad\n", "ship "},
    {"AValueFurtherIn", "ship: a\ncaptain: {name: b, hats: [c, bad]}\n", "captain "},
    {"AMissingKey", "captain: {name: a}\n", "ship "},
    {"NoValue", "ship:\n", "ship "},
    {"AMisspeltKey", "ship: a\nsailor: [{name: b}]\n", "sailors "},
    {"AMisspeltKeyBesideTheRightOne", "ship: a\nguest: {}\nguests: {}\nsailor: []\n", "sailors "},
    {"AnUnknownKey", "ship: a\ncook: b\nguests: {c: {name: d}}\n", "captain sailors "},
    {"AKeyTwice", "ship: a\nship: b\n", "ship captain sailors guests "},
    {"AnAlias", "ship: *a\n", "ship "},
    {"AnAliasFurtherIn", "ship: a\ncaptain: {name: b, hats: [*c]}\n", "captain "},
    {"OneOfAList", "ship: a\nsailors:\n  - {name: b, hats: [bad]}\n  - {name: c}\n", "0.hats "},
    {"OneOfAMap", "ship: a\nguests: {b: {name: bad}, c: {name: d, town: bad}}\n", "b.name c.town "},
    {"AKeyTwiceInOneOfAList", "ship: a\nsailors: [{name: b, name: c}, {name: d}]\n",
     "0.name 0.town 0.hats "},
    {"OneOfAListIsNoMapping", "ship: a\nsailors: [{name: b}, c]\n", "1.name 1.town 1.hats "},
    {"OneOfAListHasNoValue", "ship: a\nsailors: [{name: b}, ~]\n", "sailors "},
    {"OneOfAListIsAnAlias", "ship: a\nsailors: [{name: b}, *c]\n", "sailors "},
    {"AListIsNone", "ship: a\nsailors: b\n", "sailors "},
    {"ANameInAMap", "ship: a\nguests: {bad: {name: b}}\n", "guests "},
    {"ANameTwiceInAMap", "ship: a\nguests: {b: {name: c}, b: {name: d}}\n", "guests "},
};

INSTANTIATE_TEST_SUITE_P(All, DoubtsTest, testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(DoubtsOfFiles, AreOfAll) {
  Doubts doubts;
  EXPECT_FALSE(doubts.AboutAFile());
  doubts.AddFile();
  EXPECT_TRUE(doubts.AboutAFile());
}

}  // namespace
}  // namespace slogate
