// What slogate check makes of data of every sort, on one real Prometheus. What the data is stands
// in data.h, so every count below can be worked out by hand: 7 d are 10,080 minutes.
#include <ostream>
#include <string>

#include <absl/strings/str_cat.h>
#include <absl/time/time.h>
#include <gtest/gtest.h>

#include "gate/base/duration.h"
#include "tests/real/eight_days.h"

namespace slogate {
namespace {

// Of one SLO, 99.9 % over 7 d; `more` are further lines.
std::string Policy(const std::string& events, const std::string& more) {
  return absl::StrCat(R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: test}
sources: {main: {url: 'SOURCE'}}
rules:
  - {id: spent,     when: {budget_remaining: {at_most: 0%}}, verdict: deny}
  - {id: fast-burn, when: {budget_spent: {at_least: 2%, over: 1h, confirmed_over: 5m}}, verdict: hold}
  - {id: slow-burn, when: {burn_rate: {above: 1, over: [1d, 6h]}}, verdict: warn}
  - {id: low-sli,   when: {sli: {below: 99.5%, over: 1h}}, verdict: warn}
service: shop
slos:
  - {name: availability, objective: 99.9%, window: 7d, sli: {events: {)",
                      events, "}}}\n", more);
}

struct Case {
  const char* name;
  const char* events;  // of the SLO's sli
  const char* more;    // further lines of the policy
  int exit, detailed_exit;
  const char* findings;
  const char* screen;  // as of `base`
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.name; }

class Judged : public fake::OnEightDays, public testing::WithParamInterface<Case> {};

TEST_P(Judged, AsItIs) {
  const Case& test = GetParam();
  const std::string policy = Policy(test.events, test.more);
  const fake::Checked real = Check(policy);
  EXPECT_EQ(real.exit, test.exit) << real.screen << real.err;
  EXPECT_EQ(real.Findings(), test.findings);
  EXPECT_EQ(real.decision["instant_source"].text(), "server");
  const fake::Checked dry = CheckAtBase(policy);
  EXPECT_EQ(dry.exit, test.detailed_exit);
  EXPECT_EQ(dry.Findings(), test.findings);
  EXPECT_EQ(dry.screen, test.screen);
  EXPECT_EQ(dry.err, "");
}

constexpr Case kCases[] = {
    {"half_spent", R"(total: 'shop_requests_total{env="prod"}', bad: '{code=~"5.."}')", "", 0, 0,
     "",
     R"(would ALLOW  shop  feature                                                                     dry run, exit 0
  availability  50 % of its 7 d error budget left: 10,080 bad of 20,160,000 events; 99.9 % allows 20,160
  All 4 rules pass.
  Measured INSTANT (counts are estimates). Why in full: slogate explain decision.json
)"},
    {"bad_by_label_never_happened", R"(total: 'calm_requests_total', bad: '{code=~"5.."}')", "", 0,
     0, "",
     R"(would ALLOW  shop  feature                                                                     dry run, exit 0
  availability  100 % of its 7 d error budget left: 0 bad of 10,080,000 events; 99.9 % allows 10,080
  All 4 rules pass.
  Measured INSTANT (counts are estimates). Why in full: slogate explain decision.json
)"},
    {"bad_stands_still", R"(total: 'calm_requests_total', bad: 'calm_errors_total')", "", 0, 0, "",
     R"(would ALLOW  shop  feature                                                                     dry run, exit 0
  availability  100 % of its 7 d error budget left: 0 bad of 10,080,000 events; 99.9 % allows 10,080
  All 4 rules pass.
  Measured INSTANT (counts are estimates). Why in full: slogate explain decision.json
)"},
    {"bad_seen_by_one_sample", R"(total: 'calm_requests_total', bad: 'once_errors_total')", "", 0,
     0, "",
     R"(would ALLOW  shop  feature                                                                     dry run, exit 0
  availability  100 % of its 7 d error budget left: 0 bad of 10,080,000 events; 99.9 % allows 10,080
  All 4 rules pass.
  Measured INSTANT (counts are estimates). Why in full: slogate explain decision.json
)"},
    {"bad_seen_before_the_window", R"(total: 'calm_requests_total', bad: 'old_errors_total')", "",
     0, 0, "",
     R"(would ALLOW  shop  feature                                                                     dry run, exit 0
  availability  100 % of its 7 d error budget left: 0 bad of 10,080,000 events; 99.9 % allows 10,080
  All 4 rules pass.
  Measured INSTANT (counts are estimates). Why in full: slogate explain decision.json
)"},
    {"bad_has_a_wrong_name", R"(total: 'calm_requests_total', bad: 'calm_erors_total')", "", 3, 13,
     "no_series!",
     R"(would HOLD  shop  feature                                                                     dry run, exit 13
  Not known how much error budget is left of "availability".
  no_series  the source has never seen a series of calm_erors_total
  You can  1 compare the metric and label names of the selector with what the source has
  Measured INSTANT. Why in full: slogate explain decision.json
)"},
    {"good_has_a_wrong_name", R"(total: 'calm_requests_total', good: 'calm_god_total')", "", 3, 13,
     "no_series!",
     R"(would HOLD  shop  feature                                                                     dry run, exit 13
  Not known how much error budget is left of "availability".
  no_series  the source has never seen a series of calm_god_total
  You can  1 compare the metric and label names of the selector with what the source has
  Measured INSTANT. Why in full: slogate explain decision.json
)"},
    {"neither_half_exists", R"(good: 'clam_requests_total', bad: 'clam_errors_total')", "", 3, 13,
     "no_series!",
     R"(would HOLD  shop  feature                                                                     dry run, exit 13
  Not known how much error budget is left of "availability".
  no_series  no series of clam_requests_total has two samples in the last 7 d
  You can  1 compare the metric and label names of the selector with what the source has
  Measured INSTANT. Why in full: slogate explain decision.json
)"},
    {"total_has_a_wrong_name", R"(total: 'clam_requests_total', bad: '{code=~"5.."}')", "", 3, 13,
     "no_series!",
     R"(would HOLD  shop  feature                                                                     dry run, exit 13
  Not known how much error budget is left of "availability".
  no_series  no series of clam_requests_total has two samples in the last 7 d
  You can  1 compare the metric and label names of the selector with what the source has
  Measured INSTANT. Why in full: slogate explain decision.json
)"},
    {"total_has_a_wrong_label",
     R"(total: 'calm_requests_total{servce="calm"}', bad: '{code=~"5.."}')", "", 3, 13,
     "no_series!",
     R"(would HOLD  shop  feature                                                                     dry run, exit 13
  Not known how much error budget is left of "availability".
  no_series  no series of calm_requests_total{servce="calm"} has two samples in the last 7 d
  You can  1 compare the metric and label names of the selector with what the source has
  Measured INSTANT. Why in full: slogate explain decision.json
)"},
    {"bad_has_a_wrong_label", R"(total: 'calm_requests_total', bad: '{cod=~"5.."}')", "", 3, 13,
     "no_series!",
     R"(would HOLD  shop  feature                                                                     dry run, exit 13
  Not known how much error budget is left of "availability".
  no_series  no series of calm_requests_total carries the label cod
  You can  1 compare the metric and label names of the selector with what the source has
  Measured INSTANT. Why in full: slogate explain decision.json
)"},
    {"restarts_lose_nothing", R"(total: 'pods_requests_total', bad: '{code=~"5.."}')", "", 0, 0, "",
     R"(would ALLOW  shop  feature                                                                     dry run, exit 0
  availability  50 % of its 7 d error budget left: 40,320 bad of 80,640,000 events; 99.9 % allows 80,640
  All 4 rules pass.
  Measured INSTANT (counts are estimates). Why in full: slogate explain decision.json
)"},
    {"no_traffic", R"(total: 'idle_requests_total', bad: '{code=~"5.."}')", "", 3, 13,
     "no_traffic!",
     R"(would HOLD  shop  feature                                                                     dry run, exit 13
  The data does not say enough to judge "availability".
  no_traffic  no events in the SLO's window, so nothing says how much of the budget is spent
  You can  1 lengthen the SLO's window, or set findings.no_traffic in policy.yaml
  Measured INSTANT (counts are estimates). Why in full: slogate explain decision.json
)"},
    {"no_traffic_is_allowed", R"(total: 'idle_requests_total', bad: '{code=~"5.."}')",
     "findings: {no_traffic: allow}\n", 0, 0, "no_traffic!",
     R"(would ALLOW  shop  feature                                                                     dry run, exit 0
  no_traffic of "availability" counts as allow: no events in the SLO's window, so nothing says how much of the
    budget is spent.
  availability  not measured
  All 4 rules pass.
  Measured INSTANT (counts are estimates). Why in full: slogate explain decision.json
)"},
    {"few_events", R"(total: 'rare_requests_total', bad: '{code=~"5.."}')", "", 0, 10,
     "few_events!",
     R"(would WARN  shop  feature                                                                     dry run, exit 10
  few_events of "availability" counts as warn: the budget allows 0.055 events, less than 10, so chance has its
    say: from 0 % to 6.38 % of all events may fail (95 % sure), where 0.1 % is allowed.
  availability  100 % of its 7 d error budget left: 0 bad of 56 events; 99.9 % allows 0.056
  2 of 4 comparisons could not be made.
  Measured INSTANT (counts are estimates). Why in full: slogate explain decision.json
)"},
    {"few_events_hold", R"(total: 'rare_requests_total', bad: '{code=~"5.."}')",
     "findings: {few_events: hold}\n", 3, 13, "few_events!",
     R"(would HOLD  shop  feature                                                                     dry run, exit 13
  The data does not say enough to judge "availability".
  few_events  the budget allows 0.055 events, less than 10, so chance has its say: from 0 % to 6.38 % of all
    events may fail (95 % sure), where 0.1 % is allowed
  You can  1 lengthen the SLO's window, or set findings.few_events in policy.yaml
  Measured INSTANT (counts are estimates). Why in full: slogate explain decision.json
)"},
    {"quiet_five_minutes", R"(total: 'lull_requests_total', bad: '{code=~"5.."}')", "", 0, 0, "",
     R"(would ALLOW  shop  feature                                                                     dry run, exit 0
  availability  50 % of its 7 d error budget left: 10,070 bad of 20,140,000 events; 99.9 % allows 20,140
  All 4 rules pass.
  Measured INSTANT (counts are estimates). Why in full: slogate explain decision.json
)"},
    {"stale_for_22_minutes", R"(total: 'ended_22m_requests_total', bad: '{code=~"5.."}')", "", 3,
     13, "stale!",
     R"(would HOLD  shop  feature                                                                     dry run, exit 13
  The data does not say enough to judge "availability".
  stale  no sample of ended_22m_requests_total in the last 5 m; the newest is up to 30 m old
  You can  1 look whether the service is still scraped (the metric "up"), then run again
  Measured INSTANT (counts are estimates). Why in full: slogate explain decision.json
)"},
    {"stale_for_two_hours", R"(total: 'ended_2h_requests_total', bad: '{code=~"5.."}')", "", 3, 13,
     "stale!",
     R"(would HOLD  shop  feature                                                                     dry run, exit 13
  The data does not say enough to judge "availability".
  stale  no sample of ended_2h_requests_total in the last 5 m; the newest is up to 2 h old
  You can  1 look whether the service is still scraped (the metric "up"), then run again
  Measured INSTANT (counts are estimates). Why in full: slogate explain decision.json
)"},
    {"stale_is_no_reason", R"(total: 'ended_22m_requests_total', bad: '{code=~"5.."}')",
     "findings: {stale: {older_than: 1h}}\n", 0, 0, "no_series",
     R"(would ALLOW  shop  feature                                                                     dry run, exit 0
  availability  100 % of its 7 d error budget left: 0 bad of 10,058,500 events; 99.9 % allows 10,058
  All 4 rules pass.
  Measured INSTANT (counts are estimates). Why in full: slogate explain decision.json
)"},
    {"stale_denies", R"(total: 'ended_22m_requests_total', bad: '{code=~"5.."}')",
     "findings: {stale: deny}\n", 1, 11, "stale!",
     R"(would DENY  shop  feature                                                                     dry run, exit 11
  The data does not say enough to judge "availability".
  stale  no sample of ended_22m_requests_total in the last 5 m; the newest is up to 30 m old
  You can  1 look whether the service is still scraped (the metric "up"), then run again
  Measured INSTANT (counts are estimates). Why in full: slogate explain decision.json
)"},
    {"fast_burn", R"(total: 'fast_requests_total', bad: '{code=~"5.."}')", "", 3, 13, "",
     R"(would HOLD  shop  feature                                                                     dry run, exit 13
  "availability" used 5.96 % of its 7 d error budget in the last 1 h.
  fast-burn  (policy.yaml:7:5)  budget spent 5.96 % over 1 h, must be below 2 %; confirmed: burn rate 10 over
    5 m, at least 3.36 confirms
  low-sli  (policy.yaml:9:5)  SLI 99 % over 1 h, must be at least 99.5 %; all else passes
  You can  1 wait, then run the same command again
  Measured INSTANT (counts are estimates). Why in full: slogate explain decision.json
)"},
    {"fast_burn_is_over", R"(total: 'over_requests_total', bad: '{code=~"5.."}')", "", 0, 10, "",
     R"(would WARN  shop  feature                                                                     dry run, exit 10
  "availability" burns its 7 d error budget 4.17 times as fast as it lasts, over 1 d.
  The SLI of "availability" over 1 h is 93.33 %.
  slow-burn  (policy.yaml:8:5)  burn rate 4.17 over 1 d and 16.67 over 6 h; fires when all are above 1
  low-sli  (policy.yaml:9:5)  SLI 93.33 % over 1 h, must be at least 99.5 %; all else passes
  Measured INSTANT (counts are estimates). Why in full: slogate explain decision.json
)"},
    {"slow_burn", R"(total: 'slow_requests_total', bad: '{code=~"5.."}')", "", 0, 10, "",
     R"(would WARN  shop  feature                                                                     dry run, exit 10
  "availability" burns its 7 d error budget 2 times as fast as it lasts, over 1 d.
  slow-burn  (policy.yaml:8:5)  burn rate 2 over 1 d and 2 over 6 h; fires when all are above 1; all else
    passes
  Measured INSTANT (counts are estimates). Why in full: slogate explain decision.json
)"},
};

INSTANTIATE_TEST_SUITE_P(Cases, Judged, testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string(test.param.name); });

// How far back data goes is told on a grid of a 120th of the window, 84 minutes, that depends on
// the instant: too short by at most a step, never too long.
struct Young {
  const char* name;
  const char* metric;
  absl::Duration truth;
  const char* more;
  int detailed_exit;
  const char* findings;
};

void PrintTo(const Young& test, std::ostream* out) { *out << test.name; }

class ShortHistory : public fake::OnEightDays, public testing::WithParamInterface<Young> {};

TEST_P(ShortHistory, IsTold) {
  const Young& test = GetParam();
  const fake::Checked dry = CheckAtBase(
      Policy(absl::StrCat("total: '", test.metric, "', bad: '{code=~\"5..\"}'"), test.more));
  EXPECT_EQ(dry.exit, test.detailed_exit) << dry.screen;
  EXPECT_EQ(dry.Findings(), test.findings);
  const json::Value& finding = dry.decision["findings"].array().back();
  const absl::Duration told = absl::Seconds(std::stoi(finding["measured"].text()));
  EXPECT_LE(told, test.truth);
  EXPECT_GE(told, test.truth - absl::Minutes(84));
  EXPECT_EQ(finding["text"].text(), absl::StrCat("only ", SpeakDuration(told),
                                                 " of the 7 d window are stored of ", test.metric));
}

INSTANTIATE_TEST_SUITE_P(
    Cases, ShortHistory,
    testing::Values(
        Young{"two_days", "young_requests_total", absl::Hours(48), "", 10, "short_history!"},
        Young{"two_days_are_allowed", "young_requests_total", absl::Hours(48),
              "findings: {short_history: allow}\n", 0, "short_history!"},
        Young{"two_days_hold", "young_requests_total", absl::Hours(48),
              "findings: {short_history: hold}\n", 13, "short_history!"},
        Young{"twelve_hours", "infant_requests_total", absl::Hours(12), "", 13,
              "short_history short_history!"},
        // Less than a day holds whatever is set.
        Young{"twelve_hours_are_allowed", "infant_requests_total", absl::Hours(12),
              "findings: {short_history: allow}\n", 13, "short_history short_history!"}),
    [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace slogate
