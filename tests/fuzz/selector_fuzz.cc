#include "gate/policy/selector.h"
#include "tests/fuzz/fuzz.h"

namespace slogate {

bool FuzzSelector(absl::string_view input) {
  Selector selector;
  SelectorMistake mistake;
  if (!ParseSelector(input, selector, mistake)) {
    Require(mistake.offset <= input.size(), "a mistake is in the text");
    Require(!mistake.message.empty(), "a mistake says something");
    return false;
  }
  const std::string printed = Print(selector);
  Selector again;
  Require(ParseSelector(printed, again, mistake), "what was printed can be read");
  Require(again == selector, "and means the same");
  Require(Print(again) == printed, "printing is a fixed point");
  RequirePrintable(printed, "a selector is printable");
  Require(SameSelection(selector, again), "it selects what it selects");
  for (const Matcher& matcher : selector.matchers)
    Require(matcher.label != "__name__", "the name stands in front");

  // With what an environment adds, unless that makes it longer than any selector may be.
  const Selector whole{"total", {{"env", "=", "prod"}}};
  const Selector complete =
      WithMatchers(Complete(selector, whole), {{"job", "\"} or vector(0) #"}});
  const std::string text = Print(complete);
  if (text.size() > 1000) return true;
  Require(ParseSelector(text, again, mistake) && again == complete, "so it does when completed");
  return true;
}

}  // namespace slogate
