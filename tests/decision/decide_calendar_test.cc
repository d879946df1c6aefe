// Decisions by calendar windows and freezes: what the first days of a month, and days without releases, come
// to.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>

#include "gate/base/duration.h"
#include "gate/decision/decide.h"
#include "gate/decision/document.h"
#include "gate/decision/explanation.h"
#include "gate/decision/replay.h"
#include "gate/evidence/plan.h"
#include "tests/decision/story.h"

namespace slogate {
namespace {

using fake::Facts;

// At 2026-11-23T03:12:40Z the month is 22 d 3 h 12 m 40 s old.
constexpr char kPolicy[] = R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: acme}
sources: {main: {url: 'http://prometheus.example:9090'}}
changes:
  feature: {default: true}
  rollback: {skips: [rules, findings, freezes]}
  security: {skips: [rules]}
rules:
  - {id: spent, when: {budget_remaining: {at_most: 0%}}, verdict: deny}
  - {id: fast, when: {budget_spent: {at_least: 2%, over: 1h}}, verdict: hold}
service: checkout
slos:
  - name: a
    objective: 99.9%
    window: {calendar: month, time_zone: UTC}
    sli: {events: {total: requests, bad: errors}}
)";

// With a class that may skip the freeze called christmas, where there is one.
std::string PolicyWith(const std::string& more) {
  const bool has_freeze = absl::StrContains(more, "id: christmas");
  return absl::StrCat(
      absl::StrReplaceAll(
          kPolicy,
          {{"rules:\n", has_freeze ? "  sales: {skips: [christmas]}\nrules:\n" : "rules:\n"}}),
      more);
}

// 1,000 events an hour this month, and twice as many last month: 1,488 of them may fail.
const Facts kHealthy = {{"events requests 22d3h12m40s", "531211"},
                        {"events requests 31d@22d3h12m40s", "1488000"},
                        {"events requests 1h", "1000"},
                        {"events errors", "0"}};

struct CalendarStory {
  const char* name;
  std::string more_policy;
  Facts facts;
  const char* change;
  const char* want;  // verdict, outcome, basis; rules; findings; ways out
};

std::string FreezeLine(const char* id, const char* from, const char* to, const char* verdict) {
  return absl::StrCat("  - {id: ", id, ", from: ", from, ", to: ", to,
                      ", time_zone: UTC, verdict: ", verdict, "}\n");
}

const std::string kNow =  // NOLINT: a test's
    absl::StrCat("freezes:\n", FreezeLine("christmas", "2026-11-23", "2026-11-27", "deny"));

class CalendarStories : public testing::TestWithParam<CalendarStory> {};

TEST_P(CalendarStories, ComesTo) {
  const CalendarStory& story = GetParam();
  Request request;
  request.change = story.change;
  const Decision decision =
      fake::DecisionOf(PolicyWith(story.more_policy), fake::Over(story.facts, kHealthy), request);
  EXPECT_EQ(fake::Summary(decision.ruling), story.want);
}

