// Accounts, groups, and whether those exist who are to approve.
#include <string>

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>

#include "tests/policy/check_case.h"

namespace slogate {
namespace {

class CheckPeopleTest : public testing::TestWithParam<CheckCase> {};

TEST_P(CheckPeopleTest, Diagnostics) { ExpectDiagnostics(GetParam()); }

const CheckCase kAccounts[] = {
    {"the_same_account_twice",
     {{"policy.yaml", absl::StrCat(kPolicy, R"(people:
  alice: {accounts: ['github:alice', 'jenkins:asmith', 'github:alice']}
)",
                                   kRules)}},
     R"(policy.yaml:6:56: error: 'github:alice' stands here again; first at line 6 [duplicate_entry]
  6 |   alice: {accounts: ['github:alice', 'jenkins:asmith', 'github:alice']}
    |                                                        ^
    = remove one
)"},
    {"two_people_with_one_account",
     {{"policy.yaml", absl::StrCat(kPolicy, R"(people:
  zoe: {accounts: ['github:alice', 'local:zoe']}
  alice: {accounts: ['jenkins:alice', 'github:alice']}
)",
                                   kRules)}},
     R"(policy.yaml:7:39: error: 'github:alice' of 'alice' is the account of 'zoe' at line 6 [shared_account]
  7 |   alice: {accounts: ['jenkins:alice', 'github:alice']}
    |                                       ^
    = an account is one person's; leave it at whoever it belongs to
)"},
    {"case_does_not_make_another_account_on_github",
     {{"policy.yaml", absl::StrCat(kPolicy, R"(people:
  alice: {accounts: ['github:alice', 'postgresql:alice']}
  bob: {accounts: ['github:Alice', 'postgresql:Alice']}
)",
                                   kRules)}},
     R"(policy.yaml:7:20: error: 'github:Alice' of 'bob' is the account of 'alice' at line 6 [shared_account]
  7 |   bob: {accounts: ['github:Alice', 'postgresql:Alice']}
    |                    ^
    = an account is one person's; leave it at whoever it belongs to
)"},
    {"a_group_twice",
     {{"policy.yaml", absl::StrCat(kPolicy, R"(people:
  alice: {accounts: ['github:alice'], groups: [sre, directors, sre]}
)",
                                   kRules)}},
     R"(policy.yaml:6:64: error: 'sre' stands here twice [duplicate_entry]
  6 |   alice: {accounts: ['github:alice'], groups: [sre, directors, sre]}
    |                                                                ^
    = remove one
)"},
};

INSTANTIATE_TEST_SUITE_P(Accounts, CheckPeopleTest, testing::ValuesIn(kAccounts), CheckCaseName);

