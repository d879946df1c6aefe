// Labels that say how a request ended, and which of their values are the server's own fault.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include <absl/strings/string_view.h>

#include "gate/policy/selector.h"

namespace slogate {

// The labels in common use, those that say it best first.
const std::vector<std::string>& StatusLabels();

// The matcher for the bad events of a counter whose `label` has these values; nullopt where they say
// nothing that is known. A value need not have been seen to be bad: errors are often born late.
std::optional<Matcher> BadEvents(const std::string& label, const std::set<std::string>& values);

}  // namespace slogate
