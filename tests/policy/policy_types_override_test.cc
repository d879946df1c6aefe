// Overrides and the proofs of classes that are refused.
#include <string>

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>

#include "tests/policy/refused_file.h"

namespace slogate {
namespace {

// What stands before each of these texts.
constexpr char kHead[] = R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: a}
sources: {main: {url: http://h}}
rules:
  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}
ledger: {id: acme}
)";

class BadOverrides : public testing::TestWithParam<RefusedFile> {};

TEST_P(BadOverrides, Says) {
  const std::string text = absl::StrCat(kHead, GetParam().text);
  ExpectRefused({GetParam().name, text.c_str(), GetParam().want});
}

const RefusedFile kCases[] = {
    {"Approvals",
     R"(people: {alice: {accounts: ['github:alice']}}
overrides: {approvals: 6, limit: {count: 0, per: 30d, beyond: {approvals: 0}}}
)",
     R"(p.yaml:9:24: error: '6' is not a whole number from 0 to 5 [bad_number]
  9 | overrides: {approvals: 6, limit: {count: 0, per: 30d, beyond: {approvals: 0}}}
    |                        ^

p.yaml:9:42: error: '0' is not a whole number from 1 to 1000 [bad_number]
  9 | overrides: {approvals: 6, limit: {count: 0, per: 30d, beyond: {approvals: 0}}}
    |                                          ^

p.yaml:9:75: error: '0' is not a whole number from 1 to 5 [bad_number]
  9 | overrides: {approvals: 6, limit: {count: 0, per: 30d, beyond: {approvals: 0}}}
    |                                                                           ^
)"},
    {"WholeNumbers",
     R"(people: {alice: {accounts: ['github:alice']}}
overrides: {approvals: -1, uses: 1.0, reason: {min_length: '20'}}
)",
     R"(p.yaml:9:24: error: '-1' is not a whole number from 0 to 5 [bad_number]
  9 | overrides: {approvals: -1, uses: 1.0, reason: {min_length: '20'}}
    |                        ^

p.yaml:9:34: error: '1.0' is not a whole number from 1 to 20 [bad_number]
  9 | overrides: {approvals: -1, uses: 1.0, reason: {min_length: '20'}}
    |                                  ^

p.yaml:9:60: error: '20' in quotes is a text; expected a whole number from 1 to 500 [bad_number]
  9 | overrides: {approvals: -1, uses: 1.0, reason: {min_length: '20'}}
    |                                                            ^
    = write it without quotes
)"},
    {"NumbersOutOfRange",
     R"(people: {alice: {accounts: ['github:alice']}}
overrides: {approvals: 99999999999, uses: 21, reason: {min_length: 501}}
)",
     R"(p.yaml:9:24: error: '99999999999' is not a whole number from 0 to 5 [bad_number]
  9 | overrides: {approvals: 99999999999, uses: 21, reason: {min_length: 501}}
    |                        ^

p.yaml:9:43: error: '21' is not a whole number from 1 to 20 [bad_number]
  9 | overrides: {approvals: 99999999999, uses: 21, reason: {min_length: 501}}
    |                                           ^

p.yaml:9:68: error: '501' is not a whole number from 1 to 500 [bad_number]
  9 | overrides: {approvals: 99999999999, uses: 21, reason: {min_length: 501}}
    |                                                                    ^
)"},
    {"NumbersTooSmall",
     R"(people: {alice: {accounts: ['github:alice']}}
overrides: {approvals: 01, uses: 0, reason: {min_length: 0}}
)",
     R"(p.yaml:9:24: error: '01' is not a whole number from 0 to 5 [bad_number]
  9 | overrides: {approvals: 01, uses: 0, reason: {min_length: 0}}
    |                        ^

p.yaml:9:34: error: '0' is not a whole number from 1 to 20 [bad_number]
  9 | overrides: {approvals: 01, uses: 0, reason: {min_length: 0}}
    |                                  ^

