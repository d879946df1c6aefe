// Type<T>: a C++ type as the policy language writes it. A description is made once, of the pieces
// below, and says how to decode a node into a T and what the JSON Schema and the reference page
// show.
//
//   Type<Slo> SloType() {
//     return Struct<Slo>("Slo", "an SLO", "One objective of a service.")
//         .Place(&Slo::at)
//         .Required("name", &Slo::name, NameType(), "Used in reasons and rules.")
//         .Optional("labels", &Slo::labels, LabelsType(), "What rules select by.");
//   }
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "gate/text/decoder.h"
#include "gate/text/node.h"
#include "gate/text/shape.h"

namespace slogate {

template <class T>
struct Type {
  ShapePtr shape;
  // Reads `node` into `out`, which keeps its value where a mistake was reported.
  std::function<void(const Node& node, Decoder& decoder, T& out)> decode;
};

// Decodes a whole file. Appends every mistake, and to `doubts` the members that it is in; the
// result is complete iff none was added.
template <class T>
T DecodeFile(const Type<T>& type, const std::string& file, const Node& root, Doubts& doubts,
             std::vector<Diagnostic>& diagnostics) {
  Decoder decoder(file, *type.shape, doubts, diagnostics);
  T out{};
  type.decode(root, decoder, out);
  return out;
}

// A scalar. `shape` needs name, expected, bad_id and, where they apply, pattern, form, hint and
// doc.
template <class T>
Type<T> Scalar(Shape shape,
               std::function<bool(absl::string_view text, T& out, BadValue& why)> parse) {
  shape.kind = Shape::Kind::kScalar;
  const auto shared = std::make_shared<const Shape>(std::move(shape));
  return {shared, [shared, parse](const Node& node, Decoder& decoder, T& out) {
            decoder.Scalar(node, *shared, [&](absl::string_view text, BadValue& why) {
              return parse(text, out, why);
            });
          }};
}

// One of some words. `refused` are words of the language that must not stand here, each with the
// reason.
template <class E>
Type<E> Words(Shape shape, const std::vector<std::pair<std::string, E>>& words,
              const std::map<std::string, BadValue>& refused = {}) {
  for (const auto& [word, value] : words) shape.words.push_back(word);
  return Scalar<E>(std::move(shape),
                   [words, refused](absl::string_view text, E& out, BadValue& why) {
                     for (const auto& [word, value] : words) {
                       if (text == word) {
                         out = value;
                         return true;
                       }
                     }
                     const auto reason = refused.find(std::string(text));
                     if (reason != refused.end()) why = reason->second;
                     return false;
                   });
}

// A mapping with known keys.
template <class T>
class Struct {
 public:
  using Read = std::function<void(const Node& value, Decoder& decoder, T& out)>;

  // `name` is unique and stands in the schema, `expected` ("a rule") in diagnostics, `doc` in the
  // reference.
  Struct(std::string name, std::string expected, std::string doc) {
    shape_.kind = Shape::Kind::kStruct;
    shape_.name = std::move(name);
    shape_.expected = std::move(expected);
    shape_.doc = std::move(doc);
  }

  template <class M>
  Struct& Required(std::string key, M T::*member, const Type<M>& type, std::string doc) {
    return Add({std::move(key), type.shape, Presence::kRequired, "", std::move(doc)},
               Into(member, type));
  }
  template <class M>
  Struct& Optional(std::string key, M T::*member, const Type<M>& type, std::string doc,
                   std::string shown = "") {
    return Add({std::move(key), type.shape, Presence::kOptional, std::move(shown), std::move(doc)},
               Into(member, type));
  }
  template <class M>
  Struct& Optional(std::string key, std::optional<M> T::*member, const Type<M>& type,
                   std::string doc) {
    return Add({std::move(key), type.shape, Presence::kOptional, "", std::move(doc)},
               [member, type](const Node& value, Decoder& decoder, T& out) {
                 type.decode(value, decoder, (out.*member).emplace());
               });
  }
  // One of several keys of which exactly one must stand. `set` puts the decoded value in its place.
  template <class M>
  Struct& Choice(std::string key, const Type<M>& type,
                 std::function<void(M value, const Node& node, T& out)> set, std::string doc) {
    return Add({std::move(key), type.shape, Presence::kChoice, "", std::move(doc)},
               [set, type](const Node& value, Decoder& decoder, T& out) {
                 M decoded{};
                 type.decode(value, decoder, decoded);
                 set(std::move(decoded), value, out);
               });
  }
  // A member that no pointer can name.
  Struct& Add(MemberShape member, Read read) {
    shape_.members.push_back(std::move(member));
    reads_.push_back(std::move(read));
    return *this;
  }
  // The place of the mapping is put into `at`.
  Struct& Place(Position T::*at) {
    at_ = at;
    return *this;
  }
  // Neither its keys nor its values are shown in messages, unless they are known.
  Struct& Hidden() {
    shape_.secret = true;
    return *this;
  }
  // The diagnostic where something else than a mapping stands.
  Struct& Otherwise(std::string id, std::string message, std::string hint) {
    shape_.other_id = std::move(id);
    shape_.other_message = std::move(message);
    shape_.hint = std::move(hint);
    return *this;
  }

