#include "adapters/adapter.h"

#include <map>
#include <ostream>
#include <string>

#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include "tests/testing/fakes.h"

namespace slogate {
namespace {

using Variables = std::map<std::string, std::string>;

struct ChoiceCase {
  const char* name;
  const char* wanted;
  Variables variables;
  const char* chosen;  // an adapter's name, or why there is none
};

void PrintTo(const ChoiceCase& test, std::ostream* out) { *out << test.name; }

class Choice : public testing::TestWithParam<ChoiceCase> {};

TEST_P(Choice, Is) {
  fake::MapEnvironment environment(GetParam().variables);
  const auto chosen = ChooseAdapter(GetParam().wanted, environment);
  const auto* adapter = std::get_if<const Adapter*>(&chosen);
  EXPECT_EQ(adapter != nullptr ? (*adapter)->name : std::get<std::string>(chosen),
            GetParam().chosen);
}

INSTANTIATE_TEST_SUITE_P(
    Systems, Choice,
    testing::Values(
        ChoiceCase{"nowhere", "auto", {{"CI", "true"}}, "plain"},
        ChoiceCase{"github", "auto", {{"GITHUB_ACTIONS", "true"}, {"CI", "true"}}, "github"},
        ChoiceCase{"not_github", "auto", {{"GITHUB_ACTIONS", "false"}}, "plain"},
        ChoiceCase{"jenkins", "auto", {{"JENKINS_URL", "https://ci.example/"}}, "jenkins"},
        ChoiceCase{"jenkins_without_a_url", "auto", {{"JENKINS_HOME", "/var/jenkins"}}, "jenkins"},
        ChoiceCase{"an_empty_url_is_none", "auto", {{"JENKINS_URL", ""}}, "plain"},
        ChoiceCase{"circleci", "auto", {{"CIRCLECI", "true"}}, "circleci"},
        ChoiceCase{"several",
                   "auto",
                   {{"GITHUB_ACTIONS", "true"}, {"JENKINS_URL", "https://ci.example/"}},
                   "the environment speaks of several CI systems, by GITHUB_ACTIONS (github) and "
                   "JENKINS_URL (jenkins); say which with --adapter"},
        ChoiceCase{"said", "jenkins", {{"GITHUB_ACTIONS", "true"}}, "jenkins"},
        ChoiceCase{"plain_is_said", "plain", {{"GITHUB_ACTIONS", "true"}}, "plain"},
        ChoiceCase{"unknown", "gitlab", {}, "there is no adapter 'gitlab'"}),
    [](const auto& test) { return std::string(test.param.name); });

struct ClaimsCase {
  const char* adapter;
  Variables variables;
  const char* claims;
};

void PrintTo(const ClaimsCase& test, std::ostream* out) { *out << test.adapter; }

class RunClaimsOf : public testing::TestWithParam<ClaimsCase> {};

TEST_P(RunClaimsOf, Are) {
  fake::MapEnvironment environment(GetParam().variables);
  const auto chosen = ChooseAdapter(GetParam().adapter, environment);
  std::string claims;
  for (const auto& [field, claim] : std::get<const Adapter*>(chosen)->claims(environment)) {
    absl::StrAppend(&claims, field, "=", claim.value, " by ", claim.variable, "\n");
  }
  EXPECT_EQ(claims, GetParam().claims);
}

INSTANTIATE_TEST_SUITE_P(
    Systems, RunClaimsOf,
    testing::Values(
        ClaimsCase{"plain", {{"GITHUB_SHA", "0f1e"}, {"USER", "alice"}}, ""},
        ClaimsCase{"github",
                   {{"GITHUB_REPOSITORY", "acme/checkout"},
                    {"GITHUB_SHA", "0f1e2d"},
                    {"GITHUB_REF", "refs/heads/main"},
                    {"GITHUB_SERVER_URL", "https://github.com"},
                    {"GITHUB_RUN_ID", "42"},
                    {"GITHUB_ACTOR", "alice"},
                    {"GITHUB_TRIGGERING_ACTOR", "bob"}},
                   "actor=bob by GITHUB_TRIGGERING_ACTOR\n"
                   "commit=0f1e2d by GITHUB_SHA\n"
                   "ref=refs/heads/main by GITHUB_REF\n"
                   "repository=acme/checkout by GITHUB_REPOSITORY\n"
                   "run_url=https://github.com/acme/checkout/actions/runs/42 by GITHUB_RUN_ID\n"},
        ClaimsCase{"github",
                   {{"GITHUB_RUN_ID", "42"}, {"GITHUB_ACTOR", "alice"}},
                   "actor=alice by GITHUB_ACTOR\n"},
        ClaimsCase{"jenkins",
                   {{"GIT_URL", "https://ops:hunter2@git.example/checkout.git"},
                    {"GIT_COMMIT", "0f1e2d"},
                    {"BRANCH_NAME", "main"},
                    {"GIT_BRANCH", "origin/main"},
                    {"BUILD_URL", "https://ci.example/job/checkout/7/"},
                    {"BUILD_USER_ID", "alice\n::error::x"}},
                   "actor=alice\\x0a::error::x by BUILD_USER_ID\n"
                   "commit=0f1e2d by GIT_COMMIT\n"
                   "ref=main by BRANCH_NAME\n"
                   "repository=https://***@git.example/checkout.git by GIT_URL\n"
                   "run_url=https://ci.example/job/checkout/7/ by BUILD_URL\n"},
        ClaimsCase{"circleci",
                   {{"CIRCLE_REPOSITORY_URL", "git@github.com:acme/checkout.git"},
                    {"CIRCLE_SHA1", "0f1e2d"},
                    {"CIRCLE_BRANCH", "main"},
                    {"CIRCLE_BUILD_URL", "https://circleci.com/gh/acme/checkout/7"},
                    {"CIRCLE_USERNAME", "alice"}},
                   "actor=alice by CIRCLE_USERNAME\n"
                   "commit=0f1e2d by CIRCLE_SHA1\n"
                   "ref=main by CIRCLE_BRANCH\n"
                   "repository=git@github.com:acme/checkout.git by CIRCLE_REPOSITORY_URL\n"
                   "run_url=https://circleci.com/gh/acme/checkout/7 by CIRCLE_BUILD_URL\n"}),
    [](const auto& test) {
      return absl::StrCat(test.param.adapter, "_", test.param.variables.size());
    });

TEST(RunClaimsTest, ALongValueIsCut) {
  fake::MapEnvironment environment({{"GITHUB_REF", std::string(1 << 20, 'x')}});
  const auto chosen = ChooseAdapter("github", environment);
  const RunClaims claims = std::get<const Adapter*>(chosen)->claims(environment);
  EXPECT_EQ(claims.at("ref").value, std::string(1000, 'x') + "…");
}

}  // namespace
}  // namespace slogate
