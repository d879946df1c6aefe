#include "gate/policy/check.h"

#include <string>

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>

#include "gate/base/limits.h"
#include "gate/io/files.h"
#include "tests/policy/check_case.h"

namespace slogate {
namespace {

class CheckTest : public testing::TestWithParam<CheckCase> {};

TEST_P(CheckTest, Diagnostics) { ExpectDiagnostics(GetParam()); }

const CheckCase kGood[] = {
    {"a_policy_alone", {{"policy.yaml", absl::StrCat(kPolicy, kRules)}}, ""},
    {"a_policy_with_its_own_slos", {{"policy.yaml", absl::StrCat(kPolicy, kRules, kOwnSlos)}}, ""},
    {"objectives_alone", {{"a.yaml", absl::StrCat(kTeam, kSlo)}}, ""},
    {"all_together",
     {{"policy.yaml", absl::StrCat(kPolicy, kRules)},
      {"a.yaml", absl::StrCat(kTeam, kSlo)},
      {"b.yaml",
       absl::StrCat(
           kTeam,
           R"(  - {name: latency, objective: 99%, window: 7d, sli: {events: {total: requests, good: 'fast{le="1"}'}}}
)")}},
     ""},
    {"everything_a_platform_can_say",
     {{"policy.yaml", R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: acme}
sources: {main: {url: 'https://a.example'}, other: {url: 'https://b.example'}}
environments:
  production: {sources: [main], matchers: {env: prod}}
  staging: {sources: [other], matchers: {env: staging}, enforcement: observe}
changes:
  feature: {default: true}
  security: {skips: [rules], ticket: {prefix: CVE-}}
  rollback: {skips: [rules, findings]}
  hotfix: {skips: [fast, stale]}
rules:
  - {id: spent, when: {budget_remaining: {at_most: 0%}}, verdict: deny}
  - {id: fast, when: {budget_spent: {at_least: 2%, over: 1h, confirmed_over: 5m}}, verdict: hold}
  - {id: slow, when: {burn_rate: {above: 1, over: [3d, 6h]}}, verdict: warn}
  - {id: low, when: {budget_remaining: {below: 10%}}, verdict: warn, slos: {tier: '1'}}
  - {id: level, when: {sli: {below: 95%, over: 30d}}, verdict: warn, slos: [availability]}
)"},
      {"a.yaml", absl::StrCat(R"(apiVersion: slogate/v1
kind: ServiceObjectives
service: checkout
labels: {tier: '1'}
slos:
)",
                              kSlo)}},
     ""},
};

INSTANTIATE_TEST_SUITE_P(Good, CheckTest, testing::ValuesIn(kGood), CheckCaseName);

const CheckCase kBad[] = {
    {"no_source",
     {{"policy.yaml", absl::StrCat(R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: acme}
sources: {}
)",
                                   kRules)}},
     R"(policy.yaml:4:10: error: the policy has no source to measure with [no_source]
  4 | sources: {}
    |          ^
    = add one, such as main: {url: 'https://prometheus.example:9090'}
)"},
    {"two_sources_without_environments",
     {{"policy.yaml", absl::StrCat(R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: acme}
sources:
  main: {url: 'https://a.example'}
  other: {url: 'https://b.example'}
)",
                                   kRules)}},
     R"(policy.yaml:5:9: error: the policy has 2 sources and no environments that choose between them [one_source]
  5 |   main: {url: 'https://a.example'}
    |         ^
    = add environments:, each with its sources, or leave one source
)"},
    {"an_unknown_source",
     {{"policy.yaml", absl::StrCat(kPolicy, R"(environments:
  production: {sources: [mian]}
  staging: {sources: [elsewhere]}
)",
                                   kRules)}},
     R"(policy.yaml:6:26: error: the policy has no source 'mian'; did you mean 'main'? [unknown_source]
  6 |   production: {sources: [mian]}
    |                          ^
    = name one of 'main'

policy.yaml:7:23: error: the policy has no source 'elsewhere' [unknown_source]
  7 |   staging: {sources: [elsewhere]}
    |                       ^
    = name one of 'main'
)"},
    {"an_environment_that_matches_names",
     {{"policy.yaml", absl::StrCat(kPolicy, R"(environments:
  production: {sources: [main], matchers: {__name__: up}}
)",
                                   kRules)}},
     R"(policy.yaml:6:15: error: environment 'production' cannot match on __name__ [name_matcher]
  6 |   production: {sources: [main], matchers: {__name__: up}}
    |               ^
    = every selector names its metric itself; use other labels
)"},
    {"no_default_class",
     {{"policy.yaml", absl::StrCat(kPolicy, R"(changes:
  security: {skips: [rules]}
  rollback: {}
)",
                                   kRules)}},
     R"(policy.yaml:6:13: error: none of the change classes is the default [default_class]
  6 |   security: {skips: [rules]}
    |             ^
    = add 'default: true' to the class of an ordinary release, such as feature
)"},
    {"two_default_classes",
     {{"policy.yaml", absl::StrCat(kPolicy, R"(changes:
  feature: {default: true}
  another: {default: true}
  fix: {default: true}
)",
                                   kRules)}},
     R"(policy.yaml:7:12: error: 'another' is a second default class beside 'feature' [default_class]
  7 |   another: {default: true}
    |            ^
    = leave 'default: true' at the class of an ordinary release only

