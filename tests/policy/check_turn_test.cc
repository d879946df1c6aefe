// An SLO with a calendar window needs a rule that still sees a burning service when the calendar turns.
#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>

#include "tests/policy/check_case.h"

namespace slogate {
namespace {

constexpr char kMonthly[] =
    R"(  - {name: availability, objective: 99.9%, window: {calendar: month, time_zone: UTC}, sli: {events: {total: requests, bad: errors}}}
)";

SourceFile PolicyOf(const std::string& rules) {
  return {"policy.yaml", absl::StrCat(kPolicy, kRules, rules)};
}

SourceFile Team(const std::string& slos = kMonthly) {
  return {"team.yaml", absl::StrCat(kTeam, slos)};
}

class CheckTurnTest : public testing::TestWithParam<CheckCase> {};

TEST_P(CheckTurnTest, Diagnostics) { ExpectDiagnostics(GetParam()); }

const CheckCase kGood[] = {
    {"budget_spent",
     {PolicyOf("  - {id: fast, when: {budget_spent: {at_least: 2%, over: 1h}}, verdict: hold}\n"),
      Team()},
     ""},
    {"burn_rate",
     {PolicyOf("  - {id: fast, when: {burn_rate: {above: 10, over: 1h}}, verdict: deny}\n"),
      Team()},
     ""},
    {"a_rolling_window_needs_none", {PolicyOf(""), Team(kSlo)}, ""},
    {"the_policy_is_in_another_file", {Team()}, ""},
};

INSTANTIATE_TEST_SUITE_P(Good, CheckTurnTest, testing::ValuesIn(kGood), CheckCaseName);

const CheckCase kBad[] = {
    {"none_in_two_files",
     {PolicyOf(""), Team()},
     R"(team.yaml:5:5: error: no rule holds SLO 'availability' by how fast its budget burns: a new month begins with a whole budget, and would open the gate to a service that fails just then [no_burn_rule]
  5 |   - {name: availability, objective: 99.9%, window: {calendar: month, time_zone: UTC}, sli: {events: {t…
    |     ^
    = add a rule with budget_spent or burn_rate and the verdict hold or deny, such as {id: fast-burn, when: {budget_spent: {at_least: 2%, over: 1h}}, verdict: hold}
)"},
    {"none_in_one_file",
     {{"policy.yaml", absl::StrCat(kPolicy, kRules, "service: checkout\nslos:\n", kMonthly)}},
     R"(policy.yaml:9:5: error: no rule holds SLO 'availability' by how fast its budget burns: a new month begins with a whole budget, and would open the gate to a service that fails just then [no_burn_rule]
  9 |   - {name: availability, objective: 99.9%, window: {calendar: month, time_zone: UTC}, sli: {events: {t…
    |     ^
    = add a rule with budget_spent or burn_rate and the verdict hold or deny, such as {id: fast-burn, when: {budget_spent: {at_least: 2%, over: 1h}}, verdict: hold}
)"},
    {"only_a_warning",
     {PolicyOf("  - {id: fast, when: {burn_rate: {above: 10, over: 1h}}, verdict: warn}\n"),
      Team()},
     R"(team.yaml:5:5: error: no rule holds SLO 'availability' by how fast its budget burns: a new month begins with a whole budget, and would open the gate to a service that fails just then [no_burn_rule]
  5 |   - {name: availability, objective: 99.9%, window: {calendar: month, time_zone: UTC}, sli: {events: {t…
    |     ^
    = add a rule with budget_spent or burn_rate and the verdict hold or deny, such as {id: fast-burn, when: {budget_spent: {at_least: 2%, over: 1h}}, verdict: hold}
)"},
    {"one_for_other_slos",
     {PolicyOf("  - {id: fast, when: {burn_rate: {above: 10, over: 1h}}, verdict: hold, slos: "
               "{tier: '1'}}\n"),
      Team(absl::StrCat(
          kMonthly,
          R"(  - {name: latency, labels: {tier: '1'}, objective: 99%, window: {calendar: week, time_zone: UTC}, sli: {latency: {histogram: took, within: 1s}}}
)"))},
     R"(team.yaml:5:5: error: no rule holds SLO 'availability' by how fast its budget burns: a new month begins with a whole budget, and would open the gate to a service that fails just then [no_burn_rule]
  5 |   - {name: availability, objective: 99.9%, window: {calendar: month, time_zone: UTC}, sli: {events: {t…
    |     ^
    = add a rule with budget_spent or burn_rate and the verdict hold or deny, such as {id: fast-burn, when: {budget_spent: {at_least: 2%, over: 1h}}, verdict: hold}
)"},
    {"one_whose_window_is_no_month_of_february",
     {PolicyOf("  - {id: fast, when: {burn_rate: {above: 1, over: 28d}}, verdict: hold}\n"),
      Team()},
     R"(policy.yaml:7:5: warning: rule 'fast' can never be true for 'availability' (its window of a month is too short) [unreachable_rule]
  7 |   - {id: fast, when: {burn_rate: {above: 1, over: 28d}}, verdict: hold}
    |     ^
    = correct its threshold or windows, or choose the SLOs it looks at with slos:

team.yaml:5:5: error: no rule holds SLO 'availability' by how fast its budget burns: a new month begins with a whole budget, and would open the gate to a service that fails just then [no_burn_rule]
  5 |   - {name: availability, objective: 99.9%, window: {calendar: month, time_zone: UTC}, sli: {events: {t…
    |     ^
    = add a rule with budget_spent or burn_rate and the verdict hold or deny, such as {id: fast-burn, when: {budget_spent: {at_least: 2%, over: 1h}}, verdict: hold}
)"},
    {"one_that_not_even_a_long_month_reaches",
     {PolicyOf("  - {id: fast, when: {budget_spent: {at_least: 140%, over: 1h}}, verdict: hold}\n"),
      Team()},
     R"(policy.yaml:7:5: warning: rule 'fast' can never be true for 'availability' (99.9%: not even if every event failed) [unreachable_rule]
  7 |   - {id: fast, when: {budget_spent: {at_least: 140%, over: 1h}}, verdict: hold}
    |     ^
    = correct its threshold or windows, or choose the SLOs it looks at with slos:

team.yaml:5:5: error: no rule holds SLO 'availability' by how fast its budget burns: a new month begins with a whole budget, and would open the gate to a service that fails just then [no_burn_rule]
  5 |   - {name: availability, objective: 99.9%, window: {calendar: month, time_zone: UTC}, sli: {events: {t…
    |     ^
    = add a rule with budget_spent or burn_rate and the verdict hold or deny, such as {id: fast-burn, when: {budget_spent: {at_least: 2%, over: 1h}}, verdict: hold}
)"},
};

INSTANTIATE_TEST_SUITE_P(Bad, CheckTurnTest, testing::ValuesIn(kBad), CheckCaseName);

}  // namespace
}  // namespace slogate
