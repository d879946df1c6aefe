// Good files, decoded completely; and what is the same in YAML and JSON.
#include "gate/policy/policy_types.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>

#include "gate/policy/policy_parts.h"
#include "gate/text/node.h"

namespace slogate {
namespace {

template <class T>
T Decode(const Type<T>& type, const std::string& text) {
  const SourceFile file = {"p.yaml", text};
  std::vector<Diagnostic> diagnostics;
  const std::optional<Node> root = ParseYaml(file, diagnostics);
  Doubts doubts;
  T value{};
  if (root) value = DecodeFile(type, "p.yaml", *root, doubts, diagnostics);
  EXPECT_EQ(Render(diagnostics, {file}), "");
  return value;
}

Rational Ratio(const char* decimal) { return *Rational::FromDecimal(decimal); }

constexpr char kPolicy[] = R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: acme, runbook: 'https://wiki.example/release-gate?page=1#top'}
sources:
  main: {url: 'https://prometheus.example:9090/prom', auth: {bearer_token: {file: /run/token}}}
  other:
    url: http://[::1]:9090
    auth: {basic: {username: me, password: {env: PROM_PASSWORD}}}
    headers: {X-Scope-OrgID: tenant, X-Api-Key: {env: API_KEY}}
    concurrency: 4
    counting: samples
environments:
  production: {sources: [main], matchers: {env: prod}, enforcement: enforce}
  staging: {sources: [other]}
enforcement: observe
changes:
  feature: {default: true}
  security: {skips: [rules], ticket: {prefix: CVE-}}
rules:
  - {id: spent, when: {budget_remaining: {at_most: -5%}}, verdict: deny}
  - {id: low, when: {budget_remaining: {below: 10%}}, verdict: warn, slos: {tier: '1'}}
  - {id: fast, when: {budget_spent: {at_least: 2.5%, over: 1h, confirmed_over: 5m}}, verdict: hold}
  - {id: slow, when: {burn_rate: {above: 14.4, over: [3d, 6h]}}, verdict: warn, slos: [a, b]}
  - {id: level, when: {sli: {below: 99%, over: 1h}}, verdict: hold}
findings:
  stale: {older_than: 10m}
  gap: {coverage_below: 99.5%, verdict: warn}
  short_history: {min_history: 2d, verdict: allow}
  few_events: {budget_below: 0.5}
  clock_skew: {more_than: 1m, verdict: deny}
  no_traffic: warn
  births: deny
  unreachable: {verdict: deny}
service: shop/checkout
labels: {tier: '1'}
slos:
  - name: availability
    objective: 99.95%
    window: 4w
    labels: {team: shop}
    sli: {events: {total: 'http_total{service="x"}', bad: '{code=~"5.."}'}}
)";

TEST(PolicyTypes, SourcesAreDecoded) {
  const ReleasePolicy policy = Decode(ReleasePolicyType(), kPolicy);
  EXPECT_EQ(policy.metadata.name, "acme");
  EXPECT_EQ(policy.metadata.runbook, "https://wiki.example/release-gate?page=1#top");
  ASSERT_EQ(policy.sources.size(), 2u);
  const SourceConfig& main = policy.sources.at("main");
  EXPECT_EQ(main.at, (Position{5, 9}));
  EXPECT_EQ(main.url.value, "https://prometheus.example:9090/prom");
  EXPECT_EQ(main.url.at, (Position{5, 15}));
  EXPECT_EQ(main.concurrency, std::nullopt);
  const Secret& token = std::get<BearerToken>(main.auth).token;
  EXPECT_EQ(token.kind, Secret::Kind::kFile);
  EXPECT_EQ(token.name, "/run/token");
  EXPECT_EQ(token.at, (Position{5, 76}));
  const SourceConfig& other = policy.sources.at("other");
  EXPECT_EQ(other.url.value, "http://[::1]:9090");
  EXPECT_EQ(other.concurrency, 4);
  EXPECT_EQ(main.counting, Counting::kPromql);
  EXPECT_EQ(other.counting, Counting::kSamples);
  const BasicAuth& basic = std::get<BasicAuth>(other.auth);
  EXPECT_EQ(basic.username, "me");
  EXPECT_EQ(basic.password.kind, Secret::Kind::kEnvironment);
  EXPECT_EQ(basic.password.name, "PROM_PASSWORD");
  ASSERT_EQ(other.headers.size(), 2u);
  EXPECT_EQ(std::get<std::string>(other.headers.at("X-Scope-OrgID").value), "tenant");
  EXPECT_EQ(std::get<Secret>(other.headers.at("X-Api-Key").value).name, "API_KEY");
}