policy.yaml:8:8: error: 'fix' is a second default class beside 'feature' [default_class]
  8 |   fix: {default: true}
    |        ^
    = leave 'default: true' at the class of an ordinary release only
)"},
    {"unknown_skips",
     {{"policy.yaml", absl::StrCat(kPolicy, R"(changes:
  feature: {default: true}
  rollback: {skips: [rule, spentt, no_serie, freezes, everything]}
)",
                                   kRules)}},
     R"(policy.yaml:7:22: error: there is nothing called 'rule' to skip; did you mean 'rules'? [unknown_skip]
  7 |   rollback: {skips: [rule, spentt, no_serie, freezes, everything]}
    |                      ^
    = skips: takes rules, findings, freezes, the id of a rule or freeze, or a kind of finding

policy.yaml:7:28: error: there is nothing called 'spentt' to skip; did you mean 'spent'? [unknown_skip]
  7 |   rollback: {skips: [rule, spentt, no_serie, freezes, everything]}
    |                            ^
    = skips: takes rules, findings, freezes, the id of a rule or freeze, or a kind of finding

policy.yaml:7:36: error: there is nothing called 'no_serie' to skip; did you mean 'no_series'? [unknown_skip]
  7 |   rollback: {skips: [rule, spentt, no_serie, freezes, everything]}
    |                                    ^
    = skips: takes rules, findings, freezes, the id of a rule or freeze, or a kind of finding

policy.yaml:7:55: error: there is nothing called 'everything' to skip [unknown_skip]
  7 |   rollback: {skips: [rule, spentt, no_serie, freezes, everything]}
    |                                                       ^
    = skips: takes rules, findings, freezes, the id of a rule or freeze, or a kind of finding
)"},
    {"a_default_class_that_skips",
     {{"policy.yaml", absl::StrCat(kPolicy, R"(changes:
  feature: {default: true, skips: [spent, stale]}
)",
                                   kRules)}},
     R"(policy.yaml:6:36: warning: every ordinary release skips 'spent': 'feature' is the default class [default_class_skips]
  6 |   feature: {default: true, skips: [spent, stale]}
    |                                    ^
    = move skips: to a class that a release has to claim

