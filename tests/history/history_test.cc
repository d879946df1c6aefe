#include "gate/history/history.h"

#include <string>

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "gate/base/duration.h"
#include "tests/testing/past.h"

namespace slogate {
namespace {

std::string Ago(absl::Time time) { return PrintDuration(fake::PastNow() - time); }
std::string Ago(std::optional<absl::Time> time) { return time ? Ago(*time) : "never"; }

struct TimeCase {
  const char* name;
  const char* past;
  const char* artifact;  // how long ago this one was deployed
  const char* last;      // and any
};

const TimeCase kTimes[] = {
    {"nothing", "", "never", "never"},
    {"this", "50m deployed sha256:d1", "50m", "50m"},
    {"another", "50m deployed sha256:d1 artifact=sha256:ff", "never", "50m"},
    {"the_newest_by_time_where_the_clock_stepped_back",
     "20m deployed sha256:d1\n50m deployed sha256:d2", "20m", "20m"},
    {"failed_and_rolled_back_are_not_deployed", "50m failed sha256:d1\n40m rolled_back sha256:d1",
     "never", "never"},
    {"deployed_and_then_rolled_back", "50m deployed sha256:d1\n40m rolled_back sha256:d1", "50m",
     "50m"},
    {"elsewhere",
     "50m deployed sha256:d1 environment=staging\n40m deployed sha256:d1 service=search", "never",
     "never"},
    {"refused", "50m deployed sha256:d1 refused=no", "never", "never"},
    {"other_kinds", "50m decision sha256:d1\n40m request ov-1 github:alice", "never", "never"},
};

class DeployedTest : public testing::TestWithParam<TimeCase> {};

TEST_P(DeployedTest, Newest) {
  const History history = fake::PastOf(GetParam().past);
  EXPECT_EQ(Ago(DeployedAt(history, fake::PastSubject())), GetParam().artifact);
  EXPECT_EQ(Ago(LastDeployedAt(history, fake::PastSubject())), GetParam().last);
}

INSTANTIATE_TEST_SUITE_P(Pasts, DeployedTest, testing::ValuesIn(kTimes),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(HistoryTest, WithoutAnArtifactNothingWasDeployed) {
  Subject subject = fake::PastSubject();
  subject.artifact.clear();
  const History history = fake::PastOf("50m deployed sha256:d1 artifact=");
  EXPECT_EQ(DeployedAt(history, subject), std::nullopt);
  EXPECT_EQ(Ago(LastDeployedAt(history, subject)), "50m");
}

TEST(HistoryTest, TheLastDecisionThere) {
  EXPECT_EQ(LastDecision(fake::PastOf("5m deployed sha256:d1"), fake::PastSubject()), nullptr);
  const History history = fake::PastOf(
      "50m decision sha256:d1\n60m decision sha256:d2 artifact=sha256:ff\n"
      "40m decision sha256:d3 environment=staging\n30m decision sha256:d4 service=search");
  const Record* last = LastDecision(history, fake::PastSubject());
  ASSERT_NE(last, nullptr);
  EXPECT_EQ(std::get<DecisionMade>(last->payload).id, "sha256:d2") << "whatever its artifact";
}

TEST(HistoryTest, UsesOfOverrides) {
  const History history = fake::PastOf(
      "90m use ov-1 sha256:d1\n60m use ov-2 sha256:d2 artifact=sha256:ff\n"
      "50m use ov-3 sha256:d3 again\n40m use ov-4 sha256:d4 change=security\n"
      "30m use ov-5 sha256:d5 environment=staging\n20m use ov-6 sha256:d6 refused=no");
  const auto used = [&](int minutes) {
    return OverridesUsed(history, fake::PastSubject(), fake::PastNow() - absl::Minutes(minutes));
  };
  EXPECT_EQ(used(91), 2);
  EXPECT_EQ(used(90), 2) << "the end of the time counts";
  EXPECT_EQ(used(89), 1);
  EXPECT_EQ(used(59), 0);
}

TEST(HistoryTest, UsesOfAClass) {
  const History history = fake::PastOf(
      "90m decision sha256:d1 change=security outcome=proceed basis=class\n"
      "80m decision sha256:d2 change=security outcome=proceed basis=class artifact=sha256:ff\n"
      "70m decision sha256:d3 change=security outcome=proceed basis=budget\n"
      "60m decision sha256:d4 change=security outcome=blocked\n"
      "50m decision sha256:d5 change=rollback outcome=proceed basis=class\n"
      "40m decision sha256:d6 change=security outcome=proceed basis=class service=search\n"
      "30m decision sha256:d7 change=security outcome=proceed basis=override");
  const auto uses = [&](const char* change, int minutes) {
    return ClassUses(history, fake::PastSubject(), change,
                     fake::PastNow() - absl::Minutes(minutes));
  };
  EXPECT_EQ(uses("security", 90), 2);
  EXPECT_EQ(uses("security", 89), 1);
  EXPECT_EQ(uses("rollback", 90), 1);
  EXPECT_EQ(uses("feature", 90), 0);
}

std::string Tell(const std::vector<RecordQuery>& queries) {
  std::string text;
  for (const RecordQuery& query : queries) {
    absl::StrAppend(
        &text,
        absl::StrJoin(query.kinds, ",",
                      [](std::string* out, RecordKind kind) { absl::StrAppend(out, Word(kind)); }),
        " ", *query.service, "/", *query.environment,
        query.artifact.empty() ? "" : " this artifact",
        query.change.empty() ? "" : absl::StrCat(" ", query.change),
        query.since ? absl::StrCat(" since ", Ago(*query.since)) : "",
        query.newest_first ? " newest" : "", query.most ? absl::StrCat(" ", *query.most) : "",
        "\n");
  }
  return text;
}

EffectivePolicy Bare() {
  EffectivePolicy policy;
  policy.changes["feature"].is_default = true;
  return policy;
}

TEST(HistoryQueriesTest, NothingIsAskedThatNobodyNeeds) {
  EffectivePolicy policy = Bare();
  policy.rules.push_back({{}, "spent", BudgetRemaining{}, Verdict::kDeny, {}});
  // The last decision alone: what the objectives were.
  EXPECT_EQ(Tell(HistoryQueries(policy, fake::PastSubject(), fake::PastNow())),
            "decision checkout/ newest 1\n");
}

TEST(HistoryQueriesTest, WhatEachPartOfAPolicyNeeds) {
  EffectivePolicy policy = Bare();
  BudgetRemaining band;
  band.reopens_above = Placed<Rational>{1, {}};
  policy.rules.push_back({{}, "spent", band, Verdict::kDeny, {}});
  policy.rules.push_back({{}, "fresh", LastRelease{{absl::Minutes(15), {}}}, Verdict::kHold, {}});
  policy.overrides.emplace();
  policy.changes["rollback"].proof.emplace();
  policy.changes["rollback"].proof->released_before = absl::Hours(24 * 30);
  policy.changes["security"].limit = UsageLimit{{}, 5, absl::Hours(24 * 7)};
  const char kOverrides[] =
      "override_request,override_approve,override_reject,override_revoke checkout/ since 1d4h\n";
  EXPECT_EQ(Tell(HistoryQueries(policy, fake::PastSubject(), fake::PastNow())),
            absl::StrCat("decision checkout/ newest 1\n"
                         "release checkout/ since 15m\n",
                         kOverrides,
                         "override_use checkout/ since 90d\n"
                         "release checkout/ this artifact since 1d4h\n"
                         "release checkout/ this artifact since 30d\n"
                         "decision checkout/ security since 7d\n"));

  Subject subject = fake::PastSubject();
  subject.artifact.clear();
  policy.overrides->limit = UsageLimit{{}, 3, absl::Hours(24 * 100)};
  EXPECT_EQ(Tell(HistoryQueries(policy, subject, fake::PastNow())),
            absl::StrCat("decision checkout/ newest 1\n"
                         "release checkout/ since 15m\n",
                         kOverrides,
                         "override_use checkout/ since 100d\n"
                         "decision checkout/ security since 7d\n"))
      << "no artifact: nothing is asked of one, which would be asked of all";
}

TEST(HistoryQueriesTest, AClassThatNeedsConsentNeedsRequests) {
  EffectivePolicy policy = Bare();
  policy.changes["security"].proof.emplace();
  policy.changes["security"].proof->consent.emplace();
  EXPECT_EQ(Tell(HistoryQueries(policy, fake::PastSubject(), fake::PastNow())),
            "decision checkout/ newest 1\n"
            "override_request,override_approve,override_reject,override_revoke checkout/ since "
            "1d4h\noverride_use checkout/ since 90d\nrelease checkout/ this artifact since 1d4h\n");
}

}  // namespace
}  // namespace slogate
