#include "gate/text/decoder.h"

#include <algorithm>
#include <utility>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <re2/re2.h>

#include "gate/base/suggest.h"
#include "gate/text/utf8.h"

namespace slogate {
namespace {

constexpr size_t kQuotedBytes = 80;  // of a bad value in a message; the source line shows more

std::vector<std::string> KeysOf(const Shape& shape) {
  std::vector<std::string> keys;
  for (const MemberShape& member : shape.members) keys.push_back(member.key);
  return keys;
}

std::string Quoted(const std::vector<std::string>& words, absl::string_view last_separator) {
  std::string out;
  for (size_t i = 0; i < words.size(); ++i) {
    absl::string_view separator = i == 0 ? "" : i + 1 == words.size() ? last_separator : ", ";
    absl::StrAppend(&out, separator, "'", words[i], "'");
  }
  return out;
}

// What YAML readers make of a plain text, where it is more than a text; "" where it is not.
// YAML 1.1 and 1.2 differ, so whatever one of them takes counts.
absl::string_view PlainMeaning(const std::string& text) {
  static const RE2& kNumber =
      *new RE2(R"re([-+]?(0x[0-9a-fA-F_]+|0o?[0-7_]+|0b[01_]+)|)re"     // other bases
               R"re([-+]?(\d[\d_]*)?\.?\d[\d_]*\.?([eE][-+]?\d+)?|)re"  // decimals
               R"re([-+]?\d[\d_]*(:[0-5]?\d)+(\.[\d_]*)?|)re"           // sixties: 1:30
               R"re([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))re");
  static const RE2& kTruth = *new RE2(
      "y|Y|yes|Yes|YES|n|N|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF");
  if (RE2::FullMatch(text, kNumber)) return "a number";
  if (RE2::FullMatch(text, kTruth)) return "true or false";
  return "";
}

// Where byte `offset` of a scalar's text stands in the file, or its beginning where the two differ.
Position PlaceIn(const Node& node, size_t offset) {
  if (!node.exact_columns) return node.at;
  const size_t bytes = std::min(offset, node.scalar.size());
  const auto characters =
      static_cast<int>(CountCharacters(absl::string_view(node.scalar).substr(0, bytes)));
  return {node.at.line, node.text_column + characters};
}

bool Takes(const Shape& shape, Node::Kind kind) {
  switch (shape.kind) {
    case Shape::Kind::kScalar:
      return kind == Node::Kind::kScalar;
    case Shape::Kind::kList:
      return kind == Node::Kind::kList;
    case Shape::Kind::kStruct:
    case Shape::Kind::kMap:
      return kind == Node::Kind::kMap;
    case Shape::Kind::kEither:
      return std::any_of(shape.alternatives.begin(), shape.alternatives.end(),
                         [&](const ShapePtr& alternative) { return Takes(*alternative, kind); });
  }
  return false;
}

}  // namespace

bool Accepts(const Shape& shape, const Node& node) { return Takes(shape, node.kind); }

Decoder::Decoder(std::string file, const Shape& root, Doubts& doubts,
                 std::vector<Diagnostic>& diagnostics)
    : file_(std::move(file)), root_(root), doubts_(doubts), diagnostics_(diagnostics) {}

void Decoder::Error(Position at, absl::string_view id, std::string message, std::string hint) {
  ++mistakes_;
  diagnostics_.push_back({.id = std::string(id),
                          .file = file_,
                          .at = at,
                          .message = std::move(message),
                          .hint = std::move(hint)});
}

// Whether there is nothing more to be said about a node; counts what the file's reader has said.
bool Decoder::IsTold(const Node& node) {
  if (node.unreadable || node.incomplete) ++mistakes_;
  return node.unreadable;
}

void Decoder::WrongKind(const Node& node, const Shape& shape) {
  if (IsTold(node)) return;
  if (!shape.other_id.empty()) {
    Error(node.at, shape.other_id, shape.other_message, shape.hint);
    return;
  }
  std::string hint = shape.hint;
  if (hint.empty() && shape.kind == Shape::Kind::kStruct) {
    hint = absl::StrCat("write a mapping with ", Quoted(KeysOf(shape), " or "));
  } else if (hint.empty() && shape.kind == Shape::Kind::kList) {
    hint = "write a list: in brackets, or each entry on a line of its own after '- '";
  }
  Error(node.at, "wrong_kind",
        absl::StrCat("expected ", shape.expected, ", found ", KindName(node.kind)),
        std::move(hint));
}

void Decoder::Scalar(const Node& node, const Shape& shape,
                     const std::function<bool(absl::string_view text, BadValue& why)>& parse) {
  if (IsTold(node)) return;
  if (node.kind != Node::Kind::kScalar) return WrongKind(node, shape);
  const std::string shown =
      shape.secret ? "this" : absl::StrCat("'", Cut(node.scalar, kQuotedBytes), "'");
  if (node.quoted && shape.form != ScalarForm::kText) {
    Error(node.at, shape.bad_id,
          absl::StrCat(shown, " in quotes is a text; expected ", shape.expected),
          "write it without quotes");
    return;
  }
  BadValue why;
  if (!parse(node.scalar, why)) {
    if (why.id.empty()) why.id = shape.bad_id;
    if (why.message.empty()) {
      why.message =
          absl::StrCat(shown, " is not ", shape.expected,
                       shape.words.size() > 1 ? DidYouMean(node.scalar, shape.words) : "");
    }
    if (why.hint.empty()) why.hint = shape.hint;
    Error(PlaceIn(node, why.offset), why.id, std::move(why.message), std::move(why.hint));
    return;
  }
  if (node.quoted || shape.form != ScalarForm::kText) return;
  if (const absl::string_view meaning = PlainMeaning(node.scalar); !meaning.empty()) {
    Error(node.at, "unquoted",
          absl::StrCat(shown, " without quotes is ", meaning, " to readers of YAML"),
          shape.secret ? "put it in quotes"
                       : absl::StrCat("write '", node.scalar, "', with the quotes"));
  }
}

bool Decoder::HasValue(const Node& value, Position at, const std::string& what) {
  if (value.unreadable) {
    ++mistakes_;
    return false;
  }
  if (!IsNull(value)) return true;
  Error(at, "no_value", absl::StrCat(what, " has no value"), "write one, or leave it out");
  return false;
}

void Decoder::UnknownKey(const Node& key, const Shape& shape) {
  const std::vector<std::string> known = KeysOf(shape);
  const std::string suggestion = DidYouMean(key.scalar, known);
  std::string hint;
  if (suggestion.empty()) {
    std::vector<std::string> homes;
    for (const Shape* other : StructsOf(root_)) {
      const std::vector<std::string> keys = KeysOf(*other);
      const bool has = std::find(keys.begin(), keys.end(), key.scalar) != keys.end();
      // Beside a secret it is more likely a word for it than a key that went astray.
      if (has && !shape.secret) homes.push_back(other->expected);
    }
    hint = homes.empty() ? absl::StrCat("known here: ", absl::StrJoin(known, ", "))
                         : absl::StrCat("it belongs to ", absl::StrJoin(homes, " or "));
  }
  // Where a secret belongs, an unknown key may be the secret itself: {hunter2}.
  const std::string shown = shape.secret && suggestion.empty()
                                ? ""
                                : absl::StrCat(" '", Cut(key.scalar, kQuotedBytes), "'");
  Error(key.at, "unknown_key",
        absl::StrCat("unknown key", shown,
                     suggestion.empty() ? absl::StrCat(" in ", shape.expected) : suggestion),
        std::move(hint));
}

void Decoder::CheckChoice(const Node& node, const Shape& shape) {
  std::vector<std::string> choices;
  const Node* first = nullptr;
  for (const MemberShape& member : shape.members) {
    if (member.presence == Presence::kChoice) choices.push_back(member.key);
  }
  if (choices.empty()) return;
  const std::vector<std::string> known = KeysOf(shape);
  bool unknown = false;  // an unknown key is what should have been the choice
  for (const auto& [key, value] : node.map) {
    if (std::find(choices.begin(), choices.end(), key.scalar) == choices.end()) {
      unknown = unknown || std::find(known.begin(), known.end(), key.scalar) == known.end();
    } else if (first == nullptr) {
      first = &key;
    } else {
      Error(key.at, "one_of",
            absl::StrCat("'", key.scalar, "' beside '", first->scalar, "': ", shape.expected,
                         " has exactly one of ", Quoted(choices, " and ")),
            "keep one of them");
    }
  }
  if (first == nullptr && !unknown) {
    Error(node.at, "missing_key",
          absl::StrCat(shape.expected, " needs ", choices.size() > 1 ? "one of " : "",
                       Quoted(choices, " and ")),
          shape.hint);
  }
}

bool Decoder::Members(const Node& node, const Shape& shape,
                      const std::function<void(size_t member, const Node& value)>& read) {
  const std::vector<std::string> known = KeysOf(shape);
  if (IsTold(node) || node.kind != Node::Kind::kMap) {
    WrongKind(node, shape);
    for (const std::string& key : known) doubts_.Add(file_, node.at, key);
    return false;
  }
  std::vector<std::string> slips;  // what misspelt keys were meant to be: not missing as well
  bool foreign = false;            // a key that may have been meant to be any
  for (const auto& [key, value] : node.map) {
    const size_t before = mistakes_;
    const auto found = std::find(known.begin(), known.end(), key.scalar);
    if (found == known.end()) {
      UnknownKey(key, shape);
      auto nearest = Nearest(key.scalar, known);
      foreign = foreign || !nearest;
      if (nearest) slips.push_back(*std::move(nearest));
    } else if (HasValue(value, key.at, absl::StrCat("'", key.scalar, "'"))) {
      read(static_cast<size_t>(found - known.begin()), value);
    }
    if (mistakes_ > before) doubts_.Add(file_, node.at, key.scalar);
  }
  for (const MemberShape& member : shape.members) {
    const bool absent = node.Find(member.key) == nullptr;
    const bool slipped = std::find(slips.begin(), slips.end(), member.key) != slips.end();
    const bool missing = absent && member.presence == Presence::kRequired;
    if (node.incomplete || missing || (absent && (foreign || slipped))) {
      doubts_.Add(file_, node.at, member.key);
    }
    if (!missing || slipped) continue;
    Error(node.at, "missing_key", absl::StrCat(shape.expected, " needs '", member.key, "'"),
          absl::StrCat("'", member.key, "' is ", member.shape->expected));
  }
  CheckChoice(node, shape);
  return true;
}

void Decoder::Entry(const Shape& element, const std::function<void()>& read) {
  const size_t before = mistakes_;
  read();
  if (element.kind == Shape::Kind::kStruct) mistakes_ = before;
}

void Decoder::Elements(const Node& node, const Shape& shape,
                       const std::function<void(const Node& value)>& read) {
  if (IsTold(node)) return;
  if (node.kind != Node::Kind::kList) return WrongKind(node, shape);
  if (node.list.size() < shape.least) {
    Error(node.at, "empty_list", absl::StrCat("expected ", shape.expected, ", found an empty list"),
          shape.hint);
  }
  for (const Node& element : node.list) {
    if (HasValue(element, element.at, "this entry of the list")) read(element);
  }
}

void Decoder::Pairs(const Node& node, const Shape& shape,
                    const std::function<void(const Node& key, const Node& value)>& read) {
  if (IsTold(node)) return;
  if (node.kind != Node::Kind::kMap) return WrongKind(node, shape);
  if (node.map.size() < shape.least) {
    Error(node.at, "empty_mapping",
          absl::StrCat("expected ", shape.expected, ", found an empty mapping"), shape.hint);
  }
  for (const auto& [key, value] : node.map) {
    if (HasValue(value, key.at, absl::StrCat("'", key.scalar, "'"))) read(key, value);
  }
}

}  // namespace slogate
