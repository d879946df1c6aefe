#include <string>

#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include "tests/policy/check_case.h"

namespace slogate {
namespace {

std::string PolicyWith(const std::string& source) {
  return absl::StrCat(R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: acme}
sources:
  main:
)",
                      source, kRules);
}

TEST(CheckSources, TlsAndProxyAreRead) {
  const Parsed<PolicyFiles> loaded = LoadPolicyFiles({{"policy.yaml", PolicyWith(R"(
    url: https://prometheus.example
    tls: {ca_file: /run/ca.pem, cert_file: /run/us.pem, key_file: /run/us.key}
    proxy: 'http://proxy.example:3128'
)")}});
  ASSERT_TRUE(loaded.value.has_value());
  const SourceConfig& source = loaded.value->policy->sources.at("main");
  ASSERT_TRUE(source.tls.has_value());
  EXPECT_EQ(source.tls->ca_file.value, "/run/ca.pem");
  EXPECT_EQ(source.tls->cert_file.value, "/run/us.pem");
  EXPECT_EQ(source.tls->key_file.value, "/run/us.key");
  EXPECT_EQ(source.proxy.value, "http://proxy.example:3128");
}

class CheckSourcesTest : public testing::TestWithParam<CheckCase> {};

TEST_P(CheckSourcesTest, Diagnostics) { ExpectDiagnostics(GetParam()); }

const CheckCase kBad[] = {
    {"tls_for_http",
     {{"policy.yaml",
       PolicyWith("    url: http://prometheus.example\n    tls: {ca_file: a.pem}\n")}},
     R"(policy.yaml:7:10: error: tls: has no meaning for a source that is not https [tls_without_https]
  7 |     tls: {ca_file: a.pem}
    |          ^
    = write its URL with https://, or remove tls:
)"},
    {"a_certificate_without_a_key",
     {{"policy.yaml",
       PolicyWith("    url: https://prometheus.example\n    tls: {cert_file: a.pem}\n")}},
     R"(policy.yaml:7:22: error: cert_file stands here without its key_file [tls_pair]
  7 |     tls: {cert_file: a.pem}
    |                      ^
    = a client certificate needs both; they may name the same file
)"},
    {"a_key_without_a_certificate",
     {{"policy.yaml", PolicyWith("    url: https://prometheus.example\n"
                                 "    tls: {ca_file: a.pem, key_file: a.key}\n")}},
     R"(policy.yaml:7:37: error: key_file stands here without its cert_file [tls_pair]
  7 |     tls: {ca_file: a.pem, key_file: a.key}
    |                                     ^
    = a client certificate needs both; they may name the same file
)"},
    {"nothing",
     {{"policy.yaml", PolicyWith("    url: https://prometheus.example\n    tls: {}\n")}},
     R"(policy.yaml:7:10: error: tls: names no file [tls_empty]
  7 |     tls: {}
    |          ^
    = name ca_file, or cert_file and key_file, or remove tls:
)"},
};

INSTANTIATE_TEST_SUITE_P(Bad, CheckSourcesTest, testing::ValuesIn(kBad), CheckCaseName);

// Two sources, and an environment that names them.
std::string PolicyOfTwo(const std::string& environment) {
  return absl::StrCat(R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: acme}
sources:
  eu: {url: 'https://eu.example'}
  us: {url: 'https://us.example'}
environments:
  production: )",
                      environment, "\n", kRules);
}

const CheckCase kBadEnvironments[] = {
    {"two_sources_and_nothing_else",
     {{"policy.yaml", PolicyOfTwo("{sources: [eu, us]}")}},
     R"(policy.yaml:8:30: error: environment 'production' names 2 sources and does not say how they make one count [combine_missing]
  8 |   production: {sources: [eu, us]}
    |                              ^
    = add combine: sum where each has events of its own (one a region), or combine: worst where all have the same events (two replicas)
)"},
    {"one_source_and_combine",
     {{"policy.yaml", PolicyOfTwo("{sources: [eu], combine: sum}")}},
     R"(policy.yaml:8:40: error: environment 'production' has one source, and so no use for combine [combine_alone]
  8 |   production: {sources: [eu], combine: sum}
    |                                        ^
    = remove combine:, or name more sources
)"},
    {"one_source_and_delay",
     {{"policy.yaml", PolicyOfTwo("{sources: [eu], delay: 30s}")}},
     R"(policy.yaml:8:38: error: environment 'production' has one source, and so no use for delay [combine_alone]
  8 |   production: {sources: [eu], delay: 30s}
    |                                      ^
    = remove delay:, or name more sources
)"},
    // Added, its events would count twice.
    {"the_same_source_twice",
     {{"policy.yaml", PolicyOfTwo("{sources: [eu, eu], combine: sum}")}},
     R"(policy.yaml:8:30: error: 'eu' stands here twice [duplicate_entry]
  8 |   production: {sources: [eu, eu], combine: sum}
    |                              ^
    = remove one
)"},
    {"an_unknown_source_among_others",
     {{"policy.yaml", PolicyOfTwo("{sources: [eu, uss], combine: worst}")}},
     R"(policy.yaml:8:30: error: the policy has no source 'uss'; did you mean 'us'? [unknown_source]
  8 |   production: {sources: [eu, uss], combine: worst}
    |                              ^
    = name one of 'eu', 'us'
)"},
    {"another_way_to_combine",
     {{"policy.yaml", PolicyOfTwo("{sources: [eu, us], combine: mean}")}},
     R"(policy.yaml:8:44: error: 'mean' is not sum or worst [bad_word]
  8 |   production: {sources: [eu, us], combine: mean}
    |                                            ^
    = sum where each source has events of its own, worst where all have the same
)"},
    {"a_delay_without_unit",
     {{"policy.yaml", PolicyOfTwo("{sources: [eu, us], combine: sum, delay: 60}")}},
     R"(policy.yaml:8:56: error: '60' is not a duration from 1s to 10m [bad_duration]
  8 |   production: {sources: [eu, us], combine: sum, delay: 60}
    |                                                        ^
    = add the unit: s, m, h, d or w
)"},
    {"a_delay_that_hides_what_happens",
     {{"policy.yaml", PolicyOfTwo("{sources: [eu, us], combine: sum, delay: 1h}")}},
     R"(policy.yaml:8:56: error: '1h' is not a duration from 1s to 10m [bad_duration]
  8 |   production: {sources: [eu, us], combine: sum, delay: 1h}
    |                                                        ^
    = whole numbers with units in falling order (d, h, m, s), or weeks (1w)
)"},
};

INSTANTIATE_TEST_SUITE_P(BadEnvironments, CheckSourcesTest, testing::ValuesIn(kBadEnvironments),
                         CheckCaseName);

TEST(CheckSources, SeveralSourcesAreRead) {
  const Parsed<PolicyFiles> loaded = LoadPolicyFiles(
      {{"policy.yaml", PolicyOfTwo("{sources: [us, eu], combine: worst, delay: 90s}")}});
  ASSERT_TRUE(loaded.value.has_value());
  const EnvironmentConfig& production = loaded.value->policy->environments.at("production");
  ASSERT_EQ(production.sources.size(), 2u);
  EXPECT_EQ(production.sources[0].value, "us");
  EXPECT_EQ(production.combine->value, Combining::kWorst);
  EXPECT_EQ(production.delay->value, absl::Seconds(90));
}

// Nobody signs a stream of samples; a source that is asked by PromQL alone, or may be, is none the worse.
TEST(CheckSources, SamplesNeedAnAuthThatCarriesThem) {
  const auto ids = [](const std::string& counting, const std::string& auth) {
    const Parsed<PolicyFiles> loaded = LoadPolicyFiles(
        {{"policy.yaml", PolicyWith(absl::StrCat("    url: https://prometheus.example\n"
                                                 "    counting: ",
                                                 counting, "\n    auth: ", auth, "\n"))}});
    std::vector<std::string> found;
    for (const Diagnostic& diagnostic : loaded.diagnostics) found.push_back(diagnostic.id);
    return found;
  };
  const std::string sigv4 =
      "{sigv4: {region: eu-west-1, access_key_id: {env: ID}, secret_access_key: {env: KEY}}}";
  const std::string oauth2 =
      "{oauth2: {token_url: 'https://login.example/token', client_id: gate, client_secret: {env: "
      "SECRET}}}";
  const std::vector<std::string> none, refused = {"no_samples"};
  EXPECT_EQ(ids("samples", sigv4), refused);
  EXPECT_EQ(ids("samples", oauth2), refused);
  EXPECT_EQ(ids("auto", sigv4), none);
  EXPECT_EQ(ids("promql", oauth2), none);
  EXPECT_EQ(ids("samples", "{bearer_token: {env: TOKEN}}"), none);
}

// What could not be read is not missed besides.
TEST(CheckSources, AMistakeInOneFileIsTheOnlyOne) {
  const SourceFile file = {"policy.yaml",
                           PolicyWith("    url: https://prometheus.example\n"
                                      "    tls: {cert_file: a.pem, key_file: ''}\n")};
  const Parsed<PolicyFiles> loaded = LoadPolicyFiles({file});
  ASSERT_EQ(loaded.diagnostics.size(), 1U) << Render(loaded.diagnostics, {file});
  EXPECT_EQ(loaded.diagnostics[0].message, "this path is empty or holds a control character");
}

TEST(CheckSources, ProxiesThatAreNone) {
  struct Case {
    const char* url;
    const char* message;
  };
  const Case cases[] = {
      {"http://ops:hunter2@proxy:3128",
       "the URL holds an '@', and with it a user name or password"},
      {"http://proxy.example", "the URL of a proxy needs its port"},
      {"http://proxy.example:3128/path", "the URL of a proxy ends with its port"},
      {"http://proxy.example:3128?x", "the URL of a proxy ends with its port"},
      {"http://proxy.example:0", "the URL's port is not a number from 1 to 65535"},
      {"socks5://proxy.example:1080", "the URL does not begin with http:// or https://"},
      {"proxy.example:3128", "the URL does not begin with http:// or https://"},
      {"https://proxy.example:3128/", nullptr},
      {"http://[::1]:3128", nullptr},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.url);
    const SourceFile file = {"policy.yaml",
                             PolicyWith(absl::StrCat("    url: https://prometheus.example\n"
                                                     "    proxy: '",
                                                     c.url, "'\n"))};
    const Parsed<PolicyFiles> loaded = LoadPolicyFiles({file});
    EXPECT_EQ(loaded.value.has_value(), c.message == nullptr);
    if (c.message == nullptr) continue;
    ASSERT_EQ(loaded.diagnostics.size(), 1U);
    EXPECT_EQ(loaded.diagnostics[0].message, c.message);
    EXPECT_FALSE(absl::StrContains(Render(loaded.diagnostics, {file}), "hunter2"));
  }
}

}  // namespace
}  // namespace slogate
