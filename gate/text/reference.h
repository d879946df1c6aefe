// The reference page of shapes, for people: a table for each struct.
#pragma once

#include <string>
#include <vector>

#include "gate/text/shape.h"

namespace slogate {

// Markdown: a section for each of `roots` and for every struct below them, headed by its name.
// Lines end with LF.
std::string ReferencePage(const std::vector<ShapePtr>& roots);

// `text` for a cell of a Markdown table.
std::string TableCell(std::string text);

}  // namespace slogate
