#include <string>

#include <gtest/gtest.h>

#include "tests/policy/refused_file.h"

namespace slogate {
namespace {

class BadFile : public testing::TestWithParam<RefusedFile> {};

TEST_P(BadFile, Says) { ExpectRefused(GetParam()); }

const RefusedFile kCases[] = {
    {"NoKind", "apiVersion: slogate/v1\n",
     "p.yaml:1:1: error: the file does not say its kind [missing_key]\n"
     "  1 | apiVersion: slogate/v1\n"
     "    | ^\n"
     "    = write 'kind: ReleasePolicy' or 'kind: ServiceObjectives'\n"},
    {"UnknownKind",
     "apiVersion: slogate/v1\n"
     "kind: ReleasPolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h}}\n"
     "rules:\n"
     "  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}\n",
     "p.yaml:2:7: error: unknown kind 'ReleasPolicy'; did you mean 'ReleasePolicy'? "
     "[unknown_kind]\n"
     "  2 | kind: ReleasPolicy\n"
     "    |       ^\n"
     "    = write 'kind: ReleasePolicy' or 'kind: ServiceObjectives'\n"},
    {"KindIsAList",
     "apiVersion: slogate/v1\n"
     "kind: [x]\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h}}\n"
     "rules:\n"
     "  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}\n",
     "p.yaml:2:7: error: the file does not say its kind [missing_key]\n"
     "  2 | kind: [x]\n"
     "    |       ^\n"
     "    = write 'kind: ReleasePolicy' or 'kind: ServiceObjectives'\n"},
    {"NotAMapping", "- a\n",
     "p.yaml:1:1: error: expected a policy, found a list [wrong_kind]\n"
     "  1 | - a\n"
     "    | ^\n"
     "    = a file begins with 'apiVersion: slogate/v1' and 'kind: …'\n"},
    {"OtherVersion",
     "apiVersion: slogate/v2\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h}}\n"
     "rules:\n"
     "  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}\n",
     "p.yaml:1:13: error: 'slogate/v2' is not slogate/v1, the version that this slogate reads "
     "[bad_api_version]\n"
     "  1 | apiVersion: slogate/v2\n"
     "    |             ^\n"},
    {"NoVersion",
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h}}\n"
     "rules:\n"
     "  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}\n",
     "p.yaml:1:1: error: a ReleasePolicy needs 'apiVersion' [missing_key]\n"
     "  1 | kind: ReleasePolicy\n"
     "    | ^\n"
     "    = 'apiVersion' is slogate/v1, the version that this slogate reads\n"},
    {"MissingEverything", "kind: ReleasePolicy\n",
     "p.yaml:1:1: error: a ReleasePolicy needs 'apiVersion' [missing_key]\n"
     "  1 | kind: ReleasePolicy\n"
     "    | ^\n"
     "    = 'apiVersion' is slogate/v1, the version that this slogate reads\n"
     "\n"
     "p.yaml:1:1: error: a ReleasePolicy needs 'metadata' [missing_key]\n"
     "  1 | kind: ReleasePolicy\n"
     "    | ^\n"
     "    = 'metadata' is the policy's metadata\n"
     "\n"
     "p.yaml:1:1: error: a ReleasePolicy needs 'sources' [missing_key]\n"
     "  1 | kind: ReleasePolicy\n"
     "    | ^\n"
     "    = 'sources' is a mapping of names to sources\n"
     "\n"
     "p.yaml:1:1: error: a ReleasePolicy needs 'rules' [missing_key]\n"
     "  1 | kind: ReleasePolicy\n"
     "    | ^\n"
     "    = 'rules' is a list of rules\n"},
    {"KeysOfLaterVersions",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h}}\n"
     "rules:\n"
     "  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}\n"
     "includes: []\n",
     "p.yaml:7:1: error: unknown key 'includes' in a ReleasePolicy [unknown_key]\n"
     "  7 | includes: []\n"
     "    | ^\n"
     "    = known here: apiVersion, kind, metadata, sources, environments, enforcement, changes, "
     "rules, freezes, findings, ledger, people, overrides, service, labels, slos\n"},
    {"UnknownFinding",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: a}\n"
     "sources: {main: {url: http://h}}\n"
     "rules:\n"
     "  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}\n"
     "findings: {freshness: warn}\n",
     "p.yaml:7:12: error: unknown key 'freshness' in findings [unknown_key]\n"
     "  7 | findings: {freshness: warn}\n"
     "    |            ^\n"
     "    = known here: unreachable, unauthorized, rejected_query, timed_out, malformed_answer, "
     "too_large, partial_answer, not_finite, many_series, clock_skew, no_bucket, no_series, stale, "
     "gap, short_history, births, no_traffic, few_events\n"},
    {"CalendarWindow",
     "apiVersion: slogate/v1\n"
     "kind: ServiceObjectives\n"
     "service: shop\n"
     "slos:\n"
     "  - {name: a, objective: 99.9%, window: {calendar: month}, sli: {events: {total: http_total, "
     "bad: http_bad}}}\n",
     "p.yaml:5:41: error: a calendar window needs 'time_zone' [missing_key]\n"
     "  5 |   - {name: a, objective: 99.9%, window: {calendar: month}, sli: {events: {total: "
     "http_total, bad: http…\n"
     "    |                                         ^\n"
     "    = 'time_zone' is a time zone such as Europe/Berlin\n"},
    {"MetadataNames",
     "apiVersion: slogate/v1\n"
     "kind: ReleasePolicy\n"
     "metadata: {name: \"a\\nb\", runbook: ftp://x}\n"
     "sources: {main: {url: http://h}}\n"
     "rules:\n"
     "  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}\n",
     "p.yaml:3:18: error: this text holds a character that cannot be seen [bad_text]\n"
     "  3 | metadata: {name: \"a\\nb\", runbook: ftp://x}\n"
     "    |                  ^\n"
     "    = 1 to 100 bytes that can all be seen\n"
     "\n"
     "p.yaml:3:35: error: the URL does not begin with http:// or https:// [bad_url]\n"
     "  3 | metadata: {name: \"a\\nb\", runbook: ftp://x}\n"
     "    |                                   ^\n"
     "    = write it like https://wiki.example/release-gate\n"},
};

