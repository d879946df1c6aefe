#include "gate/decision/decide.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/decision/story.h"

namespace slogate {
namespace {

using fake::DecisionOf;
using fake::Facts;
using fake::Summary;

// SLOs of other windows, objectives and labels, and rules that fit only some of them.
constexpr char kSeveral[] = R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: acme}
sources: {main: {url: 'http://prometheus.example:9090'}}
rules:
  - {id: spent, when: {budget_remaining: {at_most: 0%}}, verdict: deny}
  - {id: burn, when: {burn_rate: {above: 10, over: 1d}}, verdict: hold}
  - {id: level, when: {sli: {below: 50%, over: 7d}}, verdict: warn}
  - {id: named, when: {budget_remaining: {below: 50%}}, verdict: warn, slos: [b]}
  - {id: labelled, when: {budget_remaining: {below: 50%}}, verdict: warn, slos: {tier: '1'}}
service: checkout
slos:
  - {name: a, objective: 99.9%, window: 30d, labels: {tier: '1'}, sli: {events: {total: requests, bad: errors}}}
  - {name: b, objective: 80%, window: 7d, sli: {events: {total: requests, bad: errors}}}
  - {name: c, objective: 99%, window: 1d, sli: {events: {total: requests, good: fine}}}
)";

TEST(DecideSeveralTest, OneReasonForEachRuleAndSloItLooksAt) {
  const Facts facts = {
      {"events requests", "1000000"}, {"events errors", "0"}, {"events fine", "1000000"}};
  EXPECT_EQ(Summary(DecisionOf(kSeveral, facts).ruling),
            "allow proceed budget\n"
            "rule spent a false\nrule spent b false\nrule spent c false\n"
            "rule burn a false\nrule burn b unreachable\nrule burn c window_too_long\n"
            "rule level a false\nrule level b false\nrule level c window_too_long\n"
            "rule named b false\n"
            "rule labelled a false\n");
}

TEST(DecideSeveralTest, FindingsBelongToTheirSlo) {
  const Facts facts = {
      {"events requests", "1000000"}, {"events errors", "0"}, {"events fine", "!not_finite"}};
  EXPECT_EQ(Summary(DecisionOf(kSeveral, facts).ruling),
            "hold blocked budget\n"
            "rule spent a false\nrule spent b false\nrule spent c unknown\n"
            "rule burn a false\nrule burn b unreachable\nrule burn c window_too_long\n"
            "rule level a false\nrule level b false\nrule level c window_too_long\n"
            "rule named b false\n"
            "rule labelled a false\n"
            "finding not_finite c 1d hold decisive\n"
            "next mend not_finite\n");
}

TEST(DecideSeveralTest, ARuleThatLooksAtNothingIsSaid) {
  EffectivePolicy policy = fake::PolicyOf(kSeveral);
  policy.rules[3].slos = Labels{{"tier", "9"}};
  const Facts facts = {
      {"events requests", "1000000"}, {"events errors", "0"}, {"events fine", "1000000"}};
  const Ruling ruling = Decide(policy, fake::EvidenceOf(policy, facts), {});
  EXPECT_EQ(Summary(ruling),
            "allow proceed budget\n"
            "rule spent a false\nrule spent b false\nrule spent c false\n"
            "rule burn a false\nrule burn b unreachable\nrule burn c window_too_long\n"
            "rule level a false\nrule level b false\nrule level c window_too_long\n"
            "rule named - not_selected\n"
            "rule labelled a false\n");
}

// Checks refuse such policies; should one get here all the same, it opens nothing.
TEST(DecideSeveralTest, AnSloThatNoRuleLooksAtIsNoVerdict) {
  EffectivePolicy policy = fake::PolicyOf(kSeveral);
  const Facts facts = {
      {"events requests", "1000000"}, {"events errors", "0"}, {"events fine", "1000000"}};
  for (const Enforcement enforcement : {Enforcement::kEnforce, Enforcement::kObserve}) {
    EffectivePolicy broken = policy;
    broken.enforcement = enforcement;
    for (Rule& rule : broken.rules) rule.slos = Labels{{"tier", "1"}};
    Ruling ruling = Decide(broken, fake::EvidenceOf(broken, facts), {});
    EXPECT_EQ(ruling.verdict, Verdict::kNone);
    EXPECT_EQ(ruling.outcome, Outcome::kBlocked);
    EXPECT_EQ(ExitCodeOf(ruling.verdict, ruling.outcome), 5);
    broken.rules.clear();
    ruling = Decide(broken, fake::EvidenceOf(broken, facts), {});
    EXPECT_EQ(ruling.verdict, Verdict::kNone);
    broken.slos.clear();
    ruling = Decide(broken, fake::EvidenceOf(broken, facts), {});
    EXPECT_EQ(ruling.verdict, Verdict::kNone);
    EXPECT_EQ(ruling.outcome, Outcome::kBlocked);
  }
}

}  // namespace
}  // namespace slogate
