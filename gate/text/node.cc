#include "gate/text/node.h"

namespace slogate {

const Node* Node::Find(absl::string_view key) const {
  for (const auto& [name, value] : map) {
    if (name.scalar == key) return &value;
  }
  return nullptr;
}

absl::string_view KindName(Node::Kind kind) {
  switch (kind) {
    case Node::Kind::kScalar:
      return "a text";
    case Node::Kind::kList:
      return "a list";
    case Node::Kind::kMap:
      return "a mapping";
  }
  return "";
}

bool IsNull(const Node& node) {
  if (node.kind != Node::Kind::kScalar || node.quoted) return false;
  for (const absl::string_view word : {"", "~", "null", "Null", "NULL"}) {
    if (node.scalar == word) return true;
  }
  return false;
}

}  // namespace slogate
