// The plain adapter: a terminal, or any log that shows text.
#pragma once

#include <string>

#include "adapters/telling.h"

namespace slogate {

// The screen, LF after each line; the verdict in colour where wanted.
std::string RenderPlain(const Telling& telling);

}  // namespace slogate
