#include "tests/decision/rich.h"

#include "tests/decision/story.h"

namespace slogate::fake {
namespace {

constexpr char kPolicy[] = R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: acme, runbook: 'https://wiki.example/release-gate'}
sources:
  main:
    url: 'https://prometheus.example:9090'
    auth: {bearer_token: {file: /run/secrets/prometheus-token}}
environments:
  production: {sources: [main], matchers: {env: prod}}
changes:
  feature: {default: true}
  rollback: {skips: [rules, findings]}
  security: {skips: [rules], ticket: {prefix: CVE-}}
rules:
  - {id: spent, when: {budget_remaining: {at_most: 0%}}, verdict: deny}
  - {id: fast-burn, when: {budget_spent: {at_least: 2%, over: 1h, confirmed_over: 5m}}, verdict: hold}
  - {id: slow-burn, when: {burn_rate: {above: 1, over: [3d, 6h]}}, verdict: warn}
  - {id: level, when: {sli: {below: 99.5%, over: 1d}}, verdict: warn}
  - {id: low, when: {budget_remaining: {below: 10%}}, verdict: warn, slos: {tier: '1'}}
service: checkout
slos:
  - name: availability
    objective: 99.9%
    window: 30d
    labels: {tier: '1'}
    sli: {events: {total: 'http_requests_total', bad: '{code=~"5.."}'}}
  - name: latency
    objective: 50%
    window: 7d
    sli: {events: {total: 'http_requests_total', good: 'http_fast_total'}}
)";

const Facts kHealthy = {
    {"events http_requests_total{env=\"prod\"}", "3000001"},
    {"events http_requests_total{code=~\"5..\",env=\"prod\"}", "100"},
    {"events http_fast_total{env=\"prod\"}", "3000000"},
};

Decision Make(const Facts& facts, const std::string& change, const std::string& ticket) {
  Request request;
  request.change = change;
  request.ticket = ticket;
  request.subject.version = "4.18.2";
  request.subject.artifact =
      "sha256:ab12cd34ab12cd34ab12cd34ab12cd34ab12cd34ab12cd34ab12cd34ab12cd34";
  return DecisionOf(kPolicy, Over(facts, kHealthy), request, {std::nullopt, "production"});
}

}  // namespace

Decision DenyDecision() {
  Decision decision = Make(
      {
          {"events http_requests_total{code=~\"5..\",env=\"prod\"} 30d", "3107"},
          {"events http_requests_total{env=\"prod\"} 6h", "!too_large"},
          {"events http_requests_total{code=~\"5..\",env=\"prod\"} 3d", "3000..3001"},
          {"events http_fast_total{env=\"prod\"} 7d", "1499999.999..1500001"},
          {"events http_fast_total{env=\"prod\"} 5m", "!timed_out"},
      },
      "security", "INC-12");
  decision.request.subject.commit = "8f3c1e2";
  return decision;
}

Decision HoldDecision() {
  Facts facts = {{"clock", "!unreachable"}};
  for (const char* selector :
       {"http_requests_total{env=\"prod\"}", "http_requests_total{code=~\"5..\",env=\"prod\"}",
        "http_fast_total{env=\"prod\"}"}) {
    for (const char* kind : {"events ", "newest_sample ", "history ", "coverage "}) {
      facts[std::string(kind) + selector] = "!unreachable";
    }
  }
  Decision decision = Make(facts, "", "");
  decision.instant_source = InstantSource::kGate;
  return decision;
}

Decision GapDecision() {
  return Make({{"coverage http_requests_total{env=\"prod\"} 30d", "107"}}, "", "");
}

Decision ClassDecision() {
  return Make({{"events http_requests_total{code=~\"5..\",env=\"prod\"} 30d", "30001"}}, "rollback",
              "");
}

Decision WarnDecision() {
  Decision decision = Make({{"history http_requests_total{env=\"prod\"}", "172800"}}, "", "");
  decision.dry_run = true;
  decision.instant_source = InstantSource::kFlag;
  return decision;
}

std::map<std::string, Decision> GoldenDecisions() {
  return {{"allow_by_class", ClassDecision()},
          {"deny", DenyDecision()},
          {"hold_gap", GapDecision()},
          {"hold_unreachable", HoldDecision()},
          {"warn_short_history", WarnDecision()}};
}

}  // namespace slogate::fake
