// What a fake Prometheus answers to a query divided by labels, `sum by (service, code) (…)`, made
// from what it was told to answer to the queries that each speak of one selector alone.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <absl/strings/string_view.h>

#include "gate/policy/selector.h"

namespace slogate::fake {

// A query about one selector, which may stand in it several times.
struct SelectorQuery {
  std::string form;             // the text with @ in place of the selector, without its `by` clause
  std::vector<std::string> by;  // the labels of that clause
  Selector selector;

  // nullopt where `text` is none.
  static std::optional<SelectorQuery> Parse(absl::string_view text);
};

// How a query that speaks of one selector belongs to a divided one.
struct Belonging {
  // Those of its part of the answer; without the label that divides a whole, where it is one.
  std::map<std::string, std::string> labels;
  bool whole = false;
};

// nullopt where `single` has nothing to do with `divided`.
std::optional<Belonging> BelongingOf(const SelectorQuery& single, const SelectorQuery& divided);

}  // namespace slogate::fake