const CheckCase kConsents[] = {
    {"groups_that_nobody_belongs_to",
     {{"policy.yaml", absl::StrCat(kPolicy, kLedger, kPeople, R"(changes:
  feature: {default: true}
  security: {proof: {approvals: 1, from: security}}
overrides: {approvers: [ser], limit: {count: 3, per: 30d, beyond: {approvers: [director]}}}
)",
                                   kRules)}},
     R"(policy.yaml:12:42: error: nobody belongs to 'security' [unknown_group]
  12 |   security: {proof: {approvals: 1, from: security}}
     |                                          ^
     = people: says who belongs to which groups, such as alice: {accounts: ['github:alice'], groups: [sre-oncall]}

policy.yaml:13:25: error: nobody belongs to 'ser'; did you mean 'sre'? [unknown_group]
  13 | overrides: {approvers: [ser], limit: {count: 3, per: 30d, beyond: {approvers: [director]}}}
     |                         ^
     = people: says who belongs to which groups, such as alice: {accounts: ['github:alice'], groups: [sre-oncall]}

policy.yaml:13:80: error: nobody belongs to 'director'; did you mean 'directors'? [unknown_group]
  13 | overrides: {approvers: [ser], limit: {count: 3, per: 30d, beyond: {approvers: [director]}}}
     |                                                                                ^
     = people: says who belongs to which groups, such as alice: {accounts: ['github:alice'], groups: [sre-oncall]}
)"},
    {"a_group_without_any_people",
     {{"policy.yaml", absl::StrCat(kPolicy, kLedger, R"(overrides: {approvers: [sre]}
)",
                                   kRules)}},
     R"(policy.yaml:6:25: error: nobody belongs to 'sre' [unknown_group]
  6 | overrides: {approvers: [sre]}
    |                         ^
    = people: says who belongs to which groups, such as alice: {accounts: ['github:alice'], groups: [sre-oncall]}
)"},
    {"an_unknown_group_is_told_once",
     {{"policy.yaml", absl::StrCat(kPolicy, kLedger, kPeople,
                                   R"(overrides: {approvers: ops, limit: {count: 3, per: 30d}}
)",
                                   kRules)}},
     R"(policy.yaml:10:24: error: nobody belongs to 'ops' [unknown_group]
  10 | overrides: {approvers: ops, limit: {count: 3, per: 30d}}
     |                        ^
     = people: says who belongs to which groups, such as alice: {accounts: ['github:alice'], groups: [sre-oncall]}
)"},
    {"fewer_people_than_approvals",
     {{"policy.yaml", absl::StrCat(kPolicy, kLedger, kPeople, R"(changes:
  feature: {default: true}
  security: {proof: {approvals: 2, from: [directors]}}
overrides: {approvals: 4, approvers: [sre, directors]}
)",
                                   kRules)}},
     R"(policy.yaml:12:43: error: for class 'security', 2 approvals are needed, but only 1 person belongs to 'directors' [too_few_approvers]
  12 |   security: {proof: {approvals: 2, from: [directors]}}
     |                                           ^
     = add people to a group that may approve, or ask for fewer approvals

policy.yaml:13:39: error: 4 approvals are needed, but only 3 people belong to 'sre', 'directors' [too_few_approvers]
  13 | overrides: {approvals: 4, approvers: [sre, directors]}
     |                                       ^
     = add people to a group that may approve, or ask for fewer approvals
)"},
    {"fewer_people_than_approvals_beyond_the_limit",
     {{"policy.yaml",
       absl::StrCat(
           kPolicy, kLedger, kPeople,
           R"(overrides: {approvers: [directors, sre], limit: {count: 3, per: 30d, beyond: {approvers: directors}}}
)",
           kRules)}},
     R"(policy.yaml:10:90: error: beyond the limit, 2 approvals are needed, but only 1 person belongs to 'directors' [too_few_approvers]
  10 | overrides: {approvers: [directors, sre], limit: {count: 3, per: 30d, beyond: {approvers: directors}}}
     |                                                                                          ^
     = add people to a group that may approve, or ask for fewer approvals
)"},
    {"beyond_that_asks_the_same_groups_for_more_than_they_are",
     {{"policy.yaml",
       absl::StrCat(kPolicy, kLedger, kPeople,
                    R"(overrides: {approvals: 3, approvers: sre, limit: {count: 3, per: 30d}}
)",
                    kRules)}},
     R"(policy.yaml:10:38: warning: 3 approvals are needed, and only 3 people belong to 'sre': what one of them asks for is never approved [no_spare_approver]
  10 | overrides: {approvals: 3, approvers: sre, limit: {count: 3, per: 30d}}
     |                                      ^
     = add a person to a group that may approve, or ask for fewer approvals

policy.yaml:10:50: error: beyond the limit, 4 approvals are needed, but only 3 people belong to 'sre' [too_few_approvers]
  10 | overrides: {approvals: 3, approvers: sre, limit: {count: 3, per: 30d}}
     |                                                  ^
     = add people to a group that may approve, or ask for fewer approvals
)"},
    {"as_many_people_as_approvals",
     {{"policy.yaml", absl::StrCat(kPolicy, kLedger, kPeople, R"(changes:
  feature: {default: true}
  security: {proof: {approvals: 3, from: sre}}
overrides: {approvers: directors}
)",
                                   kRules)}},
     R"(policy.yaml:12:42: warning: for class 'security', 3 approvals are needed, and only 3 people belong to 'sre': what one of them asks for is never approved [no_spare_approver]
  12 |   security: {proof: {approvals: 3, from: sre}}
     |                                          ^
     = add a person to a group that may approve, or ask for fewer approvals

