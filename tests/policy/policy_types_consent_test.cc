// What a policy says of its ledger, of people and of what they may open, decoded completely.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>

#include "gate/policy/policy_parts.h"
#include "gate/policy/policy_types.h"
#include "gate/text/node.h"

namespace slogate {
namespace {

template <class T>
T Decode(const Type<T>& type, const std::string& text) {
  const SourceFile file = {"p.yaml", text};
  std::vector<Diagnostic> diagnostics;
  const std::optional<Node> root = ParseYaml(file, diagnostics);
  Doubts doubts;
  T value{};
  if (root) value = DecodeFile(type, "p.yaml", *root, doubts, diagnostics);
  EXPECT_EQ(Render(diagnostics, {file}), "");
  return value;
}

using Names = std::vector<std::string>;

Names Values(const std::vector<Placed<std::string>>& placed) {
  Names values;
  for (const Placed<std::string>& entry : placed) values.push_back(entry.value);
  return values;
}

constexpr char kPolicy[] = R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: acme}
sources: {main: {url: http://h}}
ledger: {id: acme, genesis: 5f0c5f0c5f0c5f0c5f0c5f0c5f0c5f0c5f0c5f0c5f0c5f0c5f0c5f0c5f0c5f0c}
people:
  alice: {accounts: ['github:alice', 'jenkins:asmith', 'postgresql:alice'], groups: [sre-oncall]}
  bob: {accounts: [circleci:bob, 'gitlab:b/o:b@x', 'local:b.ob']}
overrides:
  limit: {count: 3, per: 30d, beyond: {approvals: 2, approvers: [directors]}}
  approvals: 2
  approvers: [sre-oncall, security]
  reason: {min_length: 500}
  ticket: {prefix: INC-}
  expires: 1w
  uses: 20
  never: [spent]
  review_within: 3d
  vouching: [github, jenkins, circleci]
changes:
  feature: {default: true}
  rollback: {skips: [rules, findings], proof: {released_before: 30d}}
  security:
    proof: {from: [security-oncall, sre], approvals: 5}
    limit: {count: 1000, per: 12h}
    review_within: 3d
  hotfix: {proof: {approvals: 1, from: security-oncall}}
  urgent: {proof: {approvals: 1}}
rules:
  - {id: spent, when: {budget_remaining: {at_most: 0%, reopens_above: 5.5%}}, verdict: deny}
  - {id: low, when: {budget_remaining: {below: 0%}}, verdict: deny}
  - {id: fresh, when: {last_release: {younger_than: 15m}}, verdict: hold}
)";

TEST(ConsentTypes, TheLedger) {
  const ReleasePolicy policy = Decode(ReleasePolicyType(), kPolicy);
  ASSERT_TRUE(policy.ledger.has_value());
  EXPECT_EQ(policy.ledger->at, (Position{5, 9}));
  EXPECT_EQ(policy.ledger->id, "acme");
  EXPECT_EQ(policy.ledger->genesis,
            "5f0c5f0c5f0c5f0c5f0c5f0c5f0c5f0c5f0c5f0c5f0c5f0c5f0c5f0c5f0c5f0c");
  EXPECT_EQ(Decode(LedgerType(), "{id: acme}").genesis, std::nullopt);
}

TEST(ConsentTypes, People) {
  const ReleasePolicy policy = Decode(ReleasePolicyType(), kPolicy);
  ASSERT_EQ(policy.people.size(), 2u);
  const PersonConfig& alice = policy.people.at("alice");
  EXPECT_EQ(alice.at, (Position{7, 10}));
  EXPECT_EQ(Values(alice.accounts), (Names{"github:alice", "jenkins:asmith", "postgresql:alice"}));
  EXPECT_EQ(alice.accounts[1].at, (Position{7, 38}));
  EXPECT_EQ(Values(alice.groups), Names{"sre-oncall"});
  const PersonConfig& bob = policy.people.at("bob");
  EXPECT_EQ(Values(bob.accounts), (Names{"circleci:bob", "gitlab:b/o:b@x", "local:b.ob"}));
  EXPECT_EQ(Values(bob.groups), Names{});
}

TEST(ConsentTypes, AnAccountOfAHundredBytes) {
  const std::string name(100, 'x');
  EXPECT_EQ(Decode(AccountType(), absl::StrCat("github:", name)), absl::StrCat("github:", name));
}

TEST(ConsentTypes, Overrides) {
  const ReleasePolicy policy = Decode(ReleasePolicyType(), kPolicy);
  ASSERT_TRUE(policy.overrides.has_value());
  const OverrideRules& rules = *policy.overrides;
  EXPECT_EQ(rules.at, (Position{10, 3}));
  EXPECT_EQ(rules.consent.approvals, 2);
  EXPECT_EQ(Values(rules.consent.approvers), (Names{"sre-oncall", "security"}));
  EXPECT_EQ(rules.consent.approvers[1].at, (Position{12, 27}));
  EXPECT_EQ(rules.reason_min_length, 500u);
  EXPECT_EQ(rules.ticket_prefix, "INC-");
  EXPECT_EQ(rules.expires, absl::Hours(7 * 24));
  EXPECT_EQ(rules.uses, 20);
  EXPECT_EQ(Values(rules.never), Names{"spent"});
  ASSERT_TRUE(rules.limit.has_value());
  EXPECT_EQ(rules.limit->at, (Position{10, 10}));
  EXPECT_EQ(rules.limit->count, 3);
  EXPECT_EQ(rules.limit->per, absl::Hours(30 * 24));
  EXPECT_EQ(rules.beyond.approvals, 2);
  EXPECT_EQ(Values(rules.beyond.approvers), Names{"directors"});
  EXPECT_EQ(rules.review_within, absl::Hours(3 * 24));
  EXPECT_EQ(Values(rules.vouching), (Names{"github", "jenkins", "circleci"}));
}

TEST(ConsentTypes, OverridesThatSayNothing) {
  const OverrideRules rules = Decode(OverridesType(), "{}");
  EXPECT_EQ(rules.consent.approvals, 1);
  EXPECT_EQ(Values(rules.consent.approvers), Names{});
  EXPECT_EQ(rules.reason_min_length, 20u);
  EXPECT_EQ(rules.ticket_prefix, std::nullopt);
  EXPECT_EQ(rules.expires, absl::Hours(4));
  EXPECT_EQ(rules.uses, 1);
  EXPECT_EQ(Values(rules.never), Names{});
  EXPECT_FALSE(rules.limit.has_value());
  EXPECT_EQ(rules.review_within, std::nullopt);
  EXPECT_EQ(Values(rules.vouching), Names{});
}

struct BeyondCase {
  const char* name;
  const char* text;
  int approvals;
  Names approvers;
};

class BeyondTest : public testing::TestWithParam<BeyondCase> {};

TEST_P(BeyondTest, WhatIsLeftOutFollowsFromTheOrdinaryConsent) {
  const OverrideRules rules = Decode(OverridesType(), GetParam().text);
  EXPECT_EQ(rules.beyond.approvals, GetParam().approvals);
  EXPECT_EQ(Values(rules.beyond.approvers), GetParam().approvers);
}

const BeyondCase kBeyond[] = {
    {"nothing_said", "{limit: {count: 1, per: 1d}}", 2, {}},
    {"one_more_by_the_same",
     "{approvals: 2, approvers: [a, b], limit: {count: 1, per: 1d}}",
     3,
     {"a", "b"}},
    {"whatever_the_order", "{limit: {count: 1, per: 1d}, approvers: a, approvals: 5}", 6, {"a"}},
    {"one_where_none_was_needed", "{approvals: 0, limit: {count: 1, per: 1d}}", 1, {}},
    {"others_and_one_more",
     "{approvers: [a], limit: {count: 1, per: 1d, beyond: {approvers: b}}}",
     2,
     {"b"}},
    {"so_many_of_the_same",
     "{approvers: [a], limit: {count: 1, per: 1d, beyond: {approvals: 4}}}",
     4,
     {"a"}},
    {"an_empty_mapping", "{approvers: [a], limit: {count: 1, per: 1d, beyond: {}}}", 2, {"a"}},
};

INSTANTIATE_TEST_SUITE_P(All, BeyondTest, testing::ValuesIn(kBeyond),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(ConsentTypes, ClassesAndTheirProofs) {
  const auto changes = Decode(ReleasePolicyType(), kPolicy).changes;
  const ChangeClass& feature = changes.at("feature");
  EXPECT_FALSE(feature.proof || feature.limit || feature.review_within);
  const ChangeClass& rollback = changes.at("rollback");
  ASSERT_TRUE(rollback.proof.has_value());
  EXPECT_EQ(rollback.proof->at, (Position{22, 47}));
  EXPECT_EQ(rollback.proof->released_before, absl::Hours(30 * 24));
  EXPECT_FALSE(rollback.proof->consent.has_value());
  const ChangeClass& security = changes.at("security");
  ASSERT_TRUE(security.proof && security.proof->consent);
  EXPECT_EQ(security.proof->released_before, std::nullopt);
  EXPECT_EQ(security.proof->consent->approvals, 5) << "whatever the order";
  EXPECT_EQ(Values(security.proof->consent->approvers), (Names{"security-oncall", "sre"}));
  ASSERT_TRUE(security.limit.has_value());
  EXPECT_EQ(security.limit->at, (Position{25, 12}));
  EXPECT_EQ(security.limit->count, 1000);
  EXPECT_EQ(security.limit->per, absl::Hours(12));
  EXPECT_EQ(security.review_within, absl::Hours(3 * 24));
  const ChangeClass& hotfix = changes.at("hotfix");
  ASSERT_TRUE(hotfix.proof && hotfix.proof->consent);
  EXPECT_EQ(Values(hotfix.proof->consent->approvers), Names{"security-oncall"});
  EXPECT_EQ(hotfix.proof->consent->approvers[0].at, (Position{27, 40}));
  const ChangeClass& urgent = changes.at("urgent");
  ASSERT_TRUE(urgent.proof && urgent.proof->consent);
  EXPECT_EQ(Values(urgent.proof->consent->approvers), Names{});
}

TEST(ConsentTypes, RulesThatLookBack) {
  const std::vector<Rule> rules = Decode(ReleasePolicyType(), kPolicy).rules;
  const auto& spent = std::get<BudgetRemaining>(rules[0].when);
  ASSERT_TRUE(spent.reopens_above.has_value());
  EXPECT_EQ(spent.reopens_above->value, *Rational::FromDecimal("0.055"));
  EXPECT_EQ(spent.reopens_above->at, (Position{30, 71}));
  EXPECT_FALSE(std::get<BudgetRemaining>(rules[1].when).reopens_above.has_value());
  const auto& fresh = std::get<LastRelease>(rules[2].when);
  EXPECT_EQ(fresh.younger_than.value, absl::Minutes(15));
  EXPECT_EQ(fresh.younger_than.at, (Position{32, 53}));
}

TEST(ConsentTypes, APolicyThatSaysNothingOfIt) {
  const ReleasePolicy policy = Decode(ReleasePolicyType(), R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: acme}
sources: {main: {url: http://h}}
rules:
  - {id: spent, when: {budget_remaining: {at_most: 0%}}, verdict: deny}
)");
  EXPECT_FALSE(policy.ledger.has_value());
  EXPECT_TRUE(policy.people.empty());
  EXPECT_FALSE(policy.overrides.has_value());
}

}  // namespace
}  // namespace slogate
