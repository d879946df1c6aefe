// Files with mistakes in what they say of people and overrides: the checks tell what else is wrong,
// and never what only seems wrong because of them.
#include <string>

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>

#include "tests/policy/check_case.h"

namespace slogate {
namespace {

class OverridesBesideMistakes : public testing::TestWithParam<CheckCase> {};

TEST_P(OverridesBesideMistakes, TellsWhatIsKnown) { ExpectHeads(GetParam()); }

const CheckCase kComplete[] = {
    {"an_approvers_mistake_hides_nothing_else",
     {{"policy.yaml",
       absl::StrCat(
           kPolicy, kLedger, kPeople,
           R"(overrides: {approvers: [7], approvals: 0, never: [spend, spend], vouching: [github, github], limit: {count: 0, per: 30d}}
changes:
  feature: {default: true, proof: {approvals: 1, from: ops}}
)",
           kRules)}},
     R"(policy.yaml:10:25 unquoted
policy.yaml:10:51 unknown_rule
policy.yaml:10:58 duplicate_entry
policy.yaml:10:58 unknown_rule
policy.yaml:10:85 duplicate_entry
policy.yaml:10:109 bad_number
policy.yaml:12:35 default_class_proof
policy.yaml:12:56 unknown_group
)"},
    {"an_account_hides_none_beside_it",
     {{"policy.yaml", absl::StrCat(kPolicy, kLedger, R"(people:
  alice: {accounts: [alice, 'github:a'], groups: [sre, sre]}
  bob: {accounts: ['github:b', 'github:b']}
  carol: {accounts: ['github:c'], groups: [7]}
  dave: {accounts: ['github:c']}
overrides: {approvals: 2, approvers: sre}
)",
                                   kRules)}},
     R"(policy.yaml:7:22 bad_account
policy.yaml:7:56 duplicate_entry
policy.yaml:8:32 duplicate_entry
policy.yaml:9:44 unquoted
policy.yaml:10:21 shared_account
)"},
    {"a_class_hides_none_beside_it",
     {{"policy.yaml", absl::StrCat(kPolicy, kLedger, kPeople, R"(changes:
  feature: {default: true}
  rollback: {proof: {released_before: 30}, review_within: 3d, limit: {count: 3, per: 1}}
  security: {proof: {approvals: 2, from: directors}, tickt: 7}
)",
                                   kRules)}},
     R"(policy.yaml:12:39 bad_duration
policy.yaml:12:86 bad_duration
policy.yaml:13:42 too_few_approvers
policy.yaml:13:54 unknown_key
)"},
    {"a_rule_hides_nothing_of_the_ledger",
     {{"policy.yaml", absl::StrCat(kPolicy, R"(rules:
  - {id: a, when: {last_release: {younger_than: 15}}, verdict: hold}
  - {id: b, when: {last_release: {younger_than: 15m}}, verdict: hodl}
  - {id: c, when: {budget_remaining: {at_most: 0%, reopens_above: 5%}}, verdict: deny, slos: [7]}
)")}},
     R"(policy.yaml:6:49 bad_duration
policy.yaml:7:49 no_ledger
policy.yaml:7:65 bad_verdict
policy.yaml:8:67 no_ledger
policy.yaml:8:95 unquoted
)"},
};

INSTANTIATE_TEST_SUITE_P(Complete, OverridesBesideMistakes, testing::ValuesIn(kComplete),
                         CheckCaseName);

const CheckCase kNoFalseAlarm[] = {
    {"a_misspelt_ledger",
     {{"policy.yaml", absl::StrCat(kPolicy, R"(leger: {id: acme}
people:
  alice: {accounts: ['github:alice', 'jenkins:asmith'], groups: [sre, directors]}
  bob: {accounts: ['github:bob'], groups: [sre]}
  carol: {accounts: ['github:carol'], groups: [sre]}
overrides: {}
)",
                                   kRules)}},
     R"(policy.yaml:5:1 unknown_key
)"},
    {"a_ledger_that_cannot_be_read",
     {{"policy.yaml", absl::StrCat(kPolicy, R"(ledger: {id: 'a b'}
people:
  alice: {accounts: ['github:alice', 'jenkins:asmith'], groups: [sre, directors]}
  bob: {accounts: ['github:bob'], groups: [sre]}
  carol: {accounts: ['github:carol'], groups: [sre]}
overrides: {approvers: sre}
)",
                                   kRules)}},
     R"(policy.yaml:5:15 bad_name
)"},
    {"misspelt_people",
     {{"policy.yaml", absl::StrCat(kPolicy, kLedger, R"(peple:
  alice: {accounts: ['github:alice'], groups: [sre]}
overrides: {approvers: ops}
)",
                                   kRules)}},
     R"(policy.yaml:6:1 unknown_key
)"},
    {"misspelt_people_and_anybody",
     {{"policy.yaml", absl::StrCat(kPolicy, kLedger, R"(peple:
  alice: {accounts: ['github:alice']}
overrides: {}
)",
                                   kRules)}},
     R"(policy.yaml:6:1 unknown_key
)"},
    {"groups_that_cannot_be_read",
     {{"policy.yaml", absl::StrCat(kPolicy, kLedger, R"(people:
  alice: {accounts: ['github:alice'], groups: [sre]}
  bob: {accounts: ['github:bob'], group: [ops]}
overrides: {approvals: 3, approvers: [sre, ops]}
)",
                                   kRules)}},
     R"(policy.yaml:8:35 unknown_key
)"},
    {"a_person_who_cannot_be_read",
     {{"policy.yaml", absl::StrCat(kPolicy, kLedger, R"(people:
  alice: {accounts: ['github:alice'], groups: [sre]}
  bob: sre
overrides: {approvals: 3, approvers: [sre, ops]}
)",
                                   kRules)}},
     R"(policy.yaml:8:8 wrong_kind
)"},
    {"accounts_that_cannot_be_read",
     {{"policy.yaml", absl::StrCat(kPolicy, R"(people:
  alice: {accounts: ['', 'github:']}
  bob: {accounts: ['', 'github:']}
)",
                                   kRules)}},
     R"(policy.yaml:6:23 bad_account
