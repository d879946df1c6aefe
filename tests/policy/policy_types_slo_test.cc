#include <string>

#include <gtest/gtest.h>

#include "gate/policy/load.h"

namespace slogate {
namespace {

struct Case {
  const char* name;
  const char* text;
  const char* want;
};

class BadSlo : public testing::TestWithParam<Case> {};

TEST_P(BadSlo, Says) {
  const SourceFile file = {"p.yaml", GetParam().text};
  const Parsed<PolicyFiles> loaded = LoadPolicyFiles({file});
  EXPECT_FALSE(loaded.value.has_value());
  const std::string said = Render(loaded.diagnostics, {file});
  EXPECT_EQ(said, GetParam().want);
}

const Case kCases[] = {
    {"ObjectiveForms",
     "apiVersion: slogate/v1\n"
     "kind: ServiceObjectives\n"
     "service: shop\n"
     "slos:\n"
     "  - {name: a, objective: 99.9, window: 30d, sli: {events: {total: http_total, bad: "
     "http_bad}}}\n"
     "  - {name: b, objective: 0.999, window: 30d, sli: {events: {total: http_total, bad: "
     "http_bad}}}\n"
     "  - {name: c, objective: 99.9 %, window: 30d, sli: {events: {total: http_total, bad: "
     "http_bad}}}\n"
     "  - {name: d, objective: 100%, window: 30d, sli: {events: {total: http_total, bad: "
     "http_bad}}}\n"
     "  - {name: e, objective: 0%, window: 30d, sli: {events: {total: http_total, bad: "
     "http_bad}}}\n"
     "  - {name: f, objective: 101%, window: 30d, sli: {events: {total: http_total, bad: "
     "http_bad}}}\n"
     "  - {name: g, objective: -1%, window: 30d, sli: {events: {total: http_total, bad: "
     "http_bad}}}\n",
     "p.yaml:5:26: error: '99.9' is not an objective such as 99.9% [bad_objective]\n"
     "  5 |   - {name: a, objective: 99.9, window: 30d, sli: {events: {total: http_total, bad: "
     "http_bad}}}\n"
     "    |                          ^\n"
     "    = write it with a percent sign and no blank, above 0% and below 100%\n"
     "\n"
     "p.yaml:6:26: error: '0.999' is not an objective such as 99.9% [bad_objective]\n"
     "  6 |   - {name: b, objective: 0.999, window: 30d, sli: {events: {total: http_total, bad: "
     "http_bad}}}\n"
     "    |                          ^\n"
     "    = write it with a percent sign and no blank, above 0% and below 100%\n"
     "\n"
     "p.yaml:7:26: error: '99.9 %' is not an objective such as 99.9% [bad_objective]\n"
     "  7 |   - {name: c, objective: 99.9 %, window: 30d, sli: {events: {total: http_total, bad: "
     "http_bad}}}\n"
     "    |                          ^\n"
     "    = write it with a percent sign and no blank, above 0% and below 100%\n"
     "\n"
     "p.yaml:8:26: error: an objective of 100% leaves no error budget [bad_objective]\n"
     "  8 |   - {name: d, objective: 100%, window: 30d, sli: {events: {total: http_total, bad: "
     "http_bad}}}\n"
     "    |                          ^\n"
     "    = choose the share of events that users do not miss, such as 99.9%\n"
     "\n"
     "p.yaml:9:26: error: '0%' is not an objective such as 99.9% [bad_objective]\n"
     "  9 |   - {name: e, objective: 0%, window: 30d, sli: {events: {total: http_total, bad: "
     "http_bad}}}\n"
     "    |                          ^\n"
     "    = write it with a percent sign and no blank, above 0% and below 100%\n"
     "\n"
     "p.yaml:10:26: error: '101%' is not an objective such as 99.9% [bad_objective]\n"
     "  10 |   - {name: f, objective: 101%, window: 30d, sli: {events: {total: http_total, bad: "
     "http_bad}}}\n"
     "     |                          ^\n"
     "     = write it with a percent sign and no blank, above 0% and below 100%\n"
     "\n"
     "p.yaml:11:26: error: '-1%' is not an objective such as 99.9% [bad_objective]\n"
     "  11 |   - {name: g, objective: -1%, window: 30d, sli: {events: {total: http_total, bad: "
     "http_bad}}}\n"
     "     |                          ^\n"
     "     = write it with a percent sign and no blank, above 0% and below 100%\n"},
    {"WindowForms",
     "apiVersion: slogate/v1\n"
     "kind: ServiceObjectives\n"
     "service: shop\n"
     "slos:\n"
     "  - {name: a, objective: 9%, window: 30, sli: {events: {total: http_total, bad: http_bad}}}\n"
     "  - {name: b, objective: 9%, window: 1.5d, sli: {events: {total: http_total, bad: "
     "http_bad}}}\n"
     "  - {name: c, objective: 9%, window: 30s, sli: {events: {total: http_total, bad: "
     "http_bad}}}\n"
     "  - {name: d, objective: 9%, window: 90500ms, sli: {events: {total: http_total, bad: "
     "http_bad}}}\n"
     "  - {name: e, objective: 9%, window: P30D, sli: {events: {total: http_total, bad: "
     "http_bad}}}\n"
     "  - {name: f, objective: 9%, window: 3000d, sli: {events: {total: http_total, bad: "
     "http_bad}}}\n"
     "  - {name: g, objective: 9%, window: 30 d, sli: {events: {total: http_total, bad: "
     "http_bad}}}\n",
     "p.yaml:5:38: error: '30' is not a rolling window such as 30d [bad_window]\n"
     "  5 |   - {name: a, objective: 9%, window: 30, sli: {events: {total: http_total, bad: "
     "http_bad}}}\n"
     "    |                                      ^\n"
     "    = add the unit: s, m, h, d or w\n"
     "\n"
     "p.yaml:6:38: error: '1.5d' is not a rolling window such as 30d [bad_window]\n"
     "  6 |   - {name: b, objective: 9%, window: 1.5d, sli: {events: {total: http_total, bad: "
     "http_bad}}}\n"
     "    |                                      ^\n"
     "    = this version knows rolling windows, such as 30d or 4w; at least 1m, at most 732d\n"
     "\n"
     "p.yaml:7:38: error: '30s' is too short; at least 1m [bad_window]\n"
     "  7 |   - {name: c, objective: 9%, window: 30s, sli: {events: {total: http_total, bad: "
     "http_bad}}}\n"
     "    |                                      ^\n"
     "    = this version knows rolling windows, such as 30d or 4w; at least 1m, at most 732d\n"
     "\n"
     "p.yaml:8:38: error: '90500ms' is not a whole number of seconds [bad_window]\n"
     "  8 |   - {name: d, objective: 9%, window: 90500ms, sli: {events: {total: http_total, bad: "
     "http_bad}}}\n"
     "    |                                      ^\n"
     "    = this version knows rolling windows, such as 30d or 4w; at least 1m, at most 732d\n"
     "\n"
     "p.yaml:9:38: error: 'P30D' is not a rolling window such as 30d [bad_window]\n"
     "  9 |   - {name: e, objective: 9%, window: P30D, sli: {events: {total: http_total, bad: "
     "http_bad}}}\n"
     "    |                                      ^\n"
     "    = this version knows rolling windows, such as 30d or 4w; at least 1m, at most 732d\n"
     "\n"
     "p.yaml:10:38: error: '3000d' is not a rolling window such as 30d [bad_window]\n"
     "  10 |   - {name: f, objective: 9%, window: 3000d, sli: {events: {total: http_total, bad: "
     "http_bad}}}\n"
     "     |                                      ^\n"
     "     = this version knows rolling windows, such as 30d or 4w; at least 1m, at most 732d\n"
     "\n"
     "p.yaml:11:38: error: '30 d' is not a rolling window such as 30d [bad_window]\n"
     "  11 |   - {name: g, objective: 9%, window: 30 d, sli: {events: {total: http_total, bad: "
     "http_bad}}}\n"
     "     |                                      ^\n"
     "     = this version knows rolling windows, such as 30d or 4w; at least 1m, at most 732d\n"},
    {"LatencyForms",
     "apiVersion: slogate/v1\n"
     "kind: ServiceObjectives\n"
     "service: shop\n"
     "slos:\n"
     "  - {name: a, objective: 9%, window: 30d, sli: {latency: {histogram: took, within: 300}}}\n"
     "  - {name: b, objective: 9%, window: 30d, sli: {latency: {histogram: took, within: 0.3s}}}\n"
     "  - {name: c, objective: 9%, window: 30d, sli: {latency: {histogram: took, within: 0ms}}}\n"
     "  - {name: d, objective: 9%, window: 30d, sli: {latency: {histogram: took, within: 1d}}}\n"
     "  - {name: e, objective: 9%, window: 30d, sli: {latency: {histogram: took}}}\n"
     "  - {name: f, objective: 9%, window: 30d, sli: {latency: {histogram: 'rate(took[5m])', "
     "within: "
     "1s}}}\n",
     "p.yaml:5:84: error: '300' is not a latency such as 300ms [bad_latency]\n"
     "  5 |   - {name: a, objective: 9%, window: 30d, sli: {latency: {histogram: took, within: "
     "300}}}\n"
     "    |                                                                                    ^\n"
     "    = add the unit: ms, s, m or h\n"
     "\n"
     "p.yaml:6:84: error: '0.3s' is not a latency such as 300ms [bad_latency]\n"
     "  6 |   - {name: b, objective: 9%, window: 30d, sli: {latency: {histogram: took, within: "
     "0.3s}}}\n"
     "    |                                                                                    ^\n"
     "    = whole numbers with units in falling order (h, m, s, ms), at least 1ms\n"
     "\n"
     "p.yaml:7:84: error: '0ms' is not a latency such as 300ms [bad_latency]\n"
     "  7 |   - {name: c, objective: 9%, window: 30d, sli: {latency: {histogram: took, within: "
     "0ms}}}\n"
     "    |                                                                                    ^\n"
     "    = whole numbers with units in falling order (h, m, s, ms), at least 1ms\n"
     "\n"
     "p.yaml:8:84: error: '1d' is not a latency such as 300ms [bad_latency]\n"
     "  8 |   - {name: d, objective: 9%, window: 30d, sli: {latency: {histogram: took, within: "
     "1d}}}\n"
     "    |                                                                                    ^\n"
     "    = whole numbers with units in falling order (h, m, s, ms), at least 1ms\n"
     "\n"
     "p.yaml:9:58: error: latency needs 'within' [missing_key]\n"
     "  9 |   - {name: e, objective: 9%, window: 30d, sli: {latency: {histogram: took}}}\n"
     "    |                                                          ^\n"
     "    = 'within' is a latency such as 300ms\n"
     "\n"
     "p.yaml:10:71: error: 'rate(…)' is a function, not a selector [bad_selector]\n"
     "  10 |   - {name: f, objective: 9%, window: 30d, sli: {latency: {histogram: "
     "'rate(took[5m])', within: 1s}}}\n"
     "     |                                                                       ^\n"
     "     = give the counter itself; slogate adds increase, sum and the window\n"},
    {"TwoKindsOfSli",
     "apiVersion: slogate/v1\n"
     "kind: ServiceObjectives\n"
     "service: shop\n"
     "slos:\n"
     "  - name: a\n"
     "    objective: 9%\n"
     "    window: 30d\n"
     "    sli: {latency: {histogram: took, within: 1s}, events: {total: a, bad: b}}\n",
     "p.yaml:8:51: error: 'events' beside 'latency': an SLI has exactly one of 'events' and "
     "'latency' [one_of]\n"
     "  8 |     sli: {latency: {histogram: took, within: 1s}, events: {total: a, bad: b}}\n"
     "    |                                                   ^\n"
     "    = keep one of them\n"},
    {"SelectorWithPlace",
     "apiVersion: slogate/v1\n"
     "kind: ServiceObjectives\n"
     "service: shop\n"
     "slos:\n"
     "  - {name: a, objective: 99.9%, window: 30d, sli: {events: {total: http_total, bad: "
     "'http_bad{code=~\"5..\" method=\"GET\"}'}}}\n",
     "p.yaml:5:107: error: ',' or '}' must follow the value, not 'm' [bad_selector]\n"
     "  5 | …ve: 99.9%, window: 30d, sli: {events: {total: http_total, bad: "
     "'http_bad{code=~\"5..\" method=\"GET\"}'}}}\n"
     "    |                                                                                       "
     "^\n"
     "    = separate matchers with commas: {service=\"checkout\",code=\"500\"}\n"},
    {"SelectorAsMapping",
     "apiVersion: slogate/v1\n"
     "kind: ServiceObjectives\n"
     "service: shop\n"
     "slos:\n"
     "  - {name: a, objective: 99.9%, window: 30d, sli: {events: {total: http_total, bad: "
     "{code=~\"5..\"}}}}\n",
     "p.yaml:5:85: error: expected a selector, found a mapping [wrong_kind]\n"
     "  5 |   - {name: a, objective: 99.9%, window: 30d, sli: {events: {total: http_total, bad: "
     "{code=~\"5..\"}}}}\n"
     "    |                                                                                     ^\n"
     "    = quote the selector: 'http_requests_total{service=\"checkout\"}'\n"},
    {"SelectorInBraces",
     "apiVersion: slogate/v1\n"
     "kind: ServiceObjectives\n"
     "service: shop\n"
     "slos:\n"
     "  - {name: a, objective: 99.9%, window: 30d, sli: {events: {total: http_total, bad: "
     "http_bad{code=\"x\"}}}}\n",
     "p.yaml:5:93: error: did not find expected ',' or '}' while parsing a flow mapping "
     "[yaml_syntax]\n"
     "  5 | … {name: a, objective: 99.9%, window: 30d, sli: {events: {total: http_total, bad: "
     "http_bad{code=\"x\"}}}}\n"
     "    |                                                                                        "
     "   ^\n"
     "    = quote the selector: 'http_requests_total{service=\"checkout\"}'\n"},
    {"Names",
     "apiVersion: slogate/v1\n"
     "kind: ServiceObjectives\n"
     "service: -shop\n"
     "slos:\n"
     "  - {name: a b, objective: 99.9%, window: 30d, sli: {events: {total: http_total, bad: "
     "http_bad}}}\n",
     "p.yaml:3:10: error: '-shop' is not a service's name [bad_name]\n"
     "  3 | service: -shop\n"
     "    |          ^\n"
     "    = letters, digits, '.', '_', '-' and '/', at most 63, beginning with a letter or digit\n"
     "\n"
     "p.yaml:5:12: error: 'a b' is not a name [bad_name]\n"
     "  5 |   - {name: a b, objective: 99.9%, window: 30d, sli: {events: {total: http_total, bad: "
     "http_bad}}}\n"
     "    |            ^\n"
     "    = letters, digits, '.', '_' and '-', at most 63, beginning with a letter or digit\n"},
};

INSTANTIATE_TEST_SUITE_P(All, BadSlo, testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace slogate
