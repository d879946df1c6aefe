#include "gate/starter/templates.h"

#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>
#include <gtest/gtest.h>

#include "gate/policy/load.h"

namespace slogate {
namespace {

using Replaced = std::vector<std::pair<std::string, std::string>>;

std::string Example(const std::string& path) {
  std::ifstream file(absl::StrCat(SLOGATE_SOURCE_DIR, "/ci-examples/", path), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Where the pipeline's example of a system stands.
std::string PipelineOf(const std::string& system) {
  if (system == "github") return "github/release.yml";
  return system == "jenkins" ? "jenkins/Jenkinsfile" : "circleci/config.yml";
}

// What lint says of the policy and the SLO file; "" where nothing.
std::string Lint(const std::vector<SourceFile>& files) {
  const std::vector<SourceFile> yaml = {files[0], files[1]};
  return Render(LoadPolicyFiles(yaml).diagnostics, yaml);
}

Proposals Found(Labels labels) {
  labels.insert({{"__name__", "http_requests_total"}, {"service", "checkout"}});
  return ProposeSlos({{std::move(labels), 1}}, "checkout", "");
}

class Templates : public testing::TestWithParam<std::string> {};

TEST_P(Templates, AreTheExamplesByteForByte) {
  const std::vector<SourceFile> files = StarterFiles({GetParam(), "checkout", "", true, {}});
  ASSERT_EQ(files.size(), 3);
  EXPECT_EQ(files[0].text, Example("policy/release-policy.yaml"));
  EXPECT_EQ(files[1].text, Example("policy/checkout.yaml"));
  EXPECT_EQ(files[2].text, Example(PipelineOf(GetParam())));
  EXPECT_EQ(Lint(files), "");
}

TEST_P(Templates, DifferByTheReplacedValuesAlone) {
  const std::vector<SourceFile> files =
      StarterFiles({GetParam(), "payments", "http://10.0.0.7:9090/prom", false, {}});
  EXPECT_EQ(files[0].path, "release-policy.yaml");
  EXPECT_EQ(
      files[0].text,
      absl::StrReplaceAll(Example("policy/release-policy.yaml"),
                          Replaced{{"https://prometheus.example:9090", "http://10.0.0.7:9090/prom"},
                                   {", auth: {bearer_token: {env: PROMETHEUS_TOKEN}}", ""}}));
  EXPECT_EQ(files[1].path, "payments.yaml");
  EXPECT_EQ(files[1].text,
            absl::StrReplaceAll(Example("policy/checkout.yaml"), {{"checkout", "payments"}}));
  const std::string pipeline = Example(PipelineOf(GetParam()));
  EXPECT_EQ(files[2].text, absl::StrReplaceAll(pipeline, {{"checkout.yaml", "payments.yaml"}}));
  EXPECT_NE(files[2].text, pipeline);
  EXPECT_EQ(Lint(files), "");
}

INSTANTIATE_TEST_SUITE_P(All, Templates, testing::ValuesIn(StarterSystemNames()),
                         [](const auto& test) { return test.param; });

// What is said of a system's pipeline must stand in it.
TEST(StarterSystems, NameWhatThePipelinesHave) {
  for (const StarterSystem& system : StarterSystems()) {
    const std::string pipeline = Example(PipelineOf(system.name));
    EXPECT_TRUE(
        absl::StrContains(pipeline, system.name == "circleci" ? "slogate/check" : "slogate"));
    EXPECT_TRUE(absl::StrContains(pipeline, kTokenVariable)) << system.name;
    const std::string dry_run = Example(system.name == "jenkins"  ? "jenkins/Jenkinsfile.dry-run"
                                        : system.name == "github" ? "github/dry-run.yml"
                                                                  : "circleci/dry-run.yml");
    EXPECT_TRUE(
        absl::StrContains(dry_run, system.name == "jenkins" ? "dryRun: true," : "dry-run: true"));
  }
  EXPECT_TRUE(absl::StrContains(Example("jenkins/Jenkinsfile"), "'prometheus-token'"));
  EXPECT_TRUE(absl::StrContains(Example("circleci/config.yml"), "context: deploy-production"));
  EXPECT_TRUE(absl::StrContains(Example("github/release.yml"), "environment: production\n"));
}

TEST(StarterFiles, EveryServiceNameLints) {
  for (const char* name : {"a", "7", "1.5", "0x1", "1e3", "true", "No", "NULL", "y", "2026-11-26",
                           "team/checkout", "a.b-c_d", "Shop"}) {
    EXPECT_TRUE(IsServiceName(name)) << name;
    const std::vector<SourceFile> files = StarterFiles({"github", name, "", true, {}});
    EXPECT_EQ(Lint(files), "") << name;
    EXPECT_FALSE(absl::StrContains(files[1].path, "/")) << files[1].path;
  }
  EXPECT_EQ(StarterFiles({"jenkins", "team/pay", "", true, {}})[1].path, "team-pay.yaml");
}

// The rule of the policy's own reader, which must come to the same.
TEST(IsServiceName, IsWhatAPolicyTakes) {
  for (const std::string name : {"", "-a", ".a", "/a", "a b", "a'b", "a\nb", "ä", "a:b", "a#b"}) {
    EXPECT_FALSE(IsServiceName(name)) << name;
    const std::vector<SourceFile> files = {
        {"a.yaml",
         absl::StrReplaceAll(Example("policy/checkout.yaml"),
                             {{"service: checkout", absl::StrCat("service: '", name, "'")}})}};
    EXPECT_TRUE(HasErrors(LoadPolicyFiles(files).diagnostics)) << name;
  }
  EXPECT_TRUE(IsServiceName(std::string(63, 'a')));
  EXPECT_FALSE(IsServiceName(std::string(64, 'a')));
}

TEST(StarterFiles, ProposalsStandInPlaceOfTheExamplesSlo) {
  const std::vector<SourceFile> files =
      StarterFiles({"github", "checkout", "https://metrics.example", true,
                    Found({{"code", "200"}, {"environment", "live"}})});
  EXPECT_EQ(Lint(files), "");
  EXPECT_EQ(files[1].text,
            R"(# What checkout promises, kept by its team. It can spell neither a rule nor a URL.
apiVersion: slogate/v1
kind: ServiceObjectives
service: checkout
slos:
  # Objectives and windows are a place to start: a dry run shows what the service really did.
  - name: availability
    objective: 99.9%
    window: 30d
    # Of `code` there is now: 200. Change `bad` where it means other failures.
    sli: {events: {total: 'http_requests_total{service="checkout"}', bad: '{code=~"5.."}'}}
)");
  EXPECT_EQ(
      files[0].text,
      absl::StrReplaceAll(Example("policy/release-policy.yaml"),
                          Replaced{{"https://prometheus.example:9090", "https://metrics.example"},
                                   {"{env: prod}", "{environment: live}"},
                                   {"{env: staging}", "{environment: staging}"}}));
}

TEST(StarterFiles, WithoutALabelForEnvironmentsThereAreNoMatchers) {
  const std::vector<SourceFile> files = StarterFiles(
      {"github", "checkout", "https://metrics.example", true, Found({{"code", "200"}})});
  EXPECT_EQ(Lint(files), "");
  EXPECT_TRUE(absl::StrContains(files[0].text, R"(
# No label in common use, such as env, tells production from staging here: both measure the same until each has its
# matchers: {LABEL: VALUE}.
environments:
  production: {sources: [main]}
  staging:    {sources: [main], enforcement: observe}   # measured and shown, never blocked
)")) << files[0].text;
}

// Whatever a server's labels hold, what comes of it lints, and holds none of it but plain words.
TEST(StarterFiles, WhatServersSayCannotBreakOut) {
  const std::vector<std::string> pieces = {"'",    "\"",           "\n", "\r", "}",    "{",   ": ",
                                           " #",   "\\",           "|",  "*",  "\x1b", "%",   "5..",
                                           "\xff", "error",        "- ", "<<", "::",   "##[", "&",
                                           "[a]",  "\xe2\x80\xae", "200"};
  std::mt19937 random(7);
  const auto hostile = [&] {
    std::string text;
    for (size_t i = 0, n = 1 + random() % 4; i < n; ++i) text += pieces[random() % pieces.size()];
    return text;
  };
  int proposed = 0;
  for (int round = 0; round < 300; ++round) {
    std::vector<SeriesGroup> groups;
    for (int i = 0; i < 4; ++i) {
      groups.push_back(
          {{{"__name__", i == 0 ? absl::StrCat("x", hostile(), "_total") : "http_requests_total"},
            {"service", "checkout"},
            {"code", i == 1 ? "200" : hostile()},
            {"result", hostile()},
            {"env", i == 1 ? "prod" : hostile()}},
           1});
      groups.push_back({{{"__name__", "rpc_seconds_bucket"},
                         {"service", "checkout"},
                         {"le", i == 0 ? "0.5" : hostile()}},
                        1});
    }
    const Proposals found = ProposeSlos(groups, "checkout", "");
    if (found.slos.empty()) continue;
    ++proposed;
    const std::vector<SourceFile> files =
        StarterFiles({"github", "checkout", "https://metrics.example", true, found});
    ASSERT_EQ(Lint(files), "") << files[1].text;
    for (const char* foreign : {"##[", "::", "<<", "\x1b", "\xff", "\xe2\x80\xae", "\r"}) {
      ASSERT_FALSE(absl::StrContains(files[1].text, foreign)) << files[1].text;
    }
    const Parsed<PolicyFiles> loaded = LoadPolicyFiles({files[1]});
    ASSERT_EQ(loaded.value->objectives[0].slos.size(), found.slos.size());
  }
  EXPECT_GT(proposed, 100);
}

}  // namespace
}  // namespace slogate
