// Decoder: takes a node tree apart by its shape and reports every mistake on the way. The part of
// type.h that needs no templates.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <absl/strings/string_view.h>

#include "gate/text/diagnostic.h"
#include "gate/text/doubts.h"
#include "gate/text/node.h"
#include "gate/text/shape.h"

namespace slogate {

// Whether a node of this kind can be of that shape.
bool Accepts(const Shape& shape, const Node& node);

// Why a scalar's text was refused. Left empty, the shape's own words are used.
struct BadValue {
  std::string id;
  std::string message;
  std::string hint;
  size_t offset = 0;  // of the mistake, in bytes of the text
};

class Decoder {
 public:
  // Mistakes are appended to `diagnostics`, the members that they are in to `doubts`. `root` is the
  // shape of the whole file: a key that is unknown where it stands is looked for in all of it. All
  // must outlive the decoder.
  Decoder(std::string file, const Shape& root, Doubts& doubts,
          std::vector<Diagnostic>& diagnostics);

  void Error(Position at, absl::string_view id, std::string message, std::string hint = "");

  // Reports a node that is not what `shape` wants.
  void WrongKind(const Node& node, const Shape& shape);

  // A scalar of the right kind: calls `parse`, which returns whether it took the text and otherwise
  // may say why not. Also refuses plain texts that other YAML readers take for a number, a truth or
  // nothing.
  void Scalar(const Node& node, const Shape& shape,
              const std::function<bool(absl::string_view text, BadValue& why)>& parse);

  // Calls `read(i, value)` for each member i of the struct that stands in `node`; reports unknown
  // keys, missing keys and choices. Returns whether `node` is a mapping.
  bool Members(const Node& node, const Shape& shape,
               const std::function<void(size_t member, const Node& value)>& read);

  // Calls `read` for each element of a list, or each pair of a map, that has a value.
  void Elements(const Node& node, const Shape& shape,
                const std::function<void(const Node& value)>& read);
  void Pairs(const Node& node, const Shape& shape,
             const std::function<void(const Node& key, const Node& value)>& read);

  // Calls `read` for one of a list's or map's values. Where they are mappings, a mistake in one
  // leaves its own members in doubt, and not which values there are.
  void Entry(const Shape& element, const std::function<void()>& read);

 private:
  bool IsTold(const Node& node);
  bool HasValue(const Node& value, Position at, const std::string& what);
  void UnknownKey(const Node& key, const Shape& shape);
  void CheckChoice(const Node& node, const Shape& shape);

  std::string file_;
  const Shape& root_;
  Doubts& doubts_;
  std::vector<Diagnostic>& diagnostics_;
  // Those met so far: told here, or by the reader of the file. Only compared, before and after.
  size_t mistakes_ = 0;
};

}  // namespace slogate
