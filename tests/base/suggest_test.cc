#include "gate/base/suggest.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace slogate {
namespace {

const std::vector<std::string> kKeys = {"apiVersion", "kind",      "metadata", "sources",
                                        "rules",      "objective", "window",   "url"};

struct SuggestCase {
  const char* word;
  const char* want;  // "" where nothing is near
};

TEST(Nearest, FindsSlipsAndNothingElse) {
  const SuggestCase cases[] = {
      {"rule", "rules"},    // one letter left out
      {"ruless", "rules"},  // one too many
      {"rulez", "rules"},   // one wrong
      {"ruels", "rules"},   // two swapped count as one
      {"Rules", "rules"},   // case ignored
      {"APIVERSION", "apiVersion"},
      {"objectiv", "objective"},
      {"objetcvie", "objective"},   // two swaps in nine letters
      {"ojbecitves", "objective"},  // three slips in ten letters
      {"ur", "url"},                // one letter even of a short word
      {"windwo", "window"},
      {"", ""},
      {"rls", ""},  // two slips in three letters
      {"slos", ""},
      {"freezes", ""},
      {"wxyzow", ""},  // three slips in six letters
  };
  for (const SuggestCase& test : cases) {
    EXPECT_EQ(Nearest(test.word, kKeys).value_or(""), test.want) << test.word;
  }
}

TEST(Nearest, TakesTheNearestAndOfEqualsTheFirst) {
  EXPECT_EQ(Nearest("bid", {"bad", "bit", "bid"}), "bid");
  EXPECT_EQ(Nearest("bod", {"bad", "bid"}), "bad");
  EXPECT_EQ(Nearest("bod", {"bid", "bad"}), "bid");
  EXPECT_EQ(Nearest("bod", {}), std::nullopt);
}

TEST(Nearest, DoesNotTryLongWords) {
  const std::string longest(64, 'a');
  EXPECT_EQ(Nearest(longest, {longest + "b", longest.substr(1)}), longest.substr(1));
  EXPECT_EQ(Nearest(longest + "a", {longest}), std::nullopt);
}

TEST(DidYouMean, IsASentenceOrNothing) {
  EXPECT_EQ(DidYouMean("polcy", {"policy", "slos"}), "; did you mean 'policy'?");
  EXPECT_EQ(DidYouMean("zebra", {"policy", "slos"}), "");
}

}  // namespace
}  // namespace slogate
