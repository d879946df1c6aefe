#include <string>

#include <gtest/gtest.h>

#include "tests/policy/refused_file.h"

namespace slogate {
namespace {

class BadRule : public testing::TestWithParam<RefusedFile> {};

TEST_P(BadRule, Says) { ExpectRefused(GetParam()); }

const RefusedFile kCases[] = {
    {"AllowIsNoVerdict",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h}}\n"
     "rules:\n"
     "  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: allow}\n",
     "p.yaml:6:63: error: a rule can only close the gate or warn, so 'allow' is no verdict of a "
     "rule [bad_verdict]\n"
     "  6 |   - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: allow}\n"
     "    |                                                               ^\n"
     "    = one of warn, hold and deny\n"},
    {"MisspeltVerdict",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h}}\n"
     "rules:\n"
     "  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: dney}\n",
     "p.yaml:6:63: error: 'dney' is not a rule's verdict; did you mean 'deny'? [bad_verdict]\n"
     "  6 |   - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: dney}\n"
     "    |                                                               ^\n"
     "    = one of warn, hold and deny\n"},
    {"TwoConditions",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h}}\n"
     "rules:\n"
     "  - {id: r, when: {budget_remaining: {at_most: 0%}, sli: {below: 99%, over: 1h}}, verdict: "
     "deny}\n",
     "p.yaml:6:53: error: 'sli' beside 'budget_remaining': a condition has exactly one of "
     "'budget_remaining', 'budget_spent', 'burn_rate', 'sli' and 'last_release' [one_of]\n"
     "  6 |   - {id: r, when: {budget_remaining: {at_most: 0%}, sli: {below: 99%, over: 1h}}, "
     "verdict: deny}\n"
     "    |                                                     ^\n"
     "    = keep one of them\n"},
    {"NoCondition",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h}}\n"
     "rules:\n"
     "  - {id: r, when: {}, verdict: deny}\n",
     "p.yaml:6:19: error: a condition needs one of 'budget_remaining', 'budget_spent', "
     "'burn_rate', "
     "'sli' and 'last_release' [missing_key]\n"
     "  6 |   - {id: r, when: {}, verdict: deny}\n"
     "    |                   ^\n"},
    {"UnknownCondition",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h}}\n"
     "rules:\n"
     "  - {id: r, when: {uptime: {above: 1s}}, verdict: deny}\n",
     "p.yaml:6:20: error: unknown key 'uptime' in a condition [unknown_key]\n"
     "  6 |   - {id: r, when: {uptime: {above: 1s}}, verdict: deny}\n"
     "    |                    ^\n"
     "    = known here: budget_remaining, budget_spent, burn_rate, sli, last_release\n"},
    {"WrongComparator",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h}}\n"
     "rules:\n"
     "  - {id: r, when: {budget_remaining: {above: 0%}}, verdict: deny}\n",
     "p.yaml:6:39: error: unknown key 'above' in budget_remaining [unknown_key]\n"
     "  6 |   - {id: r, when: {budget_remaining: {above: 0%}}, verdict: deny}\n"
     "    |                                       ^\n"
     "    = it belongs to budget_spent or burn_rate\n"},
    {"TwoComparators",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h}}\n"
     "rules:\n"
     "  - {id: r, when: {burn_rate: {above: 1, at_least: 2, over: 1h}}, verdict: deny}\n",
     "p.yaml:6:42: error: 'at_least' beside 'above': burn_rate has exactly one of 'above' and "
     "'at_least' [one_of]\n"
     "  6 |   - {id: r, when: {burn_rate: {above: 1, at_least: 2, over: 1h}}, verdict: deny}\n"
     "    |                                          ^\n"
     "    = keep one of them\n"},
    {"NoComparator",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h}}\n"
     "rules:\n"
     "  - {id: r, when: {sli: {over: 1h}}, verdict: deny}\n",
     "p.yaml:6:25: error: sli needs one of 'below' and 'at_most' [missing_key]\n"
     "  6 |   - {id: r, when: {sli: {over: 1h}}, verdict: deny}\n"
     "    |                         ^\n"},
    {"NoWindow",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h}}\n"
     "rules:\n"
     "  - {id: r, when: {burn_rate: {above: 1}}, verdict: deny}\n",
     "p.yaml:6:31: error: burn_rate needs 'over' [missing_key]\n"
     "  6 |   - {id: r, when: {burn_rate: {above: 1}}, verdict: deny}\n"
     "    |                               ^\n"
     "    = 'over' is a window such as 1h, or a list of windows\n"},
    {"ConfirmedOverElsewhere",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h}}\n"
     "rules:\n"
     "  - {id: r, when: {burn_rate: {above: 1, over: 1h, confirmed_over: 5m}}, verdict: deny}\n",
     "p.yaml:6:52: error: unknown key 'confirmed_over' in burn_rate [unknown_key]\n"
     "  6 |   - {id: r, when: {burn_rate: {above: 1, over: 1h, confirmed_over: 5m}}, verdict: "
     "deny}\n"
     "    |                                                    ^\n"
     "    = it belongs to budget_spent\n"},
    {"PercentageForNumber",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h}}\n"
     "rules:\n"
     "  - {id: r, when: {burn_rate: {above: 10%, over: 1h}}, verdict: deny}\n",
     "p.yaml:6:39: error: '10%' is not a number such as 1 or 14.4 [bad_number]\n"
     "  6 |   - {id: r, when: {burn_rate: {above: 10%, over: 1h}}, verdict: deny}\n"
     "    |                                       ^\n"
     "    = a number, not a percentage, is wanted here\n"},
    {"NumberForPercentage",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h}}\n"
     "rules:\n"
     "  - {id: r, when: {budget_spent: {above: 2, over: 1h}}, verdict: deny}\n",
     "p.yaml:6:42: error: '2' is not a percentage such as 99.9% [bad_percentage]\n"
     "  6 |   - {id: r, when: {budget_spent: {above: 2, over: 1h}}, verdict: deny}\n"
     "    |                                          ^\n"
     "    = write it with a percent sign and no blank\n"},
    {"QuotedNumber",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h}}\n"
     "rules:\n"
     "  - {id: r, when: {burn_rate: {above: '1', over: 1h}}, verdict: deny}\n",
     "p.yaml:6:39: error: '1' in quotes is a text; expected a number such as 1 or 14.4 "
     "[bad_number]\n"
     "  6 |   - {id: r, when: {burn_rate: {above: '1', over: 1h}}, verdict: deny}\n"
     "    |                                       ^\n"
     "    = write it without quotes\n"},
    {"OctalLookingNumber",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h}}\n"
     "rules:\n"
     "  - {id: r, when: {burn_rate: {above: 014, over: 1h}}, verdict: deny}\n",
     "p.yaml:6:39: error: '014' is not a number such as 1 or 14.4 [bad_number]\n"
     "  6 |   - {id: r, when: {burn_rate: {above: 014, over: 1h}}, verdict: deny}\n"
     "    |                                       ^\n"},
    {"Exponent",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h}}\n"
     "rules:\n"
     "  - {id: r, when: {burn_rate: {above: 1e3, over: 1h}}, verdict: deny}\n",
     "p.yaml:6:39: error: '1e3' is not a number such as 1 or 14.4 [bad_number]\n"
     "  6 |   - {id: r, when: {burn_rate: {above: 1e3, over: 1h}}, verdict: deny}\n"
     "    |                                       ^\n"},
    {"EmptyOver",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h}}\n"
     "rules:\n"
     "  - {id: r, when: {burn_rate: {above: 1, over: []}}, verdict: deny}\n",
     "p.yaml:6:48: error: expected a window such as 1h, or a list of windows, found an empty list "
     "[empty_list]\n"
     "  6 |   - {id: r, when: {burn_rate: {above: 1, over: []}}, verdict: deny}\n"
     "    |                                                ^\n"},
    {"SlosAsText",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h}}\n"
     "rules:\n"
     "  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny, slos: a}\n",
     "p.yaml:6:75: error: expected labels such as {tier: '1'}, or a list of SLOs' names, found a "
     "text [wrong_kind]\n"
     "  6 |   - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny, slos: a}\n"
     "    |                                                                           ^\n"},
    {"EmptySelections",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h}}\n"
     "rules:\n"
     "  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny, slos: {}}\n"
     "  - {id: s, when: {budget_remaining: {at_most: 0%}}, verdict: deny, slos: []}\n",
     "p.yaml:6:75: error: expected a mapping of labels to values such as {tier: '1'}, found an "
     "empty mapping [empty_mapping]\n"
     "  6 |   - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny, slos: {}}\n"
     "    |                                                                           ^\n"
     "\n"
     "p.yaml:7:75: error: expected a list of SLOs' names, found an empty list [empty_list]\n"
     "  7 |   - {id: s, when: {budget_remaining: {at_most: 0%}}, verdict: deny, slos: []}\n"
     "    |                                                                           ^\n"},
    {"ReopensAsANumber",
     R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: a}
