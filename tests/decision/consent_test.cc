#include "gate/decision/consent.h"

#include <string>

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>

#include "tests/decision/guarded.h"
#include "tests/testing/past.h"

namespace slogate {
namespace {

struct PersonCase {
  const char* name;
  Actor actor;
  const char* want;
};

const PersonCase kPersons[] = {
    {"an_account", {"github:alice", "GITHUB_TRIGGERING_ACTOR", ""}, "alice"},
    {"another_of_theirs", {"jenkins:asmith", "BUILD_USER_ID", ""}, "alice"},
    {"logins_without_case", {"github:Alice", "", ""}, "alice"},
    {"jenkins_too", {"jenkins:ASmith", "", ""}, "alice"},
    {"a_role_minds_case", {"postgresql:Alice", "database", ""}, ""},
    {"an_account_of_this_machine_minds_case", {"local:Carol", "operating system", ""}, ""},
    {"of_this_machine", {"local:carol", "operating system", ""}, "carol"},
    {"nobodys", {"github:mallory", "", ""}, ""},
    {"another_system_of_the_same_name", {"jenkins:alice", "", ""}, ""},
    {"no_account", {"", "", ""}, ""},
    {"a_shared_role_tells_nothing", {"github:alice", "", "slogate_gate"}, "alice"},
    {"a_role_of_their_own", {"github:mallory", "", "bob"}, "bob"},
    {"a_role_speaks_louder_than_a_claim", {"github:alice", "", "bob"}, "bob"},
};

class PersonOfTest : public testing::TestWithParam<PersonCase> {};

TEST_P(PersonOfTest, Is) {
  EXPECT_EQ(PersonOf(fake::GuardedPolicy().people, GetParam().actor), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(Actors, PersonOfTest, testing::ValuesIn(kPersons),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(MayBeOneTest, Table) {
  const struct {
    Actor a, b;
    bool want;
  } cases[] = {
      {{"github:alice", "", ""}, {"github:alice", "", ""}, true},
      {{"github:mallory", "", ""}, {"GitHub:Mallory", "", ""}, true},
      {{"local:x", "", ""}, {"local:X", "", ""}, true},  // to be on the safe side
      {{"github:alice", "", ""}, {"jenkins:asmith", "", ""}, true},
      {{"github:alice", "", ""}, {"github:mallory", "", "alice"}, true},
      {{"github:mallory", "", "alice"}, {"github:bob", "", "alice"}, true},
      {{"github:alice", "", "bob"}, {"github:bob", "", ""}, true},
      {{"github:alice", "", "bob"}, {"jenkins:asmith", "", ""}, true},
      {{"github:alice", "", "slogate_gate"}, {"github:bob", "", "slogate_gate"}, false},
      {{"github:alice", "", ""}, {"github:bob", "", ""}, false},
      {{"github:alice", "", "alice"}, {"github:bob", "", "bob"}, false},
      {{"github:x", "", ""}, {"gitlab:x", "", ""}, false},
      {{"", "", ""}, {"", "", ""}, true},
  };
  for (const auto& one : cases) {
    EXPECT_EQ(MayBeOne(fake::GuardedPolicy().people, one.a, one.b), one.want)
        << one.a.account << one.b.account;
    EXPECT_EQ(MayBeOne(fake::GuardedPolicy().people, one.b, one.a), one.want)
        << one.a.account << one.b.account;
  }
}

TEST(ConsentTextTest, Table) {
  EXPECT_EQ(ConsentText({1, {{"sre-oncall", {}}}}), "1 approval by sre-oncall");
  EXPECT_EQ(ConsentText({2, {{"sre-oncall", {}}, {"directors", {}}}}),
            "2 approvals by sre-oncall or directors");
  EXPECT_EQ(ConsentText({1, {}}), "1 approval by somebody else");
  EXPECT_EQ(ConsentText({2, {}}), "2 approvals by others");
  EXPECT_EQ(ConsentText({0, {{"sre-oncall", {}}}}), "nobody's approval");
}

struct ApprovalsCase {
  const char* name;
  const char* past;    // the approvals of ov-1, which github:alice asked for
  const char* groups;  // who may approve; "" is anybody
  const char* want;    // the accounts that count
};

const ApprovalsCase kApprovals[] = {
    {"none", "", "sre-oncall", ""},
    {"one", "5m approve ov-1 github:bob", "sre-oncall", "github:bob"},
    {"two", "5m approve ov-1 github:bob\n4m approve ov-1 github:carol", "sre-oncall",
     "github:bob github:carol"},
    {"never_who_asked", "5m approve ov-1 github:alice", "sre-oncall", ""},
    {"nor_in_another_case", "5m approve ov-1 github:ALICE", "", ""},
    {"nor_by_another_account", "5m approve ov-1 jenkins:asmith", "sre-oncall", ""},
    {"nor_by_their_role", "5m approve ov-1 github:mallory role=alice", "", ""},
    {"nor_by_a_claim_over_their_role", "5m approve ov-1 github:bob role=alice", "sre-oncall", ""},
    {"nor_as_somebody_elses_role", "5m approve ov-1 github:alice role=bob", "sre-oncall", ""},
    {"one_person_once",
     "5m approve ov-1 github:bob\n4m approve ov-1 postgresql:bob\n3m approve ov-1 github:Bob",
     "sre-oncall", "github:bob"},
    {"not_of_the_group", "5m approve ov-1 github:dora\n4m approve ov-1 github:eve", "sre-oncall",
     ""},
    {"of_one_of_the_groups", "5m approve ov-1 github:dora", "sre-oncall directors", "github:dora"},
    {"nobodys_account", "5m approve ov-1 github:mallory", "sre-oncall", ""},
    {"anybody",
     "5m approve ov-1 github:mallory\n4m approve ov-1 github:Mallory\n"
     "3m approve ov-1 github:trent",
     "", "github:mallory github:trent"},
    {"a_system_that_may_vouch", "5m approve ov-1 github:bob known=CI_system", "sre-oncall",
     "github:bob"},
    {"a_system_that_may_not",
     "5m approve ov-1 circleci:bob known=CI_system\n4m approve ov-1 jenkins:x known=CI_system", "",
     ""},
};

class ApprovalsTest : public testing::TestWithParam<ApprovalsCase> {};

TEST_P(ApprovalsTest, Count) {
  const History history =
      fake::PastOf(absl::StrCat("10m request ov-1 github:alice\n", GetParam().past));
  Consent consent{1, {}};
  for (const absl::string_view group : absl::StrSplit(GetParam().groups, ' ', absl::SkipEmpty())) {
    consent.approvers.push_back({std::string(group), {}});
  }
  EXPECT_EQ(
      absl::StrJoin(
          ApprovalsThatCount(fake::GuardedPolicy(), consent, OverridesIn(history.records)[0]), " ",
          [](std::string* out, const OverrideWord& word) { out->append(word.by.account); }),
      GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(Pasts, ApprovalsTest, testing::ValuesIn(kApprovals),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace slogate
