// The decoder, the schema and the reference page, on a small language of their own.
#include "gate/text/type.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "gate/text/json.h"
#include "gate/text/reference.h"
#include "gate/text/schema.h"

namespace slogate {
namespace {

enum class Colour : uint8_t { kNone, kRed, kBlue };

struct Wheel {
  Position at;
  int inches = 0;
  Colour colour = Colour::kNone;
};

struct Spot {
  std::string value;
  Position at;
};

struct Car {
  std::string name;
  bool fast = false;
  std::vector<Wheel> wheels;
  std::map<std::string, std::string> notes;
  std::vector<Spot> stops;
  std::string fuel;
  std::optional<std::string> owner;
};

Type<std::string> WordType() {
  Shape shape;
  shape.name = "Word";
  shape.expected = "a word such as abc";
  shape.bad_id = "bad_word";
  shape.pattern = "[a-z]+";
  shape.hint = "lower case only";
  return Scalar<std::string>(shape, [](absl::string_view text, std::string& out, BadValue& why) {
    out = std::string(text);
    const size_t bad = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz");
    if (bad == absl::string_view::npos) return true;
    why.offset = bad;
    return false;
  });
}

Type<int> InchesType() {
  Shape shape;
  shape.expected = "14 or 15";
  shape.bad_id = "bad_inches";
  shape.form = ScalarForm::kInteger;
  return Scalar<int>(shape, [](absl::string_view text, int& out, BadValue&) {
    out = text == "14" ? 14 : 15;
    return text == "14" || text == "15";
  });
}

Type<bool> FastType() {
  Shape shape;
  shape.expected = "true or false";
  shape.bad_id = "bad_truth";
  shape.form = ScalarForm::kBool;
  return Scalar<bool>(shape, [](absl::string_view text, bool& out, BadValue&) {
    out = text == "true";
    return out || text == "false";
  });
}

Type<Colour> ColourType() {
  Shape shape;
  shape.expected = "a colour";
  shape.bad_id = "bad_colour";
  const BadValue pink = {
      .id = "pink", .message = "pink is sold out", .hint = "take red", .offset = 0};
  return Words<Colour>(shape, {{"red", Colour::kRed}, {"blue", Colour::kBlue}}, {{"pink", pink}});
}

Type<Wheel> WheelType() {
  return Struct<Wheel>("Wheel", "a wheel", "What a car rolls on.")
      .Place(&Wheel::at)
      .Required("inches", &Wheel::inches, InchesType(), "Its size.")
      .Optional("colour", &Wheel::colour, ColourType(), "Its colour.", "red");
}

Type<Car> CarType() {
  const auto fuel = [](const std::string& word) {
    return [word](std::string kind, const Node&, Car& out) { out.fuel = word + ":" + kind; };
  };
  return Struct<Car>("Car", "a car", "A car | what else.")
      .Required("name", &Car::name, WordType(), "Its name.")
      .Optional("fast", &Car::fast, FastType(), "Whether it is fast.", "false")
      .Optional("wheels", &Car::wheels, List("a list of wheels", WheelType(), 1), "Its wheels.")
      .Optional("notes", &Car::notes, Map("a mapping of notes", WordType(), WordType(), 1),
                "Notes.")
      .Optional("stops", &Car::stops,
                OneOrList("a stop, or a list of stops", WithPlace<Spot>(WordType())), "Stops.")
      .Optional("owner", &Car::owner, WordType(), "Who owns it.")
      .Choice<std::string>("petrol", WordType(), fuel("petrol"), "Petrol of this sort.")
      .Choice<std::string>("battery", WordType(), fuel("battery"), "A battery of this sort.");
}

Car Decode(const std::string& text, std::string& mistakes) {
  const SourceFile file = {"c.yaml", text};
  std::vector<Diagnostic> diagnostics;
  const std::optional<Node> root = ParseYaml(file, diagnostics);
  Doubts doubts;
  Car car;
  if (root) car = DecodeFile(CarType(), "c.yaml", *root, doubts, diagnostics);
  mistakes = Render(diagnostics, {file});
  return car;
}

TEST(Type, DecodesEverything) {
  std::string mistakes;
  const Car car = Decode(
      "name: herbie\nfast: true\nwheels:\n  - {inches: 14, colour: blue}\n  - inches: 15\nnotes: "
      "{a: b, c: d}\n"
      "stops: [x, z]\npetrol: super\n",
      mistakes);
  EXPECT_EQ(mistakes, "");
  EXPECT_EQ(car.name, "herbie");
  EXPECT_TRUE(car.fast);
  ASSERT_EQ(car.wheels.size(), 2u);
  EXPECT_EQ(car.wheels[0].at, (Position{4, 5}));
  EXPECT_EQ(car.wheels[0].inches, 14);
  EXPECT_EQ(car.wheels[0].colour, Colour::kBlue);
  EXPECT_EQ(car.wheels[1].inches, 15);
  EXPECT_EQ(car.wheels[1].colour, Colour::kNone);
  EXPECT_EQ(car.notes, (std::map<std::string, std::string>{{"a", "b"}, {"c", "d"}}));
  ASSERT_EQ(car.stops.size(), 2u);
  EXPECT_EQ(car.stops[1].value, "z");
  EXPECT_EQ(car.stops[1].at, (Position{7, 12}));
  EXPECT_EQ(car.fuel, "petrol:super");
  EXPECT_FALSE(car.owner.has_value());
}

TEST(Type, OneStandsForAListOfOne) {
  std::string mistakes;
  const Car car = Decode("{name: a, battery: b, stops: x, owner: me}", mistakes);
  EXPECT_EQ(mistakes, "");
  ASSERT_EQ(car.stops.size(), 1u);
  EXPECT_EQ(car.stops[0].value, "x");
  EXPECT_EQ(car.owner, "me");
}

struct MistakeCase {
  const char* name;
  const char* text;
  const char* want;
};

class TypeMistakeTest : public testing::TestWithParam<MistakeCase> {};

TEST_P(TypeMistakeTest, Says) {
  std::string mistakes;
  Decode(GetParam().text, mistakes);
  EXPECT_EQ(mistakes, GetParam().want);
}

const MistakeCase kMistakeCases[] = {
    {"UnknownKeyNearAKnownOne", "{name: a, petrol: b, wheel: []}",
     "c.yaml:1:22: error: unknown key 'wheel'; did you mean 'wheels'? [unknown_key]\n"
     "  1 | {name: a, petrol: b, wheel: []}\n"
     "    |                      ^\n"},
    {"UnknownKeyOfAnotherStruct", "{name: a, petrol: b, inches: 14}",
     "c.yaml:1:22: error: unknown key 'inches' in a car [unknown_key]\n"
     "  1 | {name: a, petrol: b, inches: 14}\n"
     "    |                      ^\n"
     "    = it belongs to a wheel\n"},
    {"UnknownKeyOfNone", "{name: a, petrol: b, wings: 2}",
     "c.yaml:1:22: error: unknown key 'wings' in a car [unknown_key]\n"
     "  1 | {name: a, petrol: b, wings: 2}\n"
     "    |                      ^\n"
     "    = known here: name, fast, wheels, notes, stops, owner, petrol, battery\n"},
    {"MissingKey", "{petrol: b}",
     "c.yaml:1:1: error: a car needs 'name' [missing_key]\n"
     "  1 | {petrol: b}\n"
     "    | ^\n"
     "    = 'name' is a word such as abc\n"},
    {"MisspeltKeyIsNotAlsoMissing", "{nmae: a, petrol: b}",
     "c.yaml:1:2: error: unknown key 'nmae'; did you mean 'name'? [unknown_key]\n"
     "  1 | {nmae: a, petrol: b}\n"
     "    |  ^\n"},
    {"NoChoice", "{name: a}",
     "c.yaml:1:1: error: a car needs one of 'petrol' and 'battery' [missing_key]\n"
     "  1 | {name: a}\n"
     "    | ^\n"},
    {"TwoChoices", "{name: a, petrol: b, battery: c}",
     "c.yaml:1:22: error: 'battery' beside 'petrol': a car has exactly one of 'petrol' and "
     "'battery' [one_of]\n"
     "  1 | {name: a, petrol: b, battery: c}\n"
     "    |                      ^\n"
     "    = keep one of them\n"},
    {"MisspeltChoice", "{name: a, petrl: b}",
     "c.yaml:1:11: error: unknown key 'petrl'; did you mean 'petrol'? [unknown_key]\n"
     "  1 | {name: a, petrl: b}\n"
     "    |           ^\n"},
    {"NoValue",
     "name:\n"
     "petrol: ~\n"
     "wheels: [null]\n"
     "notes: {a: }\n",
     "c.yaml:1:1: error: 'name' has no value [no_value]\n"
     "  1 | name:\n"
     "    | ^\n"
     "    = write one, or leave it out\n"
     "\n"
     "c.yaml:2:1: error: 'petrol' has no value [no_value]\n"
     "  2 | petrol: ~\n"
     "    | ^\n"
     "    = write one, or leave it out\n"
     "\n"
     "c.yaml:3:10: error: this entry of the list has no value [no_value]\n"
     "  3 | wheels: [null]\n"
     "    |          ^\n"
     "    = write one, or leave it out\n"
     "\n"
     "c.yaml:4:9: error: 'a' has no value [no_value]\n"
     "  4 | notes: {a: }\n"
     "    |         ^\n"
     "    = write one, or leave it out\n"},
    {"WrongKinds", "{name: [a], petrol: {b: c}, wheels: x, notes: [], stops: {}}",
     "c.yaml:1:8: error: expected a word such as abc, found a list [wrong_kind]\n"
     "  1 | {name: [a], petrol: {b: c}, wheels: x, notes: [], stops: {}}\n"
     "    |        ^\n"
     "    = lower case only\n"
     "\n"
     "c.yaml:1:21: error: expected a word such as abc, found a mapping [wrong_kind]\n"
     "  1 | {name: [a], petrol: {b: c}, wheels: x, notes: [], stops: {}}\n"
     "    |                     ^\n"
     "    = lower case only\n"
     "\n"
     "c.yaml:1:37: error: expected a list of wheels, found a text [wrong_kind]\n"
     "  1 | {name: [a], petrol: {b: c}, wheels: x, notes: [], stops: {}}\n"
     "    |                                     ^\n"
     "    = write a list: in brackets, or each entry on a line of its own after '- '\n"
     "\n"
     "c.yaml:1:47: error: expected a mapping of notes, found a list [wrong_kind]\n"
     "  1 | {name: [a], petrol: {b: c}, wheels: x, notes: [], stops: {}}\n"
     "    |                                               ^\n"
     "\n"
     "c.yaml:1:58: error: expected a stop, or a list of stops, found a mapping [wrong_kind]\n"
     "  1 | {name: [a], petrol: {b: c}, wheels: x, notes: [], stops: {}}\n"
     "    |                                                          ^\n"},
    {"WholeFile", "- a\n",
     "c.yaml:1:1: error: expected a car, found a list [wrong_kind]\n"
     "  1 | - a\n"
     "    | ^\n"
     "    = write a mapping with 'name', 'fast', 'wheels', 'notes', 'stops', 'owner', 'petrol' or "
     "'battery'\n"},
    {"BadValueWithItsPlace", "{name: \"abC\", petrol: b}",
     "c.yaml:1:11: error: 'abC' is not a word such as abc [bad_word]\n"
     "  1 | {name: \"abC\", petrol: b}\n"
     "    |           ^\n"
     "    = lower case only\n"},
    {"BadWord", "{name: a, petrol: b, wheels: [{inches: 14, colour: bleu}]}",
     "c.yaml:1:52: error: 'bleu' is not a colour; did you mean 'blue'? [bad_colour]\n"
     "  1 | {name: a, petrol: b, wheels: [{inches: 14, colour: bleu}]}\n"
     "    |                                                    ^\n"},
    {"RefusedWord", "{name: a, petrol: b, wheels: [{inches: 14, colour: pink}]}",
     "c.yaml:1:52: error: pink is sold out [pink]\n"
     "  1 | {name: a, petrol: b, wheels: [{inches: 14, colour: pink}]}\n"
     "    |                                                    ^\n"
     "    = take red\n"},
    {"TruthsAndNumbers",
     "{name: a, petrol: b, fast: yes, wheels: [{inches: \"14\"}, {inches: 1e1}]}",
     "c.yaml:1:28: error: 'yes' is not true or false [bad_truth]\n"
     "  1 | {name: a, petrol: b, fast: yes, wheels: [{inches: \"14\"}, {inches: 1e1}]}\n"
     "    |                            ^\n"
     "\n"
     "c.yaml:1:51: error: '14' in quotes is a text; expected 14 or 15 [bad_inches]\n"
     "  1 | {name: a, petrol: b, fast: yes, wheels: [{inches: \"14\"}, {inches: 1e1}]}\n"
     "    |                                                   ^\n"
     "    = write it without quotes\n"
     "\n"
     "c.yaml:1:67: error: '1e1' is not 14 or 15 [bad_inches]\n"
     "  1 | {name: a, petrol: b, fast: yes, wheels: [{inches: \"14\"}, {inches: 1e1}]}\n"
     "    |                                                                   ^\n"},
    {"TextThatOthersReadOtherwise", "{name: no, petrol: y}",
     "c.yaml:1:8: error: 'no' without quotes is true or false to readers of YAML [unquoted]\n"
     "  1 | {name: no, petrol: y}\n"
     "    |        ^\n"
     "    = write 'no', with the quotes\n"
     "\n"
     "c.yaml:1:20: error: 'y' without quotes is true or false to readers of YAML [unquoted]\n"
     "  1 | {name: no, petrol: y}\n"
     "    |                    ^\n"
     "    = write 'y', with the quotes\n"},
    {"EmptyListAndMapping", "{name: a, petrol: b, wheels: [], notes: {}, stops: []}",
     "c.yaml:1:30: error: expected a list of wheels, found an empty list [empty_list]\n"
     "  1 | {name: a, petrol: b, wheels: [], notes: {}, stops: []}\n"
     "    |                              ^\n"
     "\n"
     "c.yaml:1:41: error: expected a mapping of notes, found an empty mapping [empty_mapping]\n"
     "  1 | {name: a, petrol: b, wheels: [], notes: {}, stops: []}\n"
     "    |                                         ^\n"
     "\n"
     "c.yaml:1:52: error: expected a stop, or a list of stops, found an empty list [empty_list]\n"
     "  1 | {name: a, petrol: b, wheels: [], notes: {}, stops: []}\n"
     "    |                                                    ^\n"},
    {"EveryMistakeAtOnce",
     "name: A\n"
     "fats: true\n"
     "wheels:\n"
     "  - {inch: 14}\n"
     "  - 3\n",
     "c.yaml:1:7: error: 'A' is not a word such as abc [bad_word]\n"
     "  1 | name: A\n"
     "    |       ^\n"
     "    = lower case only\n"
     "\n"
     "c.yaml:2:1: error: unknown key 'fats'; did you mean 'fast'? [unknown_key]\n"
     "  2 | fats: true\n"
     "    | ^\n"
     "\n"
     "c.yaml:4:5: error: a wheel needs 'inches' [missing_key]\n"
     "  4 |   - {inch: 14}\n"
     "    |     ^\n"
     "    = 'inches' is 14 or 15\n"
     "\n"
     "c.yaml:4:6: error: unknown key 'inch' in a wheel [unknown_key]\n"
     "  4 |   - {inch: 14}\n"
     "    |      ^\n"
     "    = known here: inches, colour\n"
     "\n"
     "c.yaml:5:5: error: expected a wheel, found a text [wrong_kind]\n"
     "  5 |   - 3\n"
     "    |     ^\n"
     "    = write a mapping with 'inches' or 'colour'\n"},
};

INSTANTIATE_TEST_SUITE_P(All, TypeMistakeTest, testing::ValuesIn(kMistakeCases),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(Type, ReferencePage) {
  EXPECT_EQ(ReferencePage({CarType().shape, WheelType().shape}),
            "## Car\n"
            "\n"
            "A car | what else.\n"
            "\n"
            "| Key | Value | Default | Meaning |\n"
            "|---|---|---|---|\n"
            "| `name` | a word such as abc | required | Its name. |\n"
            "| `fast` | true or false | `false` | Whether it is fast. |\n"
            "| `wheels` | list of: [Wheel](#wheel) |  | Its wheels. |\n"
            "| `notes` | mapping: a word such as abc → a word such as abc |  | Notes. |\n"
            "| `stops` | a word such as abc; or list of: a word such as abc |  | Stops. |\n"
            "| `owner` | a word such as abc |  | Who owns it. |\n"
            "| `petrol` | a word such as abc | exactly one | Petrol of this sort. |\n"
            "| `battery` | a word such as abc | exactly one | A battery of this sort. |\n"
            "\n"
            "## Wheel\n"
            "\n"
            "What a car rolls on.\n"
            "\n"
            "| Key | Value | Default | Meaning |\n"
            "|---|---|---|---|\n"
            "| `inches` | 14 or 15 | required | Its size. |\n"
            "| `colour` | `red`, `blue` | `red` | Its colour. |\n");
}

TEST(Type, JsonSchema) {
  const auto schema = json::Parse(JsonSchema(*CarType().shape, "car"));
  ASSERT_TRUE(schema.ok()) << schema.status();
  EXPECT_EQ(json::Dump(*schema),
            R"({"$schema":"http://json-schema.org/draft-07/schema#","additionalProperties":fals)"
            R"(e,"definitions":{"Wheel":{"additionalProperties":false,"description":"What a car)"
            R"( rolls on.","properties":{"colour":{"description":"Its colour.","enum":["red","b)"
            R"(lue"]},"inches":{"description":"Its size.","type":"integer"}},"required":["inche)"
            R"(s"],"type":"object"},"Word":{"pattern":"^(?:[a-z]+)$","type":"string"}},"descrip)"
            R"(tion":"A car | what else.","oneOf":[{"required":["petrol"]},{"required":["batter)"
            R"(y"]}],"properties":{"battery":{"$ref":"#/definitions/Word","description":"A batt)"
            R"(ery of this sort."},"fast":{"description":"Whether it is fast.","type":"boolean")"
            R"(},"name":{"$ref":"#/definitions/Word","description":"Its name."},"notes":{"addit)"
            R"(ionalProperties":{"$ref":"#/definitions/Word"},"description":"Notes.","minProper)"
            R"(ties":1,"propertyNames":{"$ref":"#/definitions/Word"},"type":"object"},"owner":{)"
            R"("$ref":"#/definitions/Word","description":"Who owns it."},"petrol":{"$ref":"#/de)"
            R"(finitions/Word","description":"Petrol of this sort."},"stops":{"description":"St)"
            R"(ops.","oneOf":[{"$ref":"#/definitions/Word"},{"items":{"$ref":"#/definitions/Wor)"
            R"(d"},"minItems":1,"type":"array"}]},"wheels":{"description":"Its wheels.","items")"
            R"(:{"$ref":"#/definitions/Wheel"},"minItems":1,"type":"array"}},"required":["name")"
            R"(],"title":"car","type":"object"})");
}

}  // namespace
}  // namespace slogate
