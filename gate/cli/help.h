// Help texts, written from the command line's own tables, each with examples.
#pragma once

#include <string>
#include <vector>

#include "gate/cli/options.h"

namespace slogate {

std::string MainHelp(const std::vector<CommandWords>& commands);
std::string CommandHelp(const CommandWords& command);
// Of the commands whose names begin with `group`.
std::string GroupHelp(const std::string& group, const std::vector<CommandWords>& commands);

// "override", "ledger": what they are about; "" for what is no group of commands.
std::string GroupDescription(const std::string& group);

}  // namespace slogate
