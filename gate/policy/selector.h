// Selectors: the PromQL instant vector selectors of an SLO file,
// `http_requests_total{service="checkout"}` or, for one half of a pair, the matchers alone,
// `{code=~"5.."}`. Parsed fully and printed anew, so that nothing a file says is ever spliced into
// a query.
#pragma once

#include <compare>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/string_view.h>

namespace slogate {

struct Matcher {
  std::string label;
  std::string op;     // "=", "!=", "=~", "!~"
  std::string value;  // unquoted
  friend auto operator<=>(const Matcher&, const Matcher&) = default;
};

struct Selector {
  std::string metric;             // empty for the matchers-only form
  std::vector<Matcher> matchers;  // in the file's order
  bool matchers_only() const { return metric.empty(); }
  friend auto operator<=>(const Selector&, const Selector&) = default;
};

// What is wrong with a selector's text, and where: `offset` in bytes from its start.
struct SelectorMistake {
  size_t offset = 0;
  std::string message;
  std::string hint;
};

// Reads `text` whole: names, matchers, PromQL string quoting, RE2 syntax of regular expressions.
// Refuses what slogate adds itself or cannot count: ranges, offset, @, functions, operators,
// __name__ matchers; matchers without a metric name that leave nothing out; more than
// limits::kSelectorBytes. On failure returns false and sets `mistake`; `selector` is then
// unspecified.
bool ParseSelector(absl::string_view text, Selector& selector, SelectorMistake& mistake);

// Canonical PromQL: metric, then matchers in their order, values in double quotes with Go's
// escapes.
std::string Print(const Selector& selector);

// `value` as a PromQL string literal in double quotes.
std::string QuotePromql(absl::string_view value);

// One matcher as PromQL: code=~"5..".
std::string Print(const Matcher& matcher);

// `half` made whole: its matchers added to those of `whole` (but those that `whole` has already)
// where it is matchers-only; itself otherwise.
Selector Complete(const Selector& half, const Selector& whole);

// `selector` with `label="value"` added for each entry that it does not already have.
Selector WithMatchers(Selector selector, const std::map<std::string, std::string>& matchers);

// Whether both select the same whatever the data: the same name and matchers, in any order.
bool SameSelection(const Selector& a, const Selector& b);

// Two matchers that no series can satisfy both: an '=' and one that its value does not satisfy.
// Other contradictions are not looked for. nullopt where there is none.
std::optional<std::pair<Matcher, Matcher>> Contradiction(const Selector& selector);

}  // namespace slogate
