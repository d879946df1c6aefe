#include "gate/text/schema.h"

#include <utility>

#include <absl/strings/str_cat.h>

#include "gate/text/json.h"

namespace slogate {
namespace {

class Writer {
 public:
  json::Object Document(const Shape& root, const std::string& title) {
    json::Object schema = Struct(root);
    schema["$schema"] = "http://json-schema.org/draft-07/schema#";
    schema["title"] = title;
    if (!definitions_.empty()) schema["definitions"] = std::move(definitions_);
    return schema;
  }

 private:
  // The schema of a member or element: a reference where it has a name.
  json::Object Use(const Shape& shape) {
    if (shape.name.empty()) return Describe(shape);
    if (definitions_.find(shape.name) == definitions_.end()) {
      definitions_[shape.name] = json::Value();  // holds the place
      definitions_[shape.name] = Describe(shape);
    }
    return {{"$ref", absl::StrCat("#/definitions/", shape.name)}};
  }

  json::Object Describe(const Shape& shape) {
    switch (shape.kind) {
      case Shape::Kind::kScalar:
        return Scalar(shape);
      case Shape::Kind::kStruct:
        return Struct(shape);
      case Shape::Kind::kList:
        return List(shape);
      case Shape::Kind::kMap:
        return Map(shape);
      case Shape::Kind::kEither:
        return Either(shape);
    }
    return {};
  }

  static json::Object Scalar(const Shape& shape) {
    json::Object schema;
    if (!shape.words.empty()) {
      json::Array words;
      for (const std::string& word : shape.words) words.emplace_back(word);
      schema["enum"] = std::move(words);
    } else {
      constexpr const char* kTypes[] = {"string", "number", "integer", "boolean"};
      schema["type"] = kTypes[static_cast<size_t>(shape.form)];
      if (!shape.pattern.empty()) schema["pattern"] = absl::StrCat("^(?:", shape.pattern, ")$");
    }
    if (!shape.doc.empty()) schema["description"] = shape.doc;
    return schema;
  }

  json::Object Struct(const Shape& shape) {
    json::Object properties;
    json::Array required;
    json::Array choices;
    for (const MemberShape& member : shape.members) {
      json::Object property = Use(*member.shape);
      property["description"] = member.doc;
      properties[member.key] = std::move(property);
      if (member.presence == Presence::kRequired) required.emplace_back(member.key);
      if (member.presence == Presence::kChoice) {
        choices.emplace_back(json::Object{{"required", json::Array{json::Value(member.key)}}});
      }
    }
    json::Object schema = {
        {"type", "object"}, {"additionalProperties", false}, {"description", shape.doc}};
    schema["properties"] = std::move(properties);
    if (!required.empty()) schema["required"] = std::move(required);
    if (!choices.empty()) schema["oneOf"] = std::move(choices);
    return schema;
  }

  json::Object List(const Shape& shape) {
    json::Object schema = {{"type", "array"}, {"items", Use(*shape.element)}};
    if (shape.least > 0)
      schema["minItems"] = json::Value::Number(static_cast<int64_t>(shape.least));
    return schema;
  }

  json::Object Map(const Shape& shape) {
    json::Object schema = {{"type", "object"}, {"additionalProperties", Use(*shape.element)}};
    schema["propertyNames"] = Use(*shape.key);
    if (shape.least > 0)
      schema["minProperties"] = json::Value::Number(static_cast<int64_t>(shape.least));
    return schema;
  }

  json::Object Either(const Shape& shape) {
    json::Array alternatives;
    for (const ShapePtr& alternative : shape.alternatives)
      alternatives.emplace_back(Use(*alternative));
    return {{"oneOf", std::move(alternatives)}};
  }

  json::Object definitions_;
};

}  // namespace

std::string JsonSchema(const Shape& root, const std::string& title) {
  return json::DumpPretty(Writer().Document(root, title));
}

}  // namespace slogate