sources: {main: {url: http://h}}
ledger: {id: acme}
rules:
  - {id: r, when: {budget_remaining: {at_most: 0%, reopens_above: 5}}, verdict: deny}
)",
     R"(p.yaml:7:67: error: '5' is not a percentage such as 99.9% [bad_percentage]
  7 |   - {id: r, when: {budget_remaining: {at_most: 0%, reopens_above: 5}}, verdict: deny}
    |                                                                   ^
    = write it with a percent sign and no blank
)"},
    {"ReopensElsewhere",
     R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: a}
sources: {main: {url: http://h}}
ledger: {id: acme}
rules:
  - {id: r, when: {burn_rate: {above: 1, over: 1h, reopens_above: 5%}}, verdict: deny}
)",
     R"(p.yaml:7:52: error: unknown key 'reopens_above' in burn_rate [unknown_key]
  7 |   - {id: r, when: {burn_rate: {above: 1, over: 1h, reopens_above: 5%}}, verdict: deny}
    |                                                    ^
    = it belongs to budget_remaining
)"},
    {"ReopensAlone",
     R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: a}
sources: {main: {url: http://h}}
ledger: {id: acme}
rules:
  - {id: r, when: {budget_remaining: {reopens_above: 5%}}, verdict: deny}
)",
     R"(p.yaml:7:38: error: budget_remaining needs one of 'at_most' and 'below' [missing_key]
  7 |   - {id: r, when: {budget_remaining: {reopens_above: 5%}}, verdict: deny}
    |                                      ^
)"},
    {"LastReleaseWithoutAge",
     R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: a}
