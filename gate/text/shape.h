// Shape: what a type of the policy language looks like, without the C++ type behind it. Made by
// type.h, read by the decoder, the JSON Schema and the reference page, so that the three cannot
// disagree.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace slogate {

struct Shape;
using ShapePtr = std::shared_ptr<const Shape>;

// How a scalar has to be written: a text may stand with or without quotes, the others only without.
enum class ScalarForm : uint8_t { kText, kNumber, kInteger, kBool };

// How a struct's key may stand.
enum class Presence : uint8_t {
  kOptional,
  kRequired,
  kChoice,  // exactly one of the struct's choices must stand
};

struct MemberShape {
  std::string key;
  ShapePtr shape;
  Presence presence = Presence::kOptional;
  std::string shown_default;  // as one would write it; empty where there is nothing to show
  std::string doc;            // one sentence
};

struct Shape {
  enum class Kind : uint8_t { kScalar, kStruct, kList, kMap, kEither };

  Kind kind = Kind::kScalar;
  std::string name;      // of a struct or scalar, such as "Rule"; unique; may be empty
  std::string expected;  // as a diagnostic says it, with its article: "a duration such as 30d"
  std::string doc;       // a sentence or more for schema and reference page
  std::string hint;      // the way out where something else stands; may be empty

  // Of the diagnostic for a value of another kind; empty for the usual one.
  std::string other_id, other_message;

  // Whether what stands here may be a secret, and is not to be shown in a message.
  bool secret = false;

  // Scalars.
  ScalarForm form = ScalarForm::kText;
  std::string bad_id;              // the id of the diagnostic for a bad value
  std::string pattern;             // a regular expression for the whole text; may be empty
  std::vector<std::string> words;  // where only these may stand

  std::vector<MemberShape> members;    // structs, in the order of the reference page
  ShapePtr key;                        // maps
  ShapePtr element;                    // lists and maps
  size_t least = 0;                    // how many entries a list or map must have
  std::vector<ShapePtr> alternatives;  // kEither: told apart by their kind of node
};

// The structs that can be reached from `root`, each once, a struct before what it holds.
std::vector<const Shape*> StructsOf(const Shape& root);

}  // namespace slogate
