// Files with mistakes that are found while they are read: the checks tell what else is wrong, and
// never what only seems wrong because of them.
#include <string>

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>

#include "tests/policy/check_case.h"

namespace slogate {
namespace {

class BesideMistakes : public testing::TestWithParam<CheckCase> {};

TEST_P(BesideMistakes, TellsWhatIsKnown) { ExpectHeads(GetParam()); }

constexpr char kOther[] =
    R"(  - {name: latency, objective: 99%, window: 7d, sli: {events: {total: requests, bad: slow}}}
)";

const CheckCase kComplete[] = {
    {"a_finding_hides_nothing",
     {{"policy.yaml", absl::StrCat(kPolicy, R"(environments:
  production: {sources: [mian], matchers: {__name__: up}}
changes:
  rollback: {skips: [spend]}
findings: {stale: {older_than: 5}}
rules:
  - {id: spent, when: {budget_remaining: {at_most: 0%}}, verdict: deny, slos: [latency]}
  - {id: spent, when: {budget_remaining: {at_most: 100%}}, verdict: deny, slos: [latency]}
)")},
      {"a.yaml", absl::StrCat(kTeam, kSlo, kSlo)},
      {"b.yaml", R"(apiVersion: slogate/v1
kind: ServiceObjectives
service: payments
slos:
  - {name: orders, objective: 99%, window: 7d, sli: {events: {total: orders}}}
)"}},
     R"(a.yaml:5:5 unwatched_slo
a.yaml:6:5 duplicate_slo
a.yaml:6:5 unwatched_slo
b.yaml:3:10 two_services
b.yaml:5:5 unwatched_slo
b.yaml:5:62 sli_pair
policy.yaml:6:15 name_matcher
policy.yaml:6:26 unknown_source
policy.yaml:8:13 default_class
policy.yaml:8:22 unknown_skip
policy.yaml:9:32 bad_duration
policy.yaml:11:80 unknown_slo (warning)
policy.yaml:12:5 duplicate_rule
policy.yaml:12:52 always_true
policy.yaml:12:82 unknown_slo (warning)
)"},
    {"a_verdict_hides_nothing_of_its_rule",
     {{"policy.yaml", absl::StrCat(kPolicy, R"(changes:
  feature: {default: true}
  rollback: {skips: [spend]}
rules:
  - {id: spent, when: {burn_rate: {at_least: 0, over: [1h, 1h]}}, verdict: hodl, slos: [latency]}
)")},
      {"a.yaml", absl::StrCat(kTeam, kSlo)}},
     R"(a.yaml:5:5 unwatched_slo
policy.yaml:7:22 unknown_skip
policy.yaml:9:46 always_true
policy.yaml:9:60 duplicate_window
policy.yaml:9:76 bad_verdict
policy.yaml:9:89 unknown_slo (warning)
)"},
    {"an_objective_hides_nothing_of_its_slo",
     {{"policy.yaml", absl::StrCat(kPolicy, R"(rules:
  - {id: spent, when: {budget_remaining: {at_most: 0%}}, verdict: deny, slos: [latency]}
)")},
      {"a.yaml",
       absl::StrCat(
           kTeam, kSlo,
           R"(  - {name: availability, objective: 100%, window: 7d, sli: {events: {total: a, bad: a}}}
)")}},
     R"(a.yaml:5:5 unwatched_slo
a.yaml:6:5 duplicate_slo
a.yaml:6:5 unwatched_slo
a.yaml:6:37 bad_objective
a.yaml:6:85 same_selection
policy.yaml:6:80 unknown_slo (warning)
)"},
    {"an_environment_hides_none_beside_it",
     {{"policy.yaml", absl::StrCat(kPolicy, R"(environments:
  production: {sources: [main], matchers: {env: 7}}
  staging: {sources: [mian], matchers: {env: staging}}
)",
                                   kRules)},
      {"a.yaml",
       absl::StrCat(
           kTeam,
           R"(  - {name: a, objective: 99%, window: 7d, sli: {events: {total: 'r{env="qa"}', bad: '{c="x"}'}}}
)")}},
     R"(a.yaml:5:65 never_matches (warning)
policy.yaml:6:49 unquoted
policy.yaml:7:23 unknown_source
)"},
    {"a_broken_selector_hides_no_third_half",
     {{"a.yaml",
       absl::StrCat(
           kTeam,
           R"(  - {name: a, objective: 99%, window: 7d, sli: {events: {total: 'r{', bad: b, good: c}}}
)")}},
     R"(a.yaml:5:57 sli_pair
a.yaml:5:67 bad_selector
)"},
    {"two_policies_are_each_checked",
     {{"p.yaml", absl::StrCat(kPolicy, kRules, R"(service: checkout
)")},
      {"q.yaml", absl::StrCat(kPolicy, R"(rules:
  - {id: rules, when: {budget_remaining: {at_most: 0%}}, verdict: deny, slos: [latency]}
)")},
      {"a.yaml", absl::StrCat(kTeam, kSlo, kSlo)}},
     R"(a.yaml:6:5 duplicate_slo
p.yaml:7:10 service_without_slos
q.yaml:2:7 second_policy
q.yaml:6:5 reserved_rule_id
)"},
};

INSTANTIATE_TEST_SUITE_P(Complete, BesideMistakes, testing::ValuesIn(kComplete), CheckCaseName);

const CheckCase kNoFalseAlarm[] = {
    {"a_misspelt_condition_perhaps_watches",
     {{"policy.yaml", absl::StrCat(kPolicy, R"(rules:
  - {id: spent, when: {budget_remainin: {at_most: 100%}}, verdict: deny}
)")},
      {"a.yaml", absl::StrCat(kTeam, kSlo)}},
     "policy.yaml:6:24 unknown_key\n"},
    {"a_misspelt_selection_perhaps_selects",
     {{"policy.yaml",
       absl::StrCat(
           kPolicy, kRules,
           R"(  - {id: a, when: {burn_rate: {above: 20, over: 1h}}, verdict: hold, slo: [availability]}
)")},
      {"a.yaml",
       absl::StrCat(kTeam, kSlo,
                    R"(  - {name: b, objective: 90%, window: 7d, sli: {events: {total: r, bad: s}}}
)")}},
     "policy.yaml:7:70 unknown_key\n"},
    {"a_rule_that_cannot_be_read_perhaps_has_the_id",
     {{"policy.yaml", absl::StrCat(kPolicy, R"(changes:
  feature: {default: true}
  rollback: {skips: [fast, slow]}
)",
                                   kRules, R"(  - *fast
  - {idd: slow, when: {budget_remaining: {below: 5%}}, verdict: warn}
)")},
      {"a.yaml", absl::StrCat(kTeam, kSlo)}},
     "policy.yaml:10:5 alias\npolicy.yaml:11:6 unknown_key\n"},
    {"rules_that_stand_twice",
     {{"policy.yaml", absl::StrCat(kPolicy, R"(changes:
  feature: {default: true}
  rollback: {skips: [fast]}
rules:
  - {id: spent, when: {budget_remaining: {at_most: 0%}}, verdict: deny, slos: [latency]}
rules:
  - {id: fast, when: {budget_remaining: {below: 5%}}, verdict: warn}
)")},
      {"a.yaml", absl::StrCat(kTeam, kSlo, kOther)}},
     "policy.yaml:10:1 duplicate_key\n"},
    {"no_rules_watch_nothing",
     {{"policy.yaml", absl::StrCat(kPolicy, R"(changes:
  feature: {default: true}
  rollback: {skips: [fast]}
rules: []
)")},
      {"a.yaml", absl::StrCat(kTeam, kSlo)}},
     "policy.yaml:8:8 no_rules\n"},
    {"misspelt_environments_perhaps_choose",
     {{"policy.yaml", absl::StrCat(R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: acme}
sources: {main: {url: 'https://a.example'}, other: {url: 'https://b.example'}}
environmets:
  production: {sources: [main]}
)",
                                   kRules)}},
     "policy.yaml:5:1 unknown_key\n"},
    {"an_unknown_key_may_be_anything",
     {{"policy.yaml", absl::StrCat(R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: acme}
service: checkout
sources: {main: {url: 'https://a.example'}, other: {url: 'https://b.example'}}
targets:
  production: {sources: [main]}
)",
                                   kRules)}},
     "policy.yaml:6:1 unknown_key\n"},
    {"sources_that_cannot_be_read",
     {{"policy.yaml", absl::StrCat(R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: acme}
sources: {main: {url: 'https://a.example'}, other: }
environments:
  production: {sources: [other]}
  staging: {sources: [main, 7]}
)",
                                   kRules)}},
     "policy.yaml:4:45 no_value\npolicy.yaml:7:29 unquoted\n"},
    {"misspelt_labels_are_perhaps_the_wanted",
     {{"policy.yaml", absl::StrCat(kPolicy, R"(rules:
  - {id: low, when: {budget_remaining: {below: 5%}}, verdict: warn, slos: {tier: '1'}}
)")},
      {"a.yaml", absl::StrCat(R"(apiVersion: slogate/v1
kind: ServiceObjectives
service: checkout
lables: {tier: '1'}
slos:
)",
                              kSlo)}},
     "a.yaml:4:1 unknown_key\n"},
    {"a_policy_whose_own_slos_are_misspelt",
     {{"policy.yaml", absl::StrCat(kPolicy, kRules, R"(service: checkout
slo:
)",
                                   kSlo)}},
     "policy.yaml:8:1 unknown_key\n"},
    {"a_policy_whose_service_is_misspelt",
     {{"policy.yaml", absl::StrCat(kPolicy, kRules, R"(servce: checkout
slos:
)",
                                   kSlo)}},
     "policy.yaml:7:1 unknown_key\n"},
    {"a_service_that_cannot_be_read",
     {{"a.yaml", absl::StrCat(R"(apiVersion: slogate/v1
kind: ServiceObjectives
service: -checkout
slos:
)",
                              kSlo)},
      {"b.yaml", absl::StrCat(kTeam, kOther)}},
     "a.yaml:3:10 bad_name\n"},
    {"a_misspelt_default",
     {{"policy.yaml", absl::StrCat(kPolicy, R"(changes:
  feature: {defalt: true}
  security: {skips: [rules]}
)",
                                   kRules)}},
     "policy.yaml:6:13 unknown_key\n"},
    {"the_name_of_an_slo",
     {{"policy.yaml", absl::StrCat(kPolicy, R"(rules:
  - {id: a, when: {budget_remaining: {below: 5%}}, verdict: warn, slos: [latency]}
)")},
      {"a.yaml",
       absl::StrCat(
           kTeam,
           R"(  - {name: 'la tency', objective: 99%, window: 7d, sli: {events: {total: r, bad: s}}}
)")}},
     "a.yaml:5:13 bad_name\n"},
    {"the_window_of_an_slo",
     {{"policy.yaml", absl::StrCat(kPolicy, R"(service: checkout
rules:
  - {id: a, when: {burn_rate: {above: 1, over: 3d}}, verdict: warn}
slos:
  - {name: a, objective: 99%, window: 30, sli: {events: {total: r, bad: s}}}
)")}},
     "policy.yaml:9:39 bad_window\n"},
    // What is out of reach of one SLO is an error only if it is so for all, and the other is not
    // known.
    {"the_objective_of_one_slo_of_two",
     {{"policy.yaml",
       absl::StrCat(kPolicy, R"(service: checkout
)",
                    kRules,
                    R"(  - {id: a, when: {burn_rate: {above: 20, over: 1h}}, verdict: warn}
slos:
  - {name: a, objective: 99.9, window: 7d, sli: {events: {total: r, bad: s}}}
  - {name: b, objective: 90%, window: 7d, sli: {events: {total: r, bad: s}}}
)")}},
     "policy.yaml:8:5 unreachable_rule (warning)\npolicy.yaml:10:26 bad_objective\n"},
    {"a_misspelt_half",
     {{"a.yaml",
       absl::StrCat(kTeam,
                    R"(  - {name: a, objective: 99%, window: 7d, sli: {events: {total: r, bda: s}}}
)")}},
     "a.yaml:5:68 unknown_key\n"},
    {"a_file_that_cannot_be_read_perhaps_has_the_slo",
     {{"policy.yaml", absl::StrCat(kPolicy, R"(rules:
  - {id: a, when: {budget_remaining: {below: 5%}}, verdict: warn}
  - {id: b, when: {budget_remaining: {below: 5%}}, verdict: warn, slos: [latency]}
  - {id: c, when: {budget_remaining: {below: 5%}}, verdict: warn, slos: {tier: '1'}}
)")},
      {"a.yaml", absl::StrCat(kTeam, kSlo)},
      {"b.yaml", "kind: [\n"}},
     "b.yaml:2:1 yaml_syntax\n"},
    {"a_file_of_no_kind",
     {{"policy.yaml",
       absl::StrCat(
           kPolicy, kRules,
           R"(  - {id: b, when: {budget_remaining: {below: 5%}}, verdict: warn, slos: [latency]}
)")},
      {"a.yaml", absl::StrCat(kTeam, kSlo)},
      {"b.yaml", "apiVersion: slogate/v1\nkind: ServiceObjective\n"}},
     "b.yaml:2:7 unknown_kind\n"},
};

INSTANTIATE_TEST_SUITE_P(NoFalseAlarm, BesideMistakes, testing::ValuesIn(kNoFalseAlarm),
                         CheckCaseName);

}  // namespace
}  // namespace slogate