sources: {main: {url: http://h}}
ledger: {id: acme}
rules:
  - {id: r, when: {last_release: {}}, verdict: hold}
)",
     R"(p.yaml:7:34: error: last_release needs 'younger_than' [missing_key]
  7 |   - {id: r, when: {last_release: {}}, verdict: hold}
    |                                  ^
    = 'younger_than' is a duration such as 5m or 1h30m
)"},
    {"LastReleaseAsADuration",
     R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: a}
sources: {main: {url: http://h}}
ledger: {id: acme}
rules:
  - {id: r, when: {last_release: 15m}, verdict: hold}
)",
     R"(p.yaml:7:34: error: expected last_release, found a text [wrong_kind]
  7 |   - {id: r, when: {last_release: 15m}, verdict: hold}
    |                                  ^
    = write a mapping with 'younger_than'
)"},
    {"LastReleaseWithoutUnit",
     R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: a}
sources: {main: {url: http://h}}
ledger: {id: acme}
rules:
  - {id: r, when: {last_release: {younger_than: 15}}, verdict: hold}
)",
     R"(p.yaml:7:49: error: '15' is not a duration such as 5m or 1h30m [bad_duration]
  7 |   - {id: r, when: {last_release: {younger_than: 15}}, verdict: hold}
    |                                                 ^
    = add the unit: s, m, h, d or w
)"},
    {"LastReleaseOlder",
     R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: a}
sources: {main: {url: http://h}}
ledger: {id: acme}
rules:
  - {id: r, when: {last_release: {older_than: 15m}}, verdict: hold}
)",
     R"(p.yaml:7:34: error: last_release needs 'younger_than' [missing_key]
  7 |   - {id: r, when: {last_release: {older_than: 15m}}, verdict: hold}
    |                                  ^
    = 'younger_than' is a duration such as 5m or 1h30m

p.yaml:7:35: error: unknown key 'older_than' in last_release [unknown_key]
  7 |   - {id: r, when: {last_release: {older_than: 15m}}, verdict: hold}
    |                                   ^
    = it belongs to the finding 'stale'
)"},
};

INSTANTIATE_TEST_SUITE_P(All, BadRule, testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace slogate
