// Matchers that can be decided here as exactly as a server decides them: literals, alternatives of
// them, and dots. Whatever else a regular expression may say is left to the server. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <absl/strings/string_view.h>

#include "gate/policy/selector.h"

namespace slogate {

bool IsPrintableAscii(absl::string_view text);

bool IsPlain(const Matcher& matcher);

// Whether `value` ("" for a label that is not there) satisfies a plain matcher; nullopt where servers
// differ on what a dot takes.
std::optional<bool> Accepts(const Matcher& matcher, absl::string_view value);

// A literal within a regular expression.
std::string Escaped(absl::string_view literal);

// Each once: the same, whatever the order they were in.
std::vector<Matcher> SortedMatchers(std::vector<Matcher> matchers);

}  // namespace slogate
