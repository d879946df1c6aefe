#include "gate/decision/decide.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/decision/acme.h"

namespace slogate {
namespace {

const fake::Story kStories[] = {
    {"burned_fast_and_now_no_traffic_at_night",
     {{"events errors 1h", "14400"}, {"events requests 5m", "0"}},
     "",
     "",
     "",
     "allow proceed budget\nALL_PASS"},
    {"stale",
     {{"newest_sample requests", "301"}},
     "",
     "",
     "",
     "hold blocked budget\nALL_UNKNOWNfinding stale a all hold decisive\n"
     "next mend stale\nnext change nightly\nnext change rollback\n"},
    {"as_old_as_may_be",
     {{"newest_sample requests", "300"}},
     "",
     "",
     "",
     "allow proceed budget\nALL_PASS"},
    {"stale_may_deny",
     {{"newest_sample requests", "none"}},
     "",
     "",
     "findings: {stale: deny}",
     "deny blocked budget\nALL_UNKNOWNfinding stale a all deny decisive\n"
     "next mend stale\nnext change nightly\nnext change rollback\n"},
    {"the_clock_differs",
     {{"clock", "!clock_skew"}},
     "",
     "",
     "",
     "hold blocked budget\nALL_UNKNOWNfinding clock_skew a all hold decisive\n"
     "next mend clock_skew\nnext change rollback\n"},
    {"a_wrong_name",
     {{"events requests", "none"}},
     "",
     "",
     "",
     "hold blocked budget\nALL_UNKNOWNfinding no_series a 5m hold decisive\n"
     "finding no_series a 1h hold decisive\nfinding no_series a 6h hold decisive\n"
     "finding no_series a 3d hold decisive\nfinding no_series a 30d hold decisive\n"
     "next mend no_series\nnext change rollback\n"},
    {"a_wrong_name_of_the_bad_half",
     {{"events errors", "none"}, {"series_seen errors", "0"}},
     "",
     "",
     "findings: {no_series: deny}",
     "deny blocked budget\nALL_UNKNOWNfinding no_series a 5m deny decisive\n"
     "finding no_series a 1h deny decisive\nfinding no_series a 6h deny decisive\n"
     "finding no_series a 3d deny decisive\nfinding no_series a 30d deny decisive\n"
     "next mend no_series\nnext change rollback\n"},
    {"a_known_half_without_data_is_zero",
     {{"events errors", "none"}, {"series_seen errors", "1"}},
     "",
     "",
     "",
     "allow proceed budget\nALL_PASS"},
    {"two_days_stored_of_thirty",
     {{"history requests", "172800"}},
     "",
     "",
     "",
     "warn proceed budget\nALL_PASSfinding short_history a 3d warn softened decisive\n"
     "finding short_history a 30d warn softened decisive\n"},
    {"two_days_stored_and_spent",
     {{"history requests", "172800"}, {"events errors 30d", "1000"}},
     "",
     "",
     "",
     "deny blocked budget\nrule spent a true\nrule fast a false\nrule slow a false\nrule low a "
     "true\n"
     "finding short_history a 3d warn softened\nfinding short_history a 30d warn softened\n"
     "next change rollback\nnext change security CVE-\n"},
    {"two_hours_stored_of_thirty_days",
     {{"history requests", "7200"}},
     "",
     "",
     "findings: {short_history: allow}",
     "hold blocked budget\nrule spent a unknown\nrule fast a false\nrule slow a unknown\n"
     "rule low a unknown\nfinding short_history a 6h hold decisive\n"
     "finding short_history a 3d hold decisive\nfinding short_history a 30d hold decisive\n"
     "next mend short_history\nnext change rollback\n"},
    {"exactly_min_history",
     {{"history requests", "86400"}},
     "",
     "",
     "findings: {short_history: allow}",
     "allow proceed budget\nALL_PASSfinding short_history a 3d allow softened decisive\n"
     "finding short_history a 30d allow softened decisive\n"},
    {"short_history_set_to_deny",
     {{"history requests", "172800"}},
     "",
     "",
     "findings: {short_history: deny}",
     "deny blocked budget\nrule spent a unknown\nrule fast a false\nrule slow a false\n"
     "rule low a unknown\nfinding short_history a 3d deny\n"
     "finding short_history a 30d deny decisive\nnext mend short_history\nnext change rollback\n"},
    {"nobody_knows_how_far_back_the_data_goes",
     {{"history requests", "!timed_out"}},
     "",
     "",
     "",
     "hold blocked budget\nALL_UNKNOWNfinding timed_out a all hold decisive\n"
     "next mend timed_out\nnext change rollback\n"},
    {"three_days_and_a_quarter_missing_of_thirty",
     {{"coverage requests", "107"}},
     "",
     "",
     "",
     "hold blocked budget\nrule spent a unknown\nrule fast a false\nrule slow a false\n"
     "rule low a unknown\nfinding gap a 30d hold decisive\n"
     "next mend gap\nnext change rollback\n"},
    {"as_much_missing_as_may_be",
     {{"coverage requests", "108"}},
     "",
     "",
     "",
     "allow proceed budget\nALL_PASS"},
    {"a_gap_and_a_burst_that_it_does_not_touch",
     {{"coverage requests", "107"}, {"events errors 1h", "14400"}, {"events errors 5m", "20000"}},
     "security",
     "CVE-1",
     "findings: {gap: allow}",
     "allow proceed class\nrule spent a false, skipped by security\n"
     "rule fast a true, skipped by security\nrule slow a false, skipped by security\n"
     "rule low a false, skipped by security\nfinding gap a 30d allow softened decisive\n"},
    {"a_gap_softened_judges_what_is_there",
     {{"coverage requests", "60"}},
     "",
     "",
     "findings: {gap: warn}",
     "warn proceed budget\nALL_PASSfinding gap a 30d warn softened decisive\n"},
    {"a_gap_softened_and_the_budget_spent",
     {{"coverage requests", "60"}, {"events errors 30d", "1000"}},
     "",
     "",
     "findings: {gap: warn}",
     "deny blocked budget\nrule spent a true\nrule fast a false\nrule slow a false\nrule low a "
     "true\n"
     "finding gap a 30d warn softened\nnext change rollback\nnext change security CVE-\n"},
    {"a_gap_may_deny",
     {{"coverage requests", "none"}},
     "",
     "",
     "findings: {gap: deny}",
     "deny blocked budget\nrule spent a unknown\nrule fast a false\nrule slow a false\n"
     "rule low a unknown\nfinding gap a 30d deny decisive\n"
     "next mend gap\nnext change rollback\n"},
    {"nobody_knows_whether_there_is_a_gap",
     {{"coverage requests", "!timed_out"}},
     "",
     "",
     "findings: {gap: allow}",
     "hold blocked budget\nrule spent a unknown\nrule fast a false\nrule slow a false\n"
     "rule low a unknown\nfinding timed_out a 30d hold decisive\n"
     "next mend timed_out\nnext change rollback\n"},
    {"old_counters_that_look_new_warn",
     {{"events errors 30d", "^10"}},
     "",
     "",
     "",
     "warn proceed budget\nALL_PASSfinding births a 30d warn softened decisive\n"},
    {"old_counters_that_look_new_do_not_hide_what_is_counted",
     {{"events errors 30d", "^1000"}},
     "",
     "",
     "",
     "deny blocked budget\nrule spent a true\nrule fast a false\nrule slow a false\nrule low a "
     "true\n"
     "finding births a 30d warn softened\nnext change rollback\nnext change security CVE-\n"},
    {"old_counters_that_look_new_may_deny",
     {{"events requests 30d", "^1000000"}},
     "",
     "",
     "findings: {births: deny}",
     "deny blocked budget\nrule spent a unknown\nrule fast a false\nrule slow a false\n"
     "rule low a unknown\nfinding births a 30d deny decisive\n"
     "next mend births\nnext change rollback\n"},
    {"two_days_stored_without_a_gap",
     {{"history requests", "172800"}, {"coverage requests", "8"}},
     "",
     "",
     "",
     "warn proceed budget\nALL_PASSfinding short_history a 3d warn softened decisive\n"
     "finding short_history a 30d warn softened decisive\n"},
    {"two_days_stored_with_a_gap",
     {{"history requests", "172800"}, {"coverage requests", "7"}},
     "",
     "",
     "",
     "hold blocked budget\nrule spent a unknown\nrule fast a false\nrule slow a false\n"
     "rule low a unknown\nfinding short_history a 3d warn softened decisive\n"
     "finding short_history a 30d warn softened decisive\nfinding gap a 30d hold decisive\n"
     "next mend gap\nnext change rollback\n"},
    {"few_events_leave_open_what_chance_may_decide",
     {{"events requests", "999"}, {"events errors", "1"}},
     "",
     "",
     "",
     "warn proceed budget\nrule spent a unknown\nrule fast a false\nrule slow a unknown\n"
     "rule low a unknown\nfinding few_events a all warn softened decisive\n"},
    {"few_events_that_all_fail_are_enough",
     {{"events requests", "999"}, {"events errors", "999"}},
     "",
     "",
     "",
     "deny blocked budget\nrule spent a true\nrule fast a true\nrule slow a true\n"
     "rule low a true\nnext change rollback\nnext change security CVE-\n"},
    {"few_events_are_enough_where_even_a_streak_would_not_matter",
     {{"events requests", "9999"}, {"events errors", "0"}},
     "",
     "",
     "",
     "allow proceed budget\nALL_PASS"},
    {"few_events_and_a_policy_that_wants_to_be_less_sure",
     {{"events requests", "9999"}, {"events errors", "14"}},
     "",
     "",
     "findings: {few_events: {confidence: 50%}}",
     "deny blocked budget\nrule spent a true\nrule fast a false\nrule slow a true\n"
     "rule low a true\nnext change rollback\nnext change security CVE-\n"},
    {"few_events_and_a_policy_that_wants_to_be_sure",
     {{"events requests", "9999"}, {"events errors", "14"}},
     "",
     "",
     "findings: {few_events: {confidence: 99%, verdict: deny}}",
     "deny blocked budget\nrule spent a unknown\nrule fast a false\nrule slow a unknown\n"
     "rule low a unknown\nfinding few_events a all deny decisive\n"
     "next mend few_events\nnext change rollback\n"},
    {"few_events_allowed",
     {{"events requests 30d", "999"}},
     "",
     "",
     "findings: {few_events: allow}",
     "allow proceed budget\nrule spent a unknown\nrule fast a false\nrule slow a false\n"
     "rule low a unknown\nfinding few_events a all allow softened decisive\n"},
    {"few_events_held",
     {{"events requests 30d", "999"}},
     "",
     "",
     "findings: {few_events: hold}",
     "hold blocked budget\nrule spent a unknown\nrule fast a false\nrule slow a false\n"
     "rule low a unknown\nfinding few_events a all hold decisive\n"
     "next mend few_events\nnext change rollback\n"},
    {"few_events_held_and_nobody_knows_how_few",
     {{"events requests 30d", "!timed_out"}},
     "",
     "",
     "findings: {few_events: hold}",
     "hold blocked budget\nALL_UNKNOWNfinding timed_out a all hold decisive\n"
     "next mend timed_out\nnext change rollback\n"},
    {"ten_allowed_events_are_enough",
     {{"events requests 30d", "10000"}},
     "",
     "",
     "",
     "allow proceed budget\nALL_PASS"},
    {"no_traffic",
     {{"events requests", "0"}},
     "",
     "",
     "",
     "hold blocked budget\nrule spent a unknown\nrule fast a false\nrule slow a false\n"
     "rule low a unknown\nfinding no_traffic a 30d hold decisive\n"
     "next mend no_traffic\nnext change rollback\n"},
    {"no_traffic_softened_makes_rules_false",
     {{"events requests", "0"}},
     "",
     "",
     "findings: {no_traffic: warn}",
     "warn proceed budget\nALL_PASSfinding no_traffic a 30d warn softened decisive\n"},
    {"no_traffic_allowed",
     {{"events requests", "0"}},
     "",
     "",
     "findings: {no_traffic: allow}",
     "allow proceed budget\nALL_PASSfinding no_traffic a 30d allow softened decisive\n"},
    {"failures_of_no_requests",
     {{"events requests", "0"}, {"events errors 30d", "3"}},
     "",
     "",
     "findings: {no_traffic: allow}",
     "hold blocked budget\nrule spent a unknown\nrule fast a false\nrule slow a false\n"
     "rule low a unknown\nfinding not_finite a 30d hold decisive\n"
     "next mend not_finite\nnext change rollback\n"},
};

class DecideFindingsTest : public testing::TestWithParam<fake::Story> {};

TEST_P(DecideFindingsTest, Story) { fake::ExpectStory(GetParam()); }

INSTANTIATE_TEST_SUITE_P(Stories, DecideFindingsTest, testing::ValuesIn(kStories),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace slogate
