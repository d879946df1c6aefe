// The version of this build, as `slogate version` prints it and decisions record it.
#pragma once

#include <absl/strings/string_view.h>

namespace slogate {

absl::string_view Version();  // such as "0.1.0"

}  // namespace slogate