policy.yaml:6:27 bad_account
policy.yaml:7:21 bad_account
policy.yaml:7:25 bad_account
)"},
    {"approvals_that_cannot_be_read",
     {{"policy.yaml",
       absl::StrCat(
           kPolicy, kLedger, kPeople,
           R"(overrides: {approvals: all, approvers: directors, limit: {count: 3, per: 30d, beyond: {approvers: directors, approvals: 1}}}
)",
           kRules)}},
     R"(policy.yaml:10:24 bad_number
)"},
    {"misspelt_approvals",
     {{"policy.yaml",
       absl::StrCat(
           kPolicy, kLedger, kPeople,
           R"(overrides: {aprovals: 0, approvers: directors, limit: {count: 3, per: 30d, beyond: {approvals: 1}}}
)",
           kRules)}},
     R"(policy.yaml:10:13 unknown_key
)"},
    {"a_misspelt_limit",
     {{"policy.yaml",
       absl::StrCat(kPolicy, kLedger, kPeople,
                    R"(overrides: {approvals: 0, approvers: sre, limt: {count: 3, per: 30d}}
)",
                    kRules)}},
     R"(policy.yaml:10:43 unknown_key
)"},
    {"a_beyond_that_cannot_be_read",
     {{"policy.yaml",
       absl::StrCat(
           kPolicy, kLedger, kPeople,
           R"(overrides: {approvals: 3, approvers: sre, limit: {count: 3, per: 30d, beyond: {approvals: 9}}}
)",
           kRules)}},
     R"(policy.yaml:10:38 no_spare_approver (warning)
policy.yaml:10:91 bad_number
)"},
    {"a_rule_that_never_perhaps_names",
     {{"policy.yaml", absl::StrCat(kPolicy, kLedger, kPeople, R"(overrides: {never: [spent, low]}
rules:
  - {id: spent, when: {budget_remaining: {at_most: 0%}}, verdict: deny}
  - {idd: low, when: {budget_remaining: {below: 5%}}, verdict: hold}
)")}},
     R"(policy.yaml:13:6 unknown_key
)"},
    {"a_verdict_that_perhaps_closes",
     {{"policy.yaml", absl::StrCat(kPolicy, kLedger, kPeople, R"(overrides: {never: [spent]}
rules:
  - {id: spent, when: {budget_remaining: {at_most: 0%}}, verdict: deny}
  - {id: low, when: {budget_remaining: {below: 5%}}, verdict: hodl}
)")}},
     R"(policy.yaml:13:63 bad_verdict
)"},
    {"a_proof_of_two_kinds",
     {{"policy.yaml", absl::StrCat(kPolicy, kLedger, kPeople, R"(changes:
  feature: {default: true}
  rollback: {proof: {released_before: 30d, approvals: 9, from: ops}}
)",
                                   kRules)}},
     R"(policy.yaml:12:44 one_of
policy.yaml:12:55 bad_number
)"},
    {"a_default_that_cannot_be_read",
     {{"policy.yaml", absl::StrCat(kPolicy, kLedger, kPeople, R"(changes:
  feature: {default: 'yes', proof: {approvals: 1}}
)",
                                   kRules)}},
     R"(policy.yaml:11:22 bad_truth
)"},
    {"slos_of_a_rule_that_cannot_be_read",
     {{"policy.yaml", absl::StrCat(kPolicy, kLedger, R"(rules:
  - {id: fresh, when: {last_release: {younger_than: 15m}}, verdict: hold, slos: }
)")}},
     R"(policy.yaml:7:75 no_value
)"},
    {"a_condition_of_two_kinds",
     {{"policy.yaml", absl::StrCat(kPolicy, R"(rules:
  - {id: a, when: {last_release: {younger_than: 15m}, budget_remaining: {at_most: 5%, reopens_above: 0%}}, verdict: hold}
)")}},
     R"(policy.yaml:6:55 one_of
)"},
};

INSTANTIATE_TEST_SUITE_P(NoFalseAlarm, OverridesBesideMistakes, testing::ValuesIn(kNoFalseAlarm),
                         CheckCaseName);

}  // namespace
}  // namespace slogate