const CalendarStory kStories[] = {
    {"all_is_well", "", {}, "", "allow proceed budget\nrule spent a false\nrule fast a false\n"},
    {"the_budget_is_last_months",
     "",
     {{"events errors 22d3h12m40s", "1487"}},
     "",
     "allow proceed budget\nrule spent a false\nrule fast a false\n"},
    {"and_can_be_spent",
     "",
     {{"events errors 22d3h12m40s", "1488"}},
     "",
     "deny blocked budget\nrule spent a true\nrule fast a false\nnext change rollback\nnext change "
     "security\n"},
    {"without_last_month_it_is_this_months",
     "",
     {{"events requests 31d@22d3h12m40s", "none"}, {"events errors 22d3h12m40s", "532"}},
     "",
     "deny blocked budget\nrule spent a true\nrule fast a false\nnext change rollback\nnext change "
     "security\n"},
    {"not_known_is_not_spent_and_not_left",
     "",
     {{"events requests 31d@22d3h12m40s", "!timed_out"}},
     "",
     "hold blocked budget\nrule spent a unknown\nrule fast a false\nfinding timed_out a "
     "22d3h12m40s hold decisive\nnext mend timed_out\nnext change rollback\n"},
    // 2 % of a budget of 30 days are 14.4 times what an hour may have: 14.4 of 1,000.
    {"budget_spent_goes_by_the_whole_month",
     "",
     {{"events errors 1h", "14.3"}},
     "",
     "allow proceed budget\nrule spent a false\nrule fast a false\n"},
    {"budget_spent_of_the_whole_month",
     "",
     {{"events errors 1h", "14.4"}},
     "",
     "hold blocked budget\nrule spent a false\nrule fast a true\nnext wait\nnext change "
     "rollback\nnext change security\n"},
    {"a_freeze",
     kNow,
     {},
     "",
     "deny blocked budget\nrule spent a false\nrule fast a false\nrule christmas - true\nnext wait "
     "until 2026-11-27T00:00:00Z\nnext change rollback\nnext change sales\n"},
    {"rules_are_not_freezes",
     kNow,
     {},
     "security",
     "deny blocked budget\nrule spent a false, skipped by security\nrule fast a false, skipped by "
     "security\nrule christmas - true\nnext wait until 2026-11-27T00:00:00Z\nnext change "
     "rollback\nnext change sales\n"},
    {"a_class_skips_freezes",
     kNow,
     {},
     "rollback",
     "allow proceed class\nrule spent a false, skipped by rollback\nrule fast a false, skipped by "
     "rollback\nrule christmas - true, skipped by rollback\n"},
    {"a_class_skips_one",
     kNow,
     {},
     "sales",
     "allow proceed class\nrule spent a false\nrule fast a false\nrule christmas - true, skipped "
     "by sales\n"},
    {"waiting_does_not_mend_a_budget",
     kNow,
     {{"events errors 22d3h12m40s", "1488"}},
     "",
     "deny blocked budget\nrule spent a true\nrule fast a false\nrule christmas - true\nnext "
     "change rollback\n"},
    {"overlapping_ones_and_the_next_in_line",
     absl::StrCat("freezes:\n", FreezeLine("one", "2026-11-20", "2026-11-24", "hold"),
                  FreezeLine("two", "2026-11-22", "2026-11-23 12:00", "deny"),
                  FreezeLine("next", "2026-11-24", "2026-11-25", "hold"),
                  FreezeLine("warned", "2026-11-25", "2026-11-26", "warn"),
                  FreezeLine("later", "2026-11-26", "2026-11-27", "deny")),
     {},
     "",
     "deny blocked budget\nrule spent a false\nrule fast a false\nrule one - true\nrule two - "
     "true\nrule next - false\nrule warned - false\nrule later - false\nnext wait until "
     "2026-11-25T00:00:00Z\nnext change rollback\n"},
    {"a_warning",
     absl::StrCat("freezes:\n", FreezeLine("soon", "2026-11-20", "2026-11-24", "warn")),
     {},
     "",
     "warn proceed budget\nrule spent a false\nrule fast a false\nrule soon - true\n"},
    {"its_first_moment",
     "freezes:\n  - {id: x, from: '2026-11-23T03:12:40Z', to: 2026-11-24, time_zone: UTC, verdict: "
     "hold}\n",
     {},
     "",
     "hold blocked budget\nrule spent a false\nrule fast a false\nrule x - true\nnext wait until "
     "2026-11-24T00:00:00Z\nnext change rollback\n"},
    {"the_moment_after_it",
     "freezes:\n  - {id: x, from: 2026-11-22, to: '2026-11-23T03:12:40Z', time_zone: UTC, verdict: "
     "hold}\n",
     {},
     "",
     "allow proceed budget\nrule spent a false\nrule fast a false\nrule x - false\n"},
    {"the_moment_before_it",
     "freezes:\n  - {id: x, from: '2026-11-23T03:12:41Z', to: 2026-11-24, time_zone: UTC, verdict: "
     "hold}\n",
     {},
     "",
     "allow proceed budget\nrule spent a false\nrule fast a false\nrule x - false\n"},
    // Nobody can be reached, and the freeze holds all the same.
    {"a_freeze_needs_no_data",
     kNow,
     {{"events requests", "!unreachable"},
      {"events errors", "!unreachable"},
      {"events requests 22d3h12m40s", "!unreachable"},
      {"events requests 31d@22d3h12m40s", "!unreachable"},
      {"events requests 1h", "!unreachable"}},
     "",
     "deny blocked budget\nrule spent a unknown\nrule fast a unknown\nrule christmas - "
     "true\nfinding unreachable a 1h hold\nfinding unreachable a 22d3h12m40s hold\nnext change "
     "rollback\n"},
};

INSTANTIATE_TEST_SUITE_P(Cases, CalendarStories, testing::ValuesIn(kStories),
                         [](const auto& test) { return std::string(test.param.name); });

std::string Screen(const std::string& more_policy, const Facts& facts) {
  const Decision decision = fake::DecisionOf(PolicyWith(more_policy), fake::Over(facts, kHealthy));
  return ScreenText(decision);
}

