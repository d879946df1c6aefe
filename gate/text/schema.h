// The JSON Schema of a shape, for editors. Weaker than the checks: what it refuses, slogate refuses
// too.
#pragma once

#include <string>

#include "gate/text/shape.h"

namespace slogate {

// A draft-07 schema, pretty-printed. `root` is a struct; every other struct and named scalar below
// it becomes a definition.
std::string JsonSchema(const Shape& root, const std::string& title);

}  // namespace slogate
