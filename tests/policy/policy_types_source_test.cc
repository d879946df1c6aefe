#include <string>

#include <gtest/gtest.h>

#include "tests/policy/refused_file.h"

namespace slogate {
namespace {

class BadSource : public testing::TestWithParam<RefusedFile> {};

TEST_P(BadSource, Says) { ExpectRefused(GetParam()); }

const RefusedFile kCases[] = {
    {"CredentialInUrl",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: 'https://ops:hunter2@h:9090'}}\n"
     "rules:\n"
     "  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}\n",
     "p.yaml:4:24: error: the URL holds an '@', and with it a user name or password "
     "[credential_in_url]\n"
     "  4 | sources: {main: {url: 'https://***@h:9090'}}\n"
     "    |                        ^\n"
     "    = give credentials under auth:, as {file: PATH} or {env: NAME}\n"},
    {"UserAloneInUrl",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: 'https://hunter2@h'}}\n"
     "rules:\n"
     "  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}\n",
     "p.yaml:4:24: error: the URL holds an '@', and with it a user name or password "
     "[credential_in_url]\n"
     "  4 | sources: {main: {url: 'https://***@h'}}\n"
     "    |                        ^\n"
     "    = give credentials under auth:, as {file: PATH} or {env: NAME}\n"},
    {"BrokenUrlWithCredential",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: 'ops:hunter2@h'}}\n"
     "rules:\n"
     "  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}\n",
     "p.yaml:4:24: error: the URL holds an '@', and with it a user name or password "
     "[credential_in_url]\n"
     "  4 | sources: {main: {url: '***@h'}}\n"
     "    |                        ^\n"
     "    = give credentials under auth:, as {file: PATH} or {env: NAME}\n"},
    {"QueryInUrl",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: 'https://h/?token=hunter2'}}\n"
     "rules:\n"
     "  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}\n",
     "p.yaml:4:24: error: the URL has a query or a fragment [bad_url]\n"
     "  4 | sources: {main: {url: 'https://h/?token=***'}}\n"
     "    |                        ^\n"
     "    = leave off what follows '?' or '#'; credentials go under auth: or headers:\n"},
    {"UrlForms",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources:\n"
     "  s0: {url: h:9090}\n"
     "  s1: {url: ftp://h}\n"
     "  s2: {url: 'http://'}\n"
     "  s3: {url: 'http://:9090'}\n"
     "  s4: {url: http://h:0}\n"
     "  s5: {url: http://h:99999}\n"
     "  s6: {url: http://h:x}\n"
     "  s7: {url: 'http://h/a b'}\n"
     "  s8: {url: 'http://h/#x'}\n"
     "  s9: {url: 'http://h/$(id)\\x'}\n"
     "  s10: {url: http://a_-.b-/}\n"
     "rules:\n"
     "  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}\n",
     "p.yaml:5:7: error: the policy has 11 sources and no environments that choose between them "
     "[one_source]\n"
     "  5 |   s0: {url: h:9090}\n"
     "    |       ^\n"
     "    = add environments:, each with its sources, or leave one source\n"
     "\n"
     "p.yaml:5:13: error: the URL does not begin with http:// or https:// [bad_url]\n"
     "  5 |   s0: {url: h:9090}\n"
     "    |             ^\n"
     "    = write it like https://prometheus.example:9090\n"
     "\n"
     "p.yaml:6:13: error: the URL does not begin with http:// or https:// [bad_url]\n"
     "  6 |   s1: {url: ftp://h}\n"
     "    |             ^\n"
     "    = write it like https://prometheus.example:9090\n"
     "\n"
     "p.yaml:7:14: error: the URL has no host [bad_url]\n"
     "  7 |   s2: {url: 'http://'}\n"
     "    |              ^\n"
     "    = write it like https://prometheus.example:9090\n"
     "\n"
     "p.yaml:8:14: error: the URL has no host [bad_url]\n"
     "  8 |   s3: {url: 'http://:9090'}\n"
     "    |              ^\n"
     "    = write it like https://prometheus.example:9090\n"
     "\n"
     "p.yaml:9:13: error: the URL's port is not a number from 1 to 65535 [bad_url]\n"
     "  9 |   s4: {url: http://h:0}\n"
     "    |             ^\n"
     "    = write it like https://prometheus.example:9090\n"
     "\n"
     "p.yaml:10:13: error: the URL's port is not a number from 1 to 65535 [bad_url]\n"
     "  10 |   s5: {url: http://h:99999}\n"
     "     |             ^\n"
     "     = write it like https://prometheus.example:9090\n"
     "\n"
     "p.yaml:11:13: error: the URL's port is not a number from 1 to 65535 [bad_url]\n"
     "  11 |   s6: {url: http://h:x}\n"
     "     |             ^\n"
     "     = write it like https://prometheus.example:9090\n"
     "\n"
     "p.yaml:12:14: error: the URL holds a character that has no place in one [bad_url]\n"
     "  12 |   s7: {url: 'http://h/a b'}\n"
     "     |              ^\n"
     "     = encode it as %XX\n"
     "\n"
     "p.yaml:13:14: error: the URL has a query or a fragment [bad_url]\n"
     "  13 |   s8: {url: 'http://h/#x'}\n"
     "     |              ^\n"
     "     = leave off what follows '?' or '#'; credentials go under auth: or headers:\n"
     "\n"
     "p.yaml:14:14: error: the URL holds a character that has no place in one [bad_url]\n"
     "  14 |   s9: {url: 'http://h/$(id)\\x'}\n"
     "     |              ^\n"
     "     = encode it as %XX\n"
     "\n"
     "p.yaml:15:14: error: the URL's host is not a host's name or address [bad_url]\n"
     "  15 |   s10: {url: http://a_-.b-/}\n"
     "     |              ^\n"
     "     = write it like https://prometheus.example:9090\n"},
    {"LiteralToken",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h, auth: {bearer_token: hunter2}}}\n"
     "rules:\n"
     "  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}\n",
     "p.yaml:4:54: error: a secret must be named here, not written out [literal_secret]\n"
     "  4 | sources: {main: {url: http://h, auth: {bearer_token: ***}}}\n"
     "    |                                                      ^\n"
     "    = write {file: PATH} or {env: NAME}; the secret itself never stands in a policy\n"},
    {"LiteralPassword",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h, auth: {basic: {username: u, password: \"hunter2\"}}}}\n"
     "rules:\n"
     "  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}\n",
     "p.yaml:4:71: error: a secret must be named here, not written out [literal_secret]\n"
     "  4 | sources: {main: {url: http://h, auth: {basic: {username: u, password: ***}}}}\n"
     "    |                                                                       ^\n"
     "    = write {file: PATH} or {env: NAME}; the secret itself never stands in a policy\n"},
    {"TokenInSet",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h, auth: {bearer_token: {hunter2}}}}\n"
     "rules:\n"
     "  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}\n",
     "p.yaml:4:55: error: unknown key in a secret [unknown_key]\n"
     "  4 | sources: {main: {url: http://h, auth: {bearer_token: ***\n"
     "    |                                                      ^\n"
     "    = known here: file, env\n"},
    {"TokenUnderOtherKey",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h, auth: {bearer_token: {value: hunter2}}}}\n"
     "rules:\n"
     "  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}\n",
     "p.yaml:4:55: error: unknown key in a secret [unknown_key]\n"
     "  4 | sources: {main: {url: http://h, auth: {bearer_token: ***\n"
     "    |                                                      ^\n"
     "    = known here: file, env\n"},
    {"MisspeltTokenKey",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h, auth: {bearer_tokn: hunter2}}}\n"
     "rules:\n"
     "  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}\n",
     "p.yaml:4:40: error: unknown key 'bearer_tokn'; did you mean 'bearer_token'? [unknown_key]\n"
     "  4 | sources: {main: {url: http://h, auth: {bearer_tokn: ***}}}\n"
     "    |                                        ^\n"},
    {"AuthAsText",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h, auth: hunter2}}\n"
     "rules:\n"
     "  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}\n",
     "p.yaml:4:39: error: expected authentication, found a text [wrong_kind]\n"
     "  4 | sources: {main: {url: http://h, auth: ***}}\n"
     "    |                                       ^\n"
     "    = write a mapping with 'bearer_token', 'basic', 'sigv4' or 'oauth2'\n"},
    {"TokenOnItsOwnLine",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h, auth: {bearer_token:\n"
     "  hunter2}}}\n"
     "rules:\n"
     "  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}\n",
     "p.yaml:5:3: error: a secret must be named here, not written out [literal_secret]\n"
     "  5 |   ***\n"
     "    |   ^\n"
     "    = write {file: PATH} or {env: NAME}; the secret itself never stands in a policy\n"},
    {"TokenAsBlock",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources:\n"
     "  main:\n"
     "    url: http://h\n"
     "    auth:\n"
     "      bearer_token: |\n"
     "        hunter2\n"
     "        hunter3\n"
     "rules:\n"
     "  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}\n",
     "p.yaml:8:21: error: a secret must be named here, not written out [literal_secret]\n"
     "  8 |       bearer_token: ***\n"
     "    |                     ^\n"
     "    = write {file: PATH} or {env: NAME}; the secret itself never stands in a policy\n"},
    {"VariableWithDollar",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h, auth: {bearer_token: {env: $hunter2}}}}\n"
     "rules:\n"
     "  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}\n",
     "p.yaml:4:60: error: this is not the name of an environment variable [bad_name]\n"
     "  4 | sources: {main: {url: http://h, auth: {bearer_token: ***\n"
     "    |                                                      ^\n"
     "    = letters, digits and '_', not beginning with a digit, without '$'\n"},
    {"TwoSecrets",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h, auth: {bearer_token: {file: /x, env: Y}}}}\n"
     "rules:\n"
     "  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}\n",
     "p.yaml:4:65: error: 'env' beside 'file': a secret has exactly one of 'file' and 'env' "
     "[one_of]\n"
     "  4 | sources: {main: {url: http://h, auth: {bearer_token: {file: /x, env: Y}}}}\n"
     "    |                                                                 ^\n"
     "    = keep one of them\n"
     "\n"
     "p.yaml:4:70: error: this without quotes is true or false to readers of YAML [unquoted]\n"
     "  4 | sources: {main: {url: http://h, auth: {bearer_token: {file: /x, env: Y}}}}\n"
     "    |                                                                      ^\n"
     "    = put it in quotes\n"},
    {"NoPassword",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h, auth: {basic: {username: u}}}}\n"
     "rules:\n"
     "  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}\n",
     "p.yaml:4:47: error: basic authentication needs 'password' [missing_key]\n"
     "  4 | sources: {main: {url: http://h, auth: {basic: {username: u}}}}\n"
     "    |                                               ^\n"
     "    = 'password' is a secret\n"},
};

INSTANTIATE_TEST_SUITE_P(All, BadSource, testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace slogate
