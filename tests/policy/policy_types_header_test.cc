#include <string>

#include <gtest/gtest.h>

#include "tests/policy/refused_file.h"

namespace slogate {
namespace {

class BadHeader : public testing::TestWithParam<RefusedFile> {};

TEST_P(BadHeader, Says) { ExpectRefused(GetParam()); }

const RefusedFile kCases[] = {
    {"LiteralHeaders",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h, headers: {Authorization: hunter2, X-Auth-Token: hunter3, "
     "x-api-key: hunter4, Cookie: a=hunter5}}}\n"
     "rules:\n"
     "  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}\n",
     "p.yaml:4:43: error: 'Authorization' looks like a credential and must not be written out "
     "[literal_secret]\n"
     "  4 | sources: {main: {url: http://h, headers: {Authorization: ***, X-Auth-Token: ***, "
     "x-api-key: ***, Cooki…\n"
     "    |                                           ^\n"
     "    = write {file: PATH} or {env: NAME}; the secret itself never stands in a policy\n"
     "\n"
     "p.yaml:4:67: error: 'X-Auth-Token' looks like a credential and must not be written out "
     "[literal_secret]\n"
     "  4 | sources: {main: {url: http://h, headers: {Authorization: ***, X-Auth-Token: ***, "
     "x-api-key: ***, Cooki…\n"
     "    |                                                               ^\n"
     "    = write {file: PATH} or {env: NAME}; the secret itself never stands in a policy\n"
     "\n"
     "p.yaml:4:90: error: 'x-api-key' looks like a credential and must not be written out "
     "[literal_secret]\n"
     "  4 | …{main: {url: http://h, headers: {Authorization: ***, X-Auth-Token: ***, x-api-key: "
     "***, Cookie: ***}}}\n"
     "    |                                                                          ^\n"
     "    = write {file: PATH} or {env: NAME}; the secret itself never stands in a policy\n"
     "\n"
     "p.yaml:4:110: error: 'Cookie' looks like a credential and must not be written out "
     "[literal_secret]\n"
     "  4 | …{main: {url: http://h, headers: {Authorization: ***, X-Auth-Token: ***, x-api-key: "
     "***, Cookie: ***}}}\n"
     "    |                                                                                        "
     "  ^\n"
     "    = write {file: PATH} or {env: NAME}; the secret itself never stands in a policy\n"},
    {"ReservedHeaders",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h, headers: {Host: a, content-TYPE: b}}}\n"
     "rules:\n"
     "  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}\n",
     "p.yaml:4:43: error: slogate sets 'Host' itself [reserved_header]\n"
     "  4 | sources: {main: {url: http://h, headers: {Host: a, content-TYPE: b}}}\n"
     "    |                                           ^\n"
     "    = remove it\n"
     "\n"
     "p.yaml:4:52: error: slogate sets 'content-TYPE' itself [reserved_header]\n"
     "  4 | sources: {main: {url: http://h, headers: {Host: a, content-TYPE: b}}}\n"
     "    |                                                    ^\n"
     "    = remove it\n"},
    {"HeaderForms",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h, headers: {\"X A\": b, X-B: \"c\\r\\nd\", X-C: 1, X-D: [e], "
     "x-c: f}}}\n"
     "rules:\n"
     "  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}\n",
     "p.yaml:4:44: error: 'X A' is not a header's name [bad_name]\n"
     "  4 | sources: {main: {url: http://h, headers: {\"X A\": b, X-B: \"c\\r\\nd\", X-C: 1, X-D: "
     "[e], x-c: f}}}\n"
     "    |                                            ^\n"
     "    = letters, digits and '-', such as X-Scope-OrgID\n"
     "\n"
     "p.yaml:4:58: error: a header's value must not be empty or hold control characters "
     "[bad_text]\n"
     "  4 | sources: {main: {url: http://h, headers: {\"X A\": b, X-B: \"c\\r\\nd\", X-C: 1, X-D: "
     "[e], x-c: f}}}\n"
     "    |                                                          ^\n"
     "\n"
     "p.yaml:4:73: error: this without quotes is a number to readers of YAML [unquoted]\n"
     "  4 | sources: {main: {url: http://h, headers: {\"X A\": b, X-B: \"c\\r\\nd\", X-C: 1, X-D: "
     "[e], x-c: f}}}\n"
     "    |                                                                         ^\n"
     "    = put it in quotes\n"
     "\n"
     "p.yaml:4:81: error: expected a text or a secret, found a list [wrong_kind]\n"
     "  4 | sources: {main: {url: http://h, headers: {\"X A\": b, X-B: \"c\\r\\nd\", X-C: 1, X-D: "
     "[e], x-c: f}}}\n"
     "    |                                                                                 ^\n"
     "\n"
     "p.yaml:4:86: error: header 'x-c' stands here again; first on line 4 [duplicate_key]\n"
     "  4 | sources: {main: {url: http://h, headers: {\"X A\": b, X-B: \"c\\r\\nd\", X-C: 1, X-D: "
     "[e], x-c: f}}}\n"
     "    |                                                                                      "
     "^\n"
     "    = keep one of them; case makes no difference\n"},
    {"Concurrency",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h, concurrency: 0}}\n"
     "rules:\n"
     "  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}\n",
     "p.yaml:4:46: error: '0' is not a whole number from 1 to 16 [bad_number]\n"
     "  4 | sources: {main: {url: http://h, concurrency: 0}}\n"
     "    |                                              ^\n"},
    {"Counting",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {a: {url: http://h, counting: raw}, b: {url: http://h, counting: [auto]}}\n"
     "environments: {e: {sources: [a]}, f: {sources: [b]}}\n"
     "rules:\n"
     "  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}\n",
     "p.yaml:4:40: error: 'raw' is not auto, promql or samples [bad_word]\n"
     "  4 | sources: {a: {url: http://h, counting: raw}, b: {url: http://h, counting: [auto]}}\n"
     "    |                                        ^\n"
     "    = one of auto, promql and samples\n"
     "\n"
     "p.yaml:4:75: error: expected auto, promql or samples, found a list [wrong_kind]\n"
     "  4 | sources: {a: {url: http://h, counting: raw}, b: {url: http://h, counting: [auto]}}\n"
     "    |                                                                           ^\n"
     "    = one of auto, promql and samples\n"},
    {"UnclosedQuoteInToken",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h, auth: {bearer_token: \"hunter2}}}\n"
     "rules:\n"
     "  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}\n",
     "p.yaml:4:54: error: this quote is never closed [yaml_syntax]\n"
     "  4 | sources: {main: {url: http://h, auth: {bearer_token: ***\n"
     "    |                                                      ^\n"
     "    = end the text with the same quote\n"},
    {"SyntaxErrorBesideToken",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h, auth: {bearer_token: hunter2 {}}}\n"
     "rules:\n"
     "  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}\n",
     "p.yaml:4:62: error: did not find expected ',' or '}' while parsing a flow mapping "
     "[yaml_syntax]\n"
     "  4 | sources: {main: {url: http://h, auth: {bearer_token: ***}}}\n"
     "    |                                                      ^\n"
     "    = look for a missing comma or bracket before this place\n"},
};

INSTANTIATE_TEST_SUITE_P(All, BadHeader, testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace slogate
