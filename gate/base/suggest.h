// "Did you mean …?" for keys, commands and names.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <absl/strings/string_view.h>

namespace slogate {

// The candidate nearest to `word` by Damerau-Levenshtein distance (a swap of neighbours counts
// one), where it is near enough to be a slip: one letter, or a third of them where that is more,
// case ignored. The first of equals.
std::optional<std::string> Nearest(absl::string_view word,
                                   const std::vector<std::string>& candidates);

// "; did you mean 'policy'?" or "".
std::string DidYouMean(absl::string_view word, const std::vector<std::string>& candidates);

}  // namespace slogate
