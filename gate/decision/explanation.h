// A decision told in full: every SLO, rule, finding, query and raw answer.
#pragma once

#include <string>

#include "gate/decision/decision.h"

namespace slogate {

// The screen of `slogate check` alone, as plain text, without what it says of a run.
std::string ScreenText(const Decision& decision);

// Begins with the screen; `file` and `id` name the stored document.
std::string Explanation(const Decision& decision, const std::string& file, const std::string& id);

}  // namespace slogate
