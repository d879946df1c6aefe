#include "tests/testing/divided_query.h"

#include <algorithm>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>
#include <absl/strings/str_split.h>
#include <re2/re2.h>

namespace slogate::fake {
namespace {

// A metric with or without matchers, where a range, a subquery or a parenthesis follows.
const RE2& SelectorPattern() {
  static const RE2 pattern(
      R"re(\b([a-zA-Z_:][a-zA-Z0-9_:]*(?:\{(?:[^"}]|"(?:[^"\\]|\\.)*")*\})?)([\[)]))re");
  return pattern;
}

bool Has(const std::vector<Matcher>& matchers, const Matcher& matcher) {
  return std::find(matchers.begin(), matchers.end(), matcher) != matchers.end();
}

std::vector<Matcher> Minus(const std::vector<Matcher>& some, const std::vector<Matcher>& others) {
  std::vector<Matcher> rest;
  for (const Matcher& matcher : some) {
    if (!Has(others, matcher)) rest.push_back(matcher);
  }
  return rest;
}

// A value that satisfies it.
std::string Example(const Matcher& matcher) {
  if (matcher.op == "=") return matcher.value;
  if (matcher.op != "=~") return "fine";
  const std::vector<std::string> alternatives = absl::StrSplit(matcher.value, '|');
  return absl::StrReplaceAll(alternatives[0], {{".", "0"}});
}

}  // namespace

std::optional<SelectorQuery> SelectorQuery::Parse(absl::string_view text) {
  SelectorQuery query;
  std::string rest(text);
  std::string before, labels, after;
  if (RE2::FullMatch(rest, R"re((.*) by \(([^)]*)\) (\(.*))re", &before, &labels, &after)) {
    query.by = absl::StrSplit(labels, ", ");
    rest = before + after;
  }
  std::string selector;
  SelectorMistake mistake;
  if (!RE2::PartialMatch(rest, SelectorPattern(), &selector) ||
      !ParseSelector(selector, query.selector, mistake)) {
    return std::nullopt;
  }
  query.form = absl::StrReplaceAll(rest, {{selector, "@"}});
  return query;
}

std::optional<Belonging> BelongingOf(const SelectorQuery& single, const SelectorQuery& divided) {
  if (!single.by.empty() || divided.by.empty() || single.form != divided.form ||
      single.selector.metric != divided.selector.metric) {
    return std::nullopt;
  }
  std::vector<Matcher> mine = Minus(single.selector.matchers, divided.selector.matchers);
  const std::vector<Matcher> theirs = Minus(divided.selector.matchers, single.selector.matchers);
  Belonging belonging;
  std::string split = divided.by.back();
  if (!theirs.empty()) {  // {service=~"a|b"} for {service="a"}
    const Matcher& family = theirs[0];
    const auto own = std::find_if(mine.begin(), mine.end(), [&](const Matcher& matcher) {
      return matcher.label == family.label && matcher.op == "=";
    });
    if (theirs.size() > 1 || family.op != "=~" || family.label != divided.by[0] ||
        own == mine.end() || !RE2::FullMatch(own->value, family.value)) {
      return std::nullopt;
    }
    belonging.labels[own->label] = own->value;
    mine.erase(own);
    if (divided.by.size() == 1) split.clear();
  }
  belonging.whole = mine.empty();
  for (const Matcher& matcher : mine) {
    if (matcher.label != split) return std::nullopt;
    belonging.labels[split] = Example(matcher);
  }
  return belonging;
}

}  // namespace slogate::fake
