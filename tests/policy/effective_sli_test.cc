// What SLIs of PromQL and of slices become in an environment.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>

#include "gate/policy/effective.h"
#include "gate/policy/load.h"

namespace slogate {
namespace {

constexpr char kPolicy[] = R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: acme}
sources: {main: {url: 'https://prometheus.example:9090'}}
environments:
  production: {sources: [main], matchers: {env: prod}}
  lab: {sources: [main]}
rules:
  - {id: spent, when: {budget_remaining: {at_most: 0%}}, verdict: deny}
service: checkout
slos:
  - {name: a, objective: 99%, window: 7d, sli: )";

Parsed<EffectivePolicy> In(const std::string& environment, const std::string& sli) {
  const std::vector<SourceFile> files = {{"p.yaml", absl::StrCat(kPolicy, sli, "}\n")}};
  const Parsed<PolicyFiles> loaded = LoadPolicyFiles(files);
  EXPECT_TRUE(loaded.value) << Render(loaded.diagnostics, files);
  Parsed<EffectivePolicy> none;
  return loaded.value ? Combine(*loaded.value, {std::nullopt, environment}) : std::move(none);
}

template <class T>
T SliIn(const std::string& environment, const std::string& sli) {
  const Parsed<EffectivePolicy> combined = In(environment, sli);
  EXPECT_TRUE(combined.value);
  return std::get<T>(combined.value->slos.front().sli);
}

TEST(EffectiveSliTest, AGaugeGetsTheMatchersAndPromqlWhereItHasAPlace) {
  constexpr char kGauge[] = "{threshold: {value: queue, at_most: 9, slice: 5m, watch: up}}";
  const auto gauge = SliIn<ThresholdSli>("production", kGauge);
  EXPECT_EQ(Print(std::get<Selector>(gauge.value.value)), "queue{env=\"prod\"}");
  EXPECT_EQ(Print(gauge.watch->value), "up{env=\"prod\"}");
  EXPECT_EQ(gauge.threshold.comparator, Comparator::kAtMost);
  EXPECT_EQ(gauge.threshold.value, Rational(9));
  EXPECT_EQ(gauge.slice.value, absl::Minutes(5));
  EXPECT_EQ(gauge.no_data, NoData::kSkip);
  EXPECT_EQ(Print(std::get<Selector>(SliIn<ThresholdSli>("lab", kGauge).value.value)), "queue");

  constexpr char kPromql[] =
      "{threshold: {value: 'max(queue{$matchers})', at_least: -0.5, slice: 1h, no_data: bad, "
      "watch: "
      "queue}}";
  const auto promql = SliIn<ThresholdSli>("production", kPromql);
  EXPECT_EQ(std::get<Promql>(promql.value.value).text, "max(queue{env=\"prod\"})");
  EXPECT_EQ(promql.threshold.comparator, Comparator::kAtLeast);
  EXPECT_EQ(promql.no_data, NoData::kBad);
  EXPECT_EQ(std::get<Promql>(SliIn<ThresholdSli>("lab", kPromql).value.value).text, "max(queue{})");
}

TEST(EffectiveSliTest, CountersOfSlicesAreMadeWhole) {
  const auto slices = SliIn<SlicesSli>(
      "production",
      R"({slices: {total: all, good: '{code="2"}', ratio: 99.5%, slice: 5m, no_data: good}})");
  EXPECT_EQ(Print(slices.events.total->value), R"(all{env="prod"})");
  EXPECT_EQ(Print(slices.events.good->value), R"(all{code="2",env="prod"})");
  EXPECT_FALSE(slices.events.bad);
  EXPECT_EQ(slices.ratio.value, Rational::FromDecimal("0.995").value());
  EXPECT_EQ(slices.no_data, NoData::kGood);
}

TEST(EffectiveSliTest, QueriesKeepTheirWindow) {
  const auto query = SliIn<QuerySli>(
      "production",
      "{query: {total: 'sum(n{$matchers}[$window])', bad: 'sum(b{x=\"y\",$matchers}[$window])', "
      "watch: all}}");
  EXPECT_EQ(query.total.value.text, "sum(n{env=\"prod\"}[$window])");
  EXPECT_EQ(query.bad->value.text, "sum(b{x=\"y\",env=\"prod\"}[$window])");
  EXPECT_FALSE(query.good);
  EXPECT_EQ(Print(query.watch.value), "all{env=\"prod\"}");
}

// The lint of all files only warns, as a team may release to the other environment alone.
TEST(EffectiveSliTest, PromqlWithoutAPlaceForMatchersIsRefusedWhereThereAreSome) {
  const std::pair<const char*, int> cases[] = {
      {"{threshold: {value: 'max(queue)', at_most: 9, slice: 5m, watch: queue}}", 68},
      {"{query: {total: 'n[$window]', bad: 'b{$matchers}[$window]', watch: all}}", 64},
      {"{query: {total: 'n{$matchers}[$window]', good: 'g[$window]', watch: all}}", 95},
  };
  for (const auto& [sli, column] : cases) {
    const Parsed<EffectivePolicy> refused = In("production", sli);
    EXPECT_FALSE(refused.value) << sli;
    ASSERT_EQ(refused.diagnostics.size(), 1U) << sli;
    EXPECT_EQ(refused.diagnostics[0].id, "no_matchers_place");
    EXPECT_EQ(refused.diagnostics[0].message,
              "this PromQL has no place for the matchers of environment 'production'");
    EXPECT_EQ(refused.diagnostics[0].at.column, column) << sli;
    EXPECT_TRUE(In("lab", sli).value) << sli;
  }
}

TEST(EffectiveSliTest, SlicesAreOfTwoKinds) {
  const auto slice = [](const char* sli) {
    const Parsed<EffectivePolicy> combined = In("lab", sli);
    return SliceOf(combined.value->slos.front().sli) != nullptr;
  };
  EXPECT_TRUE(slice("{threshold: {value: queue, at_most: 9, slice: 5m}}"));
  EXPECT_TRUE(slice("{slices: {total: all, bad: failed, ratio: 99%, slice: 5m}}"));
  EXPECT_FALSE(slice("{events: {total: all, bad: failed}}"));
  EXPECT_FALSE(slice("{latency: {histogram: took, within: 1s}}"));
  EXPECT_FALSE(slice("{query: {total: 'n[$window]', bad: 'b[$window]', watch: all}}"));
}

}  // namespace
}  // namespace slogate
