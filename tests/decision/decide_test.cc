#include "gate/decision/decide.h"

#include <string>

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>

#include "tests/decision/acme.h"

namespace slogate {
namespace {

const fake::Story kStories[] = {
    {"healthy", {}, "", "", "", "allow proceed budget\nALL_PASS"},
    {"spent_to_the_last_event",
     {{"events errors 30d", "1000"}},
     "",
     "",
     "",
     "deny blocked budget\nrule spent a true\nrule fast a false\nrule slow a false\nrule low a "
     "true\n"
     "next change rollback\nnext change security CVE-\n"},
    {"one_event_left",
     {{"events errors 30d", "999"}},
     "",
     "",
     "",
     "warn proceed budget\nrule spent a false\nrule fast a false\nrule slow a false\n"
     "rule low a true\n"},
    {"burning_fast",
     {{"events errors 1h", "14400"}, {"events errors 5m", "14400"}},
     "",
     "",
     "",
     "hold blocked budget\nrule spent a false\nrule fast a true\nrule slow a false\nrule low a "
     "false\n"
     "next wait\nnext change hotfix\nnext change rollback\nnext change security CVE-\n"},
    {"burned_fast_but_no_longer",
     {{"events errors 1h", "14400"}, {"events errors 5m", "14399"}},
     "",
     "",
     "",
     "allow proceed budget\nALL_PASS"},
    {"burning_slowly",
     {{"events errors 3d", "1001"}, {"events errors 6h", "1001"}},
     "",
     "",
     "",
     "warn proceed budget\nrule spent a false\nrule fast a false\nrule slow a true\n"
     "rule low a false\n"},
    {"one_window_is_not_above",
     {{"events errors 3d", "1001"}, {"events errors 6h", "1000"}},
     "",
     "",
     "",
     "allow proceed budget\nALL_PASS"},
    {"bounds_about_the_threshold_are_a_hold_at_most",
     {{"events errors 30d", "999..1001"}},
     "",
     "",
     "",
     "hold blocked budget\nrule spent a unknown\nrule fast a false\nrule slow a false\n"
     "rule low a true\nnext wait\nnext change rollback\nnext change security CVE-\n"},
    {"bounds_about_the_threshold_of_a_warning",
     {{"events errors 30d", "899..901"}},
     "",
     "",
     "",
     "warn proceed budget\nrule spent a false\nrule fast a false\nrule slow a false\n"
     "rule low a unknown\n"},
    {"a_finding_taints_its_own_window",
     {{"events errors 30d", "!unreachable"}},
     "",
     "",
     "",
     "hold blocked budget\nrule spent a unknown\nrule fast a false\nrule slow a false\n"
     "rule low a unknown\nfinding unreachable a 30d hold decisive\n"
     "next mend unreachable\nnext change rollback\n"},
    {"a_finding_beside_a_false_window_decides_nothing",
     {{"events errors 5m", "!timed_out"}},
     "",
     "",
     "",
     "allow proceed budget\nALL_PASSfinding timed_out a 5m hold\n"},
    {"a_finding_where_it_matters",
     {{"events errors 5m", "!timed_out"}, {"events errors 1h", "14400"}},
     "",
     "",
     "",
     "hold blocked budget\nrule spent a false\nrule fast a unknown\nrule slow a false\n"
     "rule low a false\nfinding timed_out a 5m hold decisive\n"
     "next mend timed_out\nnext change rollback\n"},
    {"a_finding_of_a_warning_warns",
     {{"events requests 3d", "!too_large"}, {"events errors 6h", "1001"}},
     "",
     "",
     "",
     "warn proceed budget\nrule spent a false\nrule fast a false\nrule slow a unknown\n"
     "rule low a false\nfinding too_large a 3d hold decisive\n"},
    {"a_finding_below_the_base_decides_nothing",
     {{"events errors 30d", "1000"}, {"events errors 3d", "!timed_out"}},
     "",
     "",
     "",
     "deny blocked budget\nrule spent a true\nrule fast a false\nrule slow a false\nrule low a "
     "true\n"
     "finding timed_out a 3d hold\nnext change rollback\nnext change security CVE-\n"},
    {"rules_skipped_do_not_open_blindness",
     {{"newest_sample requests", "301"}},
     "security",
     "CVE-2026-1",
     "",
     "hold blocked budget\n"
     "rule spent a unknown, skipped by security\nrule fast a unknown, skipped by security\n"
     "rule slow a unknown, skipped by security\nrule low a unknown, skipped by security\n"
     "finding stale a all hold decisive\n"
     "next mend stale\nnext change nightly\nnext change rollback\n"},
    {"a_single_kind_skipped",
     {{"newest_sample requests", "301"}},
     "nightly",
     "",
     "",
     "allow proceed class\nALL_UNKNOWNfinding stale a all hold, skipped by nightly\n"},
    {"a_single_kind_skipped_and_another_found",
     {{"newest_sample requests", "!timed_out"}},
     "nightly",
     "",
     "",
     "hold blocked budget\nALL_UNKNOWNfinding timed_out a all hold decisive\n"
     "next mend timed_out\nnext change rollback\n"},
    {"a_single_rule_skipped",
     {{"events errors 1h", "14400"}, {"events errors 5m", "14400"}},
     "hotfix",
     "",
     "",
     "allow proceed class\nrule spent a false\nrule fast a true, skipped by hotfix\n"
     "rule slow a false\nrule low a false\n"},
    {"a_single_rule_skipped_and_another_true",
     {{"events errors 1h", "14400"}, {"events errors 5m", "14400"}, {"events errors 30d", "1000"}},
     "hotfix",
     "",
     "",
     "deny blocked budget\nrule spent a true\nrule fast a true, skipped by hotfix\n"
     "rule slow a false\nrule low a true\nnext change rollback\nnext change security CVE-\n"},
    {"rules_skipped",
     {{"events errors", "1000000"}},
     "security",
     "CVE-2026-1",
     "",
     "allow proceed class\n"
     "rule spent a true, skipped by security\nrule fast a true, skipped by security\n"
     "rule slow a true, skipped by security\nrule low a true, skipped by security\n"},
    {"a_rollback_with_nobody_there",
     {{"clock", "!unreachable"},
      {"events requests", "!unreachable"},
      {"events errors", "!unreachable"},
      {"newest_sample requests", "!unreachable"},
      {"history requests", "!unreachable"}},
     "rollback",
     "",
     "",
     "allow proceed class\n"
     "rule spent a unknown, skipped by rollback\nrule fast a unknown, skipped by rollback\n"
     "rule slow a unknown, skipped by rollback\nrule low a unknown, skipped by rollback\n"
     "finding unreachable a all hold, skipped by rollback\n"},
    {"a_class_that_opens_nothing_is_no_basis",
     {},
     "rollback",
     "",
     "",
     "allow proceed budget\n"
     "rule spent a false, skipped by rollback\nrule fast a false, skipped by rollback\n"
     "rule slow a false, skipped by rollback\nrule low a false, skipped by rollback\n"},
    {"a_class_that_takes_a_warning_away_is_no_basis",
     {{"events errors 30d", "999"}},
     "security",
     "CVE-2026-1",
     "",
     "allow proceed budget\n"
     "rule spent a false, skipped by security\nrule fast a false, skipped by security\n"
     "rule slow a false, skipped by security\nrule low a true, skipped by security\n"},
    {"more_failures_than_requests",
     {{"events errors 30d", "1000001"}},
     "",
     "",
     "",
     "deny blocked budget\nrule spent a true\nrule fast a false\nrule slow a false\nrule low a "
     "true\n"
     "next change rollback\nnext change security CVE-\n"},
    {"observed",
     {{"events errors 30d", "1000"}},
     "",
     "",
     "enforcement: observe",
     "deny proceed observe\nrule spent a true\nrule fast a false\nrule slow a false\n"
     "rule low a true\n"},
    {"observed_blindness",
     {{"newest_sample requests", "301"}},
     "",
     "",
     "enforcement: observe",
     "hold proceed observe\nALL_UNKNOWNfinding stale a all hold decisive\n"},
    {"a_class_opens_before_observing_does",
     {{"events errors 30d", "1000"}},
     "rollback",
     "",
     "enforcement: observe",
     "allow proceed class\n"
     "rule spent a true, skipped by rollback\nrule fast a false, skipped by rollback\n"
     "rule slow a false, skipped by rollback\nrule low a true, skipped by rollback\n"},
    {"a_claim_that_does_not_count_skips_nothing",
     {{"events errors 30d", "1000"}},
     "security",
     "INC-1",
     "",
     "deny blocked budget\nrule spent a true\nrule fast a false\nrule slow a false\nrule low a "
     "true\n"
     "next change rollback\nnext change security CVE-\n"},
};

class DecideTest : public testing::TestWithParam<fake::Story> {};

TEST_P(DecideTest, Story) { fake::ExpectStory(GetParam()); }

INSTANTIATE_TEST_SUITE_P(Stories, DecideTest, testing::ValuesIn(kStories),
                         [](const auto& test) { return std::string(test.param.name); });

struct ClaimCase {
  const char* name;
  const char* change;
  const char* ticket;
  const char* want;  // "claimed -> effective: problem"
};

const ClaimCase kClaims[] = {
    {"nothing", "", "", "feature -> feature: "},
    {"the_default", "feature", "", "feature -> feature: "},
    {"a_ticket_nobody_asked_for", "", "CVE-1", "feature -> feature: "},
    {"a_class", "rollback", "", "rollback -> rollback: "},
    {"unknown", "hotfux", "", "hotfux -> feature: the policy has no such change class"},
    {"another_case", "Rollback", "", "Rollback -> feature: the policy has no such change class"},
    {"with_its_ticket", "security", "CVE-2026-1", "security -> security: "},
    {"without_its_ticket", "security", "", "security -> feature: it needs --ticket CVE-…"},
    {"another_prefix", "security", "INC-1", "security -> feature: its ticket must begin with CVE-"},
    {"the_prefix_alone", "security", "CVE-",
     "security -> feature: its ticket must begin with CVE-"},
    {"another_case_of_the_prefix", "security", "cve-1",
     "security -> feature: its ticket must begin with CVE-"},
};

class ClaimTest : public testing::TestWithParam<ClaimCase> {};

TEST_P(ClaimTest, Resolves) {
  Request request;
  request.change = GetParam().change;
  request.ticket = GetParam().ticket;
  const Claim claim = ResolveClaim(fake::PolicyOf(fake::kAcmePolicy), request);
  EXPECT_EQ(absl::StrCat(claim.claimed, " -> ", claim.effective, ": ", claim.problem),
            GetParam().want);
  EXPECT_EQ(claim.ticket, GetParam().ticket);
}

INSTANTIATE_TEST_SUITE_P(Claims, ClaimTest, testing::ValuesIn(kClaims),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(SkipsAllFindingsTest, OnlyAClassThatSkipsAllOfThem) {
  const EffectivePolicy policy = fake::PolicyOf(fake::kAcmePolicy);
  std::string skipping;
  for (const auto& [name, change] : policy.changes) {
    if (SkipsAllFindings(policy, Claim{name, "", name, ""})) absl::StrAppend(&skipping, name, " ");
  }
  EXPECT_EQ(skipping, "rollback ");
  EXPECT_FALSE(SkipsAllFindings(policy, Claim{"rollback", "", "feature", "does not count"}));
}

TEST(DecideTest, WithoutAnyEvidenceNothingOpens) {
  const EffectivePolicy policy = fake::PolicyOf(fake::kAcmePolicy);
  const Ruling ruling = Decide(policy, Evidence{}, {});
  EXPECT_EQ(ruling.verdict, Verdict::kHold);
  EXPECT_EQ(ruling.outcome, Outcome::kBlocked);
}

}  // namespace
}  // namespace slogate
