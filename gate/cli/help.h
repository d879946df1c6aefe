// Help texts, written from the command line's own tables, each with examples.
#pragma once

#include <string>
#include <vector>

#include "gate/cli/options.h"

namespace slogate {

std::string MainHelp(const std::vector<CommandWords>& commands);
std::string CommandHelp(const CommandWords& command);

}  // namespace slogate
