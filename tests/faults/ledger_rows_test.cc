// Whole runs against attacks on what the ledger is for; tests/attacks_test.cc has the list.
#include <string>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>
#include <gtest/gtest.h>

#include "tests/faults/ledger_steps.h"

namespace slogate {
namespace {

using fake::Approve;
using fake::Arguments;
using fake::Ask;
using fake::Check;
using fake::DecisionOf;
using fake::kReason;
using fake::kSpent;
using fake::LedgerRan;
using fake::LedgerStory;

// Every record that was there is still there, byte for byte, and more may have come.
void ExpectOnlyAdded(const LedgerRan& before, const LedgerRan& after) {
  ASSERT_GE(after.records.size(), before.records.size());
  for (size_t i = 0; i < before.records.size(); ++i) {
    EXPECT_EQ(after.records[i].bytes, before.records[i].bytes);
  }
}

// What has been written stays: a reason, too. So nothing may stand in one that has to go some day.
TEST(LedgerRows, Row89_NoCommandTakesAReasonBack) {
  LedgerStory story(kSpent);
  const std::string override = Ask(story);
  const LedgerRan asked = story.Let("bob", Approve(override)).Before(0);
  for (const Arguments& arguments :
       {Check(), Arguments{"override", "revoke", override, "--reason", "it holds a name"},
        Arguments{"override", "reject", override, "--reason", "it holds a name"},
        Arguments{"override", "review", override, "--finding", "it holds a name"},
        Arguments{"ledger", "init", "--id", "acme"},
        Arguments{"ledger", "import", "-", "--repair", "it holds a name"}}) {
    SCOPED_TRACE(arguments[1]);
    const LedgerRan ran = story.Let("bob", arguments).Play();
    EXPECT_EQ(ran.problem, "");
    ExpectOnlyAdded(asked, ran);
  }
  bool kept = false;
  for (const Record& record : asked.records) {
    const auto* request = std::get_if<OverrideRequested>(&record.payload);
    kept = kept || (request != nullptr && request->reason == kReason);
  }
  EXPECT_TRUE(kept);
}

// Who switches enforcement off changes the policy, and every record has the policy's digest and says how it
// was enforced.
TEST(LedgerRows, Row90_EnforcementSwitchedOff) {
  LedgerStory story(kSpent);
  const LedgerRan enforced = story.Let("alice", Check()).Before(1);
  const std::string policy = enforced.files.at("policy.yaml");
  story.story().Put("policy.yaml",
                    absl::StrReplaceAll(policy, {{"matchers: {env: prod}",
                                                  "matchers: {env: prod}, enforcement: observe"}}));
  const LedgerRan observed = story.Let("mallory", Check()).Before(0);
  ASSERT_EQ(observed.records.size(), 3U);
  const auto& before = std::get<DecisionMade>(observed.records[1].payload);
  const auto& after = std::get<DecisionMade>(observed.records[2].payload);
  EXPECT_EQ(before.enforcement, "enforce");
  EXPECT_EQ(after.enforcement, "observe");
  EXPECT_EQ(after.verdict, "deny");
  EXPECT_EQ(after.basis, "observe");
  EXPECT_NE(after.policy.sha256, before.policy.sha256);
  EXPECT_EQ(after.policy.sha256.size(), 64U);
  const LedgerRan report =
      story.Let("auditor", {"ledger", "report", "--from", "2026-11-01"}).Play();
  EXPECT_TRUE(absl::StrContains(report.out,
                                "2 decisions: 2 denied, 0 held; 0 let out by a change "
                                "class, 0 by an override, 1 observed only"))
      << report.out << report.err;
}

// Who takes the ledger out of the policy leaves a gap that is seen when the release is reported; and nobody
// who names a ledger is told that a decision is in it which is not.
TEST(LedgerRows, Row90_TheLedgerTakenOutOfThePolicy) {
  LedgerStory story("");
  const std::string policy = story.Let("alice", Check()).Play().files.at("policy.yaml");
  const size_t begin = policy.find("ledger:");
  ASSERT_NE(begin, std::string::npos);
  story.story().Put("policy.yaml", policy.substr(0, begin));
  const LedgerRan unrecorded = story.Let("mallory", Check()).Before(0);
  EXPECT_EQ(unrecorded.records.size(), 1U);
  EXPECT_FALSE(absl::StrContains(unrecorded.out, "Recorded as")) << unrecorded.out;
  const std::string decision = DecisionOf(unrecorded);
  const LedgerRan reported =
      story.Let("mallory", {"record", "--decision", decision, "--result", "deployed"}).Play();
  EXPECT_EQ(reported.exit, 2);
  EXPECT_TRUE(
      absl::StrContains(reported.err, absl::StrCat("the ledger has no decision ", decision)))
      << reported.err;
  // With --ledger, somebody wants it recorded.
  const LedgerRan named = story.Let("mallory", Check({"--ledger", "sqlite:ledger.db"})).Play();
  EXPECT_EQ(named.exit, 2);
  EXPECT_TRUE(absl::StrContains(named.err, "the policy names no ledger to record in")) << named.err;
}

}  // namespace
}  // namespace slogate
