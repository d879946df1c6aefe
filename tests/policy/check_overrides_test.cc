// What overrides, proofs, limits and rules that look back say together with the rest of the policy.
#include <string>

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>

#include "tests/policy/check_case.h"

namespace slogate {
namespace {

class CheckOverridesTest : public testing::TestWithParam<CheckCase> {};

TEST_P(CheckOverridesTest, Diagnostics) { ExpectDiagnostics(GetParam()); }

const CheckCase kGood[] = {
    {"everything",
     {{"policy.yaml", absl::StrCat(kPolicy, kLedger, kPeople, R"(changes:
  feature: {default: true}
  rollback: {skips: [rules, findings], proof: {released_before: 30d}}
  security: {skips: [rules], ticket: {prefix: CVE-}, proof: {approvals: 1, from: sre}, limit: {count: 5, per: 30d}, review_within: 3d}
overrides:
  approvals: 1
  approvers: [sre]
  reason: {min_length: 20}
  ticket: {prefix: INC-}
  expires: 4h
  uses: 1
  never: [fresh]
  limit: {count: 3, per: 30d, beyond: {approvals: 2}}
  review_within: 3d
  vouching: [github, jenkins, circleci]
rules:
  - {id: spent, when: {budget_remaining: {at_most: 0%, reopens_above: 5%}}, verdict: deny}
  - {id: fresh, when: {last_release: {younger_than: 15m}}, verdict: hold}
)")}},
     ""},
    {"a_limit_that_asks_for_approval_where_none_was_needed",
     {{"policy.yaml",
       absl::StrCat(kPolicy, kLedger, kPeople,
                    R"(overrides: {approvals: 0, approvers: [sre], limit: {count: 3, per: 30d}}
)",
                    kRules)}},
     ""},
    {"never_without_anything_that_closes",
     {{"policy.yaml", absl::StrCat(kPolicy, kLedger, kPeople, R"(overrides: {never: []}
rules:
  - {id: low, when: {budget_remaining: {below: 10%}}, verdict: warn}
)")}},
     ""},
    {"beyond_asks_others",
     {{"policy.yaml",
       absl::StrCat(
           kPolicy, kLedger, kPeople,
           R"(overrides: {approvals: 1, approvers: [sre], limit: {count: 3, per: 30d, beyond: {approvals: 1, approvers: [sre, directors]}}}
)",
           kRules)}},
     ""},
    {"approvals_of_anybody",
     {{"policy.yaml",
       absl::StrCat(kPolicy, kLedger, R"(people: {alice: {accounts: ['github:alice']}}
overrides: {approvals: 2, limit: {count: 1, per: 1d}}
)",
                    kRules)}},
     ""},
    {"people_that_nothing_asks_for",
     {{"policy.yaml", absl::StrCat(kPolicy, kPeople, R"()", kRules)}},
     ""},
    {"bands",
     {{"policy.yaml", absl::StrCat(kPolicy, kLedger, R"(rules:
  - {id: a, when: {budget_remaining: {at_most: 0%, reopens_above: 0.1%}}, verdict: deny}
  - {id: b, when: {budget_remaining: {below: 10%, reopens_above: 99.9%}}, verdict: deny}
  - {id: c, when: {budget_remaining: {at_most: -5%, reopens_above: -4%}}, verdict: deny}
)")}},
     ""},
    {"the_last_release_beside_another",
     {{"policy.yaml", absl::StrCat(kPolicy, kLedger, R"(rules:
  - {id: fresh, when: {last_release: {younger_than: 60d}}, verdict: hold}
  - {id: spent, when: {budget_remaining: {at_most: 0%}}, verdict: deny}
)",
                                   kOwnSlos)}},
     ""},
};

INSTANTIATE_TEST_SUITE_P(Good, CheckOverridesTest, testing::ValuesIn(kGood), CheckCaseName);

const CheckCase kBad[] = {
    {"everything_without_a_ledger",
     {{"policy.yaml", absl::StrCat(kPolicy, R"(people:
  alice: {accounts: ['github:alice']}
changes:
  feature: {default: true}
  rollback: {skips: [rules], proof: {released_before: 30d}}
  security: {skips: [rules], limit: {count: 5, per: 30d}, review_within: 3d}
overrides: {ticket: {prefix: INC-}}
rules:
  - {id: spent, when: {budget_remaining: {at_most: 0%, reopens_above: 5%}}, verdict: deny}
  - {id: fresh, when: {last_release: {younger_than: 15m}}, verdict: hold}
)")}},
     R"(policy.yaml:9:37: error: proof of class 'rollback' needs a ledger, and the policy has none [no_ledger]
  9 |   rollback: {skips: [rules], proof: {released_before: 30d}}
    |                                     ^
    = add the one that decisions are recorded in, such as ledger: {id: acme}

policy.yaml:10:13: error: review_within of class 'security' needs a ledger, and the policy has none [no_ledger]
  10 |   security: {skips: [rules], limit: {count: 5, per: 30d}, review_within: 3d}
     |             ^
     = add the one that decisions are recorded in, such as ledger: {id: acme}

policy.yaml:10:37: error: limit of class 'security' needs a ledger, and the policy has none [no_ledger]
  10 |   security: {skips: [rules], limit: {count: 5, per: 30d}, review_within: 3d}
     |                                     ^
     = add the one that decisions are recorded in, such as ledger: {id: acme}

policy.yaml:11:12: error: overrides: needs a ledger, and the policy has none [no_ledger]
  11 | overrides: {ticket: {prefix: INC-}}
     |            ^
     = add the one that decisions are recorded in, such as ledger: {id: acme}

policy.yaml:13:71: error: reopens_above of rule 'spent' needs a ledger, and the policy has none [no_ledger]
  13 |   - {id: spent, when: {budget_remaining: {at_most: 0%, reopens_above: 5%}}, verdict: deny}
     |                                                                       ^
     = add the one that decisions are recorded in, such as ledger: {id: acme}

policy.yaml:14:53: error: last_release of rule 'fresh' needs a ledger, and the policy has none [no_ledger]
  14 |   - {id: fresh, when: {last_release: {younger_than: 15m}}, verdict: hold}
     |                                                     ^
     = add the one that decisions are recorded in, such as ledger: {id: acme}
)"},
    {"never_names_no_rule",
     {{"policy.yaml", absl::StrCat(kPolicy, kLedger, kPeople, R"(overrides: {never: [spend, low]}
)",
                                   kRules)}},
     R"(policy.yaml:10:21: error: the policy has no rule 'spend'; did you mean 'spent'? [unknown_rule]
  10 | overrides: {never: [spend, low]}
     |                     ^
     = name one of 'spent'

policy.yaml:10:28: error: the policy has no rule 'low' [unknown_rule]
  10 | overrides: {never: [spend, low]}
     |                            ^
     = name one of 'spent'
)"},
    {"never_names_a_rule_twice",
     {{"policy.yaml", absl::StrCat(kPolicy, kLedger, kPeople, R"(overrides: {never: [spent, spent]}
rules:
  - {id: spent, when: {budget_remaining: {at_most: 0%}}, verdict: deny}
  - {id: low, when: {budget_remaining: {below: 10%}}, verdict: hold}
)")}},
     R"(policy.yaml:10:28: error: 'spent' stands here twice [duplicate_entry]
  10 | overrides: {never: [spent, spent]}
     |                            ^
     = remove one
)"},
    {"never_names_all_that_closes",
     {{"policy.yaml", absl::StrCat(kPolicy, kLedger, kPeople, R"(overrides: {never: [low, spent]}
rules:
  - {id: spent, when: {budget_remaining: {at_most: 0%}}, verdict: deny}
  - {id: low, when: {budget_remaining: {below: 10%}}, verdict: hold}
  - {id: lower, when: {budget_remaining: {below: 20%}}, verdict: warn}
)")}},
     R"(policy.yaml:10:21: warning: never: names every rule that closes the gate, so no override opens it [nothing_to_override]
  10 | overrides: {never: [low, spent]}
     |                     ^
     = leave out the rules that may be overridden, or remove overrides:
)"},
    {"a_system_vouches_twice",
     {{"policy.yaml",
       absl::StrCat(kPolicy, kLedger, kPeople, R"(overrides: {vouching: [github, jenkins, github]}
)",
                    kRules)}},
     R"(policy.yaml:10:41: error: 'github' stands here twice [duplicate_entry]
  10 | overrides: {vouching: [github, jenkins, github]}
     |                                         ^
     = remove one
)"},
    {"nobody_approves_and_nothing_limits",
     {{"policy.yaml", absl::StrCat(kPolicy, kLedger, kPeople, R"(overrides: {approvals: 0}
)",
                                   kRules)}},
     R"(policy.yaml:10:12: warning: anybody may open the gate, as often as they like: approvals is 0, and there is no limit [free_overrides]
  10 | overrides: {approvals: 0}
     |            ^
     = raise approvals, or add limit:, such as {count: 3, per: 30d}
)"},
    {"approvers_of_nothing",
     {{"policy.yaml",
       absl::StrCat(
           kPolicy, kLedger, kPeople,
           R"(overrides: {approvals: 0, approvers: [sre], limit: {count: 3, per: 30d, beyond: {approvers: [sre]}}}
)",
           kRules)}},
     R"(policy.yaml:10:39: warning: these approvers approve nothing: approvals is 0 [idle_approvers]
  10 | overrides: {approvals: 0, approvers: [sre], limit: {count: 3, per: 30d, beyond: {approvers: [sre]}}}
     |                                       ^
     = raise approvals, or remove approvers
)"},
    {"beyond_asks_for_less",
     {{"policy.yaml",
       absl::StrCat(
           kPolicy, kLedger, kPeople,
           R"(overrides: {approvals: 2, limit: {count: 3, per: 30d, beyond: {approvals: 1}}}
)",
           kRules)}},
     R"(policy.yaml:10:34: error: beyond the limit an override would take fewer approvals (1) than before (2) [weak_beyond]
  10 | overrides: {approvals: 2, limit: {count: 3, per: 30d, beyond: {approvals: 1}}}
     |                                  ^
     = ask for more there, or leave approvals out: it is then one more than before
)"},
    {"beyond_asks_for_the_same",
     {{"policy.yaml",
       absl::StrCat(
           kPolicy, kLedger, kPeople,
           R"(overrides: {approvers: [sre], limit: {count: 3, per: 30d, beyond: {approvals: 1}}}
)",
           kRules)}},
     R"(policy.yaml:10:38: warning: the limit changes nothing: beyond it an override takes what it took before [same_beyond]
  10 | overrides: {approvers: [sre], limit: {count: 3, per: 30d, beyond: {approvals: 1}}}
     |                                      ^
     = ask for more approvals, or for those of another group
)"},
    {"beyond_asks_for_the_same_groups_in_another_order",
     {{"policy.yaml", absl::StrCat(kPolicy, kLedger, kPeople, R"(overrides:
  approvers: [sre, directors]
  limit:
    count: 3
    per: 30d
    beyond: {approvals: 1, approvers: [directors, sre]}
)",
                                   kRules)}},
     R"(policy.yaml:13:5: warning: the limit changes nothing: beyond it an override takes what it took before [same_beyond]
  13 |     count: 3
     |     ^
     = ask for more approvals, or for those of another group
)"},
    {"from_beside_a_release_before",
     {{"policy.yaml", absl::StrCat(kPolicy, kLedger, kPeople, R"(changes:
  feature: {default: true}
  rollback: {skips: [rules], proof: {released_before: 30d, from: sre}}
)",
                                   kRules)}},
     R"(policy.yaml:12:66: error: from names who approves, but this proof is a release before [idle_from]
  12 |   rollback: {skips: [rules], proof: {released_before: 30d, from: sre}}
     |                                                                  ^
     = remove from, or write approvals in place of released_before
)"},
    {"a_default_class_with_conditions",
     {{"policy.yaml", absl::StrCat(kPolicy, kLedger, kPeople, R"(changes:
  feature: {default: true, proof: {approvals: 1}, limit: {count: 1, per: 1d}, review_within: 3d}
)",
                                   kRules)}},
     R"(policy.yaml:11:12: error: 'feature' is the default class and cannot have review_within [default_class_proof]
  11 |   feature: {default: true, proof: {approvals: 1}, limit: {count: 1, per: 1d}, review_within: 3d}
     |            ^
     = move it to a class that a release has to claim

policy.yaml:11:35: error: 'feature' is the default class and cannot have a proof [default_class_proof]
  11 |   feature: {default: true, proof: {approvals: 1}, limit: {count: 1, per: 1d}, review_within: 3d}
     |                                   ^
     = move it to a class that a release has to claim

policy.yaml:11:58: error: 'feature' is the default class and cannot have a limit [default_class_proof]
  11 |   feature: {default: true, proof: {approvals: 1}, limit: {count: 1, per: 1d}, review_within: 3d}
     |                                                          ^
     = move it to a class that a release has to claim
)"},
    {"bands_without_room",
     {{"policy.yaml", absl::StrCat(kPolicy, kLedger, R"(rules:
  - {id: a, when: {budget_remaining: {at_most: 0%, reopens_above: 0%}}, verdict: deny}
  - {id: b, when: {budget_remaining: {below: 10%, reopens_above: 10%}}, verdict: deny}
  - {id: c, when: {budget_remaining: {at_most: 5%, reopens_above: -5%}}, verdict: deny}
)")}},
     R"(policy.yaml:7:67: error: reopens_above of rule 'a' is not above the threshold at which the rule closes [bad_band]
  7 |   - {id: a, when: {budget_remaining: {at_most: 0%, reopens_above: 0%}}, verdict: deny}
    |                                                                   ^
    = raise it, such as at_most: 0%, reopens_above: 5%, or remove it

policy.yaml:8:66: error: reopens_above of rule 'b' is not above the threshold at which the rule closes [bad_band]
  8 |   - {id: b, when: {budget_remaining: {below: 10%, reopens_above: 10%}}, verdict: deny}
    |                                                                  ^
    = raise it, such as at_most: 0%, reopens_above: 5%, or remove it

policy.yaml:9:67: error: reopens_above of rule 'c' is not above the threshold at which the rule closes [bad_band]
  9 |   - {id: c, when: {budget_remaining: {at_most: 5%, reopens_above: -5%}}, verdict: deny}
    |                                                                   ^
    = raise it, such as at_most: 0%, reopens_above: 5%, or remove it
)"},
    {"bands_that_never_end",
     {{"policy.yaml", absl::StrCat(kPolicy, kLedger, R"(rules:
  - {id: a, when: {budget_remaining: {at_most: 0%, reopens_above: 100%}}, verdict: deny}
  - {id: b, when: {budget_remaining: {below: 10%, reopens_above: 150%}}, verdict: deny}
)")}},
     R"(policy.yaml:7:67: error: rule 'a' never reopens: budget_remaining is never above 100% [bad_band]
  7 |   - {id: a, when: {budget_remaining: {at_most: 0%, reopens_above: 100%}}, verdict: deny}
    |                                                                   ^
    = lower it, such as at_most: 0%, reopens_above: 5%

policy.yaml:8:66: error: rule 'b' never reopens: budget_remaining is never above 100% [bad_band]
  8 |   - {id: b, when: {budget_remaining: {below: 10%, reopens_above: 150%}}, verdict: deny}
    |                                                                  ^
    = lower it, such as at_most: 0%, reopens_above: 5%
)"},
    {"only_the_last_release",
     {{"policy.yaml", absl::StrCat(kPolicy, kLedger, R"(rules:
  - {id: fresh, when: {last_release: {younger_than: 15m}}, verdict: hold}
)",
                                   kOwnSlos)}},
     R"(policy.yaml:10:5: error: no rule looks at SLO 'availability' [unwatched_slo]
  10 |   - {name: availability, objective: 99.9%, window: 30d, sli: {events: {total: requests, bad: '{code=~…
     |     ^
     = add a rule that selects it and can become true for it, or remove the SLO
)"},
    {"the_last_release_of_some_slos",
     {{"policy.yaml", absl::StrCat(kPolicy, kLedger, R"(rules:
  - {id: names, when: {last_release: {younger_than: 15m}}, verdict: hold, slos: [availability]}
  - {id: labels, when: {last_release: {younger_than: 15m}}, verdict: hold, slos: {tier: '1'}}
  - {id: spent, when: {budget_remaining: {at_most: 0%}}, verdict: deny}
)",
                                   kOwnSlos)}},
     R"(policy.yaml:7:5: error: rule 'names' has slos:, but last_release is about the service as a whole [slos_of_no_slo]
  7 |   - {id: names, when: {last_release: {younger_than: 15m}}, verdict: hold, slos: [availability]}
    |     ^
    = remove slos: from this rule

policy.yaml:8:5: error: rule 'labels' has slos:, but last_release is about the service as a whole [slos_of_no_slo]
  8 |   - {id: labels, when: {last_release: {younger_than: 15m}}, verdict: hold, slos: {tier: '1'}}
    |     ^
    = remove slos: from this rule
)"},
};

INSTANTIATE_TEST_SUITE_P(Bad, CheckOverridesTest, testing::ValuesIn(kBad), CheckCaseName);

}  // namespace
}  // namespace slogate
