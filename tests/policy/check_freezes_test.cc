#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>

#include "tests/policy/check_case.h"

namespace slogate {
namespace {

constexpr char kPlaces[] = R"(environments:
  production: {sources: [main]}
  staging: {sources: [main]}
)";

std::vector<SourceFile> PolicyWith(const std::string& freezes) {
  return {{"policy.yaml", absl::StrCat(kPolicy, kPlaces, kRules, "freezes:\n", freezes)}};
}

class CheckFreezesTest : public testing::TestWithParam<CheckCase> {};

TEST_P(CheckFreezesTest, Diagnostics) { ExpectDiagnostics(GetParam()); }

const CheckCase kGood[] = {
    {"all_forms_of_times",
     PolicyWith(
         R"(  - {id: a, from: 2026-12-24, to: 2026-12-27, time_zone: Europe/Berlin, verdict: deny}
  - {id: b, from: 2026-12-24 18:00, to: 2026-12-24 18:01, time_zone: UTC, verdict: hold, reason: Sales}
  - {id: c, from: '2026-12-24T18:00:00+01:00', to: '2026-12-24T17:00:01Z', verdict: warn}
  - {id: d, environments: [production, staging], from: '2026-12-24T18:00:00Z', to: 2026-12-25, time_zone: UTC, verdict: warn}
)"),
     ""},
    {"skipped_and_never_overridden",
     {{"policy.yaml", absl::StrCat(kPolicy, kLedger, kPeople, R"(changes:
  feature: {default: true}
  rollback: {skips: [freezes]}
  hotfix: {skips: [sales]}
overrides: {approvals: 1, never: [sales]}
)",
                                   kRules, R"(freezes:
  - {id: sales, from: 2026-12-24, to: 2026-12-27, time_zone: UTC, verdict: deny}
)")}},
     ""},
};

INSTANTIATE_TEST_SUITE_P(Good, CheckFreezesTest, testing::ValuesIn(kGood), CheckCaseName);

const CheckCase kBad[] = {
    {"ids",
     PolicyWith(R"(  - {id: spent, from: 2026-12-24, to: 2026-12-27, time_zone: UTC, verdict: deny}
  - {id: freezes, from: 2026-12-24, to: 2026-12-27, time_zone: UTC, verdict: deny}
  - {id: sales, from: 2026-12-24, to: 2026-12-27, time_zone: UTC, verdict: deny}
  - {id: sales, from: 2027-12-24, to: 2027-12-27, time_zone: UTC, verdict: deny}
)"),
     R"(policy.yaml:11:5: error: rule 'spent' is already defined at line 9 [duplicate_rule]
  11 |   - {id: spent, from: 2026-12-24, to: 2026-12-27, time_zone: UTC, verdict: deny}
     |     ^
     = give each rule and each freeze an id of its own

policy.yaml:12:5: error: 'freezes' cannot be a freeze's id, because skips: gives it another meaning [reserved_rule_id]
  12 |   - {id: freezes, from: 2026-12-24, to: 2026-12-27, time_zone: UTC, verdict: deny}
     |     ^
     = choose another id

policy.yaml:14:5: error: freeze 'sales' is already defined at line 13 [duplicate_rule]
  14 |   - {id: sales, from: 2027-12-24, to: 2027-12-27, time_zone: UTC, verdict: deny}
     |     ^
     = give each rule and each freeze an id of its own
)"},
    {"environments",
     PolicyWith(
         R"(  - {id: a, environments: [prodution, staging, staging], from: 2026-12-24, to: 2026-12-27, time_zone: UTC, verdict: deny}
)"),
     R"(policy.yaml:11:28: error: the policy has no environment 'prodution'; did you mean 'production'? [unknown_environment]
  11 |   - {id: a, environments: [prodution, staging, staging], from: 2026-12-24, to: 2026-12-27, time_zone:…
     |                            ^
     = name one of 'production', 'staging'

policy.yaml:11:48: error: 'staging' stands here twice [duplicate_entry]
  11 |   - {id: a, environments: [prodution, staging, staging], from: 2026-12-24, to: 2026-12-27, time_zone:…
     |                                                ^
     = remove one
)"},
    {"environments_of_a_policy_without_any",
     {{"policy.yaml", absl::StrCat(kPolicy, kRules, R"(freezes:
  - {id: a, environments: [production], from: 2026-12-24, to: 2026-12-27, time_zone: UTC, verdict: deny}
)")}},
     R"(policy.yaml:8:28: error: the policy has no environment 'production' [unknown_environment]
  8 |   - {id: a, environments: [production], from: 2026-12-24, to: 2026-12-27, time_zone: UTC, verdict: deny}
    |                            ^
    = remove environments: from this freeze; it is then for all
)"},
    {"times",
     PolicyWith(R"(  - {id: a, from: 2026-12-27, to: 2026-12-24, time_zone: UTC, verdict: deny}
  - {id: b, from: 2026-12-24, to: 2026-12-24, time_zone: UTC, verdict: deny}
  - {id: c, from: 2026-12-24, to: 2026-12-27, verdict: deny}
  - {id: d, from: '2026-12-24T00:00:00Z', to: 2026-12-27 12:00, verdict: deny}
  - {id: e, from: '2026-12-24T01:00:00+01:00', to: '2026-12-24T00:00:00Z', verdict: deny}
)"),
     R"(policy.yaml:11:35: error: freeze 'a' ends before it begins, or as it begins [empty_freeze]
  11 |   - {id: a, from: 2026-12-27, to: 2026-12-24, time_zone: UTC, verdict: deny}
     |                                   ^
     = to: is the first moment after the freeze; a day alone is its first moment

policy.yaml:12:35: error: freeze 'b' ends before it begins, or as it begins [empty_freeze]
  12 |   - {id: b, from: 2026-12-24, to: 2026-12-24, time_zone: UTC, verdict: deny}
     |                                   ^
     = to: is the first moment after the freeze; a day alone is its first moment

policy.yaml:13:19: error: freeze 'c' does not say by which clocks this time is meant [no_time_zone]
  13 |   - {id: c, from: 2026-12-24, to: 2026-12-27, verdict: deny}
     |                   ^
     = add time_zone:, such as Europe/Berlin, or write the offset: 2026-12-24T18:00:00+01:00

policy.yaml:14:47: error: freeze 'd' does not say by which clocks this time is meant [no_time_zone]
  14 |   - {id: d, from: '2026-12-24T00:00:00Z', to: 2026-12-27 12:00, verdict: deny}
     |                                               ^
     = add time_zone:, such as Europe/Berlin, or write the offset: 2026-12-24T18:00:00+01:00

policy.yaml:15:52: error: freeze 'e' ends before it begins, or as it begins [empty_freeze]
  15 |   - {id: e, from: '2026-12-24T01:00:00+01:00', to: '2026-12-24T00:00:00Z', verdict: deny}
     |                                                    ^
     = to: is the first moment after the freeze; a day alone is its first moment
)"},
    {"an_hour_that_clocks_skip",
     PolicyWith(
         R"(  - {id: a, from: 2026-03-29 02:10, to: 2026-03-29 02:50, time_zone: Europe/Berlin, verdict: deny}
)"),
     R"(policy.yaml:11:41: error: freeze 'a' ends before it begins, or as it begins [empty_freeze]
  11 |   - {id: a, from: 2026-03-29 02:10, to: 2026-03-29 02:50, time_zone: Europe/Berlin, verdict: deny}
     |                                         ^
     = to: is the first moment after the freeze; a day alone is its first moment
)"},
    {"is_no_rule",
     {{"policy.yaml", absl::StrCat(kPolicy, R"(rules: []
freezes:
  - {id: a, from: 2026-12-24, to: 2026-12-27, time_zone: UTC, verdict: deny}
)")}},
     R"(policy.yaml:5:8: error: the policy has no rules, so nothing would ever close the gate [no_rules]
  5 | rules: []
    |        ^
    = add one, such as - {id: spent, when: {budget_remaining: {at_most: 0%}}, verdict: deny}
)"},
    {"never_names_them_all",
     {{"policy.yaml", absl::StrCat(kPolicy, kLedger, kPeople,
                                   "overrides: {approvals: 1, never: [spent, sales]}\n", kRules,
                                   R"(freezes:
  - {id: sales, from: 2026-12-24, to: 2026-12-27, time_zone: UTC, verdict: deny}
)")}},
     R"(policy.yaml:10:35: warning: never: names every rule that closes the gate, so no override opens it [nothing_to_override]
  10 | overrides: {approvals: 1, never: [spent, sales]}
     |                                   ^
     = leave out the rules that may be overridden, or remove overrides:
)"},
};

INSTANTIATE_TEST_SUITE_P(Bad, CheckFreezesTest, testing::ValuesIn(kBad), CheckCaseName);

// A freeze whose own mistake is told already says nothing else that may be wrong.
TEST(CheckFreezesBesideMistakesTest, TellOnlyWhatIsCertain) {
  ExpectHeads(
      {"beside",
       PolicyWith(R"(  - {id: a b, from: 2026-12-27, to: 2026-12-24, time_zone: UTC, verdict: deny}
  - {id: b, from: 2026-13-01, to: 2026-12-24, time_zone: UTC, verdict: deny}
  - {id: c, from: 2026-12-01, to: 2026-12-24, time_zone: Europe/Atlantis, verdict: deny}
  - {id: d, environments: [''], from: 2026-12-27, to: 2026-12-24, time_zone: UTC, verdict: deny}
)"),
       "policy.yaml:11:10 bad_name\npolicy.yaml:12:19 bad_moment\n"
       "policy.yaml:13:58 unknown_time_zone\npolicy.yaml:14:29 bad_name\n"
       "policy.yaml:14:55 empty_freeze\n"});
}

}  // namespace
}  // namespace slogate