TEST(PolicyTypes, EnvironmentsAndClassesAreDecoded) {
  const ReleasePolicy policy = Decode(ReleasePolicyType(), kPolicy);
  EXPECT_EQ(policy.enforcement, Enforcement::kObserve);
  const EnvironmentConfig& production = policy.environments.at("production");
  ASSERT_EQ(production.sources.size(), 1u);
  EXPECT_EQ(production.sources[0].value, "main");
  EXPECT_EQ(production.matchers, (Labels{{"env", "prod"}}));
  EXPECT_EQ(production.enforcement, Enforcement::kEnforce);
  EXPECT_FALSE(policy.environments.at("staging").enforcement.has_value());
  EXPECT_TRUE(policy.changes.at("feature").is_default);
  EXPECT_FALSE(policy.changes.at("feature").ticket_prefix.has_value());
  const ChangeClass& security = policy.changes.at("security");
  EXPECT_FALSE(security.is_default);
  ASSERT_EQ(security.skips.size(), 1u);
  EXPECT_EQ(security.skips[0].value, "rules");
  EXPECT_EQ(security.ticket_prefix, "CVE-");
}

TEST(PolicyTypes, RulesAreDecoded) {
  const ReleasePolicy policy = Decode(ReleasePolicyType(), kPolicy);
  ASSERT_EQ(policy.rules.size(), 5u);

  const Rule& spent = policy.rules[0];
  EXPECT_EQ(spent.id, "spent");
  EXPECT_EQ(spent.at, (Position{20, 5}));
  EXPECT_EQ(spent.verdict, Verdict::kDeny);
  EXPECT_TRUE(std::holds_alternative<std::monostate>(spent.slos));
  const Threshold& remaining = std::get<BudgetRemaining>(spent.when).threshold;
  EXPECT_EQ(remaining.comparator, Comparator::kAtMost);
  EXPECT_EQ(remaining.value, Ratio("-0.05"));
  EXPECT_EQ(remaining.at, (Position{20, 52}));

  EXPECT_EQ(std::get<BudgetRemaining>(policy.rules[1].when).threshold.comparator,
            Comparator::kBelow);
  EXPECT_EQ(std::get<Labels>(policy.rules[1].slos), (Labels{{"tier", "1"}}));

  const BudgetSpent& fast = std::get<BudgetSpent>(policy.rules[2].when);
  EXPECT_EQ(fast.threshold.comparator, Comparator::kAtLeast);
  EXPECT_EQ(fast.threshold.value, Ratio("0.025"));
  ASSERT_EQ(fast.over.size(), 1u);
  EXPECT_EQ(fast.over[0].value, absl::Hours(1));
  ASSERT_TRUE(fast.confirmed_over.has_value());
  EXPECT_EQ(fast.confirmed_over->value, absl::Minutes(5));

  const BurnRate& slow = std::get<BurnRate>(policy.rules[3].when);
  EXPECT_EQ(slow.threshold.comparator, Comparator::kAbove);
  EXPECT_EQ(slow.threshold.value, Ratio("14.4"));
  ASSERT_EQ(slow.over.size(), 2u);
  EXPECT_EQ(slow.over[0].value, absl::Hours(72));
  EXPECT_EQ(slow.over[1].value, absl::Hours(6));
  const auto& names = std::get<std::vector<Placed<std::string>>>(policy.rules[3].slos);
  ASSERT_EQ(names.size(), 2u);
  EXPECT_EQ(names[1].value, "b");

  const SliLevel& level = std::get<SliLevel>(policy.rules[4].when);
  EXPECT_EQ(level.threshold.comparator, Comparator::kBelow);
  EXPECT_EQ(level.threshold.value, Ratio("0.99"));
}

TEST(PolicyTypes, FindingsAreDecoded) {
  const FindingChoices findings = Decode(ReleasePolicyType(), kPolicy).findings;
  EXPECT_EQ(findings.stale_older_than, absl::Minutes(10));
  EXPECT_EQ(findings.gap_coverage_below, Ratio("0.995"));
  EXPECT_EQ(findings.min_history, absl::Hours(48));
  EXPECT_EQ(findings.clock_skew_more_than, absl::Minutes(1));
  EXPECT_EQ(findings.few_events_budget_below, Ratio("0.5"));
  const std::map<FindingKind, Verdict> want = {
      {FindingKind::kGap, Verdict::kWarn},       {FindingKind::kShortHistory, Verdict::kAllow},
      {FindingKind::kClockSkew, Verdict::kDeny}, {FindingKind::kBirths, Verdict::kDeny},
      {FindingKind::kNoTraffic, Verdict::kWarn}, {FindingKind::kUnreachable, Verdict::kDeny}};
  EXPECT_EQ(findings.verdicts, want);
}

