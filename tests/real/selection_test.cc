// Which events are counted: the ways to write an SLI, and what an environment adds to it.
#include <string>

#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include "tests/real/eight_days.h"

namespace slogate {
namespace {

std::string Policy(const std::string& events, const std::string& objective,
                   const std::string& more = "") {
  return absl::StrCat(R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: test}
sources: {main: {url: 'SOURCE'}}
rules:
  - {id: spent, when: {budget_remaining: {at_most: 0%}}, verdict: deny}
  - {id: low,   when: {budget_remaining: {below: 10%}}, verdict: warn}
service: shop
slos:
  - {name: availability, objective: )",
                      objective, ", window: 7d, sli: {events: {", events, "}}}\n", more);
}

using Selection = fake::OnEightDays;

// 20,160,000 events of which 10,080 are bad, at whatever instant: the counters are of a constant
// rate. What is left is float noise, bounded by 1e-9 of each count read.
TEST_F(Selection, EveryPairOfCountersIsTheSameBudget) {
  for (const char* events : {
           R"(total: 'shop_requests_total{env="prod"}', bad: '{code=~"5.."}')",
           R"(total: 'shop_requests_total{env="prod"}', good: '{code!~"5.."}')",
           R"(total: 'shop_requests_total{env="prod"}',
             bad: 'shop_requests_total{env="prod", code="500"}')",
           "total: 'shop_all_total', bad: 'shop_bad_total'",
           "total: 'shop_all_total', good: 'shop_good_total'",
           "good: 'shop_good_total', bad: 'shop_bad_total'",
       }) {
    SCOPED_TRACE(events);
    const fake::Checked real = Check(Policy(events, "99.9%"));
    EXPECT_EQ(real.exit, 0) << real.screen << real.err;
    EXPECT_NEAR(real.Number("total"), 20'160'000, 0.05);
    EXPECT_NEAR(real.Number("bad"), 10'080, 0.1);
    EXPECT_NEAR(real.Number("bad_low"), 10'080, 0.1);
    EXPECT_NEAR(real.Number("allowed"), 20'160, 0.0001);
    EXPECT_NEAR(real.Number("remaining_ratio"), 0.5, 0.00001);
    EXPECT_EQ(real.Findings(), "");
  }
}

TEST_F(Selection, ExactlyAtTheThresholdNobodyCanTell) {
  const fake::Checked at = CheckAtBase(
      Policy(R"(total: 'shop_requests_total{env="prod"}', bad: '{code=~"5.."}')", "99.95%"));
  EXPECT_EQ(at.exit, 13);
  EXPECT_EQ(at.Findings(), "");
  EXPECT_EQ(
      at.screen,
      R"(would HOLD  shop  feature                                                                     dry run, exit 13
  Too close to tell: "availability" is where rule spent begins to fire.
  spent  (policy.yaml:6:5)  remaining between -0.00000021 % and 0.00000019 %, must be above 0 %: too close to
    tell
  low  (policy.yaml:7:5)  remaining 0 %, must be at least 10 %
  You can  1 wait, then run the same command again
  Measured INSTANT (counts are estimates). Why in full: slogate explain decision.json
)");
}

TEST_F(Selection, AnEnvironmentCountsItsOwnEventsOnly) {
  const std::string policy =
      Policy(R"(total: 'shop_requests_total', bad: '{code=~"5.."}')", "99.9%",
             R"(environments:
  production: {sources: [main], matchers: {env: prod}}
  staging:    {sources: [main], matchers: {env: staging}, enforcement: observe}
  test:       {sources: [main], matchers: {env: test}}
)");
  const fake::Checked production = Check(policy, {"--environment", "production"});
  EXPECT_EQ(production.exit, 0) << production.screen << production.err;
  EXPECT_EQ(production.decision["verdict"].text(), "allow");
  EXPECT_NEAR(production.Number("total"), 20'160'000, 0.05);
  EXPECT_NEAR(production.Number("bad"), 10'080, 0.1);

  const fake::Checked staging = Check(policy, {"--environment", "staging"});
  EXPECT_EQ(staging.exit, 0) << staging.screen << staging.err;
  EXPECT_EQ(staging.decision["verdict"].text(), "deny");
  EXPECT_EQ(staging.decision["basis"].text(), "observe");
  EXPECT_NEAR(staging.Number("total"), 10'080'000, 0.05);
  EXPECT_NEAR(staging.Number("bad"), 1'008'000, 0.1);

  const fake::Checked test = Check(policy, {"--environment", "test"});  // has no series
  EXPECT_EQ(test.exit, 3) << test.screen << test.err;
  EXPECT_EQ(test.Findings(), "no_series!");
}

TEST_F(Selection, WithoutEnvironmentsAllEventsCount) {
  const fake::Checked both =
      Check(Policy(R"(total: 'shop_requests_total', bad: '{code=~"5.."}')", "99.9%"));
  EXPECT_EQ(both.exit, 1) << both.screen << both.err;
  EXPECT_NEAR(both.Number("total"), 30'240'000, 0.05);
  EXPECT_NEAR(both.Number("bad"), 1'018'080, 0.1);
}

}  // namespace
}  // namespace slogate