INSTANTIATE_TEST_SUITE_P(All, BadFile, testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string(test.param.name); });

constexpr char kPolicy[] =
    "apiVersion: slogate/v1\nkind: ReleasePolicy\nmetadata: {name: a}\nsources: {main: {url: "
    "http://h}}\n"
    "rules:\n  - {id: r, when: {budget_remaining: {at_most: 0%}}, verdict: deny}\n";
constexpr char kObjectives[] =
    "apiVersion: slogate/v1\nkind: ServiceObjectives\nservice: shop\nslos:\n"
    "  - {name: a, objective: 99.9%, window: 30d, sli: {events: {total: http_total, bad: "
    "http_bad}}}\n";

TEST(LoadPolicyFiles, TakesPolicyAndObjectivesAloneAndTogether) {
  const SourceFile policy = {"policy.yaml", kPolicy};
  const SourceFile objectives = {"slo.yaml", kObjectives};
  const Parsed<PolicyFiles> both = LoadPolicyFiles({policy, objectives});
  ASSERT_TRUE(both.value.has_value()) << Render(both.diagnostics, {policy, objectives});
  EXPECT_EQ(both.value->policy->file, "policy.yaml");
  ASSERT_EQ(both.value->objectives.size(), 1u);
  EXPECT_EQ(both.value->objectives[0].file, "slo.yaml");

  const Parsed<PolicyFiles> alone = LoadPolicyFiles({policy});
  ASSERT_TRUE(alone.value.has_value()) << Render(alone.diagnostics, {policy});
  EXPECT_TRUE(alone.value->objectives.empty());
  EXPECT_FALSE(LoadPolicyFiles({objectives}).value->policy.has_value());
}

TEST(LoadPolicyFiles, TwoPoliciesAreOneTooMany) {
  const std::vector<SourceFile> files = {{"a.yaml", kPolicy}, {"b.yaml", kPolicy}};
  EXPECT_EQ(Render(LoadPolicyFiles(files).diagnostics, files),
            "b.yaml:2:7: error: a second ReleasePolicy, beside a.yaml [second_policy]\n"
            "  2 | kind: ReleasePolicy\n"
            "    |       ^\n"
            "    = give one ReleasePolicy\n");
}

TEST(LoadPolicyFiles, TellsTheMistakesOfAllFiles) {
  const std::vector<SourceFile> files = {{"b.yaml", "kind: [\n"},
                                         {"a.yaml", "a: &x 1\nkind: Nope\n"}};
  EXPECT_EQ(Render(LoadPolicyFiles(files).diagnostics, files),
            "b.yaml:2:1: error: did not find expected node content while parsing a flow node "
            "[yaml_syntax]\n"
            "  2 | \n"
            "    | ^\n"
            "\n"
            "a.yaml:1:4: error: anchors are not allowed [anchor]\n"
            "  1 | a: &x 1\n"
            "    |    ^\n"
            "    = write the value out where it is needed\n"
            "\n"
            "a.yaml:2:7: error: unknown kind 'Nope' [unknown_kind]\n"
            "  2 | kind: Nope\n"
            "    |       ^\n"
            "    = write 'kind: ReleasePolicy' or 'kind: ServiceObjectives'\n");
}

}  // namespace
}  // namespace slogate
