#include "tests/decision/acme.h"

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>

namespace slogate::fake {
namespace {

constexpr char kAllPass[] =
    "rule spent a false\nrule fast a false\nrule slow a false\nrule low a false\n";
constexpr char kAllUnknown[] =
    "rule spent a unknown\nrule fast a unknown\nrule slow a unknown\nrule low a unknown\n";

}  // namespace

void ExpectStory(const Story& story) {
  Request request;
  request.change = story.change;
  request.ticket = story.ticket;
  const Decision decision = DecisionOf(absl::StrCat(kAcmePolicy, story.more_policy, "\n"),
                                       Over(story.facts, kHealthy), request);
  EXPECT_EQ(
      Summary(decision.ruling),
      absl::StrReplaceAll(story.want, {{"ALL_PASS", kAllPass}, {"ALL_UNKNOWN", kAllUnknown}}));
}

}  // namespace slogate::fake
