#include "tests/decision/guarded.h"

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>

#include "tests/testing/past.h"

namespace slogate::fake {

Decision GuardedDecision(const std::string& past, const Facts& facts, const std::string& change,
                         const std::string& ticket) {
  Request request;
  request.subject = PastSubject();
  request.change = change;
  request.ticket = ticket;
  request.history = PastOf(past);
  const Facts healthy = {{"events requests", "1000000"}, {"events errors", "0"}};
  return DecisionOf(kGuardedPolicy, Over(facts, healthy), request);
}

const EffectivePolicy& GuardedPolicy() {
  static const EffectivePolicy& policy = *new EffectivePolicy(PolicyOf(kGuardedPolicy));
  return policy;
}

std::string GuardedPast(const std::string& past) {
  const std::string asked = "60m request ov-1 github:alice ticket=INC-1\n";
  return absl::StrReplaceAll(
      past, {{"APPROVED", absl::StrCat(asked, "50m approve ov-1 github:bob\n")}, {"ASKED", asked}});
}

Override FindOverride(const History& history, const std::string& id) {
  for (const Override& one : OverridesIn(history.records)) {
    if (one.request.id == id) return one;
  }
  ADD_FAILURE() << id << " is not there";
  return {};
}

}  // namespace slogate::fake
