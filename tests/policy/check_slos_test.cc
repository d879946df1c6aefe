#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>

#include "tests/policy/check_case.h"

namespace slogate {
namespace {

class CheckSlosTest : public testing::TestWithParam<CheckCase> {};

TEST_P(CheckSlosTest, Diagnostics) { ExpectDiagnostics(GetParam()); }

const CheckCase kGood[] = {
    {"good_and_bad",
     {{"a.yaml",
       absl::StrCat(
           kTeam,
           R"(  - {name: a, objective: 99%, window: 7d, sli: {events: {good: served, bad: failed}}}
)")}},
     ""},
    {"a_histogram",
     {{"a.yaml",
       absl::StrCat(
           kTeam,
           R"(  - {name: a, objective: 99%, window: 7d, sli: {latency: {histogram: 'took{handler!="/health"}', within: 300ms}}}
)")}},
     ""},
    {"a_named_half_may_differ_from_total",
     {{"a.yaml", absl::StrCat(kTeam, R"(  - name: a
    objective: 99%
    window: 30d
    sli:
      events:
        total: 'a{code="200"}'
        bad: 'b{code="500"}'
)")}},
     ""},
};

INSTANTIATE_TEST_SUITE_P(Good, CheckSlosTest, testing::ValuesIn(kGood), CheckCaseName);

const CheckCase kBad[] = {
    {"a_histogram_without_name",
     {{"a.yaml", absl::StrCat(kTeam, R"(  - name: a
    objective: 99%
    window: 30d
    sli:
      latency:
        histogram: '{a="b"}'
        within: 300ms
)")}},
     R"(a.yaml:10:20: error: 'histogram' has matchers but no metric name [no_metric_name]
  10 |         histogram: '{a="b"}'
     |                    ^
     = write the histogram's name before '{'
)"},
    {"buckets_for_a_histogram",
     {{"a.yaml", absl::StrCat(kTeam, R"(  - name: a
    objective: 99%
    window: 30d
    sli:
      latency:
        histogram: 'took_seconds_bucket{a="b"}'
        within: 300ms
)")}},
     R"(a.yaml:10:20: error: 'took_seconds_bucket' is only a part of a histogram [histogram_part]
  10 |         histogram: 'took_seconds_bucket{a="b"}'
     |                    ^
     = name the whole, 'took_seconds'; slogate adds _bucket itself
)"},
    {"a_count_for_a_histogram",
     {{"a.yaml", absl::StrCat(kTeam, R"(  - name: a
    objective: 99%
    window: 30d
    sli:
      latency:
        histogram: 'took_seconds_count'
        within: 300ms
)")}},
     R"(a.yaml:10:20: error: 'took_seconds_count' is only a part of a histogram [histogram_part]
  10 |         histogram: 'took_seconds_count'
     |                    ^
     = name the whole, 'took_seconds'; slogate adds _bucket itself
)"},
    {"a_sum_for_a_histogram",
     {{"a.yaml", absl::StrCat(kTeam, R"(  - name: a
    objective: 99%
    window: 30d
    sli:
      latency:
        histogram: 'took_seconds_sum'
        within: 300ms
)")}},
     R"(a.yaml:10:20: error: 'took_seconds_sum' is only a part of a histogram [histogram_part]
  10 |         histogram: 'took_seconds_sum'
     |                    ^
     = name the whole, 'took_seconds'; slogate adds _bucket itself
)"},
    {"a_bound_beside_within",
     {{"a.yaml", absl::StrCat(kTeam, R"(  - name: a
    objective: 99%
    window: 30d
    sli:
      latency:
        histogram: 'took_seconds{le="0.3"}'
        within: 300ms
)")}},
     R"(a.yaml:10:20: error: 'histogram' chooses buckets itself: le="0.3" [bound_matcher]
  10 |         histogram: 'took_seconds{le="0.3"}'
     |                    ^
     = remove it; slogate takes the buckets that 'within' needs
)"},
    {"a_histogram_that_contradicts_itself",
     {{"a.yaml", absl::StrCat(kTeam, R"(  - name: a
    objective: 99%
    window: 30d
    sli:
      latency:
        histogram: 'took_seconds{a="b",a!="b"}'
        within: 300ms
)")}},
     R"(a.yaml:10:20: error: 'histogram' can match nothing: a="b" and a!="b" exclude each other [never_matches]
  10 |         histogram: 'took_seconds{a="b",a!="b"}'
     |                    ^
     = remove one of the two
)"},
    {"all_three",
     {{"a.yaml", absl::StrCat(kTeam, R"(  - name: a
    objective: 99%
    window: 30d
    sli:
      events:
        total: 'a'
        good: 'b'
        bad: 'c'
)")}},
     R"(a.yaml:10:9: error: good, bad and total are all given, and any two define the third [sli_pair]
  10 |         total: 'a'
     |         ^
     = leave out one of them; total and bad are the usual pair
)"},
    {"total_alone",
     {{"a.yaml", absl::StrCat(kTeam, R"(  - name: a
    objective: 99%
    window: 30d
    sli:
      events:
        total: 'a'
)")}},
     R"(a.yaml:10:9: error: events needs two of good, bad and total [sli_pair]
  10 |         total: 'a'
     |         ^
     = give total and bad, such as bad: '{code=~"5.."}'
)"},
    {"bad_alone",
     {{"a.yaml", absl::StrCat(kTeam, R"(  - name: a
    objective: 99%
    window: 30d
    sli:
      events:
        bad: 'a'
)")}},
     R"(a.yaml:10:9: error: events needs two of good, bad and total [sli_pair]
  10 |         bad: 'a'
     |         ^
     = give total and bad, such as bad: '{code=~"5.."}'
)"},
    {"a_total_without_name",
     {{"a.yaml", absl::StrCat(kTeam, R"(  - name: a
    objective: 99%
    window: 30d
    sli:
      events:
        total: '{a="b"}'
        bad: 'c'
)")}},
     R"(a.yaml:10:16: error: 'total' has matchers but no metric name [no_metric_name]
  10 |         total: '{a="b"}'
     |                ^
     = write the counter's name before '{'
)"},
    {"a_total_and_a_half_without_name",
     {{"a.yaml", absl::StrCat(kTeam, R"(  - name: a
    objective: 99%
    window: 30d
    sli:
      events:
        total: '{a="b"}'
        bad: '{c="d"}'
)")}},
     R"(a.yaml:10:16: error: 'total' has matchers but no metric name [no_metric_name]
  10 |         total: '{a="b"}'
     |                ^
     = write the counter's name before '{'
)"},
    {"halves_without_names_or_total",
     {{"a.yaml", absl::StrCat(kTeam, R"(  - name: a
    objective: 99%
    window: 30d
    sli:
      events:
        good: '{a="b"}'
        bad: '{c="d"}'
)")}},
     R"(a.yaml:10:15: error: 'good' has no metric name, and there is no total to add its matchers to [no_metric_name]
  10 |         good: '{a="b"}'
     |               ^
     = write the counter's name before '{', or give total in place of the other half

a.yaml:11:14: error: 'bad' has no metric name, and there is no total to add its matchers to [no_metric_name]
  11 |         bad: '{c="d"}'
     |              ^
     = write the counter's name before '{', or give total in place of the other half
)"},
    {"bad_is_total",
     {{"a.yaml", absl::StrCat(kTeam, R"(  - name: a
    objective: 99%
    window: 30d
    sli:
      events:
        total: 'a{b="1",c="2"}'
        bad: 'a{c="2",b="1"}'
)")}},
     R"(a.yaml:11:14: error: 'bad' selects the same as 'total' [same_selection]
  11 |         bad: 'a{c="2",b="1"}'
     |              ^
     = add the matcher that tells these events from all, such as {code=~"5.."}
)"},
    {"good_is_total_by_its_matchers",
     {{"a.yaml", absl::StrCat(kTeam, R"(  - name: a
    objective: 99%
    window: 30d
    sli:
      events:
        total: 'a{b="1",c="2"}'
        good: '{c="2"}'
)")}},
     R"(a.yaml:11:15: error: 'good' selects the same as 'total' [same_selection]
  11 |         good: '{c="2"}'
     |               ^
     = add the matcher that tells these events from all, such as {code=~"5.."}
)"},
    {"good_is_bad",
     {{"a.yaml", absl::StrCat(kTeam, R"(  - name: a
    objective: 99%
    window: 30d
    sli:
      events:
        good: 'a{b="1"}'
        bad: 'a{b="1"}'
)")}},
     R"(a.yaml:11:14: error: 'bad' selects the same as 'good' [same_selection]
  11 |         bad: 'a{b="1"}'
     |              ^
     = add the matchers that tell good events from bad
)"},
    {"a_half_that_contradicts_total",
     {{"a.yaml", absl::StrCat(kTeam, R"(  - name: a
    objective: 99%
    window: 30d
    sli:
      events:
        total: 'a{code="200"}'
        bad: '{code=~"5.."}'
)")}},
     R"(a.yaml:11:14: error: 'bad' can match nothing: code="200" and code=~"5.." exclude each other [never_matches]
  11 |         bad: '{code=~"5.."}'
     |              ^
     = remove one of the two; a half without a metric name has the matchers of total, too
)"},
    {"a_total_that_contradicts_itself",
     {{"a.yaml", absl::StrCat(kTeam, R"(  - name: a
    objective: 99%
    window: 30d
    sli:
      events:
        total: 'a{code="200",code!="200"}'
        bad: '{x="y"}'
)")}},
     R"(a.yaml:10:16: error: 'total' can match nothing: code="200" and code!="200" exclude each other [never_matches]
  10 |         total: 'a{code="200",code!="200"}'
     |                ^
     = remove one of the two; a half without a metric name has the matchers of total, too
)"},
    {"a_named_half_that_contradicts_itself",
     {{"a.yaml", absl::StrCat(kTeam, R"(  - name: a
    objective: 99%
    window: 30d
    sli:
      events:
        total: 'a{code="200"}'
        bad: 'b{code="5",code="6"}'
)")}},
     R"(a.yaml:11:14: error: 'bad' can match nothing: code="5" and code="6" exclude each other [never_matches]
  11 |         bad: 'b{code="5",code="6"}'
     |              ^
     = remove one of the two; a half without a metric name has the matchers of total, too
)"},
    {"a_selector_for_one_environment",
     {{"policy.yaml", absl::StrCat(kPolicy, R"(environments:
  production: {sources: [main], matchers: {env: prod}}
  staging: {sources: [main], matchers: {env: staging}}
)",
                                   kRules)},
      {"a.yaml",
       absl::StrCat(
           kTeam,
           R"(  - {name: availability, objective: 99.9%, window: 30d, sli: {events: {total: 'requests{env="prod"}', bad: '{code=~"5.."}'}}}
)")}},
     R"(a.yaml:5:79: warning: 'total' can match nothing in environment 'staging': env="prod" and env="staging" exclude each other [never_matches]
  5 | … availability, objective: 99.9%, window: 30d, sli: {events: {total: 'requests{env="prod"}', bad: '{cod…
    |                                                                      ^
    = leave this label to the environment's matchers
)"},
    {"a_selector_for_no_environment",
     {{"policy.yaml", absl::StrCat(kPolicy, R"(environments:
  production: {sources: [main], matchers: {env: prod}}
  staging: {sources: [main], matchers: {env: staging}}
)",
                                   kRules)},
      {"a.yaml",
       absl::StrCat(
           kTeam,
           R"(  - {name: availability, objective: 99.9%, window: 30d, sli: {events: {total: 'requests{env="qa"}', bad: '{code=~"5.."}'}}}
)")}},
     R"(a.yaml:5:79: error: 'total' can match nothing in environments 'production', 'staging': env="qa" and env="prod" exclude each other [never_matches]
  5 | … availability, objective: 99.9%, window: 30d, sli: {events: {total: 'requests{env="qa"}', bad: '{code=…
    |                                                                      ^
    = leave this label to the environment's matchers
)"},
    {"a_bound_from_the_environment",
     {{"policy.yaml", absl::StrCat(kPolicy, R"(environments:
  production: {sources: [main], matchers: {le: '0.3'}}
)",
                                   kRules)},
      {"a.yaml", absl::StrCat(kTeam, R"(  - name: a
    objective: 99%
    window: 30d
    sli: {latency: {histogram: took_seconds, within: 300ms}}
)")}},
     R"(a.yaml:8:32: error: 'histogram' can match nothing in environment 'production': le="0.3" and le="+Inf" exclude each other [never_matches]
  8 |     sli: {latency: {histogram: took_seconds, within: 300ms}}
    |                                ^
    = leave this label to the environment's matchers
)"},
    {"a_half_for_no_environment",
     {{"policy.yaml", absl::StrCat(kPolicy, R"(environments:
  production: {sources: [main], matchers: {env: prod}}
  staging: {sources: [main], matchers: {env: staging}}
)",
                                   kRules)},
      {"a.yaml", absl::StrCat(kTeam, R"(  - name: a
    objective: 99%
    window: 30d
    sli: {events: {total: requests, bad: 'errors{env=~"q.*"}'}}
)")}},
     R"(a.yaml:8:42: error: 'bad' can match nothing in environments 'production', 'staging': env="prod" and env=~"q.*" exclude each other [never_matches]
  8 |     sli: {events: {total: requests, bad: 'errors{env=~"q.*"}'}}
    |                                          ^
    = leave this label to the environment's matchers
)"},
};

INSTANTIATE_TEST_SUITE_P(Bad, CheckSlosTest, testing::ValuesIn(kBad), CheckCaseName);

}  // namespace
}  // namespace slogate
