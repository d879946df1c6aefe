// What kind and auth of a source may be, and what not.
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "tests/policy/refused_file.h"

namespace slogate {
namespace {

class BadAuth : public testing::TestWithParam<RefusedFile> {};

TEST_P(BadAuth, Says) { ExpectRefused(GetParam()); }

const RefusedFile kCases[] = {
    {"AnotherKind",
     R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: a}
sources: {main: {url: http://h, kind: cortex}}
rules:
  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}
)",
     R"(p.yaml:4:39: error: 'cortex' is not prometheus, victoriametrics, thanos or mimir [bad_word]
  4 | sources: {main: {url: http://h, kind: cortex}}
    |                                       ^
    = what else speaks Prometheus' API is prometheus; Cortex is mimir
)"},
    {"NoRegion",
     R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: a}
sources: {main: {url: http://h, auth: {sigv4: {access_key_id: {env: A}, secret_access_key: {env: B}}}}}
rules:
  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}
)",
     R"(p.yaml:4:47: error: signing for AWS needs 'region' [missing_key]
  4 | sources: {main: {url: http://h, auth: {sigv4: {access_key_id: {env: A}, secret_access_key: {env: B}}}}}
    |                                               ^
    = 'region' is a region such as eu-central-1
)"},
    {"RegionWithABlank",
     R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: a}
sources: {main: {url: http://h, auth: {sigv4: {region: 'eu central', access_key_id: {env: A}, secret_access_key: {env: B}}}}}
rules:
  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}
)",
     R"(p.yaml:4:57: error: 'eu central' is not a region such as eu-central-1 [bad_name]
  4 | sources: {main: {url: http://h, auth: {sigv4: {region: 'eu central', access_key_id: {env: A}, secret_a…
    |                                                         ^
    = lower-case letters, digits and '-'
)"},
    {"KeyWrittenOut",
     R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: a}
sources: {main: {url: http://h, auth: {sigv4: {region: eu-central-1, access_key_id: hunter2, secret_access_key: {env: B}}}}}
rules:
  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}
)",
     R"(p.yaml:4:85: error: a secret must be named here, not written out [literal_secret]
  4 | …{url: http://h, auth: {sigv4: {region: eu-central-1, access_key_id: ***, secret_access_key: {env: B}}}…
    |                                                                      ^
    = write {file: PATH} or {env: NAME}; the secret itself never stands in a policy
)"},
    {"UnknownKeyOfSigV4",
     R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: a}
sources: {main: {url: http://h, auth: {sigv4: {region: eu-central-1, profile: prod, access_key_id: {env: A}, secret_access_key: {env: B}}}}}
rules:
  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}
)",
     R"(p.yaml:4:70: error: unknown key in signing for AWS [unknown_key]
  4 | …ources: {main: {url: http://h, auth: {sigv4: {region: eu-central-1, profile: prod, access_key_id: {env…
    |                                                                      ^
    = known here: region, service, access_key_id, secret_access_key, session_token
)"},
    {"TokenUrlWithPassword",
     R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: a}
sources: {main: {url: http://h, auth: {oauth2: {token_url: 'https://ops:hunter2@h/token', client_id: gate, client_secret: {env: A}}}}}
rules:
  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}
)",
     R"(p.yaml:4:61: error: the URL holds an '@', and with it a user name or password [credential_in_url]
  4 | sources: {main: {url: http://***@h/token', client_id: gate, client_secret: {env: A}}}}}
    |                              ^
    = give credentials under auth:, as {file: PATH} or {env: NAME}
)"},
    {"TokenUrlWithQuery",
     R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: a}
sources: {main: {url: http://h, auth: {oauth2: {token_url: 'https://h/token?x=1', client_id: gate, client_secret: {env: A}}}}}
rules:
  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}
)",
     R"(p.yaml:4:61: error: the URL has a query or a fragment [bad_url]
  4 | sources: {main: {url: http://h, auth: {oauth2: {token_url: 'https://h/token?x=1', client_id: gate, cli…
    |                                                             ^
    = leave off what follows '?' or '#'; credentials go under auth: or headers:
)"},
    {"NoClientSecret",
     R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: a}
sources: {main: {url: http://h, auth: {oauth2: {token_url: 'https://h/token', client_id: gate}}}}
rules:
  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}
)",
     R"(p.yaml:4:48: error: OAuth 2.0 client credentials needs 'client_secret' [missing_key]
  4 | sources: {main: {url: http://h, auth: {oauth2: {token_url: 'https://h/token', client_id: gate}}}}
    |                                                ^
    = 'client_secret' is a secret
)"},
    {"ScopesAsText",
     R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: a}
sources: {main: {url: http://h, auth: {oauth2: {token_url: 'https://h/token', client_id: gate, client_secret: {env: A}, scopes: read}}}}
rules:
  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}
)",
     R"(p.yaml:4:129: error: expected a list of scopes, found a text [wrong_kind]
  4 | …th: {oauth2: {token_url: 'https://h/token', client_id: gate, client_secret: {env: A}, scopes: read}}}}
    |                                                                                                ^
    = write a list: in brackets, or each entry on a line of its own after '- '
)"},
    {"NoScopes",
     R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: a}
sources: {main: {url: http://h, auth: {oauth2: {token_url: 'https://h/token', client_id: gate, client_secret: {env: A}, scopes: []}}}}
rules:
  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}
)",
     R"(p.yaml:4:129: error: expected a list of scopes, found an empty list [empty_list]
  4 | …auth: {oauth2: {token_url: 'https://h/token', client_id: gate, client_secret: {env: A}, scopes: []}}}}
    |                                                                                                  ^
)"},
    {"ScopeWithABlank",
     R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: a}
sources: {main: {url: http://h, auth: {oauth2: {token_url: 'https://h/token', client_id: gate, client_secret: {env: A}, scopes: ['a b']}}}}
rules:
  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}
)",
     R"(p.yaml:4:131: error: 'a b' is not a scope [bad_text]
  4 | … {oauth2: {token_url: 'https://h/token', client_id: gate, client_secret: {env: A}, scopes: ['a b']}}}}
    |                                                                                               ^
    = printable ASCII without blanks
)"},
    {"TwoWaysToSayWho",
     R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: a}
sources: {main: {url: http://h, auth: {bearer_token: {env: A}, sigv4: {region: eu-central-1, access_key_id: {env: A}, secret_access_key: {env: B}}}}}
rules:
  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}
)",
     R"(p.yaml:4:64: error: 'sigv4' beside 'bearer_token': authentication has exactly one of 'bearer_token', 'basic', 'sigv4' and 'oauth2' [one_of]
  4 | sources: {main: {url: http://h, auth: {bearer_token: {env: A}, sigv4: {region: eu-central-1, access_ke…
    |                                                                ^
    = keep one of them
)"},
};

INSTANTIATE_TEST_SUITE_P(All, BadAuth, testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(Auth, IsReadWhole) {
  const SourceFile file = {"p.yaml", R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: a}
sources:
  amp:
    url: https://amp.example
    auth: {sigv4: {region: eu-central-1, access_key_id: {env: A}, secret_access_key: {file: /run/b}, session_token: {env: C}}}
  azure:
    url: https://azure.example
    kind: thanos
    auth: {oauth2: {token_url: 'https://login.example/t', client_id: gate, client_secret: {env: D}, scopes: [a/.default, b], audience: x}}
environments:
  production: {sources: [amp, azure], combine: sum}
rules:
  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}
)"};
  const Parsed<PolicyFiles> loaded = LoadPolicyFiles({file});
  ASSERT_TRUE(loaded.value.has_value()) << Render(loaded.diagnostics, {file});
  const auto& sources = loaded.value->policy->sources;
  EXPECT_EQ(sources.at("amp").kind, ServerKind::kPrometheus);
  EXPECT_EQ(sources.at("azure").kind, ServerKind::kThanos);
  const auto& keys = std::get<SigV4Auth>(sources.at("amp").auth);
  EXPECT_EQ(keys.region, "eu-central-1");
  EXPECT_EQ(keys.service, "aps");
  EXPECT_EQ(keys.access_key_id.name, "A");
  EXPECT_EQ(keys.secret_access_key.name, "/run/b");
  EXPECT_EQ(keys.session_token->name, "C");
  const auto& client = std::get<OAuth2Auth>(sources.at("azure").auth);
  EXPECT_EQ(client.token_url.value, "https://login.example/t");
  EXPECT_EQ(client.client_id, "gate");
  EXPECT_EQ(client.client_secret.name, "D");
  EXPECT_EQ(client.scopes, (std::vector<std::string>{"a/.default", "b"}));
  EXPECT_EQ(client.audience, "x");
}

}  // namespace
}  // namespace slogate