policy.yaml:13:24: warning: 1 approval is needed, and only 1 person belongs to 'directors': what that person asks for is never approved [no_spare_approver]
  13 | overrides: {approvers: directors}
     |                        ^
     = add a person to a group that may approve, or ask for fewer approvals
)"},
    {"groups_that_overlap_count_each_person_once",
     {{"policy.yaml", absl::StrCat(kPolicy, kLedger, kPeople,
                                   R"(overrides: {approvals: 3, approvers: [directors, sre]}
)",
                                   kRules)}},
     R"(policy.yaml:10:39: warning: 3 approvals are needed, and only 3 people belong to 'directors', 'sre': what one of them asks for is never approved [no_spare_approver]
  10 | overrides: {approvals: 3, approvers: [directors, sre]}
     |                                       ^
     = add a person to a group that may approve, or ask for fewer approvals
)"},
    {"approvers_named_twice",
     {{"policy.yaml", absl::StrCat(kPolicy, kLedger, kPeople, R"(changes:
  feature: {default: true}
  security: {proof: {approvals: 1, from: [sre, sre]}}
overrides: {approvers: [sre, sre], limit: {count: 1, per: 1d, beyond: {approvers: [sre, sre]}}}
)",
                                   kRules)}},
     R"(policy.yaml:12:48: error: 'sre' stands here twice [duplicate_entry]
  12 |   security: {proof: {approvals: 1, from: [sre, sre]}}
     |                                                ^
     = remove one

policy.yaml:13:30: error: 'sre' stands here twice [duplicate_entry]
  13 | overrides: {approvers: [sre, sre], limit: {count: 1, per: 1d, beyond: {approvers: [sre, sre]}}}
     |                              ^
     = remove one

policy.yaml:13:89: error: 'sre' stands here twice [duplicate_entry]
  13 | overrides: {approvers: [sre, sre], limit: {count: 1, per: 1d, beyond: {approvers: [sre, sre]}}}
     |                                                                                         ^
     = remove one
)"},
    {"nobody_is_named",
     {{"policy.yaml", absl::StrCat(kPolicy, kLedger, R"(changes:
  feature: {default: true}
  security: {proof: {approvals: 1}}
overrides: {limit: {count: 1, per: 1d}}
)",
                                   kRules)}},
     R"(policy.yaml:8:21: warning: for class 'security', whoever asks could approve from a second account: people: says of nobody which accounts are theirs [nobody_named]
  8 |   security: {proof: {approvals: 1}}
    |                     ^
    = add people:, each with all their accounts, and groups that may approve

policy.yaml:9:12: warning: whoever asks could approve from a second account: people: says of nobody which accounts are theirs [nobody_named]
  9 | overrides: {limit: {count: 1, per: 1d}}
    |            ^
    = add people:, each with all their accounts, and groups that may approve
)"},
    {"nobody_is_named_and_a_limit_asks_for_approval",
     {{"policy.yaml",
       absl::StrCat(kPolicy, kLedger, R"(overrides: {approvals: 0, limit: {count: 1, per: 1d}}
)",
                    kRules)}},
     R"(policy.yaml:6:34: warning: beyond the limit, whoever asks could approve from a second account: people: says of nobody which accounts are theirs [nobody_named]
  6 | overrides: {approvals: 0, limit: {count: 1, per: 1d}}
    |                                  ^
    = add people:, each with all their accounts, and groups that may approve
)"},
};

INSTANTIATE_TEST_SUITE_P(Consents, CheckPeopleTest, testing::ValuesIn(kConsents), CheckCaseName);

}  // namespace
}  // namespace slogate
