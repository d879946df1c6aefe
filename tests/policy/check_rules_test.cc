#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>

#include "tests/policy/check_case.h"

namespace slogate {
namespace {

class CheckRulesTest : public testing::TestWithParam<CheckCase> {};

TEST_P(CheckRulesTest, Diagnostics) { ExpectDiagnostics(GetParam()); }

const CheckCase kGood[] = {
    {"almost_always_true",
     {{"policy.yaml", absl::StrCat(kPolicy, R"(rules:
  - {id: a, when: {budget_remaining: {below: 100%}}, verdict: deny}
  - {id: b, when: {budget_spent: {above: 0%, over: 1h}}, verdict: deny}
  - {id: c, when: {burn_rate: {above: 0, over: 1h}}, verdict: deny}
  - {id: d, when: {sli: {below: 100%, over: 1h}}, verdict: deny}
  - {id: e, when: {sli: {at_most: 0%, over: 1h}}, verdict: deny}
)")}},
     ""},
    {"names_of_slos_elsewhere",
     {{"policy.yaml",
       absl::StrCat(
           kPolicy, kRules,
           R"(  - {id: a, when: {budget_remaining: {below: 5%}}, verdict: warn, slos: [latency]}
)")}},
     ""},
};

INSTANTIATE_TEST_SUITE_P(Good, CheckRulesTest, testing::ValuesIn(kGood), CheckCaseName);

const CheckCase kBad[] = {
    {"no_rules",
     {{"policy.yaml", absl::StrCat(kPolicy, R"(rules: []
)")}},
     R"(policy.yaml:5:8: error: the policy has no rules, so nothing would ever close the gate [no_rules]
  5 | rules: []
    |        ^
    = add one, such as - {id: spent, when: {budget_remaining: {at_most: 0%}}, verdict: deny}
)"},
    {"no_rules_and_an_slo",
     {{"policy.yaml", absl::StrCat(kPolicy, R"(rules: []
)",
                                   kOwnSlos)}},
     R"(policy.yaml:5:8: error: the policy has no rules, so nothing would ever close the gate [no_rules]
  5 | rules: []
    |        ^
    = add one, such as - {id: spent, when: {budget_remaining: {at_most: 0%}}, verdict: deny}
)"},
    {"rule_ids",
     {{"policy.yaml",
       absl::StrCat(kPolicy, kRules,
                    R"(  - {id: spent, when: {budget_remaining: {below: 5%}}, verdict: warn}
  - {id: rules, when: {budget_remaining: {below: 5%}}, verdict: warn}
  - {id: findings, when: {budget_remaining: {below: 5%}}, verdict: warn}
  - {id: freezes, when: {budget_remaining: {below: 5%}}, verdict: warn}
  - {id: no_traffic, when: {budget_remaining: {below: 5%}}, verdict: warn}
)")}},
     R"(policy.yaml:7:5: error: rule 'spent' is already defined at line 6 [duplicate_rule]
  7 |   - {id: spent, when: {budget_remaining: {below: 5%}}, verdict: warn}
    |     ^
    = give each rule an id of its own

policy.yaml:8:5: error: 'rules' cannot be a rule's id, because skips: gives it another meaning [reserved_rule_id]
  8 |   - {id: rules, when: {budget_remaining: {below: 5%}}, verdict: warn}
    |     ^
    = choose another id

policy.yaml:9:5: error: 'findings' cannot be a rule's id, because skips: gives it another meaning [reserved_rule_id]
  9 |   - {id: findings, when: {budget_remaining: {below: 5%}}, verdict: warn}
    |     ^
    = choose another id

policy.yaml:10:5: error: 'freezes' cannot be a rule's id, because skips: gives it another meaning [reserved_rule_id]
  10 |   - {id: freezes, when: {budget_remaining: {below: 5%}}, verdict: warn}
     |     ^
     = choose another id

policy.yaml:11:5: error: 'no_traffic' cannot be a rule's id, because skips: gives it another meaning [reserved_rule_id]
  11 |   - {id: no_traffic, when: {budget_remaining: {below: 5%}}, verdict: warn}
     |     ^
     = choose another id
)"},
    {"windows",
     {{"policy.yaml", absl::StrCat(kPolicy, R"(rules:
  - {id: a, when: {burn_rate: {above: 1, over: [1h, 60m, 6h]}}, verdict: warn}
  - {id: b, when: {budget_spent: {at_least: 2%, over: [1h, 6h], confirmed_over: 5m}}, verdict: warn}
  - {id: c, when: {budget_spent: {at_least: 2%, over: 1h, confirmed_over: 1h}}, verdict: warn}
  - {id: d, when: {sli: {below: 99%, over: [1d, 24h]}}, verdict: warn}
)")}},
     R"(policy.yaml:6:53: error: the window 1h is given twice [duplicate_window]
  6 |   - {id: a, when: {burn_rate: {above: 1, over: [1h, 60m, 6h]}}, verdict: warn}
    |                                                     ^
    = remove one

policy.yaml:7:81: error: confirmed_over goes with one window, but over has 2 [bad_confirmation]
  7 |   - {id: b, when: {budget_spent: {at_least: 2%, over: [1h, 6h], confirmed_over: 5m}}, verdict: warn}
    |                                                                                 ^
    = leave one window in over, or remove confirmed_over

policy.yaml:8:75: error: confirmed_over (1h) must be shorter than over (1h) [bad_confirmation]
  8 |   - {id: c, when: {budget_spent: {at_least: 2%, over: 1h, confirmed_over: 1h}}, verdict: warn}
    |                                                                           ^
    = a twelfth of it is usual, such as over: 1h, confirmed_over: 5m

policy.yaml:9:49: error: the window 1d is given twice [duplicate_window]
  9 |   - {id: d, when: {sli: {below: 99%, over: [1d, 24h]}}, verdict: warn}
    |                                                 ^
    = remove one
)"},
    {"always_true",
     {{"policy.yaml", absl::StrCat(kPolicy, R"(rules:
  - {id: a, when: {budget_remaining: {at_most: 100%}}, verdict: deny}
  - {id: b, when: {budget_spent: {at_least: 0%, over: 1h}}, verdict: deny}
  - {id: c, when: {burn_rate: {at_least: 0, over: 1h}}, verdict: deny}
  - {id: d, when: {sli: {at_most: 100%, over: 1h}}, verdict: deny}
  - {id: e, when: {sli: {below: 100.1%, over: 1h}}, verdict: deny}
)")}},
     R"(policy.yaml:6:48: error: rule 'a' is always true: budget_remaining is never above 100% [always_true]
  6 |   - {id: a, when: {budget_remaining: {at_most: 100%}}, verdict: deny}
    |                                                ^
    = lower it; at_most: 0% is true once the budget is spent

policy.yaml:7:45: error: rule 'b' is always true: budget_spent is never below 0% [always_true]
  7 |   - {id: b, when: {budget_spent: {at_least: 0%, over: 1h}}, verdict: deny}
    |                                             ^
    = raise it; at_least: 2% over 1h is usual for a fast burn

policy.yaml:8:42: error: rule 'c' is always true: burn_rate is never below 0 [always_true]
  8 |   - {id: c, when: {burn_rate: {at_least: 0, over: 1h}}, verdict: deny}
    |                                          ^
    = raise it; above: 1 is true while the budget runs out too soon

policy.yaml:9:35: error: rule 'd' is always true: sli is never above 100% [always_true]
  9 |   - {id: d, when: {sli: {at_most: 100%, over: 1h}}, verdict: deny}
    |                                   ^
    = lower it; below: 99% is true when less than 99% of the events were good

policy.yaml:10:33: error: rule 'e' is always true: sli is never above 100% [always_true]
  10 |   - {id: e, when: {sli: {below: 100.1%, over: 1h}}, verdict: deny}
     |                                 ^
     = lower it; below: 99% is true when less than 99% of the events were good
)"},
    {"never_true",
     {{"policy.yaml", absl::StrCat(kPolicy, R"(rules:
  - {id: a, when: {sli: {below: 0%, over: 1h}}, verdict: deny}
)")}},
     R"(policy.yaml:6:33: error: rule 'a' is never true: sli is never below 0% [never_true]
  6 |   - {id: a, when: {sli: {below: 0%, over: 1h}}, verdict: deny}
    |                                 ^
    = raise it; below: 99% is true when less than 99% of the events were good
)"},
    {"never_true_is_said_once",
     {{"policy.yaml", absl::StrCat(kPolicy, R"(rules:
  - {id: a, when: {sli: {below: 0%, over: 1h}}, verdict: deny}
)",
                                   kOwnSlos)}},
     R"(policy.yaml:6:33: error: rule 'a' is never true: sli is never below 0% [never_true]
  6 |   - {id: a, when: {sli: {below: 0%, over: 1h}}, verdict: deny}
    |                                 ^
    = raise it; below: 99% is true when less than 99% of the events were good
)"},
    {"names_that_nobody_has",
     {{"policy.yaml",
       absl::StrCat(
           kPolicy, kRules,
           R"(  - {id: a, when: {budget_remaining: {below: 5%}}, verdict: warn, slos: [availabilty, latency, availability]}
)",
           kOwnSlos)}},
     R"(policy.yaml:7:74: error: no SLO has the name 'availabilty'; did you mean 'availability'? [unknown_slo]
  7 | …id: a, when: {budget_remaining: {below: 5%}}, verdict: warn, slos: [availabilty, latency, availability…
    |                                                                      ^
    = name one of 'availability'

policy.yaml:7:87: error: no SLO has the name 'latency' [unknown_slo]
  7 | …: a, when: {budget_remaining: {below: 5%}}, verdict: warn, slos: [availabilty, latency, availability]}
    |                                                                                 ^
    = name one of 'availability'
)"},
    {"names_that_the_team_does_not_have",
     {{"policy.yaml",
       absl::StrCat(
           kPolicy, kRules,
           R"(  - {id: a, when: {budget_remaining: {below: 5%}}, verdict: warn, slos: [latency]}
)")},
      {"a.yaml", absl::StrCat(kTeam, kSlo)}},
     R"(policy.yaml:7:74: warning: no SLO has the name 'latency' [unknown_slo]
  7 |   - {id: a, when: {budget_remaining: {below: 5%}}, verdict: warn, slos: [latency]}
    |                                                                          ^
    = name one of 'availability'
)"},
    {"labels_that_nobody_has",
     {{"policy.yaml",
       absl::StrCat(
           kPolicy, kRules,
           R"(  - {id: a, when: {budget_remaining: {below: 5%}}, verdict: warn, slos: {tier: '1'}}
)",
           kOwnSlos)}},
     R"(policy.yaml:7:5: error: rule 'a' selects no SLO [selects_nothing]
  7 |   - {id: a, when: {budget_remaining: {below: 5%}}, verdict: warn, slos: {tier: '1'}}
    |     ^
    = correct its slos:, or give an SLO the labels that it wants
)"},
    {"labels_that_the_team_does_not_have",
     {{"policy.yaml",
       absl::StrCat(
           kPolicy, kRules,
           R"(  - {id: a, when: {budget_remaining: {below: 5%}}, verdict: warn, slos: {tier: '1'}}
)")},
      {"a.yaml", absl::StrCat(kTeam, kSlo)}},
     R"(policy.yaml:7:5: warning: rule 'a' selects no SLO [selects_nothing]
  7 |   - {id: a, when: {budget_remaining: {below: 5%}}, verdict: warn, slos: {tier: '1'}}
    |     ^
    = correct its slos:, or give an SLO the labels that it wants
)"},
    {"out_of_reach_of_all_its_own",
     {{"policy.yaml",
       absl::StrCat(kPolicy, kRules,
                    R"(  - {id: fast, when: {burn_rate: {above: 20, over: 1h}}, verdict: hold}
)",
                    R"(service: checkout
slos:
  - {name: daily, objective: 90%, window: 1d, sli: {events: {total: requests, bad: '{code=~"5.."}'}}}
  - {name: monthly, objective: 95%, window: 30d, sli: {events: {total: requests, bad: '{code=~"5.."}'}}}
)")}},
     R"(policy.yaml:7:5: error: rule 'fast' can never be true for 'daily' (90%: not even if every event failed), 'monthly' (95%: not even if every event failed) [unreachable_rule]
  7 |   - {id: fast, when: {burn_rate: {above: 20, over: 1h}}, verdict: hold}
    |     ^
    = correct its threshold or windows, or choose the SLOs it looks at with slos:
)"},
    {"out_of_reach_of_some_of_its_own",
     {{"policy.yaml",
       absl::StrCat(kPolicy, kRules,
                    R"(  - {id: fast, when: {burn_rate: {above: 14.4, over: 1h}}, verdict: hold}
  - {id: slow, when: {burn_rate: {above: 1, over: 3d}}, verdict: warn}
)",
                    R"(service: checkout
slos:
  - {name: daily, objective: 90%, window: 1d, sli: {events: {total: requests, bad: '{code=~"5.."}'}}}
  - {name: monthly, objective: 95%, window: 30d, sli: {events: {total: requests, bad: '{code=~"5.."}'}}}
)")}},
     R"(policy.yaml:7:5: warning: rule 'fast' can never be true for 'daily' (90%: not even if every event failed) [unreachable_rule]
  7 |   - {id: fast, when: {burn_rate: {above: 14.4, over: 1h}}, verdict: hold}
    |     ^
    = correct its threshold or windows, or choose the SLOs it looks at with slos:

policy.yaml:8:5: warning: rule 'slow' can never be true for 'daily' (its window of 1d is too short) [unreachable_rule]
  8 |   - {id: slow, when: {burn_rate: {above: 1, over: 3d}}, verdict: warn}
    |     ^
    = correct its threshold or windows, or choose the SLOs it looks at with slos:
)"},
    {"out_of_reach_of_the_team",
     {{"policy.yaml",
       absl::StrCat(kPolicy, kRules,
                    R"(  - {id: fast, when: {burn_rate: {above: 20, over: 1h}}, verdict: hold}
)")},
      {"a.yaml",
       absl::StrCat(
           kTeam,
           R"(  - {name: daily, objective: 90%, window: 1d, sli: {events: {total: requests, bad: '{code=~"5.."}'}}}
  - {name: monthly, objective: 95%, window: 30d, sli: {events: {total: requests, bad: '{code=~"5.."}'}}}
)")}},
     R"(policy.yaml:7:5: warning: rule 'fast' can never be true for 'daily' (90%: not even if every event failed), 'monthly' (95%: not even if every event failed) [unreachable_rule]
  7 |   - {id: fast, when: {burn_rate: {above: 20, over: 1h}}, verdict: hold}
    |     ^
    = correct its threshold or windows, or choose the SLOs it looks at with slos:
)"},
    {"out_of_reach_of_some_of_the_team",
     {{"policy.yaml",
       absl::StrCat(kPolicy, kRules,
                    R"(  - {id: fast, when: {burn_rate: {above: 14.4, over: 1h}}, verdict: hold}
  - {id: slow, when: {burn_rate: {above: 1, over: 3d}}, verdict: warn}
)")},
      {"a.yaml",
       absl::StrCat(
           kTeam,
           R"(  - {name: daily, objective: 90%, window: 1d, sli: {events: {total: requests, bad: '{code=~"5.."}'}}}
  - {name: monthly, objective: 95%, window: 30d, sli: {events: {total: requests, bad: '{code=~"5.."}'}}}
)")}},
     R"(policy.yaml:7:5: warning: rule 'fast' can never be true for 'daily' (90%: not even if every event failed) [unreachable_rule]
  7 |   - {id: fast, when: {burn_rate: {above: 14.4, over: 1h}}, verdict: hold}
    |     ^
    = correct its threshold or windows, or choose the SLOs it looks at with slos:

policy.yaml:8:5: warning: rule 'slow' can never be true for 'daily' (its window of 1d is too short) [unreachable_rule]
  8 |   - {id: slow, when: {burn_rate: {above: 1, over: 3d}}, verdict: warn}
    |     ^
    = correct its threshold or windows, or choose the SLOs it looks at with slos:
)"},
    {"an_slo_that_no_rule_selects",
     {{"policy.yaml", absl::StrCat(kPolicy, R"(rules:
  - {id: a, when: {budget_remaining: {below: 5%}}, verdict: warn, slos: [monthly]}
)")},
      {"a.yaml",
       absl::StrCat(
           kTeam,
           R"(  - {name: daily, objective: 90%, window: 1d, sli: {events: {total: requests, bad: '{code=~"5.."}'}}}
  - {name: monthly, objective: 95%, window: 30d, sli: {events: {total: requests, bad: '{code=~"5.."}'}}}
)")}},
     R"(a.yaml:5:5: error: no rule looks at SLO 'daily' [unwatched_slo]
  5 |   - {name: daily, objective: 90%, window: 1d, sli: {events: {total: requests, bad: '{code=~"5.."}'}}}
    |     ^
    = add a rule that selects it and can become true for it, or remove the SLO
)"},
    {"an_slo_whose_only_rule_cannot_be_true",
     {{"policy.yaml", absl::StrCat(kPolicy, R"(rules:
  - {id: fast, when: {burn_rate: {above: 20, over: 1h}}, verdict: hold}
)")},
      {"a.yaml",
       absl::StrCat(
           kTeam, kSlo,
           R"(  - {name: daily, objective: 90%, window: 1d, sli: {events: {total: requests, bad: '{code=~"5.."}'}}}
  - {name: monthly, objective: 95%, window: 30d, sli: {events: {total: requests, bad: '{code=~"5.."}'}}}
)")}},
     R"(policy.yaml:6:5: warning: rule 'fast' can never be true for 'daily' (90%: not even if every event failed), 'monthly' (95%: not even if every event failed) [unreachable_rule]
  6 |   - {id: fast, when: {burn_rate: {above: 20, over: 1h}}, verdict: hold}
    |     ^
    = correct its threshold or windows, or choose the SLOs it looks at with slos:

a.yaml:6:5: error: no rule looks at SLO 'daily' [unwatched_slo]
  6 |   - {name: daily, objective: 90%, window: 1d, sli: {events: {total: requests, bad: '{code=~"5.."}'}}}
    |     ^
    = add a rule that selects it and can become true for it, or remove the SLO

a.yaml:7:5: error: no rule looks at SLO 'monthly' [unwatched_slo]
  7 |   - {name: monthly, objective: 95%, window: 30d, sli: {events: {total: requests, bad: '{code=~"5.."}'}}}
    |     ^
    = add a rule that selects it and can become true for it, or remove the SLO
)"},
};

INSTANTIATE_TEST_SUITE_P(Bad, CheckRulesTest, testing::ValuesIn(kBad), CheckCaseName);

}  // namespace
}  // namespace slogate
