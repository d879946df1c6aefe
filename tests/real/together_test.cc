// Several SLOs about one metric: few queries, and for each SLO what queries of its own would tell.
// (Every other test of a real server is asked both ways, too: see Gate::Check.)
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include "tests/real/eight_days.h"

namespace slogate {
namespace {

constexpr char kPolicy[] = R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: test}
sources: {main: {url: 'SOURCE'}}
rules:
  - {id: spent,     when: {budget_remaining: {at_most: 0%}}, verdict: deny}
  - {id: fast-burn, when: {budget_spent: {at_least: 2%, over: 1h, confirmed_over: 5m}}, verdict: hold}
service: shop
slos:
)";

std::string Slo(absl::string_view name, absl::string_view total, absl::string_view bad) {
  return absl::StrCat("  - {name: ", name,
                      ", objective: 99.9%, window: 7d, sli: {events: {total: '", total, "', bad: '",
                      bad, "'}}}\n");
}

class Together : public fake::OnEightDays {
 protected:
  static std::set<std::string> Queries(const fake::Checked& checked) {
    std::set<std::string> queries;
    for (const json::Value& answer : checked.decision["evidence"]["answers"].array())
      queries.insert(answer["query"].text());
    return queries;
  }
  // Total and bad events of an SLO, as whole numbers.
  static std::string Events(const fake::Checked& checked, size_t slo) {
    const json::Value& counts = checked.decision["slos"].array().at(slo);
    return absl::StrCat(std::lround(std::stod(counts["total"].text())), " ",
                        std::lround(std::stod(counts["bad"].text())));
  }
};

TEST_F(Together, SlosThatDifferInOneLabelShareTheirQueries) {
  const fake::Checked real = Check(absl::StrCat(
      kPolicy, Slo("production", R"(shop_requests_total{env="prod"})", R"({code=~"5.."})"),
      Slo("staging", R"(shop_requests_total{env="staging"})", R"({code=~"5.."})")));
  EXPECT_EQ(Events(real, 0), "20160000 10080");
  EXPECT_EQ(Events(real, 1), "10080000 1008000");
  EXPECT_EQ(real.decision["verdict"].text(), "deny");
  const std::set<std::string> queries = Queries(real);
  for (const char* window : {"7d", "1h", "5m"}) {
    EXPECT_EQ(queries.count(absl::StrCat(
                  R"(sum by (env, code) (increase(shop_requests_total{env=~"prod|staging"}[)",
                  window, "]))")),
              1u);
  }
  // The clock, three counts, newest sample, history and coverage; and as one is spent, its seven days.
  EXPECT_EQ(queries.size(), 14u);
}

TEST_F(Together, PartsThatOverlapAreEachCountedWhole) {
  const fake::Checked real = Check(absl::StrCat(
      kPolicy, Slo("errors", R"(shop_requests_total{env="prod"})", R"({code=~"4..|5.."})"),
      Slo("crashes", R"(shop_requests_total{env="prod"})", R"({code="500"})"),
      Slo("anything-else", R"(shop_requests_total{env="prod"})", R"({code!="200"})"),
      Slo("by-the-servers-own-rules", R"(shop_requests_total{env="prod"})",
          R"({code=~"5[0-9]+"})")));
  for (size_t slo = 0; slo < 4; ++slo) EXPECT_EQ(Events(real, slo), "20160000 10080") << slo;
  size_t counts = 0;
  for (const std::string& query : Queries(real)) counts += absl::StrContains(query, "increase");
  EXPECT_EQ(counts, 6u);  // three windows: one for three SLOs, one more for the fourth
}

TEST_F(Together, WhatOneLacksIsNobodyElsesFinding) {
  const fake::Checked real = Check(absl::StrCat(
      kPolicy, Slo("production", R"(shop_requests_total{env="prod"})", R"({code=~"5.."})"),
      Slo("nowhere", R"(shop_requests_total{env="nowhere"})", R"({code=~"5.."})")));
  EXPECT_EQ(Events(real, 0), "20160000 10080");
  EXPECT_TRUE(real.decision["slos"].array().at(1)["total"].is_null());
  for (const json::Value& finding : real.decision["findings"].array())
    EXPECT_EQ(finding["slo"].text(), "nowhere") << finding["text"].text();
  EXPECT_EQ(real.Findings(), "no_series!");
}

}  // namespace
}  // namespace slogate
