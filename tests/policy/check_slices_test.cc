// Wrong SLIs of slices and PromQL, with whole diagnostics.
#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>

#include "tests/policy/check_case.h"

namespace slogate {
namespace {

class CheckSlicesTest : public testing::TestWithParam<CheckCase> {};

TEST_P(CheckSlicesTest, Diagnostics) { ExpectDiagnostics(GetParam()); }

// A team's file with one SLO of this SLI.
CheckCase Sli(const char* name, const std::string& sli, std::string want) {
  return {
      name,
      {{"a.yaml", absl::StrCat(kTeam, "  - name: a\n    objective: 99%\n    window: 30d\n", sli)}},
      std::move(want)};
}

INSTANTIATE_TEST_SUITE_P(
    Good, CheckSlicesTest,
    testing::Values(
        Sli("a_gauge", "    sli: {threshold: {value: queue, at_most: 0.5, slice: 5m}}\n", ""),
        Sli("promql",
            "    sli: {threshold: {value: 'max(queue) / 2', at_least: -10, slice: 1m, no_data: "
            "good, watch: queue}}\n",
            ""),
        Sli("slices",
            "    sli: {slices: {total: all, bad: '{code=\"5\"}', ratio: 99%, slice: 1d}}\n", ""),
        Sli("slices_without_a_bad_event",
            "    sli: {slices: {good: served, bad: failed, ratio: 100%, slice: 5m}}\n", ""),
        Sli("query", "    sli: {query: {total: 'n[$window]', good: 'g[$window]', watch: all}}\n",
            "")),
    CheckCaseName);

constexpr char kPlatform[] = R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: acme}
sources: {main: {url: 'https://prometheus.example:9090'}}
environments:
  production: {sources: [main], matchers: {env: prod}}
  staging: {sources: [main], matchers: {env: staging}}
  lab: {sources: [main]}
rules:
  - {id: spent, when: {budget_remaining: {at_most: 0%}}, verdict: deny}
  - {id: fast-burn, when: {budget_spent: {at_least: 2%, over: 1h, confirmed_over: 5m}}, verdict: hold}
)";

CheckCase WithPlatform(const char* name, const std::string& sli, std::string want) {
  CheckCase test = Sli(name, sli, std::move(want));
  test.files.insert(test.files.begin(), {"policy.yaml", kPlatform});
  return test;
}

