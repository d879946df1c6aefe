// Ledgers, people and their accounts that are refused.
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
)";

class BadPeople : public testing::TestWithParam<RefusedFile> {};

TEST_P(BadPeople, Says) {
  const std::string text = absl::StrCat(kHead, GetParam().text);
  ExpectRefused({GetParam().name, text.c_str(), GetParam().want});
}

const RefusedFile kCases[] = {
    {"LedgerForms",
     R"(ledger: acme
)",
     R"(p.yaml:7:9: error: expected a ledger, found a text [wrong_kind]
  7 | ledger: acme
    |         ^
    = write a mapping with 'id' or 'genesis'
)"},
    {"LedgerWithoutId",
     R"(ledger: {genesis: 5F0C}
)",
     R"(p.yaml:7:9: error: a ledger needs 'id' [missing_key]
  7 | ledger: {genesis: 5F0C}
    |         ^
    = 'id' is a name

p.yaml:7:19: error: '5F0C' is not the hash of a record [bad_hash]
  7 | ledger: {genesis: 5F0C}
    |                   ^
    = 64 digits from 0 to 9 and a to f, as 'slogate ledger init' prints them
)"},
    {"LedgerIds",
     R"(ledger: {id: 'acme/ledger', genesis: 'gggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggg'}
)",
     R"(p.yaml:7:15: error: 'acme/ledger' is not a name [bad_name]
  7 | ledger: {id: 'acme/ledger', genesis: 'gggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggg'}
    |               ^
    = letters, digits, '.', '_' and '-', at most 63, beginning with a letter or digit

p.yaml:7:39: error: 'gggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggg' is not the hash of a record [bad_hash]
  7 | ledger: {id: 'acme/ledger', genesis: 'gggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggg'}
    |                                       ^
    = 64 digits from 0 to 9 and a to f, as 'slogate ledger init' prints them
)"},
    {"GenesisThatYamlTakesForANumber",
     R"(ledger: {id: acme, genesis: 1111111111111111111111111111111111111111111111111111111111111111}
)",
     R"(p.yaml:7:29: error: '1111111111111111111111111111111111111111111111111111111111111111' without quotes is a number to readers of YAML [unquoted]
  7 | ledger: {id: acme, genesis: 1111111111111111111111111111111111111111111111111111111111111111}
    |                             ^
    = write '1111111111111111111111111111111111111111111111111111111111111111', with the quotes
)"},
    {"PeopleAsAList",
     R"(ledger: {id: acme}
people: [alice]
)",
     R"(p.yaml:8:9: error: expected a mapping of names to people, found a list [wrong_kind]
  8 | people: [alice]
    |         ^
)"},
    {"PersonWithoutAccounts",
     R"(ledger: {id: acme}
people:
  alice: {groups: [sre]}
  bob: {accounts: []}
  carol: 'github:carol'
)",
     R"(p.yaml:9:10: error: a person needs 'accounts' [missing_key]
  9 |   alice: {groups: [sre]}
    |          ^
    = 'accounts' is a list of accounts

p.yaml:10:19: error: expected a list of accounts, found an empty list [empty_list]
  10 |   bob: {accounts: []}
     |                   ^

p.yaml:11:10: error: expected a person, found a text [wrong_kind]
  11 |   carol: 'github:carol'
     |          ^
     = write a mapping with 'accounts' or 'groups'
)"},
    {"PersonNames",
     R"(ledger: {id: acme}
people:
  alice smith: {accounts: ['github:alice'], groups: [sre on call]}
)",
     R"(p.yaml:9:3: error: 'alice smith' is not a name [bad_name]
  9 |   alice smith: {accounts: ['github:alice'], groups: [sre on call]}
    |   ^
    = letters, digits, '.', '_' and '-', at most 63, beginning with a letter or digit

p.yaml:9:54: error: 'sre on call' is not a name [bad_name]
  9 |   alice smith: {accounts: ['github:alice'], groups: [sre on call]}
    |                                                      ^
    = letters, digits, '.', '_' and '-', at most 63, beginning with a letter or digit
)"},
    {"AccountForms",
     R"(ledger: {id: acme}
people:
  a: {accounts: [alice, 'githbu:alice', 'ldap:alice', 'github:', ':alice', github: alice]}
)",
     R"(p.yaml:9:18: error: 'alice' is not an account such as github:alice [bad_account]
  9 |   a: {accounts: [alice, 'githbu:alice', 'ldap:alice', 'github:', ':alice', github: alice]}
    |                  ^
    = SYSTEM:NAME without blanks; the systems are github, jenkins, circleci, gitlab, postgresql, local