  operator Type<T>() const {  // NOLINT: the builder ends where a type is wanted
    const auto shared = std::make_shared<const Shape>(shape_);
    return {shared, [shared, reads = reads_, at = at_](const Node& node, Decoder& decoder, T& out) {
              if (at != nullptr) out.*at = node.at;
              decoder.Members(node, *shared, [&](size_t member, const Node& value) {
                reads[member](value, decoder, out);
              });
            }};
  }

 private:
  template <class M>
  static Read Into(M T::*member, const Type<M>& type) {
    return [member, type](const Node& value, Decoder& decoder, T& out) {
      type.decode(value, decoder, out.*member);
    };
  }

  Shape shape_;
  std::vector<Read> reads_;
  Position T::*at_ = nullptr;
};

// A list; `expected` such as "a list of rules".
template <class T>
Type<std::vector<T>> List(std::string expected, const Type<T>& element, size_t least = 0) {
  Shape shape;
  shape.kind = Shape::Kind::kList;
  shape.expected = std::move(expected);
  shape.element = element.shape;
  shape.least = least;
  const auto shared = std::make_shared<const Shape>(std::move(shape));
  return {shared, [shared, element](const Node& node, Decoder& decoder, std::vector<T>& out) {
            decoder.Elements(node, *shared, [&](const Node& value) {
              decoder.Entry(*element.shape,
                            [&] { element.decode(value, decoder, out.emplace_back()); });
            });
          }};
}

// A mapping with free keys; `expected` such as "a mapping of names to sources".
template <class T>
Type<std::map<std::string, T>> Map(std::string expected, const Type<std::string>& key,
                                   const Type<T>& element, size_t least = 0) {
  Shape shape;
  shape.kind = Shape::Kind::kMap;
  shape.expected = std::move(expected);
  shape.key = key.shape;
  shape.element = element.shape;
  shape.least = least;
  const auto shared = std::make_shared<const Shape>(std::move(shape));
  return {shared, [shared, key, element](const Node& node, Decoder& decoder,
                                         std::map<std::string, T>& out) {
            decoder.Pairs(node, *shared, [&](const Node& name, const Node& value) {
              std::string text;
              key.decode(name, decoder, text);
              decoder.Entry(*element.shape, [&] { element.decode(value, decoder, out[text]); });
            });
          }};
}

// Several ways to write a T, told apart by the kind of node: a word or a mapping, one or a list.
template <class T>
Type<T> Either(std::string expected, const std::vector<Type<T>>& types) {
  Shape shape;
  shape.kind = Shape::Kind::kEither;
  shape.expected = std::move(expected);
  for (const Type<T>& type : types) shape.alternatives.push_back(type.shape);
  const auto shared = std::make_shared<const Shape>(std::move(shape));
  return {shared, [shared, types](const Node& node, Decoder& decoder, T& out) {
            for (const Type<T>& type : types) {
              if (Accepts(*type.shape, node)) return type.decode(node, decoder, out);
            }
            decoder.WrongKind(node, *shared);
          }};
}

// The same text for another C++ type that a T converts to.
template <class U, class T>
Type<U> As(const Type<T>& type) {
  return {type.shape, [type](const Node& node, Decoder& decoder, U& out) {
            T value{};
            type.decode(node, decoder, value);
            out = std::move(value);
          }};
}

// One T, or a list of at least one.
template <class T>
Type<std::vector<T>> OneOrList(std::string expected, const Type<T>& element) {
  Type<std::vector<T>> one = {element.shape,
                              [element](const Node& node, Decoder& decoder, std::vector<T>& out) {
                                element.decode(node, decoder, out.emplace_back());
                              }};
  return Either<std::vector<T>>(expected, {std::move(one), List<T>(expected, element, 1)});
}

// A value with its place: P has members `value` and `at`.
template <class P>
Type<P> WithPlace(const Type<decltype(P::value)>& type) {
  return {type.shape, [type](const Node& node, Decoder& decoder, P& out) {
            out.at = node.at;
            type.decode(node, decoder, out.value);
          }};
}

// `type` with one more check, called with the node and what was read.
template <class T>
Type<T> Checked(const Type<T>& type,
                std::function<void(const Node& node, Decoder& decoder, const T& value)> check) {
  return {type.shape, [type, check](const Node& node, Decoder& decoder, T& out) {
            type.decode(node, decoder, out);
            check(node, decoder, out);
          }};
}

}  // namespace slogate
