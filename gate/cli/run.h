// A whole run of slogate: arguments in, exit code out.
#pragma once

#include <string>
#include <vector>

#include "gate/cli/world.h"

namespace slogate {

// `arguments` without the program's name.
int Run(const std::vector<std::string>& arguments, World& world);

}  // namespace slogate