INSTANTIATE_TEST_SUITE_P(
    Bad, CheckSlicesTest,
    testing::Values(
        Sli("a_gauge_without_name",
            "    sli: {threshold: {value: '{a=\"b\"}', at_most: 1, slice: 5m}}\n",
            R"(a.yaml:8:30: error: 'value' has matchers but no metric name [no_metric_name]
  8 |     sli: {threshold: {value: '{a="b"}', at_most: 1, slice: 5m}}
    |                              ^
    = write the metric's name before '{'
)"),
        Sli("promql_without_watch",
            "    sli: {threshold: {value: 'max(queue)', at_most: 1, slice: 5m}}\n",
            R"(a.yaml:8:30: error: 'value' is PromQL, and only the samples of a series tell how fresh its data is [no_watch]
  8 |     sli: {threshold: {value: 'max(queue)', at_most: 1, slice: 5m}}
    |                              ^
    = add watch: with the selector of a series that the PromQL needs
)"),
        Sli("a_watch_without_name",
            "    sli: {threshold: {value: 'max(queue)', at_most: 1, slice: 5m, watch: "
            "'{a=\"b\"}'}}\n",
            R"(a.yaml:8:74: error: 'watch' has matchers but no metric name [no_metric_name]
  8 |     sli: {threshold: {value: 'max(queue)', at_most: 1, slice: 5m, watch: '{a="b"}'}}
    |                                                                          ^
    = write the metric's name before '{'
)"),
        Sli("a_gauge_that_contradicts_itself",
            "    sli: {threshold: {value: 'queue{a=\"b\",a=\"c\"}', at_most: 1, slice: 5m}}\n",
            R"(a.yaml:8:30: error: 'value' can match nothing: a="b" and a="c" exclude each other [never_matches]
  8 |     sli: {threshold: {value: 'queue{a="b",a="c"}', at_most: 1, slice: 5m}}
    |                              ^
    = remove one of the two
)"),
        Sli("a_watch_that_contradicts_itself",
            "    sli: {query: {total: 'n[$window]', bad: 'b[$window]', watch: "
            "'n{a=\"b\",a=\"c\"}'}}\n",
            R"(a.yaml:8:66: error: 'watch' can match nothing: a="b" and a="c" exclude each other [never_matches]
  8 |     sli: {query: {total: 'n[$window]', bad: 'b[$window]', watch: 'n{a="b",a="c"}'}}
    |                                                                  ^
    = remove one of the two
)"),
        Sli("two_thresholds",
            "    sli: {threshold: {value: queue, at_most: 1, at_least: 0, slice: 5m}}\n",
            R"(a.yaml:8:49: error: 'at_least' beside 'at_most': threshold has exactly one of 'at_most' and 'at_least' [one_of]
  8 |     sli: {threshold: {value: queue, at_most: 1, at_least: 0, slice: 5m}}
    |                                                 ^
    = keep one of them
)"),
        Sli("no_threshold", "    sli: {threshold: {value: queue, slice: 5m}}\n",
            R"(a.yaml:8:22: error: threshold needs one of 'at_most' and 'at_least' [missing_key]
  8 |     sli: {threshold: {value: queue, slice: 5m}}
    |                      ^
)"),
        Sli("a_percentage", "    sli: {threshold: {value: queue, at_most: 1%, slice: 5m}}\n",
            R"(a.yaml:8:46: error: '1%' is not a number such as 0.5 or -20 [bad_number]
  8 |     sli: {threshold: {value: queue, at_most: 1%, slice: 5m}}
    |                                              ^
)"),
        Sli("more_digits_than_a_sample_has",
            "    sli: {threshold: {value: queue, at_most: 0.30000000000000001, slice: 5m}}\n",
            R"(a.yaml:8:46: error: '0.30000000000000001' has more digits than a server can tell apart [bad_number]
  8 |     sli: {threshold: {value: queue, at_most: 0.30000000000000001, slice: 5m}}
    |                                              ^
    = write at most 15 digits
)"),
        Sli("an_unknown_word",
            "    sli: {threshold: {value: queue, at_most: 1, slice: 5m, no_data: ignore}}\n",
            R"(a.yaml:8:69: error: 'ignore' is not skip, bad or good [bad_word]
  8 |     sli: {threshold: {value: queue, at_most: 1, slice: 5m, no_data: ignore}}
    |                                                                     ^
    = skip: such slices are not counted; bad or good: they are counted so
)"),
        Sli("a_window_in_a_slices_value",
            "    sli: {threshold: {value: 'rate(a[$window])', at_most: 1, slice: 5m, watch: a}}\n",
            R"(a.yaml:8:38: error: nothing is known here to put in place of '$window' [bad_promql]
  8 |     sli: {threshold: {value: 'rate(a[$window])', at_most: 1, slice: 5m, watch: a}}
    |                                      ^
    = only $matchers can stand here
)"),
        Sli("a_comment_in_promql",
            "    sli: {threshold: {value: 'max(a) # all', at_most: 1, slice: 5m, watch: a}}\n",
            R"(a.yaml:8:38: error: a comment would swallow what slogate adds [bad_promql]
  8 |     sli: {threshold: {value: 'max(a) # all', at_most: 1, slice: 5m, watch: a}}
    |                                      ^
    = remove it, or put it beside the PromQL in the file
)"),
        Sli("a_slice_that_is_too_short",
            "    sli: {threshold: {value: queue, at_most: 1, slice: 5s}}\n",
            R"(a.yaml:8:56: error: '5s' is too short; at least 10s [bad_duration]
  8 |     sli: {threshold: {value: queue, at_most: 1, slice: 5s}}
    |                                                        ^
    = from 10s to 1d; several times as long as the data is scraped
)"),
        Sli("a_slice_that_is_too_long",
            "    sli: {threshold: {value: queue, at_most: 1, slice: 2d}}\n",
            R"(a.yaml:8:56: error: '2d' is not a slice of time such as 5m [bad_duration]
  8 |     sli: {threshold: {value: queue, at_most: 1, slice: 2d}}
    |                                                        ^
    = from 10s to 1d; several times as long as the data is scraped
)"),
        Sli("more_slices_than_a_server_should_count",
            "    sli: {threshold: {value: queue, at_most: 1, slice: 50s}}\n",
            R"(a.yaml:8:56: error: the SLO's window of 30d has more than 50000 slices [too_many_slices]
  8 |     sli: {threshold: {value: queue, at_most: 1, slice: 50s}}
    |                                                        ^
    = lengthen the slice; 5m is usual
)"),
        CheckCase{
            "a_slice_longer_than_the_window",
            {{"a.yaml", absl::StrCat(kTeam,
                                     "  - name: a\n    objective: 99%\n    window: 1h\n"
                                     "    sli: {threshold: {value: queue, at_most: 1, slice: "
                                     "2h}}\n")}},
            R"(a.yaml:8:56: error: a slice of 2h does not fit into the SLO's window of 1h [slice_too_long]
  8 |     sli: {threshold: {value: queue, at_most: 1, slice: 2h}}
    |                                                        ^
    = shorten the slice; 5m is usual
)"},
        Sli("one_counter", "    sli: {slices: {total: all, ratio: 99%, slice: 5m}}\n",
            R"(a.yaml:8:19: error: slices needs two of good, bad and total [sli_pair]
  8 |     sli: {slices: {total: all, ratio: 99%, slice: 5m}}
    |                   ^
    = give total and bad, such as bad: '{code=~"5.."}'
)"),
        Sli("three_counters",
            "    sli: {slices: {total: all, good: g, bad: b, ratio: 99%, slice: 5m}}\n",
            R"(a.yaml:8:19: error: good, bad and total are all given, and any two define the third [sli_pair]
  8 |     sli: {slices: {total: all, good: g, bad: b, ratio: 99%, slice: 5m}}
    |                   ^
    = leave out one of them; total and bad are the usual pair
)"),
        Sli("no_ratio", "    sli: {slices: {total: all, bad: b, slice: 5m}}\n",
            R"(a.yaml:8:19: error: slices needs 'ratio' [missing_key]
  8 |     sli: {slices: {total: all, bad: b, slice: 5m}}
    |                   ^
    = 'ratio' is a share such as 90%
)"),
        Sli("a_ratio_of_nothing", "    sli: {slices: {total: all, bad: b, ratio: 0%, slice: 5m}}\n",
            R"(a.yaml:8:47: error: '0%' is not a share such as 90% [bad_percentage]
  8 |     sli: {slices: {total: all, bad: b, ratio: 0%, slice: 5m}}
    |                                               ^
    = write it with a percent sign and no blank, above 0% and at most 100%
)"),
        Sli("all_good_by_an_estimate",
            "    sli: {slices: {total: all, good: g, ratio: 100%, slice: 5m}}\n",
            R"(a.yaml:8:48: error: a ratio of 100% cannot be told from good and total, which are estimates [whole_ratio]
  8 |     sli: {slices: {total: all, good: g, ratio: 100%, slice: 5m}}
    |                                                ^
    = give bad in place of good, or a lower ratio
)"),
        Sli("the_same_counter_twice",
            "    sli: {slices: {total: all, bad: all, ratio: 99%, slice: 5m}}\n",
            R"(a.yaml:8:37: error: 'bad' selects the same as 'total' [same_selection]
  8 |     sli: {slices: {total: all, bad: all, ratio: 99%, slice: 5m}}
    |                                     ^
    = add the matcher that tells these events from all, such as {code=~"5.."}
)"),
        Sli("a_query_without_window",
            "    sli: {query: {total: 'n[$window]', bad: 'b[5m]', watch: all}}\n",
            R"(a.yaml:8:45: error: 'bad' counts the same whatever the window: it has no $window [no_window]
  8 |     sli: {query: {total: 'n[$window]', bad: 'b[5m]', watch: all}}
    |                                             ^
    = write $window for the range: sum(increase(orders_total[$window]))
)"),
        Sli("a_total_without_window",
            "    sli: {query: {total: all, bad: 'b[$window]', watch: all}}\n",
            R"(a.yaml:8:26: error: 'total' counts the same whatever the window: it has no $window [no_window]
  8 |     sli: {query: {total: all, bad: 'b[$window]', watch: all}}
    |                          ^
    = write $window for the range: sum(increase(orders_total[$window]))
)"),
        Sli("the_same_query_twice",
            "    sli: {query: {total: 'n[$window]', good: 'n[$window]', watch: all}}\n",
            R"(a.yaml:8:46: error: 'good' counts the same as 'total' [same_selection]
  8 |     sli: {query: {total: 'n[$window]', good: 'n[$window]', watch: all}}
    |                                              ^
    = choose the events that it is about
)"),
        Sli("good_and_bad_queries",
            "    sli: {query: {total: 'n[$window]', good: 'g[$window]', bad: 'b[$window]', watch: "
            "all}}\n",
            R"(a.yaml:8:60: error: 'bad' beside 'good': query has exactly one of 'good' and 'bad' [one_of]
  8 |     sli: {query: {total: 'n[$window]', good: 'g[$window]', bad: 'b[$window]', watch: all}}
    |                                                            ^
    = keep one of them
)"),
        Sli("no_watch", "    sli: {query: {total: 'n[$window]', good: 'g[$window]'}}\n",
            R"(a.yaml:8:18: error: query needs 'watch' [missing_key]
  8 |     sli: {query: {total: 'n[$window]', good: 'g[$window]'}}
    |                  ^
    = 'watch' is a selector
)"),
        WithPlatform(
            "a_rule_that_looks_at_less_than_a_slice",
            "    sli: {threshold: {value: queue, at_most: 1, slice: 10m}}\n",
            R"(a.yaml:8:56: error: a slice of 10m does not fit into the 5m that rule 'fast-burn' looks at [slice_too_long]
  8 |     sli: {threshold: {value: queue, at_most: 1, slice: 10m}}
    |                                                        ^
    = shorten the slice, or have the rule look at longer windows of this SLO
)"),
        WithPlatform(
            "promql_without_matchers_for_some_environments",
            "    sli: {query: {total: 'n[$window]', bad: 'b{$matchers}[$window]', watch: "
            "all}}\n",
            R"(a.yaml:8:26: warning: this PromQL has no place for the matchers of environments 'production', 'staging' [no_matchers_place]
  8 |     sli: {query: {total: 'n[$window]', bad: 'b{$matchers}[$window]', watch: all}}
    |                          ^
    = write $matchers within the braces of each selector: orders_total{$matchers}
)"),
        CheckCase{
            "promql_without_matchers_for_all_environments",
            {{"policy.yaml", absl::StrCat(kPolicy, R"(environments:
  production: {sources: [main], matchers: {env: prod}}
)",
                                          kRules)},
             {"a.yaml",
              absl::StrCat(kTeam,
                           "  - name: a\n    objective: 99%\n    window: 30d\n"
                           "    sli: {threshold: {value: 'max(queue)', at_most: 1, slice: "
                           "5m, watch: queue}}\n")}},
            R"(a.yaml:8:30: error: this PromQL has no place for the matchers of environment 'production' [no_matchers_place]
  8 |     sli: {threshold: {value: 'max(queue)', at_most: 1, slice: 5m, watch: queue}}
    |                              ^
    = write $matchers within the braces of each selector: orders_total{$matchers}
)"}),
    CheckCaseName);

}  // namespace
}  // namespace slogate
