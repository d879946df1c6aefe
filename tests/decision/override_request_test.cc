#include "gate/decision/override.h"

#include <string>

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>

#include "tests/decision/guarded.h"
#include "tests/testing/past.h"

namespace slogate {
namespace {

// Requests and approvals: what is recorded as refused.

struct RequestCase {
  const char* name;
  OverrideAsked asked;
  const char* past;
  const char* want;
};

constexpr char kReason[] = "payments fail for one customer in ten";
const Actor kAlice = {"github:alice", "GITHUB_TRIGGERING_ACTOR", ""};  // NOLINT: a test's

const RequestCase kRequests[] = {
    {"right", {"", kReason, "INC-1", kAlice}, "", ""},
    {"an_unknown_account", {"", kReason, "INC-1", {"github:mallory", "", ""}}, "", ""},
    {"nobody", {"", kReason, "INC-1", {"", "", ""}}, "", "nobody knows who asks"},
    {"no_reason",
     {"", "", "INC-1", kAlice},
     "",
     "the reason is empty: say in at least 20 characters why the release cannot wait"},
    {"no_ticket", {"", kReason, "", kAlice}, "", "the ticket is missing: give --ticket INC-…"},
    {"another_ticket",
     {"", kReason, "CVE-1", kAlice},
     "",
     "the ticket must begin with INC-: give --ticket INC-…"},
    {"a_ticket_spent",
     {"", kReason, "INC-1", kAlice},
     "80d use ov-9 sha256:d1 ticket=INC-1",
     "the ticket INC-1 is another override's: one ticket, one override; open one for this release"},
    {"a_ticket_taken",
     {"", kReason, "INC-1", kAlice},
     "60m request ov-9 github:bob ticket=INC-1",
     "the ticket INC-1 is another override's: one ticket, one override; open one for this release"},
    {"a_ticket_taken_for_another_artifact",
     {"", kReason, "INC-1", kAlice},
     "60m request ov-9 github:bob ticket=INC-1 artifact=sha256:ff",
     "the ticket INC-1 is another override's: one ticket, one override; open one for this release"},
    {"a_ticket_of_another_service",
     {"", kReason, "INC-1", kAlice},
     "60m request ov-9 github:bob ticket=INC-1 service=search",
     ""},
    {"a_ticket_of_a_refused_one",
     {"", kReason, "INC-1", kAlice},
     "60m request ov-9 github:bob ticket=INC-1 refused=short",
     ""},
    {"a_ticket_of_a_rejected_one",
     {"", kReason, "INC-1", kAlice},
     "60m request ov-9 github:bob ticket=INC-1\n50m reject ov-9 github:carol",
     ""},
    {"a_ticket_of_a_revoked_one",
     {"", kReason, "INC-1", kAlice},
     "60m request ov-9 github:bob ticket=INC-1\n50m revoke ov-9 github:bob",
     ""},
    {"a_ticket_of_an_expired_one",
     {"", kReason, "INC-1", kAlice},
     "5h request ov-9 github:bob ticket=INC-1",
     ""},
    {"a_ticket_used_before_it_expired",
     {"", kReason, "INC-1", kAlice},
     "5h request ov-9 github:bob ticket=INC-1\n4h use ov-9 sha256:d1 ticket=INC-1",
     "the ticket INC-1 is another override's: one ticket, one override; open one for this release"},
    {"beyond_the_limit_it_may_still_be_asked",
     {"", kReason, "INC-1", kAlice},
     "90m use ov-7 sha256:1\n80m use ov-8 sha256:2\n70m use ov-9 sha256:3",
     ""},
    {"for_a_class", {"security", kReason, "CVE-1", kAlice}, "", ""},
    {"for_a_class_whose_ticket_may_come_again",
     {"security", kReason, "CVE-1", kAlice},
     "60m use ov-9 sha256:d1 ticket=CVE-1 change=security",
     ""},
    {"for_a_class_with_another_ticket",
     {"security", kReason, "INC-1", kAlice},
     "",
     "the ticket must begin with CVE-: give --ticket CVE-…"},
    {"for_a_class_that_the_ledger_proves",
     {"rollback", kReason, "", kAlice},
     "",
     "the policy has no change class rollback that people's consent proves"},
    {"for_a_class_without_proof",
     {"feature", kReason, "", kAlice},
     "",
     "the policy has no change class feature that people's consent proves"},
    {"for_no_class",
     {"hotfix", kReason, "", kAlice},
     "",
     "the policy has no change class hotfix that people's consent proves"},
};

DecisionMade Denied() {
  DecisionMade made;
  made.id = "sha256:4f1c";
  made.verdict = "deny";
  made.outcome = "blocked";
  made.closed_by = {"spent", "fast"};
  made.policy = {"acme", "00"};
  made.slos = {{"a", "0.999", 2592000, "1000000", "1000", "0"}};
  return made;
}

class WhyNotRequestTest : public testing::TestWithParam<RequestCase> {};

TEST_P(WhyNotRequestTest, SaysWhatToDo) {
  EXPECT_EQ(WhyNotRequest(fake::GuardedPolicy(), fake::PastOf(GetParam().past), fake::PastSubject(),
                          Denied(), GetParam().asked),
            GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(Requests, WhyNotRequestTest, testing::ValuesIn(kRequests),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(WhyNotRequestTest, OnlyForADecisionThatAnOverrideCouldOpen) {
  const auto why = [](void (*change)(EffectivePolicy&, Subject&, DecisionMade&)) {
    EffectivePolicy policy = fake::GuardedPolicy();
    Subject subject = fake::PastSubject();
    DecisionMade decision = Denied();
    change(policy, subject, decision);
    return WhyNotRequest(policy, fake::PastOf(""), subject, decision,
                         {"", kReason, "INC-1", kAlice});
  };
  EXPECT_EQ(why([](EffectivePolicy&, Subject&, DecisionMade& d) { d.outcome = "proceed"; }),
            "this decision let the release proceed: there is nothing to ask for");
  EXPECT_EQ(why([](EffectivePolicy&, Subject&, DecisionMade& d) { d.verdict = "none"; }),
            "this decision came to no verdict: run the check again");
  EXPECT_EQ(why([](EffectivePolicy&, Subject& s, DecisionMade&) { s.artifact.clear(); }),
            "this decision names no artifact, and consent is for one artifact: run the check again "
            "with --artifact sha256:…");
  EXPECT_EQ(why([](EffectivePolicy& p, Subject&, DecisionMade&) { p.overrides.reset(); }),
            "the policy has no overrides: nothing opens its gate by hand (overrides: in the "
            "policy)");
  EXPECT_EQ(why([](EffectivePolicy&, Subject&, DecisionMade& d) {
              d.closed_by = {"spent", "level"};
            }),
            "no override opens the rule level: the policy says never");
  EXPECT_EQ(why([](EffectivePolicy&, Subject&, DecisionMade& d) { d.closed_by.clear(); }),
            "this decision names no rule that keeps the gate closed");
  EXPECT_EQ(why([](EffectivePolicy&, Subject&, DecisionMade& d) { d.verdict = "hold"; }), "");
}

// What is refused for its length is recorded, too, and the record stays small.
TEST(RequestOfTest, KeepsNoMoreOfAReasonThanThereMayBe) {
  const std::string novel(1 << 20, 'x');
  const OverrideRequested request = RequestOf(
      fake::GuardedPolicy(), Denied(), {"", novel, "INC-1", kAlice}, "ov-1", fake::PastNow());
  EXPECT_EQ(request.reason, std::string(4096, 'x') + "…");
}

TEST(RequestOfTest, IsForWhatTheDecisionSays) {
  const absl::Time now = fake::PastNow();
  OverrideRequested request =
      RequestOf(fake::GuardedPolicy(), Denied(), {"", kReason, "INC-1", kAlice}, "ov-1", now);
  EXPECT_EQ(request.id, "ov-1");
  EXPECT_EQ(request.decision, "sha256:4f1c");
  EXPECT_EQ(request.change, "");
  EXPECT_EQ(request.rules, (std::vector<std::string>{"spent", "fast"}));
  EXPECT_EQ(request.reason, kReason);
  EXPECT_EQ(request.ticket, "INC-1");
  EXPECT_EQ(request.expires_at, now + absl::Hours(4));
  EXPECT_EQ(request.uses, 2);
  EXPECT_EQ(request.policy.sha256, "00");
  ASSERT_EQ(request.slos.size(), 1U);
  EXPECT_EQ(request.slos[0].bad, "1000");

  request = RequestOf(fake::GuardedPolicy(), Denied(), {"security", kReason, "CVE-1", kAlice},
                      "ov-2", now);
  EXPECT_EQ(request.change, "security");
  EXPECT_TRUE(request.rules.empty());
  EXPECT_EQ(request.uses, 1);
}

struct ApproveCase {
  const char* name;
  const char* past;
  Actor actor;
  const char* want;
};

const ApproveCase kApproves[] = {
    {"right", "ASKED", {"github:bob", "", ""}, ""},
    {"by_their_role", "ASKED", {"github:runner", "", "bob"}, ""},
    {"who_asked",
     "ASKED",
     {"github:alice", "", ""},
     "it was asked for by github:alice, and nobody approves what they asked for: let somebody else "
     "approve"},
    {"who_asked_in_another_case",
     "ASKED",
     {"github:ALICE", "", ""},
     "it was asked for by github:alice, and nobody approves what they asked for: let somebody else "
     "approve"},
    {"who_asked_by_another_account",
     "ASKED",
     {"jenkins:asmith", "", ""},
     "it was asked for by github:alice, and nobody approves what they asked for: let somebody else "
     "approve"},
    {"who_asked_claiming_to_be_bob",
     "ASKED",
     {"github:bob", "", "alice"},
     "it was asked for by github:alice, and nobody approves what they asked for: let somebody else "
     "approve"},
    {"not_of_the_group",
     "ASKED",
     {"github:dora", "", ""},
     "github:dora is dora's account, and it needs 1 approval by sre-oncall: let one of them "
     "approve"},
    {"nobodys_account",
     "ASKED",
     {"github:mall\u202eory", "", ""},
     "github:mall\\u202eory is nobody's account in the policy's people, and it needs 1 approval by "
     "sre-oncall: let one of them approve"},
    {"no_account", "ASKED", {"", "", ""}, "nobody knows who approves"},
    {"a_system_that_may_not_vouch",
     "ASKED",
     {"jenkins:bob", "CI system", ""},
     "the policy does not take the word of jenkins for who approved (vouching: of overrides): "
     "approve with slogate override approve"},
    {"approved_already",
     "APPROVED",
     {"github:Bob", "", ""},
     "github:bob approved it already at 2026-11-23T02:22:40Z: it needs different people"},
    {"approved_already_by_another_account",
     "APPROVED",
     {"postgresql:bob", "", "bob"},
     "github:bob approved it already at 2026-11-23T02:22:40Z: it needs different people"},
    {"one_more", "APPROVED", {"github:carol", "", ""}, ""},
    {"rejected",
     "ASKED 1m reject ov-1 github:carol",
     {"github:bob", "", ""},
     "it was rejected by github:carol at 2026-11-23T03:11:40Z: ask for another one"},
    {"revoked",
     "ASKED 1m revoke ov-1 github:alice",
     {"github:bob", "", ""},
     "it was revoked by github:alice at 2026-11-23T03:11:40Z: ask for another one"},
    {"expired",
     "4h request ov-1 github:alice",
     {"github:bob", "", ""},
     "it expired at 2026-11-23T03:12:40Z: ask for another one"},
    {"used_up",
     "APPROVED 1m use ov-1 sha256:d1",
     {"github:carol", "", ""},
     "it was used at 2026-11-23T03:11:40Z, 1 of 1 times: ask for another one"},
    {"beyond_the_limit",
     "90m use ov-7 sha256:1\n80m use ov-8 sha256:2\n70m use ov-9 sha256:3\nASKED",
     {"github:bob", "", ""},
     "github:bob is bob's account, and it needs 2 approvals by directors: let one of them approve"},
    {"for_a_class", "60m request ov-1 github:alice change=security", {"github:eve", "", ""}, ""},
    {"for_a_class_by_others",
     "60m request ov-1 github:alice change=security",
     {"github:bob", "", ""},
     "github:bob is bob's account, and it needs 1 approval by security-oncall: let one of them "
     "approve"},
    {"for_no_class",
     "60m request ov-1 github:alice change=rollback",
     {"github:bob", "", ""},
     "the policy has no change class rollback that people's consent proves"},
};

class WhyNotApproveTest : public testing::TestWithParam<ApproveCase> {};

TEST_P(WhyNotApproveTest, SaysWhatToDo) {
  const History history = fake::PastOf(fake::GuardedPast(GetParam().past));
  const Override one = fake::FindOverride(history, "ov-1");
  EXPECT_EQ(WhyNotApprove(fake::GuardedPolicy(), history, one, GetParam().actor, history.now),
            GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(Approvals, WhyNotApproveTest, testing::ValuesIn(kApproves),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(ConsentForTest, EscalatesAndNeverWallsOff) {
  const OverrideRules& rules = *fake::GuardedPolicy().overrides;
  const auto text = [&](const char* past) {
    const History history = fake::PastOf(past);
    return ConsentText(ConsentFor(rules, history, fake::PastSubject(), history.now));
  };
  EXPECT_EQ(text(""), "1 approval by sre-oncall");
  EXPECT_EQ(text("3h use ov-1 sha256:1\n2h use ov-2 sha256:2"), "1 approval by sre-oncall");
  std::string past = "3h use ov-1 sha256:1\n2h use ov-2 sha256:2\n1h use ov-3 sha256:3";
  EXPECT_EQ(text(past.c_str()), "2 approvals by directors");
  for (int i = 0; i < 50; ++i) absl::StrAppend(&past, "\n1m use ov-9 sha256:9");
  EXPECT_EQ(text(past.c_str()), "2 approvals by directors") << "fifty a week";
  EXPECT_EQ(text("3h use ov-1 sha256:1\n2h use ov-2 sha256:2\n1h use ov-3 sha256:3 again"),
            "1 approval by sre-oncall");
}

}  // namespace
}  // namespace slogate
