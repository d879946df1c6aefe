#include "gate/policy/effective.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>

#include "gate/base/duration.h"

namespace slogate {
namespace {

Rational Decimal(const char* text) { return Rational::FromDecimal(text).value(); }

absl::Duration Length(const char* text) { return ParseDuration(text).value(); }

Placed<Selector> Select(const char* text) {
  Placed<Selector> selector;
  SelectorMistake mistake;
  EXPECT_TRUE(ParseSelector(text, selector.value, mistake)) << mistake.message;
  return selector;
}

Slo MakeSlo(const char* name, const char* total = "requests", const char* bad = "{code=~\"5..\"}") {
  Slo slo;
  slo.at = {7, 3};
  slo.name = name;
  slo.objective = Decimal("0.999");
  slo.objective_text = "99.9%";
  slo.window = Length("30d");
  EventsSli events;
  events.total = Select(total);
  events.total->at = {9, 5};
  events.bad = Select(bad);
  events.bad->at = {10, 5};
  slo.sli = events;
  return slo;
}

Rule MakeRule(const char* id) {
  Rule rule;
  rule.id = id;
  rule.when = BudgetRemaining{{Comparator::kAtMost, 0, {}}};
  return rule;
}

ReleasePolicy PlatformPolicy() {
  ReleasePolicy policy;
  policy.file = "policy.yaml";
  policy.metadata = {"acme", "https://wiki.example/gate"};
  policy.sources["main"].url.value = "https://main.example";
  policy.rules = {MakeRule("spent")};
  return policy;
}

ServiceObjectives Objectives(const char* file, const char* service, std::vector<Slo> slos) {
  ServiceObjectives objectives;
  objectives.file = file;
  objectives.service = {service, {3, 10}};
  objectives.slos = std::move(slos);
  return objectives;
}

// Each as "file:line:column: message [id] | hint".
std::vector<std::string> Lines(const std::vector<Diagnostic>& diagnostics) {
  std::vector<std::string> lines;
  for (const Diagnostic& d : diagnostics) {
    lines.push_back(absl::StrCat(d.severity == Severity::kError ? "" : "warning: ", d.file, ":",
                                 d.at.line, ":", d.at.column, ": ", d.message, " [", d.id, "] | ",
                                 d.hint));
  }
  return lines;
}

using Strings = std::vector<std::string>;

TEST(CombineTest, OnePolicyWithItsOwnSlos) {
  PolicyFiles files;
  files.policy = PlatformPolicy();
  files.policy->service = {"checkout", {}};
  files.policy->labels = {{"tier", "1"}, {"team", "shop"}};
  files.policy->slos = {MakeSlo("availability")};
  files.policy->slos[0].labels = {{"tier", "2"}};
  const Parsed<EffectivePolicy> combined = Combine(files, {});
  EXPECT_EQ(Lines(combined.diagnostics), Strings());
  ASSERT_TRUE(combined.value);
  const EffectivePolicy& policy = *combined.value;
  EXPECT_EQ(policy.file, "policy.yaml");
  EXPECT_EQ(policy.metadata.name, "acme");
  EXPECT_EQ(policy.service, "checkout");
  EXPECT_EQ(policy.environment, "");
  EXPECT_EQ(policy.sources.at(0).name, "main");
  EXPECT_EQ(policy.sources.at(0).config.url.value, "https://main.example");
  EXPECT_EQ(policy.enforcement, Enforcement::kEnforce);
  ASSERT_EQ(policy.changes.size(), 1U);
  EXPECT_EQ(DefaultClass(policy), "feature");
  EXPECT_TRUE(policy.changes.at("feature").is_default);
  EXPECT_TRUE(policy.changes.at("feature").skips.empty());
  ASSERT_EQ(policy.rules.size(), 1U);
  ASSERT_EQ(policy.slos.size(), 1U);
  const EffectiveSlo& slo = policy.slos[0];
  EXPECT_EQ(slo.file, "policy.yaml");
  EXPECT_EQ(slo.at, (Position{7, 3}));
  EXPECT_EQ(slo.name, "availability");
  EXPECT_EQ(slo.labels, (Labels{{"team", "shop"}, {"tier", "2"}})) << "the SLO's own labels win";
  EXPECT_EQ(slo.objective, Decimal("0.999"));
  EXPECT_EQ(slo.objective_text, "99.9%");
  EXPECT_EQ(slo.window, Length("30d"));
  const auto& events = std::get<EventsSli>(slo.sli);
  EXPECT_EQ(Print(events.total->value), "requests");
  EXPECT_EQ(Print(events.bad->value), "requests{code=~\"5..\"}");
  EXPECT_FALSE(events.good);
}

TEST(CombineTest, ATeamsFilesInAnEnvironment) {
  PolicyFiles files;
  files.policy = PlatformPolicy();
  files.policy->sources["other"].url.value = "https://other.example";
  files.policy->enforcement = Enforcement::kEnforce;
  EnvironmentConfig staging;
  staging.sources = {{"other", {}}};
  staging.matchers = {{"env", "staging"}};
  staging.enforcement = Enforcement::kObserve;
  EnvironmentConfig production;
  production.sources = {{"main", {}}};
  files.policy->environments = {{"staging", staging}, {"production", production}};
  files.policy->changes["hotfix"].skips = {{"rules", {}}};
  files.policy->changes["ordinary"].is_default = true;
  files.objectives = {
      Objectives("a.yaml", "checkout", {MakeSlo("availability", "requests{env=\"staging\"}")}),
      Objectives("b.yaml", "checkout", {MakeSlo("latency", "requests", "slow{le=\"1\"}")})};
  files.objectives[1].labels = {{"tier", "1"}};

  const Parsed<EffectivePolicy> combined = Combine(files, {"checkout", "staging"});
  EXPECT_EQ(Lines(combined.diagnostics), Strings());
  ASSERT_TRUE(combined.value);
  EXPECT_EQ(combined.value->service, "checkout");
  EXPECT_EQ(combined.value->environment, "staging");
  EXPECT_EQ(combined.value->sources.at(0).name, "other");
  EXPECT_EQ(combined.value->sources.at(0).config.url.value, "https://other.example");
  EXPECT_EQ(combined.value->enforcement, Enforcement::kObserve);
  EXPECT_EQ(DefaultClass(*combined.value), "ordinary");
  ASSERT_EQ(combined.value->slos.size(), 2U);
  const auto& availability = std::get<EventsSli>(combined.value->slos[0].sli);
  EXPECT_EQ(Print(availability.total->value), "requests{env=\"staging\"}");
  EXPECT_EQ(Print(availability.bad->value), "requests{env=\"staging\",code=~\"5..\"}");
  const auto& latency = std::get<EventsSli>(combined.value->slos[1].sli);
  EXPECT_EQ(Print(latency.total->value), "requests{env=\"staging\"}");
  EXPECT_EQ(Print(latency.bad->value), "slow{le=\"1\",env=\"staging\"}");
  EXPECT_EQ(combined.value->slos[1].file, "b.yaml");
  EXPECT_EQ(combined.value->slos[1].labels, (Labels{{"tier", "1"}}));

  const Parsed<EffectivePolicy> elsewhere = Combine(files, {std::nullopt, "production"});
  ASSERT_TRUE(elsewhere.value);
  EXPECT_EQ(elsewhere.value->service, "checkout");
  EXPECT_EQ(elsewhere.value->sources.at(0).name, "main");
  EXPECT_EQ(elsewhere.value->enforcement, Enforcement::kEnforce)
      << "the policy's, where the environment says nothing";
  EXPECT_EQ(Print(std::get<EventsSli>(elsewhere.value->slos[1].sli).total->value), "requests");
}

TEST(CombineTest, SeveralSourcesInTheOrderOfTheEnvironment) {
  PolicyFiles files;
  files.policy = PlatformPolicy();
  files.policy->sources["other"].url.value = "https://other.example";
  EnvironmentConfig production;
  production.sources = {{"other", {}}, {"main", {}}};
  production.combine = {Combining::kWorst, {}};
  files.policy->environments = {{"production", production}};
  files.objectives = {Objectives("slos.yaml", "checkout", {MakeSlo("availability")})};
  const Parsed<EffectivePolicy> combined = Combine(files, {std::nullopt, "production"});
  ASSERT_TRUE(combined.value);
  ASSERT_EQ(combined.value->sources.size(), 2u);
  EXPECT_EQ(combined.value->sources[0].name, "other");
  EXPECT_EQ(combined.value->sources[0].config.url.value, "https://other.example");
  EXPECT_EQ(combined.value->sources[1].name, "main");
  EXPECT_EQ(combined.value->combine, Combining::kWorst);
  EXPECT_EQ(combined.value->delay, absl::Seconds(60)) << "where the policy does not say";

  files.policy->environments["production"].delay = {absl::Seconds(5), {}};
  EXPECT_EQ(Combine(files, {std::nullopt, "production"}).value->delay, absl::Seconds(5));
  files.policy->environments["production"].sources.pop_back();
  files.policy->environments["production"].delay.reset();
  EXPECT_EQ(Combine(files, {std::nullopt, "production"}).value->delay, absl::ZeroDuration())
      << "one source is asked for what it has now";
}

TEST(CombineTest, WithoutEnvironmentsTheNameIsAClaim) {
  PolicyFiles files;
  files.policy = PlatformPolicy();
  files.policy->enforcement = Enforcement::kObserve;
  files.objectives = {Objectives("slos.yaml", "checkout", {MakeSlo("availability")})};
  const Parsed<EffectivePolicy> combined = Combine(files, {std::nullopt, "moon"});
  ASSERT_TRUE(combined.value);
  EXPECT_EQ(combined.value->environment, "moon");
  EXPECT_EQ(combined.value->enforcement, Enforcement::kObserve);
}

TEST(CombineTest, NoPolicy) {
  PolicyFiles files;
  files.objectives = {Objectives("slos.yaml", "checkout", {MakeSlo("availability")})};
  const Parsed<EffectivePolicy> combined = Combine(files, {});
  EXPECT_FALSE(combined.value);
  EXPECT_EQ(
      Lines(combined.diagnostics),
      Strings{"command line:0:0: no ReleasePolicy is given [no_policy] | name one with --policy"});
}

TEST(CombineTest, NoSloAndNoEnvironment) {
  PolicyFiles files;
  files.policy = PlatformPolicy();
  files.policy->environments["production"].sources = {{"main", {}}};
  files.policy->environments["staging"].sources = {{"main", {}}};
  const Parsed<EffectivePolicy> combined = Combine(files, {"checkout", std::nullopt});
  EXPECT_FALSE(combined.value);
  EXPECT_EQ(
      Lines(combined.diagnostics),
      (Strings{
          "policy.yaml:0:0: the policy has environments, and --environment is missing "
          "[missing_environment] | add --environment with one of 'production', 'staging'",
          "policy.yaml:0:0: there is no SLO to judge the release by [no_slos] | give the service's "
          "ServiceObjectives with --slos, or write service: and slos: in the policy"}));
}

TEST(CombineTest, ForeignServiceAndUnknownEnvironment) {
  PolicyFiles files;
  files.policy = PlatformPolicy();
  files.policy->environments["production"].sources = {{"main", {}}};
  files.objectives = {Objectives("a.yaml", "payments", {MakeSlo("availability")}),
                      Objectives("b.yaml", "payments", {MakeSlo("latency")})};
  const Parsed<EffectivePolicy> combined = Combine(files, {"checkout", "prodution"});
  EXPECT_FALSE(combined.value);
  EXPECT_EQ(
      Lines(combined.diagnostics),
      (Strings{
          "a.yaml:3:10: this file is about service 'payments', but --service says 'checkout' "
          "[foreign_service] | give the file of 'checkout', or correct --service",
          "b.yaml:3:10: this file is about service 'payments', but --service says 'checkout' "
          "[foreign_service] | give the file of 'checkout', or correct --service",
          "policy.yaml:0:0: the policy has no environment 'prodution'; did you mean 'production'? "
          "[unknown_environment] | give --environment one of 'production'"}));
}

TEST(CombineTest, ForeignServiceInThePolicyItself) {
  PolicyFiles files;
  files.policy = PlatformPolicy();
  files.policy->service = {"payments", {4, 10}};
  files.policy->slos = {MakeSlo("availability")};
  const Parsed<EffectivePolicy> combined = Combine(files, {"checkout", std::nullopt});
  EXPECT_FALSE(combined.value);
  EXPECT_EQ(
      Lines(combined.diagnostics),
      Strings{
          "policy.yaml:4:10: this file is about service 'payments', but --service says 'checkout' "
          "[foreign_service] | give the file of 'checkout', or correct --service"});
}

TEST(CombineTest, ASelectorThatTheEnvironmentMakesImpossible) {
  PolicyFiles files;
  files.policy = PlatformPolicy();
  files.policy->environments["staging"].sources = {{"main", {}}};
  files.policy->environments["staging"].matchers = {{"env", "staging"}};
  files.objectives = {
      Objectives("slos.yaml", "checkout", {MakeSlo("availability", "requests{env=~\"prod.*\"}")})};
  const Parsed<EffectivePolicy> combined = Combine(files, {"checkout", "staging"});
  EXPECT_FALSE(combined.value);
  EXPECT_EQ(
      Lines(combined.diagnostics),
      Strings{
          "slos.yaml:9:5: 'total' can match nothing in environment 'staging': env=\"staging\" and "
          "env=~\"prod.*\" exclude each other [never_matches] | leave this label to the "
          "environment's "
          "matchers"});
}

TEST(CombineTest, WhatIsKeptOfThePast) {
  PolicyFiles files;
  files.policy = PlatformPolicy();
  files.objectives = {Objectives("a.yaml", "checkout", {MakeSlo("availability")})};
  const Parsed<EffectivePolicy> without = Combine(files, {});
  ASSERT_TRUE(without.value);
  EXPECT_FALSE(without.value->ledger.has_value());
  EXPECT_TRUE(without.value->people.empty());
  EXPECT_FALSE(without.value->overrides.has_value());

  files.policy->ledger = LedgerConfig{{}, "acme", "5f0c"};
  files.policy->people["alice"].accounts = {{"github:alice", {}}};
  files.policy->overrides.emplace().uses = 3;
  files.policy->changes["feature"].is_default = true;
  files.policy->changes["rollback"].proof.emplace().released_before = Length("30d");
  const Parsed<EffectivePolicy> with = Combine(files, {});
  ASSERT_TRUE(with.value);
  ASSERT_TRUE(with.value->ledger.has_value());
  EXPECT_EQ(with.value->ledger->id, "acme");
  EXPECT_EQ(with.value->ledger->genesis, "5f0c");
  ASSERT_EQ(with.value->people.count("alice"), 1U);
  EXPECT_EQ(with.value->people.at("alice").accounts[0].value, "github:alice");
  ASSERT_TRUE(with.value->overrides.has_value());
  EXPECT_EQ(with.value->overrides->uses, 3);
  ASSERT_TRUE(with.value->changes.at("rollback").proof.has_value());
  EXPECT_EQ(with.value->changes.at("rollback").proof->released_before, Length("30d"));
}

TEST(DefaultClassTest, WithoutOneNothingIsSkipped) {
  EffectivePolicy policy;
  policy.changes["rollback"].skips = {{"rules", {}}};
  EXPECT_EQ(DefaultClass(policy), "feature");
}

TEST(FindingChoicesTest, ThePolicysChoiceOrTheDefault) {
  FindingChoices choices;
  choices.verdicts = {{FindingKind::kFewEvents, Verdict::kDeny},
                      {FindingKind::kStale, Verdict::kDeny}};
  for (const FindingTraits& traits : AllFindings()) {
    const bool chosen =
        traits.kind == FindingKind::kFewEvents || traits.kind == FindingKind::kStale;
    EXPECT_EQ(choices.For(traits.kind), chosen ? Verdict::kDeny : traits.verdict) << traits.word;
  }
}

}  // namespace
}  // namespace slogate