TEST(CalendarWordsTest, SayWhoseTrafficTheBudgetGoesBy) {
  EXPECT_EQ(Screen("", {{"events errors 22d3h12m40s", "1600"}}), R"(DENY   checkout  feature
  The monthly error budget of "a" is spent: 1,600 bad of 531,211 events; 99.9 % allows 1,488, by the 1,488,000
    of last month.
  A new budget begins at 2026-12-01T00:00:00Z, in 7 d 20 h 48 m.
  spent  (policy.yaml:10:5)  remaining -7.53 %, must be above 0 %; all else passes
  You can  1 roll back: --change rollback     2 ship a fix for a vulnerability: --change security
  Measured 2026-11-23T03:12:40Z (counts are estimates).
)");
  EXPECT_EQ(Screen("", {{"events requests 31d@22d3h12m40s", "none"}}), R"(ALLOW  checkout  feature
  a  100 % of its monthly error budget left: 0 bad of 531,211 events; 99.9 % allows 531
  All 2 rules pass.
  Measured 2026-11-23T03:12:40Z.
)");
}

TEST(CalendarWordsTest, SayUntilWhenAndWhyReleasesStop) {
  EXPECT_EQ(Screen("freezes:\n  - {id: sales, from: 2026-11-23, to: 2026-11-27, time_zone: "
                   "Europe/Berlin, verdict: deny, reason: Black Friday}\n",
                   {}),
            R"(DENY   checkout  feature
  Releases stop until 2026-11-26T23:00:00Z by the freeze "sales": Black Friday.
  sales  (policy.yaml:19:5)  releases stop: from 2026-11-22T23:00:00Z until 2026-11-26T23:00:00Z; all else
    passes
  You can  1 wait until 2026-11-26T23:00:00Z, then run the same command again
           2 roll back: --change rollback
  Measured 2026-11-23T03:12:40Z (counts are estimates).
)");
}

// Zones' rules change: what they said when it was decided is what a replay goes by, byte for byte.
TEST(CalendarReplayTest, GoesByTheRecordAndNotByTheMachine) {
  const std::string text = absl::StrCat(
      kPolicy, "freezes:\n",
      "  - {id: sales, from: 2026-11-24, to: 2026-11-27, time_zone: UTC, verdict: deny}\n");
  const EffectivePolicy by_machine = fake::PolicyOf(text);
  CalendarFacts elsewhere = by_machine.calendar;  // an hour earlier than on this machine
  Period& month = elsewhere.periods.begin()->second;
  month = {month.before - absl::Hours(1), month.start - absl::Hours(1), month.end - absl::Hours(1)};
  Freeze& freeze = elsewhere.freezes.at("sales");
  freeze.from = ParseTime("2026-11-23T00:00:00Z").value();

  Decision decision = fake::DecisionOf(text, kHealthy);
  const EffectivePolicy pinned = PinnedAt(by_machine, decision.instant, elsewhere);
  decision.evidence =
      fake::EvidenceOf(pinned, fake::Over({{"events requests 22d4h12m40s", "532211"},
                                           {"events requests 31d@22d4h12m40s", "1488000"}},
                                          kHealthy));
  decision.calendar = pinned.calendar;
  decision.ruling = Decide(pinned, decision.evidence, decision.request);
  EXPECT_EQ(decision.ruling.verdict, Verdict::kDeny);

  const std::string bytes = WriteDocument(decision);
  const absl::StatusOr<Document> document = ReadDocument(bytes);
  ASSERT_TRUE(document.ok()) << document.status();
  const Parsed<Decision> replayed = Replay(*document, {});
  ASSERT_TRUE(replayed.value);
  EXPECT_EQ(Differences(document->json, json::Parse(WriteDocument(*replayed.value)).value()),
            std::vector<std::string>());
}

// What nobody pinned has no window, and no verdict.
TEST(NotPinnedTest, IsNoVerdict) {
  const std::vector<SourceFile> files = {{"policy.yaml", kPolicy}};
  const EffectivePolicy policy = Combine(LoadPolicyFiles(files).value.value(), {}).value.value();
  const Evidence evidence = fake::EvidenceOf(fake::PolicyOf(kPolicy), kHealthy);
  const Ruling ruling = Decide(policy, evidence, {});
  EXPECT_EQ(ruling.verdict, Verdict::kNone);
  EXPECT_EQ(ruling.outcome, Outcome::kBlocked);

  EffectivePolicy frozen = fake::PolicyOf(PolicyWith(kNow));
  frozen.instant.reset();
  EXPECT_EQ(Decide(frozen, evidence, {}).verdict, Verdict::kNone);

  // The machine lost its zones since the policy was read.
  EffectivePolicy nowhere = policy;
  nowhere.slos[0].calendar->time_zone = "Europe/Atlantis";
  nowhere = PinnedAt(std::move(nowhere), absl::FromUnixSeconds(1'795'403'560));
  EXPECT_EQ(Decide(nowhere, evidence, {}).verdict, Verdict::kNone);
}

}  // namespace
}  // namespace slogate
