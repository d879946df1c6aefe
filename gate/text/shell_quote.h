// Words for a POSIX shell.
#pragma once

#include <string>

#include <absl/strings/string_view.h>

namespace slogate {

// The word as one can paste it: as it stands where a shell takes it so, else in single quotes.
std::string QuotedForShell(absl::string_view word);

}  // namespace slogate
