#include "gate/policy/account.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace slogate {
namespace {

TEST(AccountSystems, OnlyCiSystemsVouch) {
  using Words = std::vector<std::string>;
  EXPECT_EQ(AccountSystemWords(),
            (Words{"github", "jenkins", "circleci", "gitlab", "postgresql", "local"}));
  EXPECT_EQ(VouchingWords(), (Words{"github", "jenkins", "circleci"}));
}

struct SameCase {
  const char* name;
  const char *a, *b;
  bool want;
};

class SameAccountTest : public testing::TestWithParam<SameCase> {};

TEST_P(SameAccountTest, EitherWayRound) {
  EXPECT_EQ(SameAccount(GetParam().a, GetParam().b), GetParam().want);
  EXPECT_EQ(SameAccount(GetParam().b, GetParam().a), GetParam().want);
}

const SameCase kCases[] = {
    {"the_same", "github:alice", "github:alice", true},
    {"another", "github:alice", "github:alicia", false},
    {"another_system", "github:alice", "gitlab:alice", false},
    {"github_and_case", "github:Alice", "github:aLICE", true},
    {"jenkins_and_case", "jenkins:Alice", "jenkins:alice", true},
    {"circleci_and_case", "circleci:Alice", "circleci:alice", true},
    {"gitlab_and_case", "gitlab:Alice", "gitlab:alice", true},
    {"postgresql_and_case", "postgresql:Alice", "postgresql:alice", false},
    {"postgresql", "postgresql:Alice", "postgresql:Alice", true},
    {"local_and_case", "local:Alice", "local:alice", false},
    {"letters_beyond_ascii", "github:\xC3\x84lice", "github:\xC3\xA4lice", false},
    {"the_system_in_capitals_is_none", "GitHub:alice", "github:alice", false},
    {"a_prefix_of_another", "github", "github:", false},
    {"no_account", "alice", "Alice", false},
    {"nobody", "", "", true},
};

INSTANTIATE_TEST_SUITE_P(All, SameAccountTest, testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace slogate
