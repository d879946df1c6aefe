#include "gate/decision/override.h"

#include <string>

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>

#include "gate/decision/sentences.h"
#include "tests/decision/guarded.h"
#include "tests/testing/past.h"

namespace slogate {
namespace {

std::vector<std::string> Rules(const char* names) {
  return absl::StrSplit(names, ' ', absl::SkipEmpty());
}

struct UseCase {
  const char* name;
  const char* past;
  const char* closed_by;
  const char* want;
};

const UseCase kUses[] = {
    {"approved", "APPROVED", "spent", ""},
    {"not_approved", "ASKED", "spent",
     "it needs 1 approval by sre-oncall and has 0: let somebody approve it"},
    {"approved_by_who_asked", "ASKED 50m approve ov-1 jenkins:asmith", "spent",
     "it needs 1 approval by sre-oncall and has 0: let somebody approve it"},
    {"approved_by_somebody_else", "ASKED 50m approve ov-1 github:dora", "spent",
     "it needs 1 approval by sre-oncall and has 0: let somebody approve it"},
    {"a_refused_approval", "ASKED 50m approve ov-1 github:bob refused=no", "spent",
     "it needs 1 approval by sre-oncall and has 0: let somebody approve it"},
    {"for_more_rules_than_needed",
     "60m request ov-1 github:alice ticket=INC-1 rules=spent,fast\n50m approve ov-1 github:bob",
     "fast", ""},
    {"for_fewer_rules_than_needed", "APPROVED", "spent fast",
     "it is not for the rule fast, which keeps the gate closed now: ask for another one"},
    {"a_rule_that_nothing_opens",
     "60m request ov-1 github:alice ticket=INC-1 rules=spent,level\n50m approve ov-1 github:bob",
     "spent level", "no override opens the rule level: the policy says never"},
    {"no_rule_at_all", "APPROVED", "", "no rule keeps the gate closed"},
    {"rejected", "APPROVED 1m reject ov-1 github:carol", "spent",
     "it was rejected by github:carol at 2026-11-23T03:11:40Z: ask for another one"},
    {"rejected_and_then_approved",
     "ASKED 55m reject ov-1 github:carol\n50m approve ov-1 github:bob", "spent",
     "it was rejected by github:carol at 2026-11-23T02:17:40Z: ask for another one"},
    {"revoked", "APPROVED 1m revoke ov-1 github:alice", "spent",
     "it was revoked by github:alice at 2026-11-23T03:11:40Z: ask for another one"},
    {"the_last_moment",
     "239m59s request ov-1 github:alice ticket=INC-1\n50m approve ov-1 github:bob", "spent", ""},
    {"expired", "4h request ov-1 github:alice ticket=INC-1\n50m approve ov-1 github:bob", "spent",
     "it expired at 2026-11-23T03:12:40Z: ask for another one"},
    {"expires_as_it_says",
     "60m request ov-1 github:alice ticket=INC-1 expires=30m\n50m approve ov-1 github:bob", "spent",
     "it expired at 2026-11-23T02:42:40Z: ask for another one"},
    {"never_later_than_the_policy_says",
     "5h request ov-1 github:alice ticket=INC-1 expires=7d\n50m approve ov-1 github:bob", "spent",
     "it expired at 2026-11-23T02:12:40Z: ask for another one"},
    {"from_the_future", "-1s request ov-1 github:alice ticket=INC-1\n50m approve ov-1 github:bob",
     "spent",
     "it is of 2026-11-23T03:12:41Z, and now it is 2026-11-23T03:12:40Z: mend the clock of the "
     "ledger"},
    {"used_up", "APPROVED 40m use ov-1 sha256:d1", "spent",
     "it was used at 2026-11-23T02:32:40Z, 1 of 1 times: ask for another one"},
    {"used_by_a_release_that_failed_just_now",
     "APPROVED 40m use ov-1 sha256:d1\n29m failed sha256:d1", "spent", ""},
    {"the_last_moment_of_a_use_again", "APPROVED 40m use ov-1 sha256:d1\n30m failed sha256:d1",
     "spent", ""},
    {"used_by_a_release_that_failed_too_long_ago",
     "APPROVED 40m use ov-1 sha256:d1\n31m failed sha256:d1", "spent",
     "it was used at 2026-11-23T02:32:40Z, 1 of 1 times: ask for another one"},
    {"a_failure_reported_from_the_future", "APPROVED 40m use ov-1 sha256:d1\n-1m failed sha256:d1",
     "spent", "it was used at 2026-11-23T02:32:40Z, 1 of 1 times: ask for another one"},
    {"used_again_and_done",
     "APPROVED 40m use ov-1 sha256:d1\n20m failed sha256:d1\n10m use ov-1 sha256:d2 again\n"
     "5m deployed sha256:d2",
     "spent", "it was used at 2026-11-23T03:02:40Z, 1 of 1 times: ask for another one"},
    {"used_again_and_failed_again",
     "APPROVED 40m use ov-1 sha256:d1\n20m failed sha256:d1\n10m use ov-1 sha256:d2 again\n"
     "5m failed sha256:d2",
     "spent", ""},
    {"two_uses_asked_for",
     "60m request ov-1 github:alice ticket=INC-1 uses=2\n50m approve ov-1 github:bob\n"
     "40m use ov-1 sha256:d1",
     "spent", ""},
    {"never_more_uses_than_the_policy_says",
     "60m request ov-1 github:alice ticket=INC-1 uses=20\n50m approve ov-1 github:bob\n"
     "40m use ov-1 sha256:d1\n30m use ov-1 sha256:d2",
     "spent", "it was used at 2026-11-23T02:42:40Z, 2 of 2 times: ask for another one"},
    {"no_use_asked_for",
     "60m request ov-1 github:alice ticket=INC-1 uses=-1\n50m approve ov-1 github:bob", "spent",
     "it allows no use: ask for another one"},
    {"another_ones_ticket", "APPROVED 40m use ov-2 sha256:d2 ticket=INC-1", "spent",
     "the ticket INC-1 is another override's: one ticket, one override; open one for this release"},
    {"another_ones_ticket_in_another_case", "APPROVED 40m use ov-2 sha256:d2 ticket=inc-1", "spent",
     "the ticket INC-1 is another override's: one ticket, one override; open one for this release"},
    {"a_ticket_that_a_change_class_names",
     "APPROVED 40m use ov-2 sha256:d2 ticket=INC-1 change=security", "spent", ""},
    {"a_ticket_of_another_service", "APPROVED 40m use ov-2 sha256:d2 ticket=INC-1 service=search",
     "spent", ""},
    {"without_the_ticket_that_the_policy_wants",
     "60m request ov-1 github:alice\n50m approve ov-1 github:bob", "spent",
     "the ticket is missing: give --ticket INC-…"},
    {"a_reason_that_the_policy_would_refuse",
     "60m request ov-1 github:alice ticket=INC-1 reason=asdf\n50m approve ov-1 github:bob", "spent",
     "the reason says 4 of the 20 characters that the policy wants, blanks and repetitions not "
     "counted: say why the release cannot wait"},
    {"beyond_the_limit",
     "90m use ov-7 sha256:1\n80m use ov-8 sha256:2\n70m use ov-9 sha256:3\nAPPROVED", "spent",
     "it needs 2 approvals by directors and has 0: let somebody approve it"},
    {"beyond_the_limit_by_directors",
     "90m use ov-7 sha256:1\n80m use ov-8 sha256:2\n70m use ov-9 sha256:3\nAPPROVED "
     "40m approve ov-1 github:dora\n30m approve ov-1 github:carol",
     "spent", ""},
    {"the_limits_last_one", "90m use ov-7 sha256:1\n80m use ov-8 sha256:2\nAPPROVED", "spent", ""},
    {"uses_before_the_limits_time",
     "31d use ov-7 sha256:1\n31d use ov-8 sha256:2\n31d use ov-9 sha256:3\nAPPROVED", "spent", ""},
    {"its_own_use_does_not_count_against_its_use_again",
     "90m use ov-7 sha256:1\n80m use ov-8 sha256:2\nAPPROVED 40m use ov-1 sha256:d1\n"
     "20m failed sha256:d1",
     "spent", ""},
    {"for_a_class",
     "60m request ov-1 github:alice change=security ticket=CVE-1\n"
     "50m approve ov-1 github:eve",
     "", ""},
    {"for_a_class_by_others",
     "60m request ov-1 github:alice change=security ticket=CVE-1\n"
     "50m approve ov-1 github:bob",
     "", "it needs 1 approval by security-oncall and has 0: let somebody approve it"},
    {"for_a_class_and_used",
     "60m request ov-1 github:alice change=security ticket=CVE-1 uses=9\n"
     "50m approve ov-1 github:eve\n40m use ov-1 sha256:d1 change=security",
     "", "it was used at 2026-11-23T02:32:40Z, 1 of 1 times: ask for another one"},
    {"for_a_class_with_another_ticket",
     "60m request ov-1 github:alice change=security ticket=INC-1\n50m approve ov-1 github:eve", "",
     "the ticket must begin with CVE-: give --ticket CVE-…"},
    {"for_a_class_without_consent",
     "60m request ov-1 github:alice change=rollback\n50m approve ov-1 github:eve", "",
     "the policy has no change class rollback that people's consent proves"},
    {"for_no_class", "60m request ov-1 github:alice change=se\x1b[2J\n50m approve ov-1 github:eve",
     "", "the policy has no change class se\\x1b[2J that people's consent proves"},
};

class WhyNotUseTest : public testing::TestWithParam<UseCase> {};

TEST_P(WhyNotUseTest, SaysWhatToDo) {
  const History history = fake::PastOf(fake::GuardedPast(GetParam().past));
  const Override one = fake::FindOverride(history, "ov-1");
  const std::string why = WhyNotUse(fake::GuardedPolicy(), history, one, fake::PastSubject(),
                                    Rules(GetParam().closed_by), history.now);
  EXPECT_EQ(why, GetParam().want);
  const bool waits = WaitsForApproval(fake::GuardedPolicy(), history, one, fake::PastSubject(),
                                      Rules(GetParam().closed_by), history.now);
  EXPECT_EQ(waits, why.find(": let somebody approve it") != std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Pasts, WhyNotUseTest, testing::ValuesIn(kUses),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(WhyNotUseTest, OnlyForItsOwnRelease) {
  const History history = fake::PastOf(fake::GuardedPast("APPROVED"));
  const Override one = OverridesIn(history.records)[0];
  const char kForeign[] =
      "it is for another artifact, service or environment: ask for one for this release";
  const auto why = [&](void (*change)(Subject&)) {
    Subject subject = fake::PastSubject();
    change(subject);
    return WhyNotUse(fake::GuardedPolicy(), history, one, subject, {"spent"}, history.now);
  };
  EXPECT_EQ(why([](Subject& s) { s.artifact.back() = '5'; }), kForeign);
  EXPECT_EQ(why([](Subject& s) { s.artifact.clear(); }), kForeign);
  EXPECT_EQ(why([](Subject& s) { s.service = "search"; }), kForeign);
  EXPECT_EQ(why([](Subject& s) { s.environment = "staging"; }), kForeign);
  EXPECT_EQ(why([](Subject& s) { s.version = s.commit = s.run_url = s.actor = "another"; }), "")
      << "names of what is the same bytes";
}

TEST(WhyNotUseTest, AnOverrideOfNoArtifactIsForNone) {
  const History history = fake::PastOf(
      "60m request ov-1 github:alice ticket=INC-1 artifact=\n"
      "50m approve ov-1 github:bob artifact=");
  Subject subject = fake::PastSubject();
  subject.artifact.clear();
  EXPECT_NE(WhyNotUse(fake::GuardedPolicy(), history, OverridesIn(history.records)[0], subject,
                      {"spent"}, history.now),
            "");
}

TEST(WhyNotUseTest, ByThePolicyAsItIsNow) {
  const History history = fake::PastOf(fake::GuardedPast("APPROVED"));
  const Override one = OverridesIn(history.records)[0];
  const auto why = [&](void (*change)(EffectivePolicy&)) {
    EffectivePolicy policy = fake::GuardedPolicy();
    change(policy);
    return WhyNotUse(policy, history, one, fake::PastSubject(), {"spent"}, history.now);
  };
  const char kUnapproved[] = "it needs 1 approval by sre-oncall and has 0: let somebody approve it";
  EXPECT_EQ(why([](EffectivePolicy&) {}), "");
  EXPECT_EQ(why([](EffectivePolicy& p) { p.overrides.reset(); }),
            "the policy has no overrides: nothing opens its gate by hand (overrides: in the "
            "policy)");
  EXPECT_EQ(why([](EffectivePolicy& p) { p.people.at("bob").groups.clear(); }), kUnapproved)
      << "who left the group since";
  EXPECT_EQ(why([](EffectivePolicy& p) { p.people.erase("bob"); }), kUnapproved);
  EXPECT_EQ(why([](EffectivePolicy& p) {
              p.people.at("alice").accounts.push_back({"github:bob", {}});
              p.people.erase("bob");
            }),
            kUnapproved)
      << "found to be who asked";
  EXPECT_EQ(why([](EffectivePolicy& p) { p.overrides->consent.approvals = 2; }),
            "it needs 2 approvals by sre-oncall and has 1: let somebody approve it");
  EXPECT_EQ(why([](EffectivePolicy& p) {
              p.overrides->never.push_back({"spent", {}});
            }),
            "no override opens the rule spent: the policy says never");
  EXPECT_EQ(why([](EffectivePolicy& p) { p.overrides->expires = absl::Minutes(59); }),
            "it expired at 2026-11-23T03:11:40Z: ask for another one");
  EXPECT_EQ(why([](EffectivePolicy& p) { p.overrides->ticket_prefix = "CHG-"; }),
            "the ticket must begin with CHG-: give --ticket CHG-…");
  EXPECT_EQ(why([](EffectivePolicy& p) { p.overrides->reason_min_length = 500; }),
            "the reason says 56 of the 500 characters that the policy wants, blanks and "
            "repetitions not counted: say why the release cannot wait");
}

TEST(WhyNotUseTest, WithoutApprovalsItIsReadyAtOnce) {
  EffectivePolicy policy = fake::GuardedPolicy();
  policy.overrides->consent = {0, {}};
  const History history = fake::PastOf(fake::GuardedPast("ASKED"));
  EXPECT_EQ(WhyNotUse(policy, history, OverridesIn(history.records)[0], fake::PastSubject(),
                      {"spent"}, history.now),
            "");
}

TEST(TakeTest, SaysHowFarItIsUsed) {
  const auto take = [](const char* past) {
    const History history = fake::PastOf(past);
    const OverrideTaken taken =
        Take(fake::GuardedPolicy(), history, OverridesIn(history.records)[0], history.now);
    return absl::StrCat(taken.used, "/", taken.allowed, taken.again ? " again" : "", " approved ",
                        taken.entry.approvals.size(), " until ", MomentText(taken.expires_at),
                        " review ",
                        taken.review_due ? MomentText(*taken.review_due) : std::string("never"));
  };
  EXPECT_EQ(take("60m request ov-1 github:alice\n50m approve ov-1 github:bob\n"
                 "40m approve ov-1 github:dora"),
            "1/1 approved 1 until 2026-11-23T06:12:40Z review 2026-11-26T03:12:40Z");
  EXPECT_EQ(take("60m request ov-1 github:alice uses=2 expires=2h\n50m approve ov-1 github:bob\n"
                 "40m use ov-1 sha256:d1"),
            "2/2 approved 1 until 2026-11-23T04:12:40Z review 2026-11-26T03:12:40Z");
  EXPECT_EQ(take("60m request ov-1 github:alice\n50m approve ov-1 github:bob\n"
                 "40m use ov-1 sha256:d1\n20m failed sha256:d1"),
            "1/1 again approved 1 until 2026-11-23T06:12:40Z review 2026-11-26T03:12:40Z");
  EXPECT_EQ(take("60m request ov-1 github:alice change=security\n50m approve ov-1 github:eve"),
            "1/1 approved 1 until 2026-11-23T06:12:40Z review 2026-11-24T03:12:40Z");
}

}  // namespace
}  // namespace slogate