TEST(PolicyTypes, AGapMayBeAWordAndItsLimitAllOfTheWindow) {
  const auto decode = [](const char* gap) {
    return Decode(FindingsType(), absl::StrCat("gap: ", gap, "\n"));
  };
  EXPECT_EQ(decode("warn").For(FindingKind::kGap), Verdict::kWarn);
  EXPECT_EQ(decode("warn").gap_coverage_below, Ratio("0.9"));
  EXPECT_EQ(decode("{verdict: deny}").For(FindingKind::kGap), Verdict::kDeny);
  EXPECT_EQ(decode("{coverage_below: 100%}").gap_coverage_below, Rational(1));
  EXPECT_EQ(decode("{coverage_below: 100%}").For(FindingKind::kGap), Verdict::kHold);
  EXPECT_EQ(decode("{coverage_below: 0.01%}").gap_coverage_below, Ratio("0.0001"));
}

TEST(PolicyTypes, SlosAreDecoded) {
  const ReleasePolicy policy = Decode(ReleasePolicyType(), kPolicy);
  ASSERT_TRUE(policy.service.has_value());
  EXPECT_EQ(policy.service->value, "shop/checkout");
  EXPECT_EQ(policy.labels, (Labels{{"tier", "1"}}));
  ASSERT_EQ(policy.slos.size(), 1u);
  const Slo& slo = policy.slos[0];
  EXPECT_EQ(slo.name, "availability");
  EXPECT_EQ(slo.objective, Ratio("0.9995"));
  EXPECT_EQ(slo.objective_text, "99.95%");
  EXPECT_EQ(slo.window, Window(absl::Hours(24 * 28)));
  EXPECT_EQ(slo.labels, (Labels{{"team", "shop"}}));
  const EventsSli& events = std::get<EventsSli>(slo.sli);
  EXPECT_FALSE(events.good.has_value());
  EXPECT_EQ(Print(events.total->value), "http_total{service=\"x\"}");
  EXPECT_TRUE(events.bad->value.matchers_only());
}

TEST(PolicyTypes, LatencyIsDecoded) {
  const ServiceObjectives file = Decode(
      ServiceObjectivesType(),
      "apiVersion: slogate/v1\nkind: ServiceObjectives\nservice: checkout\nslos:\n"
      "  - {name: a, objective: 99%, window: 30d, sli: {latency: {histogram: took, within: "
      "1s500ms}}}\n"
      "  - {name: b, objective: 99%, window: 30d, sli: {latency: {histogram: took, within: 1ms}}}\n"
      "  - {name: c, objective: 99%, window: 30d, sli: {latency: {histogram: took, within: "
      "2h}}}\n");
  ASSERT_EQ(file.slos.size(), 3u);
  const LatencySli& latency = std::get<LatencySli>(file.slos[0].sli);
  EXPECT_EQ(latency.at, (Position{5, 59}));
  EXPECT_EQ(Print(latency.histogram.value), "took");
  EXPECT_EQ(latency.histogram.at, (Position{5, 71}));
  EXPECT_EQ(latency.within.value, absl::Milliseconds(1500));
  EXPECT_EQ(latency.within.at, (Position{5, 85}));
  EXPECT_EQ(std::get<LatencySli>(file.slos[1].sli).within.value, absl::Milliseconds(1));
  EXPECT_EQ(std::get<LatencySli>(file.slos[2].sli).within.value, absl::Hours(2));
}

TEST(PolicyTypes, JsonSaysTheSame) {
  const ServiceObjectives yaml =
      Decode(ServiceObjectivesType(),
             "apiVersion: slogate/v1\nkind: ServiceObjectives\nservice: checkout\n"
             "labels: {tier: '1'}\nslos:\n  - name: a\n    objective: 99.9%\n    window: 30d\n"
             "    sli: {events: {total: 'http_total{a=\"b\"}', bad: '{c=\"d\"}'}}\n");
  const ServiceObjectives json = Decode(
      ServiceObjectivesType(),
      R"({"apiVersion": "slogate/v1", "kind": "ServiceObjectives", "service": "checkout", "labels": {"tier": "1"},
"slos": [{"name": "a", "objective": "99.9%", "window": "30d",
"sli": {"events": {"total": "http_total{a=\"b\"}", "bad": "{c=\"d\"}"}}}]})");
  EXPECT_EQ(yaml.service.value, json.service.value);
  EXPECT_EQ(yaml.labels, json.labels);
  ASSERT_EQ(json.slos.size(), 1u);
  const Slo& a = yaml.slos[0];
  const Slo& b = json.slos[0];
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(a.objective, b.objective);
  EXPECT_EQ(a.objective_text, b.objective_text);
  EXPECT_EQ(a.window, b.window);
  EXPECT_EQ(Print(std::get<EventsSli>(a.sli).total->value),
            Print(std::get<EventsSli>(b.sli).total->value));
  EXPECT_EQ(Print(std::get<EventsSli>(a.sli).bad->value),
            Print(std::get<EventsSli>(b.sli).bad->value));
}

}  // namespace
}  // namespace slogate