policy.yaml:6:43: warning: every ordinary release skips 'stale': 'feature' is the default class [default_class_skips]
  6 |   feature: {default: true, skips: [spent, stale]}
    |                                           ^
    = move skips: to a class that a release has to claim
)"},
    {"an_slo_file_without_slos",
     {{"a.yaml", R"(apiVersion: slogate/v1
kind: ServiceObjectives
service: checkout
slos: []
)"}},
     R"(a.yaml:4:7: error: the file has no SLO [no_slos]
  4 | slos: []
    |       ^
    = add at least one
)"},
    {"slos_without_service",
     {{"policy.yaml", absl::StrCat(kPolicy, kRules, R"(slos:
)",
                                   kSlo)}},
     R"(policy.yaml:8:5: error: the policy has slos but does not name the service [slos_without_service]
  8 |   - {name: availability, objective: 99.9%, window: 30d, sli: {events: {total: requests, bad: '{code=~"…
    |     ^
    = add service: to the policy
)"},
    {"service_without_slos",
     {{"policy.yaml", absl::StrCat(kPolicy, kRules, R"(service: checkout
)")}},
     R"(policy.yaml:7:10: error: the policy names a service but has no slos [service_without_slos]
  7 | service: checkout
    |          ^
    = add slos:, or leave the service to the ServiceObjectives file
)"},
    {"two_sets_of_slos",
     {{"policy.yaml", absl::StrCat(kPolicy, kRules, kOwnSlos)},
      {"a.yaml",
       absl::StrCat(
           kTeam,
           R"(  - {name: latency, objective: 99%, window: 7d, sli: {events: {total: requests, bad: slow}}}
)")}},
     R"(policy.yaml:9:5: error: the policy has slos of its own beside those of a.yaml [two_sets_of_slos]
  9 |   - {name: availability, objective: 99.9%, window: 30d, sli: {events: {total: requests, bad: '{code=~"…
    |     ^
    = keep the SLOs in one place: remove slos: and service: here, or leave out the other file
)"},
    {"two_services",
     {{"policy.yaml", absl::StrCat(kPolicy, kRules)},
      {"a.yaml", absl::StrCat(kTeam, kSlo)},
      {"b.yaml",
       absl::StrCat(
           R"(apiVersion: slogate/v1
kind: ServiceObjectives
service: payments
slos:
)",
           R"(  - {name: latency, objective: 99%, window: 7d, sli: {events: {total: requests, bad: slow}}}
)")}},
     R"(b.yaml:3:10: error: this file is about service 'payments', but a.yaml is about 'checkout' [two_services]
  3 | service: payments
    |          ^
    = a decision is about one service; check the two apart
)"},
    {"the_same_slo_twice_in_a_file",
     {{"a.yaml", absl::StrCat(kTeam, kSlo, kSlo)}},
     R"(a.yaml:6:5: error: SLO 'availability' is already defined at a.yaml:5 [duplicate_slo]
  6 |   - {name: availability, objective: 99.9%, window: 30d, sli: {events: {total: requests, bad: '{code=~"…
    |     ^
    = give each SLO of the service a name of its own
)"},
    {"the_same_slo_in_two_files",
     {{"policy.yaml", absl::StrCat(kPolicy, kRules)},
      {"a.yaml", absl::StrCat(kTeam, kSlo)},
      {"b.yaml", absl::StrCat(kTeam, kSlo)}},
     R"(b.yaml:5:5: error: SLO 'availability' is already defined at a.yaml:5 [duplicate_slo]
  5 |   - {name: availability, objective: 99.9%, window: 30d, sli: {events: {total: requests, bad: '{code=~"…
    |     ^
    = give each SLO of the service a name of its own
)"},
    {"all_mistakes_at_once",
     {{"policy.yaml", absl::StrCat(kPolicy, R"(changes:
  feature: {}
rules:
  - {id: spent, when: {budget_remaining: {at_most: 100%}}, verdict: deny, slos: [latency]}
)")},
      {"a.yaml",
       absl::StrCat(
           kTeam,
           R"(  - {name: availability, objective: 99.9%, window: 30d, sli: {events: {total: requests}}}
)")},
      {"b.yaml", R"(apiVersion: slogate/v1
kind: ServiceObjectives
service: payments
slos: []
)"}},
     R"(policy.yaml:6:12: error: none of the change classes is the default [default_class]
  6 |   feature: {}
    |            ^
    = add 'default: true' to the class of an ordinary release, such as feature

policy.yaml:8:52: error: rule 'spent' is always true: budget_remaining is never above 100% [always_true]
  8 |   - {id: spent, when: {budget_remaining: {at_most: 100%}}, verdict: deny, slos: [latency]}
    |                                                    ^
    = lower it; at_most: 0% is true once the budget is spent

a.yaml:5:5: error: no rule looks at SLO 'availability' [unwatched_slo]
  5 |   - {name: availability, objective: 99.9%, window: 30d, sli: {events: {total: requests}}}
    |     ^
    = add a rule that selects it and can become true for it, or remove the SLO

a.yaml:5:71: error: events needs two of good, bad and total [sli_pair]
  5 |   - {name: availability, objective: 99.9%, window: 30d, sli: {events: {total: requests}}}
    |                                                                       ^
    = give total and bad, such as bad: '{code=~"5.."}'

b.yaml:3:10: error: this file is about service 'payments', but a.yaml is about 'checkout' [two_services]
  3 | service: payments
    |          ^
    = a decision is about one service; check the two apart

b.yaml:4:7: error: the file has no SLO [no_slos]
  4 | slos: []
    |       ^
    = add at least one
)"},
};

INSTANTIATE_TEST_SUITE_P(Bad, CheckTest, testing::ValuesIn(kBad), CheckCaseName);

// The reference page tells what can happen: whatever it tells stands in a check.
TEST(PolicyDiagnosticsTest, EveryIdIsReportedSomewhere) {
  std::string sources;
  for (const char* name : {"check", "check_freezes", "freeze", "check_overrides", "check_people",
                           "check_rules", "check_slos", "check_sources", "effective"}) {
    const absl::StatusOr<std::string> text = RealFiles()->Read(
        absl::StrCat(SLOGATE_SOURCE_DIR, "/gate/policy/", name, ".cc"), limits::kFileBytes);
    ASSERT_TRUE(text.ok()) << text.status();
    sources += *text;
  }
  std::string last;
  for (const DiagnosticDoc& entry : PolicyDiagnostics()) {
    const std::string id(entry.id);
    EXPECT_LT(last, id) << "the table is sorted";
    EXPECT_EQ(entry.doc.back(), '.') << id;
    EXPECT_NE(sources.find(absl::StrCat("\"", id, "\"")), std::string::npos) << id;
    last = id;
  }
}

}  // namespace
}  // namespace slogate