p.yaml:9:58: error: '0' is not a whole number from 1 to 500 [bad_number]
  9 | overrides: {approvals: 01, uses: 0, reason: {min_length: 0}}
    |                                                          ^
)"},
    {"Expiry",
     R"(people: {alice: {accounts: ['github:alice']}}
overrides: {expires: 4m59s}
)",
     R"(p.yaml:9:22: error: '4m59s' is not a duration from 5m to 7d [bad_duration]
  9 | overrides: {expires: 4m59s}
    |                      ^
    = whole numbers with units in falling order (d, h, m, s), or weeks (1w)
)"},
    {"ExpiryTooLong",
     R"(people: {alice: {accounts: ['github:alice']}}
overrides: {expires: 7d1s}
)",
     R"(p.yaml:9:22: error: '7d1s' is not a duration from 5m to 7d [bad_duration]
  9 | overrides: {expires: 7d1s}
    |                      ^
    = whole numbers with units in falling order (d, h, m, s), or weeks (1w)
)"},
    {"ExpiryWithoutUnit",
     R"(people: {alice: {accounts: ['github:alice']}}
overrides: {expires: 4}
)",
     R"(p.yaml:9:22: error: '4' is not a duration from 5m to 7d [bad_duration]
  9 | overrides: {expires: 4}
    |                      ^
    = add the unit: s, m, h, d or w
)"},
    {"OverridesForms",
     R"(people: {alice: {accounts: ['github:alice']}}
overrides: {approvers: {sre: 1}, reason: because, ticket: INC-, never: spent, limit: 3, vouching: github}
)",
     R"(p.yaml:9:24: error: expected a group's name, or a list of them, found a mapping [wrong_kind]
  9 | overrides: {approvers: {sre: 1}, reason: because, ticket: INC-, never: spent, limit: 3, vouching: gith…
    |                        ^

p.yaml:9:42: error: expected a reason, found a text [wrong_kind]
  9 | overrides: {approvers: {sre: 1}, reason: because, ticket: INC-, never: spent, limit: 3, vouching: gith…
    |                                          ^
    = write a mapping with 'min_length'

p.yaml:9:59: error: expected a ticket, found a text [wrong_kind]
  9 | overrides: {approvers: {sre: 1}, reason: because, ticket: INC-, never: spent, limit: 3, vouching: gith…
    |                                                           ^
    = write a mapping with 'prefix'

p.yaml:9:72: error: expected a list of rules' ids, found a text [wrong_kind]
  9 | …rrides: {approvers: {sre: 1}, reason: because, ticket: INC-, never: spent, limit: 3, vouching: github}
    |                                                                      ^
    = write a list: in brackets, or each entry on a line of its own after '- '

p.yaml:9:86: error: expected a limit of overrides, found a text [wrong_kind]
  9 | …rrides: {approvers: {sre: 1}, reason: because, ticket: INC-, never: spent, limit: 3, vouching: github}
    |                                                                                    ^
    = write a mapping with 'count', 'per' or 'beyond'

p.yaml:9:99: error: expected a list of CI systems, found a text [wrong_kind]
  9 | …rrides: {approvers: {sre: 1}, reason: because, ticket: INC-, never: spent, limit: 3, vouching: github}
    |                                                                                                 ^
    = write a list: in brackets, or each entry on a line of its own after '- '
)"},
    {"ApproversEmpty",
     R"(people: {alice: {accounts: ['github:alice']}}
overrides: {approvers: [], limit: {count: 1, per: 1d, beyond: {approvers: []}}}
)",
     R"(p.yaml:9:24: error: expected a group's name, or a list of them, found an empty list [empty_list]
  9 | overrides: {approvers: [], limit: {count: 1, per: 1d, beyond: {approvers: []}}}
    |                        ^

p.yaml:9:75: error: expected a group's name, or a list of them, found an empty list [empty_list]
  9 | overrides: {approvers: [], limit: {count: 1, per: 1d, beyond: {approvers: []}}}
    |                                                                           ^
)"},
    {"LimitHalves",
     R"(people: {alice: {accounts: ['github:alice']}}
overrides: {limit: {beyond: {approvals: 2}}}
)",
     R"(p.yaml:9:20: error: a limit of overrides needs 'count' [missing_key]
  9 | overrides: {limit: {beyond: {approvals: 2}}}
    |                    ^
    = 'count' is a whole number from 1 to 1000

p.yaml:9:20: error: a limit of overrides needs 'per' [missing_key]
  9 | overrides: {limit: {beyond: {approvals: 2}}}
    |                    ^
    = 'per' is a duration such as 5m or 1h30m
)"},
    {"BeyondWithoutLimit",
     R"(people: {alice: {accounts: ['github:alice']}}
overrides: {beyond: {approvals: 2}}
)",
     R"(p.yaml:9:13: error: unknown key 'beyond' in overrides [unknown_key]
  9 | overrides: {beyond: {approvals: 2}}
    |             ^
    = it belongs to a limit of overrides
)"},
    {"BeyondOfAClass",
     R"(people: {alice: {accounts: ['github:alice']}}
changes:
  feature: {default: true}
  rollback: {limit: {count: 1, per: 1d, beyond: {approvals: 2}}}
)",
     R"(p.yaml:11:41: error: unknown key 'beyond' in a limit of a class [unknown_key]
  11 |   rollback: {limit: {count: 1, per: 1d, beyond: {approvals: 2}}}
     |                                         ^
     = it belongs to a limit of overrides
)"},
    {"WhoVouches",
     R"(people: {alice: {accounts: ['github:alice']}}
overrides: {vouching: [githbu, gitlab, local]}
)",
     R"(p.yaml:9:24: error: 'githbu' is not a CI system that can say who approved; did you mean 'github'? [bad_word]
  9 | overrides: {vouching: [githbu, gitlab, local]}
    |                        ^
    = one of github, jenkins, circleci