p.yaml:9:26: error: 'githbu' has no accounts that slogate knows; did you mean 'github'? [bad_account]
  9 |   a: {accounts: [alice, 'githbu:alice', 'ldap:alice', 'github:', ':alice', github: alice]}
    |                          ^
    = SYSTEM:NAME without blanks; the systems are github, jenkins, circleci, gitlab, postgresql, local

p.yaml:9:42: error: 'ldap' has no accounts that slogate knows [bad_account]
  9 |   a: {accounts: [alice, 'githbu:alice', 'ldap:alice', 'github:', ':alice', github: alice]}
    |                                          ^
    = SYSTEM:NAME without blanks; the systems are github, jenkins, circleci, gitlab, postgresql, local

p.yaml:9:56: error: 'github:' is not an account such as github:alice [bad_account]
  9 |   a: {accounts: [alice, 'githbu:alice', 'ldap:alice', 'github:', ':alice', github: alice]}
    |                                                        ^
    = SYSTEM:NAME without blanks; the systems are github, jenkins, circleci, gitlab, postgresql, local

p.yaml:9:67: error: ':alice' is not an account such as github:alice [bad_account]
  9 |   a: {accounts: [alice, 'githbu:alice', 'ldap:alice', 'github:', ':alice', github: alice]}
    |                                                                   ^
    = SYSTEM:NAME without blanks; the systems are github, jenkins, circleci, gitlab, postgresql, local

p.yaml:9:76: error: expected an account such as github:alice, found a mapping [wrong_kind]
  9 |   a: {accounts: [alice, 'githbu:alice', 'ldap:alice', 'github:', ':alice', github: alice]}
    |                                                                            ^
    = SYSTEM:NAME without blanks; the systems are github, jenkins, circleci, gitlab, postgresql, local
)"},
    {"AccountNames",
     R"(ledger: {id: acme}
people:
  a: {accounts: ['local:al ice', "local:al\tice", "local:al\u00A0ice", "local:al\u200Bice", "local:al\u202Eice"]}
)",
     R"(p.yaml:9:19: error: this account's name holds a blank, or a character that cannot be seen [bad_account]
  9 |   a: {accounts: ['local:al ice', "local:al\tice", "local:al\u00A0ice", "local:al\u200Bice", "local:al\…
    |                   ^
    = SYSTEM:NAME without blanks; the systems are github, jenkins, circleci, gitlab, postgresql, local

p.yaml:9:34: error: this account's name holds a blank, or a character that cannot be seen [bad_account]
  9 |   a: {accounts: ['local:al ice', "local:al\tice", "local:al\u00A0ice", "local:al\u200Bice", "local:al\…
    |                                  ^
    = SYSTEM:NAME without blanks; the systems are github, jenkins, circleci, gitlab, postgresql, local

p.yaml:9:51: error: this account's name holds a blank, or a character that cannot be seen [bad_account]
  9 |   a: {accounts: ['local:al ice', "local:al\tice", "local:al\u00A0ice", "local:al\u200Bice", "local:al\…
    |                                                   ^
    = SYSTEM:NAME without blanks; the systems are github, jenkins, circleci, gitlab, postgresql, local

p.yaml:9:72: error: this account's name holds a blank, or a character that cannot be seen [bad_account]
  9 | …: {accounts: ['local:al ice', "local:al\tice", "local:al\u00A0ice", "local:al\u200Bice", "local:al\u20…
    |                                                                      ^
    = SYSTEM:NAME without blanks; the systems are github, jenkins, circleci, gitlab, postgresql, local

p.yaml:9:93: error: this account's name holds a blank, or a character that cannot be seen [bad_account]
  9 | …nts: ['local:al ice', "local:al\tice", "local:al\u00A0ice", "local:al\u200Bice", "local:al\u202Eice"]}
    |                                                                                   ^
    = SYSTEM:NAME without blanks; the systems are github, jenkins, circleci, gitlab, postgresql, local
)"},
};

INSTANTIATE_TEST_SUITE_P(All, BadPeople, testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace slogate
