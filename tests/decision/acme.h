// Stories of Decide: a policy, the facts that differ from a healthy service's, and the whole
// ruling.
#pragma once

#include <string>

#include "tests/decision/story.h"

namespace slogate::fake {

// A million events in every window: the budget allows 1,000 of them to fail, and a burn rate of 1
// is 1,000 failures in its window.
inline constexpr char kAcmePolicy[] = R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: acme}
sources: {main: {url: 'http://prometheus.example:9090'}}
changes:
  feature: {default: true}
  hotfix: {skips: [fast]}
  nightly: {skips: [stale]}
  rollback: {skips: [rules, findings]}
  security: {skips: [rules], ticket: {prefix: CVE-}}
rules:
  - {id: spent, when: {budget_remaining: {at_most: 0%}}, verdict: deny}
  - {id: fast, when: {budget_spent: {at_least: 2%, over: 1h, confirmed_over: 5m}}, verdict: hold}
  - {id: slow, when: {burn_rate: {above: 1, over: [3d, 6h]}}, verdict: warn}
  - {id: low, when: {budget_remaining: {below: 10%}}, verdict: warn}
service: checkout
slos:
  - name: a
    objective: 99.9%
    window: 30d
    sli: {events: {total: requests, bad: errors}}
)";

inline const Facts kHealthy = {{"events requests", "1000000"}, {"events errors", "0"}};

struct Story {
  const char* name;
  Facts facts;  // over kHealthy
  const char* change;
  const char* ticket;
  const char* more_policy;  // further top-level keys
  const char* want;         // Summary, where ALL_PASS and ALL_UNKNOWN stand for four rules that do
};

void ExpectStory(const Story& story);

}  // namespace slogate::fake
