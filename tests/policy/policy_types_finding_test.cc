#include <string>

#include <gtest/gtest.h>

#include "tests/policy/refused_file.h"

namespace slogate {
namespace {

class BadFinding : public testing::TestWithParam<RefusedFile> {};

TEST_P(BadFinding, Says) { ExpectRefused(GetParam()); }

const RefusedFile kCases[] = {
    {"HardFindingsStayHard",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h}}\n"
     "rules:\n"
     "  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}\n"
     "findings: {no_series: warn, unreachable: {verdict: allow}, stale: {verdict: warn}}\n",
     "p.yaml:7:23: error: 'no_series' cannot be softened to 'warn': without this answer nothing is "
     "known of the service [not_softenable]\n"
     "  7 | findings: {no_series: warn, unreachable: {verdict: allow}, stale: {verdict: warn}}\n"
     "    |                       ^\n"
     "    = one of hold and deny\n"
     "\n"
     "p.yaml:7:52: error: 'unreachable' cannot be softened to 'allow': without this answer nothing "
     "is known of the service [not_softenable]\n"
     "  7 | findings: {no_series: warn, unreachable: {verdict: allow}, stale: {verdict: warn}}\n"
     "    |                                                    ^\n"
     "    = one of hold and deny\n"
     "\n"
     "p.yaml:7:77: error: 'stale' cannot be softened to 'warn': without this answer nothing is "
     "known of the service [not_softenable]\n"
     "  7 | findings: {no_series: warn, unreachable: {verdict: allow}, stale: {verdict: warn}}\n"
     "    |                                                                             ^\n"
     "    = one of hold and deny\n"},
    {"Confidence",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h}}\n"
     "rules:\n"
     "  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}\n"
     "findings:\n"
     "  few_events: {confidence: 100%}\n"
     "  no_traffic: {confidence: 95%, verdict: warn}\n",
     "p.yaml:8:28: error: '100%' is not a confidence such as 95% [bad_percentage]\n"
     "  8 |   few_events: {confidence: 100%}\n"
     "    |                            ^\n"
     "    = write it with a percent sign and no blank, at least 50% and below 100%\n"
     "\n"
     "p.yaml:9:16: error: unknown key 'confidence' in the finding 'no_traffic' [unknown_key]\n"
     "  9 |   no_traffic: {confidence: 95%, verdict: warn}\n"
     "    |                ^\n"
     "    = it belongs to the finding 'few_events'\n"},
    {"FindingForms",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h}}\n"
     "rules:\n"
     "  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}\n"
     "findings: {stale: {}, no_traffic: {}, few_events: {budget_below: 0}, short_history: [warn], "
     "clock_skew: {older_than: 5m}}\n",
     "p.yaml:7:19: error: an empty mapping says nothing about the finding [empty_mapping]\n"
     "  7 | findings: {stale: {}, no_traffic: {}, few_events: {budget_below: 0}, short_history: "
     "[warn], clock_skew…\n"
     "    |                   ^\n"
     "    = give its verdict or limit\n"
     "\n"
     "p.yaml:7:35: error: the finding 'no_traffic' needs 'verdict' [missing_key]\n"
     "  7 | findings: {stale: {}, no_traffic: {}, few_events: {budget_below: 0}, short_history: "
     "[warn], clock_skew…\n"
     "    |                                   ^\n"
     "    = 'verdict' is a verdict\n"
     "\n"
     "p.yaml:7:66: error: '0' is not a number above 0 [bad_number]\n"
     "  7 | findings: {stale: {}, no_traffic: {}, few_events: {budget_below: 0}, short_history: "
     "[warn], clock_skew…\n"
     "    |                                                                  ^\n"
     "\n"
     "p.yaml:7:85: error: expected a verdict or a mapping, found a list [wrong_kind]\n"
     "  7 | …: {}, no_traffic: {}, few_events: {budget_below: 0}, short_history: [warn], "
     "clock_skew: {older_than: 5…\n"
     "    |                                                                      ^\n"
     "\n"
     "p.yaml:7:106: error: unknown key 'older_than' in the finding 'clock_skew' [unknown_key]\n"
     "  7 | …}, no_traffic: {}, few_events: {budget_below: 0}, short_history: [warn], clock_skew: "
     "{older_than: 5m}}\n"
     "    |                                                                                        "
     "^\n"
     "    = it belongs to the finding 'stale'\n"},
    {"CoverageOfNothing",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h}}\n"
     "rules:\n"
     "  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}\n"
     "findings: {gap: {coverage_below: 0%}}\n",
     "p.yaml:7:34: error: '0%' is not a share such as 90% [bad_percentage]\n"
     "  7 | findings: {gap: {coverage_below: 0%}}\n"
     "    |                                  ^\n"
     "    = write it with a percent sign and no blank, above 0% and at most 100%\n"},
    {"CoverageOfMoreThanAll",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h}}\n"
     "rules:\n"
     "  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}\n"
     "findings: {gap: {coverage_below: 100.1%}}\n",
     "p.yaml:7:34: error: '100.1%' is not a share such as 90% [bad_percentage]\n"
     "  7 | findings: {gap: {coverage_below: 100.1%}}\n"
     "    |                                  ^\n"
     "    = write it with a percent sign and no blank, above 0% and at most 100%\n"},
    {"CoverageAsARatio",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h}}\n"
     "rules:\n"
     "  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}\n"
     "findings: {gap: {coverage_below: 0.9}}\n",
     "p.yaml:7:34: error: '0.9' is not a share such as 90% [bad_percentage]\n"
     "  7 | findings: {gap: {coverage_below: 0.9}}\n"
     "    |                                  ^\n"
     "    = write it with a percent sign and no blank, above 0% and at most 100%\n"},
    {"GapForms",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h}}\n"
     "rules:\n"
     "  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}\n"
     "findings: {gap: {older_than: 5m}}\n",
     "p.yaml:7:18: error: unknown key 'older_than' in the finding 'gap' [unknown_key]\n"
     "  7 | findings: {gap: {older_than: 5m}}\n"
     "    |                  ^\n"
     "    = it belongs to the finding 'stale'\n"},
};

INSTANTIATE_TEST_SUITE_P(All, BadFinding, testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace slogate
