#include "gate/prometheus/credentials.h"

#include <ostream>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <absl/status/status.h>
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include "tests/testing/fakes.h"

namespace slogate {
namespace {

SourceConfig Config() {
  SourceConfig config;
  config.url.value = "https://prometheus.example";
  return config;
}

Secret FromFile(std::string path) { return {Secret::Kind::kFile, std::move(path), {7, 20}}; }
Secret FromVariable(std::string name) {
  return {Secret::Kind::kEnvironment, std::move(name), {8, 21}};
}

using Headers = std::vector<std::pair<std::string, std::string>>;

TEST(ReadCredentials, NoneNeedsNothing) {
  fake::MemoryFiles files;
  fake::MapEnvironment environment;
  const Parsed<Credentials> read = ReadCredentials(Config(), "policy.yaml", files, environment);
  ASSERT_TRUE(read.value.has_value());
  EXPECT_TRUE(read.value->headers.empty());
  EXPECT_TRUE(read.value->secrets.empty());
  EXPECT_TRUE(files.log.empty());
  EXPECT_TRUE(environment.asked.empty());
}

TEST(ReadCredentials, BearerTokenFromAFileWithoutItsLastNewline) {
  for (const char* ending : {"", "\n", "\r\n"}) {
    fake::MemoryFiles files;
    files.contents["/run/token"] = absl::StrCat("s3cr3t token", ending);
    fake::MapEnvironment environment;
    SourceConfig config = Config();
    config.auth = BearerToken{FromFile("/run/token")};
    const Parsed<Credentials> read = ReadCredentials(config, "policy.yaml", files, environment);
    ASSERT_TRUE(read.value.has_value());
    EXPECT_EQ(read.value->headers, (Headers{{"Authorization", "Bearer s3cr3t token"}}));
    EXPECT_EQ(read.value->secrets, std::vector<std::string>{"s3cr3t token"});
    EXPECT_EQ(read.value->username, "");
    EXPECT_EQ(read.value->password, "");
  }
}

TEST(ReadCredentials, BasicFromTheEnvironmentAndHeadersOfBothKinds) {
  fake::MemoryFiles files;
  files.contents["/run/key"] = "the key";
  fake::MapEnvironment environment({{"PASSWORD", "hunter2"}, {"OTHER", "not asked for"}});
  SourceConfig config = Config();
  config.auth = BasicAuth{"gate", FromVariable("PASSWORD")};
  config.headers["X-Api-Key"] = {FromFile("/run/key"), {9, 1}};
  config.headers["X-Scope-OrgID"] = {std::string("tenant"), {10, 1}};
  const Parsed<Credentials> read = ReadCredentials(config, "policy.yaml", files, environment);
  ASSERT_TRUE(read.value.has_value());
  EXPECT_EQ(read.value->headers, (Headers{{"X-Api-Key", "the key"}, {"X-Scope-OrgID", "tenant"}}));
  EXPECT_EQ(read.value->username, "gate");
  EXPECT_EQ(read.value->password, "hunter2");
  EXPECT_EQ(read.value->secrets, (std::vector<std::string>{"hunter2", "the key"}));
  EXPECT_EQ(environment.asked, std::vector<std::string>{"PASSWORD"});
}

TEST(ReadCredentials, KeysToSignWith) {
  fake::MemoryFiles files;
  files.contents["/run/key"] = "the key\n";
  fake::MapEnvironment environment({{"KEY_ID", "AKID"}, {"SESSION", "the session"}});
  SourceConfig config = Config();
  config.auth = SigV4Auth{"eu-central-1", "aps", FromVariable("KEY_ID"), FromFile("/run/key"),
                          FromVariable("SESSION")};
  const Parsed<Credentials> read = ReadCredentials(config, "policy.yaml", files, environment);
  ASSERT_TRUE(read.value.has_value());
  EXPECT_EQ(read.value->aws_sigv4, "aws:amz:eu-central-1:aps");
  EXPECT_EQ(read.value->username, "AKID");
  EXPECT_EQ(read.value->password, "the key");
  EXPECT_EQ(read.value->headers, (Headers{{"X-Amz-Security-Token", "the session"}}));
  EXPECT_EQ(read.value->secrets, (std::vector<std::string>{"AKID", "the key", "the session"}));

  std::get<SigV4Auth>(config.auth).session_token.reset();
  EXPECT_TRUE(ReadCredentials(config, "policy.yaml", files, environment).value->headers.empty());
}

TEST(ReadCredentials, KeysThatAreMissingAreAllNamed) {
  fake::MemoryFiles files;
  fake::MapEnvironment environment;
  SourceConfig config = Config();
  config.auth = SigV4Auth{"eu-central-1", "aps", FromVariable("KEY_ID"), FromFile("/run/key"),
                          FromVariable("SESSION")};
  const Parsed<Credentials> read = ReadCredentials(config, "policy.yaml", files, environment);
  EXPECT_FALSE(read.value.has_value());
  std::vector<std::string> messages;
  for (const Diagnostic& diagnostic : read.diagnostics) messages.push_back(diagnostic.message);
  EXPECT_EQ(messages,
            (std::vector<std::string>{
                "the environment variable 'KEY_ID' for the access key's id of "
                "https://prometheus.example is not set",
                "the file '/run/key' for the secret access key of https://prometheus.example does "
                "not exist",
                "the environment variable 'SESSION' for the session token of "
                "https://prometheus.example is not set"}));
}

TEST(ReadCredentials, WhatATokenIsAskedForWith) {
  fake::MemoryFiles files;
  fake::MapEnvironment environment;
  environment.variables["SECRET"] = "hunter2";
  SourceConfig config = Config();
  OAuth2Auth client;
  client.token_url.value = "https://login.example/token";
  client.client_id = "gate";
  client.client_secret = FromVariable("SECRET");
  config.auth = client;
  using Form = std::vector<std::pair<std::string, std::string>>;
  const Form least = {
      {"grant_type", "client_credentials"}, {"client_id", "gate"}, {"client_secret", "hunter2"}};
  Parsed<Credentials> read = ReadCredentials(config, "policy.yaml", files, environment);
  ASSERT_TRUE(read.value && read.value->token);
  EXPECT_EQ(read.value->token->url, "https://login.example/token");
  EXPECT_EQ(read.value->token->form, least);
  EXPECT_EQ(read.value->secrets, std::vector<std::string>{"hunter2"});
  EXPECT_TRUE(read.value->headers.empty());

  client.scopes = {"metrics.read", "openid"};
  client.audience = "https://metrics.example";
  config.auth = client;
  read = ReadCredentials(config, "policy.yaml", files, environment);
  Form all = least;
  all.insert(all.end(),
             {{"scope", "metrics.read openid"}, {"audience", "https://metrics.example"}});
  EXPECT_EQ(read.value->token->form, all);
}

struct RefusedCase {
  const char* name;
  Secret secret;
  const char* id;
  Position at;
  const char* message;
  const char* hint;
};

void PrintTo(const RefusedCase& test, std::ostream* out) { *out << test.name; }

class Refused : public testing::TestWithParam<RefusedCase> {};

TEST_P(Refused, NamesThePlaceAndNeverTheContent) {
  fake::MemoryFiles files({{"/run/empty", ""},
                           {"/run/newline", "\n"},
                           {"/run/two-lines", "topsecret\nsecond\n"},
                           {"/run/two-newlines", "topsecret\n\n"},
                           {"/run/large", std::string(70'000, 'x')}});
  files.read_errors["/run/locked"] =
      absl::PermissionDeniedError("cannot read /run/locked: Permission denied");
  files.read_errors["/run/folder"] =
      absl::FailedPreconditionError("cannot read /run/folder: it is a folder");
  fake::MapEnvironment environment({{"EMPTY", ""}, {"NEWLINE", "topsecret\n"}});
  SourceConfig config = Config();
  config.auth = BearerToken{GetParam().secret};
  const Parsed<Credentials> read = ReadCredentials(config, "policy.yaml", files, environment);
  EXPECT_FALSE(read.value.has_value());
  ASSERT_EQ(read.diagnostics.size(), 1u);
  const Diagnostic& diagnostic = read.diagnostics[0];
  EXPECT_EQ(diagnostic.severity, Severity::kError);
  EXPECT_EQ(diagnostic.id, GetParam().id);
  EXPECT_EQ(diagnostic.file, "policy.yaml");
  EXPECT_EQ(diagnostic.at, GetParam().at);
  EXPECT_EQ(diagnostic.message, GetParam().message);
  EXPECT_EQ(diagnostic.hint, GetParam().hint);
}

INSTANTIATE_TEST_SUITE_P(
    Secrets, Refused,
    testing::Values(
        RefusedCase{"missing_file",
                    FromFile("/run/none"),
                    "secret_missing",
                    {7, 20},
                    "the file '/run/none' for the bearer token of https://prometheus.example does "
                    "not exist",
                    "create it, or name the one that holds the secret"},
        RefusedCase{"missing_variable",
                    FromVariable("NONE"),
                    "secret_missing",
                    {8, 21},
                    "the environment variable 'NONE' for the bearer token of "
                    "https://prometheus.example is not set",
                    "export it to the step that runs slogate"},
        RefusedCase{
            "empty_file",
            FromFile("/run/empty"),
            "secret_empty",
            {7, 20},
            "the file '/run/empty' for the bearer token of https://prometheus.example is empty",
            "write the secret into it"},
        RefusedCase{
            "file_of_a_newline",
            FromFile("/run/newline"),
            "secret_empty",
            {7, 20},
            "the file '/run/newline' for the bearer token of https://prometheus.example is empty",
            "write the secret into it"},
        RefusedCase{"empty_variable",
                    FromVariable("EMPTY"),
                    "secret_empty",
                    {8, 21},
                    "the environment variable 'EMPTY' for the bearer token of "
                    "https://prometheus.example is empty",
                    "set it to the secret"},
        RefusedCase{"locked_file",
                    FromFile("/run/locked"),
                    "secret_unreadable",
                    {7, 20},
                    "the file '/run/locked' for the bearer token of https://prometheus.example "
                    "cannot be used: cannot read /run/locked: Permission denied",
                    "let the user that runs slogate read it"},
        RefusedCase{"folder",
                    FromFile("/run/folder"),
                    "secret_unreadable",
                    {7, 20},
                    "the file '/run/folder' for the bearer token of https://prometheus.example "
                    "cannot be used: cannot read /run/folder: it is a folder",
                    "name a file that holds the secret and nothing else"},
        RefusedCase{"large_file",
                    FromFile("/run/large"),
                    "secret_unreadable",
                    {7, 20},
                    "the file '/run/large' for the bearer token of https://prometheus.example "
                    "cannot be used: cannot read /run/large: larger than 65536 bytes",
                    "name a file that holds the secret and nothing else"},
        RefusedCase{"two_lines",
                    FromFile("/run/two-lines"),
                    "secret_malformed",
                    {7, 20},
                    "the file '/run/two-lines' for the bearer token of https://prometheus.example "
                    "has a control character in it, such as a line break",
                    "a secret is one line"},
        RefusedCase{"two_newlines",
                    FromFile("/run/two-newlines"),
                    "secret_malformed",
                    {7, 20},
                    "the file '/run/two-newlines' for the bearer token of "
                    "https://prometheus.example has a control character in it, such as a line "
                    "break",
                    "a secret is one line"},
        RefusedCase{"variable_with_a_newline",
                    FromVariable("NEWLINE"),
                    "secret_malformed",
                    {8, 21},
                    "the environment variable 'NEWLINE' for the bearer token of "
                    "https://prometheus.example has a control character in it, such as a line "
                    "break",
                    "a secret is one line"}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(ReadCredentials, TellsAllMistakesAtOnce) {
  fake::MemoryFiles files;
  fake::MapEnvironment environment;
  SourceConfig config = Config();
  config.auth = BasicAuth{"gate", FromVariable("PASSWORD")};
  config.headers["X-Api-Key"] = {FromFile("/run/key"), {9, 1}};
  const Parsed<Credentials> read = ReadCredentials(config, "policy.yaml", files, environment);
  EXPECT_FALSE(read.value.has_value());
  ASSERT_EQ(read.diagnostics.size(), 2u);
  EXPECT_EQ(read.diagnostics[0].message,
            "the environment variable 'PASSWORD' for the password of https://prometheus.example "
            "is not set");
  EXPECT_EQ(read.diagnostics[1].message,
            "the file '/run/key' for the header X-Api-Key of https://prometheus.example does not "
            "exist");
}

struct MaskCase {
  const char* name;
  const char* text;
  const char* masked;
};

void PrintTo(const MaskCase& test, std::ostream* out) { *out << test.name; }

class Masked : public testing::TestWithParam<MaskCase> {};

TEST_P(Masked, IsHidden) {
  Credentials credentials;
  credentials.username = "gate";
  credentials.password = "pa ss/wörd<\"1>";
  credentials.secrets = {credentials.password, "abcdefghij"};
  EXPECT_EQ(MaskCredentials(credentials, GetParam().text), GetParam().masked);
}

INSTANTIATE_TEST_SUITE_P(
    Forms, Masked,
    testing::Values(
        MaskCase{"nothing", "no secret here: gate", "no secret here: gate"},
        MaskCase{"empty", "", ""},
        MaskCase{"as_it_is", "x pa ss/wörd<\"1> y abcdefghij", "x *** y ***"},
        MaskCase{"twice", "abcdefghijabcdefghij", "******"},
        MaskCase{"percent_upper", "p=pa%20ss%2Fw%C3%B6rd%3C%221%3E&x", "p=***&x"},
        MaskCase{"percent_lower", "p=pa%20ss%2fw%c3%b6rd%3c%221%3e&x", "p=***&x"},
        MaskCase{"percent_plus", "p=pa+ss%2Fw%C3%B6rd%3C%221%3E&x", "p=***&x"},
        MaskCase{"json", "\"pa ss/wörd<\\\"1>\"", "\"***\""},
        MaskCase{"json_of_go", "\"pa ss/wörd\\u003c\\\"1\\u003e\"", "\"***\""},
        // base64 of gate:pa ss/wörd<"1>
        MaskCase{"basic", "Basic Z2F0ZTpwYSBzcy93w7ZyZDwiMT4=", "Basic ***"},
        MaskCase{"base64", "YWJjZGVmZ2hpag==", "***"},
        MaskCase{"base64_unpadded", "YWJjZGVmZ2hpag", "***g"},
        // base64 of "Bearer abcdefghij!": the secret lies at offset 7, then 8 and 9.
        MaskCase{"base64_inside_1", "QmVhcmVyIGFiY2RlZmdoaWoh", "QmVhcmVyIG***oh"},
        MaskCase{"base64_inside_2", "QmVhcmVyOiBhYmNkZWZnaGlqIQ==", "QmVhcmVyOiB***IQ=="},
        MaskCase{"base64_inside_0", "QmVhcmVyOiAgYWJjZGVmZ2hpaiE=", "QmVhcmVyOiAg***iE="}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(MaskCredentials, HidesTheLongerOfTwoThatBeginAlike) {
  Credentials credentials;
  credentials.secrets = {"abc", "abcdef"};
  EXPECT_EQ(MaskCredentials(credentials, "abcdef abc"), "*** ***");
}

}  // namespace
}  // namespace slogate
