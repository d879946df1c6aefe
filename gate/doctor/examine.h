// A pipeline's file, read for ways past the gate.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "gate/text/diagnostic.h"

namespace slogate {

struct Examination {
  std::string what;  // "GitHub workflow"; "" where it cannot be told or read
  size_t gates = 0;
  std::vector<Diagnostic> diagnostics;  // errors are ways past the gate, or why it cannot be read
};

// What a file is goes by its name, and for YAML by its keys.
Examination Examine(const SourceFile& file);

}  // namespace slogate
