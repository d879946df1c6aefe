// The tree of a YAML or JSON file, with the place of every node. Scalars stay text: only the field
// that reads one knows whether `no` is a word or a mistake.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <absl/strings/string_view.h>

#include "gate/text/diagnostic.h"

namespace slogate {

struct Member;

struct Node {
  enum class Kind : uint8_t { kScalar, kList, kMap };

  Kind kind = Kind::kScalar;
  Position at;
  // A mistake already told stands here; nothing more is to be said about it.
  bool unreadable = false;

  std::string scalar;  // the text, for a scalar
  // In quotes or a block scalar; `null`, `true` and `~` without quotes are plain.
  bool quoted = false;
  // Whether the scalar stands in the file letter for letter, so that an offset in `scalar` is an
  // offset in its line, from text_column on: the column of its first letter, behind a quote.
  bool exact_columns = false;
  int text_column = 0;

  std::vector<Node> list;
  std::vector<Member> map;  // keys are scalars, all different, in the file's order
  // Members were left out of `map` because of their keys, such as one that stands there twice.
  bool incomplete = false;

  // The value under `key`, or nullptr. Only for maps.
  const Node* Find(absl::string_view key) const;
};

struct Member {
  Node key, value;
};

// What a person calls the kind: "a list", "a mapping", "a text".
absl::string_view KindName(Node::Kind kind);

// Whether YAML readers take this scalar for nothing at all: plain and empty, `~` or `null`.
bool IsNull(const Node& node);

// What is taken for YAML: our own files' strict subset, or what CI systems read, too: anchors,
// aliases (each a copy, with the places of what it stands for), merge keys and tags, which are ignored.
enum class YamlDialect : uint8_t { kStrict, kPipeline };

// Reads one document of the strict subset; JSON is part of it. UTF-8 without BOM, LF or CRLF; no
// anchors, aliases, tags, merge keys, duplicate keys, directives or second document; depth and size
// as in limits.h. Appends every mistake it can tell apart. Returns the tree, even beside mistakes
// that leave its shape in no doubt, so that its fields can be checked too; nullopt where the
// reading had to stop.
std::optional<Node> ParseYaml(const SourceFile& file, std::vector<Diagnostic>& diagnostics,
                              YamlDialect dialect = YamlDialect::kStrict);

}  // namespace slogate
