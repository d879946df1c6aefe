// PromQL that a policy's author wrote: only what slogate must know of it to put its own text around
// it and its own values into it. Whether it means anything, the server says.
#pragma once

#include <compare>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include <absl/strings/string_view.h>

namespace slogate {

// As written, with placeholders outside of its quotes: $window, a duration, and $matchers, the
// environment's matchers, to stand within braces.
struct Promql {
  std::string text;
  friend auto operator<=>(const Promql&, const Promql&) = default;
};

inline constexpr char kWindowPlaceholder[] = "window";
inline constexpr char kMatchersPlaceholder[] = "matchers";

struct PromqlMistake {
  size_t offset = 0;  // in bytes from the start of the text
  std::string message;
  std::string hint;
};

// Reads `text`: its blanks, line ends too, become single ones in `promql`, which then prints on one
// line. Refuses what would swallow or escape the text around it (comments, open quotes, brackets that
// do not pair), an empty text, more than limits::kSelectorBytes, characters that cannot be seen, line
// ends within quotes, and placeholders other than `placeholders`. On failure returns false and sets
// `mistake`; `promql` is then unspecified.
bool ParsePromql(absl::string_view text, const std::vector<absl::string_view>& placeholders,
                 Promql& promql, PromqlMistake& mistake);

// Whether the placeholder stands in it.
bool Mentions(const Promql& promql, absl::string_view placeholder);

// With `window`, a duration, in place of $window.
Promql WithWindow(const Promql& promql, absl::string_view window);

// With label="value" for each of `matchers` in place of $matchers; where there are none, a comma
// beside it goes, too.
Promql WithMatchers(const Promql& promql, const std::map<std::string, std::string>& matchers);

}  // namespace slogate