p.yaml:9:32: error: 'gitlab' is not a CI system that can say who approved; did you mean 'github'? [bad_word]
  9 | overrides: {vouching: [githbu, gitlab, local]}
    |                                ^
    = one of github, jenkins, circleci

p.yaml:9:40: error: 'local' is not a CI system that can say who approved [bad_word]
  9 | overrides: {vouching: [githbu, gitlab, local]}
    |                                        ^
    = one of github, jenkins, circleci
)"},
    {"MisspeltKeys",
     R"(people: {alice: {accounts: ['github:alice']}}
overides: {}
overrides: {aprovals: 1, approver: [sre], from: sre}
)",
     R"(p.yaml:9:1: error: unknown key 'overides'; did you mean 'overrides'? [unknown_key]
  9 | overides: {}
    | ^

p.yaml:10:13: error: unknown key 'aprovals'; did you mean 'approvals'? [unknown_key]
  10 | overrides: {aprovals: 1, approver: [sre], from: sre}
     |             ^

p.yaml:10:26: error: unknown key 'approver'; did you mean 'approvers'? [unknown_key]
  10 | overrides: {aprovals: 1, approver: [sre], from: sre}
     |                          ^

p.yaml:10:43: error: unknown key 'from' in overrides [unknown_key]
  10 | overrides: {aprovals: 1, approver: [sre], from: sre}
     |                                           ^
     = it belongs to a proof or a freeze
)"},
    {"ProofOfBoth",
     R"(people: {alice: {accounts: ['github:alice']}}
changes:
  feature: {default: true}
  rollback: {proof: {released_before: 30d, approvals: 1}}
)",
     R"(p.yaml:11:44: error: 'approvals' beside 'released_before': a proof has exactly one of 'released_before' and 'approvals' [one_of]
  11 |   rollback: {proof: {released_before: 30d, approvals: 1}}
     |                                            ^
     = keep one of them
)"},
    {"ProofOfNeither",
     R"(people: {alice: {accounts: ['github:alice']}}
changes:
  feature: {default: true}
  rollback: {proof: {}}
  security: {proof: {from: sre}}
)",
     R"(p.yaml:11:21: error: a proof needs one of 'released_before' and 'approvals' [missing_key]
  11 |   rollback: {proof: {}}
     |                     ^

p.yaml:12:21: error: a proof needs one of 'released_before' and 'approvals' [missing_key]
  12 |   security: {proof: {from: sre}}
     |                     ^
)"},
    {"ProofByNobody",
     R"(people: {alice: {accounts: ['github:alice']}}
changes:
  feature: {default: true}
  security: {proof: {approvals: 0}}
)",
     R"(p.yaml:11:33: error: '0' is not a whole number from 1 to 5 [bad_number]
  11 |   security: {proof: {approvals: 0}}
     |                                 ^
)"},
    {"ProofForms",
     R"(people: {alice: {accounts: ['github:alice']}}
changes:
  feature: {default: true}
  rollback: {proof: 30d, limit: 3, review_within: 3}
)",
     R"(p.yaml:11:21: error: expected a proof, found a text [wrong_kind]
  11 |   rollback: {proof: 30d, limit: 3, review_within: 3}
     |                     ^
     = write a mapping with 'released_before', 'approvals' or 'from'

p.yaml:11:33: error: expected a limit of a class, found a text [wrong_kind]
  11 |   rollback: {proof: 30d, limit: 3, review_within: 3}
     |                                 ^
     = write a mapping with 'count' or 'per'

p.yaml:11:51: error: '3' is not a duration such as 5m or 1h30m [bad_duration]
  11 |   rollback: {proof: 30d, limit: 3, review_within: 3}
     |                                                   ^
     = add the unit: s, m, h, d or w
)"},
};

INSTANTIATE_TEST_SUITE_P(All, BadOverrides, testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace slogate
