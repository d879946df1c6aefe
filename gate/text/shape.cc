#include "gate/text/shape.h"

#include <algorithm>

namespace slogate {
namespace {

void Collect(const Shape& shape, std::vector<const Shape*>& found) {
  if (shape.kind == Shape::Kind::kStruct) {
    const auto same = [&](const Shape* other) { return other->name == shape.name; };
    if (std::any_of(found.begin(), found.end(), same)) return;
    found.push_back(&shape);
  }
  for (const MemberShape& member : shape.members) Collect(*member.shape, found);
  for (const ShapePtr& alternative : shape.alternatives) Collect(*alternative, found);
  if (shape.element) Collect(*shape.element, found);
}

}  // namespace

std::vector<const Shape*> StructsOf(const Shape& root) {
  std::vector<const Shape*> found;
  Collect(root, found);
  return found;
}

}  // namespace slogate
