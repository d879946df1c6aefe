// Stories of what the past makes of a decision: a policy with a ledger, people, overrides and proofs.
#pragma once

#include <string>

#include "tests/decision/story.h"

namespace slogate::fake {

// The budget allows 1,000 failures of a million; 1,000 spend it. In sre-oncall are alice, bob and carol,
// in directors carol and dora, in security-oncall eve and frank.
inline constexpr char kGuardedPolicy[] = R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: acme}
sources: {main: {url: 'http://prometheus.example:9090'}}
ledger: {id: acme}
people:
  alice: {accounts: ['github:alice', 'jenkins:asmith', 'postgresql:alice'], groups: [sre-oncall]}
  bob: {accounts: ['github:bob', 'postgresql:bob'], groups: [sre-oncall]}
  carol: {accounts: ['github:carol', 'local:carol'], groups: [sre-oncall, directors]}
  dora: {accounts: ['github:dora'], groups: [directors]}
  eve: {accounts: ['github:eve'], groups: [security-oncall]}
  frank: {accounts: ['github:frank'], groups: [security-oncall]}
overrides:
  approvals: 1
  approvers: [sre-oncall]
  reason: {min_length: 20}
  ticket: {prefix: INC-}
  expires: 4h
  uses: 2
  never: [level]
  limit: {count: 3, per: 30d, beyond: {approvals: 2, approvers: [directors]}}
  review_within: 3d
  vouching: [github]
changes:
  feature: {default: true}
  rollback: {skips: [rules, findings], proof: {released_before: 30d}}
  security:
    skips: [rules]
    ticket: {prefix: CVE-}
    proof: {approvals: 1, from: [security-oncall]}
    limit: {count: 2, per: 30d}
    review_within: 1d
rules:
  - {id: spent, when: {budget_remaining: {at_most: 0%, reopens_above: 5%}}, verdict: deny}
  - {id: fast, when: {budget_spent: {at_least: 2%, over: 1h, confirmed_over: 5m}}, verdict: hold}
  - {id: level, when: {sli: {below: 50%, over: 1d}}, verdict: deny}
  - {id: fresh, when: {last_release: {younger_than: 15m}}, verdict: hold}
  - {id: low, when: {budget_remaining: {below: 10%}}, verdict: warn}
service: checkout
slos:
  - name: a
    objective: 99.9%
    window: 30d
    sli: {events: {total: requests, bad: errors}}
)";

// `past` as PastOf takes it; no errors in any window but those that `facts` tell.
Decision GuardedDecision(const std::string& past, const Facts& facts = {},
                         const std::string& change = "", const std::string& ticket = "");

// It as it applies.
const EffectivePolicy& GuardedPolicy();

// `past` with ASKED for a request ov-1 of github:alice, ticket INC-1, 60 minutes ago; and APPROVED for that
// with the approval of github:bob 50 minutes ago.
std::string GuardedPast(const std::string& past);

// The override of that id; a failure of the test where there is none.
Override FindOverride(const History& history, const std::string& id);

inline const Facts kSpent = {{"events errors 30d", "1000"}};

}  // namespace slogate::fake
