// The characters a policy file may hold.
#pragma once

#include <vector>

#include "gate/text/diagnostic.h"

namespace slogate {

// Appends a diagnostic for the first of each kind of character that no file may hold: invalid
// UTF-8, a byte order mark, control characters, and those that some readers take for line breaks
// and others do not, so that a diagnostic would point to the wrong line. Returns whether there were
// none.
bool CheckCharacters(const SourceFile& file, std::vector<Diagnostic>& diagnostics);

}  // namespace slogate
