// What the machine itself knows.
#pragma once

#include <string>

namespace slogate {

// Who runs this process, as the user database calls them; the number where it knows none.
std::string LoginName();

// `path` from the root on, without symbolic links; folders that are not there stay as they are.
std::string WholePath(const std::string& path);

}  // namespace slogate
