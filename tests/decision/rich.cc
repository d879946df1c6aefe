#include "tests/decision/rich.h"

#include "tests/decision/guarded.h"
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

Decision OverriddenDecision() {
  return GuardedDecision(
      "60m request ov-0a1b2c3d4e5f github:alice ticket=INC-17 uses=2 "
      "reason=payments_fail\x1b[2J_for_one_in_ten,_\u202ethis_mends_it known=GITHUB_ACTOR\n"
      "50m approve ov-0a1b2c3d4e5f postgresql:bob known=database role=bob reason=go_ahead\n"
      "45m approve ov-0a1b2c3d4e5f github:eve\n"
      "40m use ov-0a1b2c3d4e5f sha256:0d01 ticket=INC-17\n"
      "20m failed sha256:0d01",
      kSpent);
}

Decision WaitingDecision() {
  return GuardedDecision(
      "26h use ov-000000000001 sha256:01\n25h use ov-000000000002 sha256:02\n"
      "3h use ov-000000000003 sha256:03\n"
      "90m request ov-111111111111 github:alice ticket=INC-1\n"
      "80m reject ov-111111111111 github:carol reason=not_now\n"
      "60m request ov-222222222222 github:bob ticket=INC-2 rules=spent,fresh\n"
      "55m approve ov-222222222222 github:dora\n"
      "30m decision sha256:0d closed=spent/a\n"
      "5m deployed sha256:0e artifact=sha256:ff",
      {{"events errors 30d", "960"}}, "security", "CVE-2026-1");
}

Decision ProvenDecision() { return GuardedDecision("9d deployed sha256:0d", kSpent, "rollback"); }

Decision ConsentedDecision() {
  return GuardedDecision(
      "60m request ov-333333333333 jenkins:asmith change=security ticket=CVE-2026-1 "
      "known=BUILD_USER_ID\n50m approve ov-333333333333 github:eve known=CI_system",
      kSpent, "security", "CVE-2026-1");
}

std::map<std::string, Decision> GoldenDecisions() {
  return {{"allow_by_class", ClassDecision()},   {"allow_by_consent", ConsentedDecision()},
          {"allow_proven", ProvenDecision()},    {"deny_overridden", OverriddenDecision()},
          {"deny_waiting", WaitingDecision()},   {"deny", DenyDecision()},
          {"hold_gap", GapDecision()},           {"hold_unreachable", HoldDecision()},
          {"warn_short_history", WarnDecision()}};
}

}  // namespace slogate::fake
