// What the past makes of a decision: overrides, proofs of change classes, rules about the past.
#include <string>

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>

#include "gate/decision/decide.h"
#include "gate/decision/override.h"
#include "gate/decision/sentences.h"
#include "tests/decision/guarded.h"
#include "tests/testing/past.h"

namespace slogate {
namespace {

using fake::Facts;

// "deny blocked budget", the claim, what keeps the gate closed, what opened it, and what is next.
std::string Tell(const Ruling& ruling) {
  const std::vector<std::string> lines = absl::StrSplit(fake::Summary(ruling), '\n');
  std::string text = absl::StrCat(lines.front(), "\n");
  if (!ruling.claim.problem.empty()) absl::StrAppend(&text, "no: ", ruling.claim.problem, "\n");
  if (ruling.claim.released_at) {
    absl::StrAppend(&text, "released at ", MomentText(*ruling.claim.released_at), "\n");
  }
  if (!ruling.closed_by.empty()) {
    absl::StrAppend(&text, "closed by ", absl::StrJoin(ruling.closed_by, " "), "\n");
  }
  if (ruling.opened_by) {
    absl::StrAppend(&text, "opened by ", ruling.opened_by->entry.request.id,
                    ruling.opened_by->again ? " again" : "", "\n");
  }
  for (const RefusedOverride& refused : ruling.refused) {
    absl::StrAppend(&text, refused.id, ": ", refused.why, "\n");
  }
  for (const std::string& line : lines) {
    if (line.rfind("next ", 0) == 0) absl::StrAppend(&text, line, "\n");
  }
  return text;
}

struct PastStory {
  const char* name;
  const char* past;
  Facts facts;
  const char* change;
  const char* ticket;
  const char* want;
};

const Facts kFast = {{"events errors 1h", "14400"}, {"events errors 5m", "14400"}};
const Facts kBoth = {
    {"events errors 30d", "1000"}, {"events errors 1h", "14400"}, {"events errors 5m", "14400"}};

const char kWays[] = "next change rollback of another artifact\nnext prove security \n";

const PastStory kStories[] = {
    {"nothing_in_the_past", "", fake::kSpent, "", "",
     "deny blocked budget\nclosed by spent\nWAYSnext override \n"},
    {"an_override_opens", "60m request ov-1 github:alice ticket=INC-1\n50m approve ov-1 github:bob",
     fake::kSpent, "", "", "deny proceed override\nclosed by spent\nopened by ov-1\n"},
    {"a_hold_too",
     "60m request ov-1 github:alice ticket=INC-1 rules=fast\n50m approve ov-1 github:bob", kFast,
     "", "", "hold proceed override\nclosed by fast\nopened by ov-1\n"},
    {"blindness_too",
     "60m request ov-1 github:alice ticket=INC-1 rules=spent,fast,level\n"
     "50m approve ov-1 github:bob",
     {{"events errors 30d", "!unreachable"}},
     "",
     "",
     "hold proceed override\nclosed by spent\nopened by ov-1\n"},
    {"what_passes_uses_nothing_up",
     "60m request ov-1 github:alice ticket=INC-1\n50m approve ov-1 github:bob",
     {},
     "",
     "",
     "allow proceed budget\n"},
    {"it_waits_for_an_approval", "60m request ov-1 github:alice ticket=INC-1", fake::kSpent, "", "",
     "deny blocked budget\nclosed by spent\n"
     "ov-1: it needs 1 approval by sre-oncall and has 0: let somebody approve it\n"
     "WAYSnext override ov-1\n"},
    {"it_is_not_for_all_that_closes",
     "60m request ov-1 github:alice ticket=INC-1\n50m approve ov-1 github:bob", kBoth, "", "",
     "deny blocked budget\nclosed by spent fast\n"
     "ov-1: it is not for the rule fast, which keeps the gate closed now: ask for another one\n"
     "WAYSnext override \n"},
    {"what_nothing_opens_is_no_way_out",
     "60m request ov-1 github:alice ticket=INC-1 rules=level\n50m approve ov-1 github:bob",
     {{"events errors 1d", "600000"}},
     "",
     "",
     "deny blocked budget\nclosed by level\n"
     "ov-1: no override opens the rule level: the policy says never\nWAYS"},
    {"the_first_of_several_that_opens",
     "70m request ov-0 github:alice ticket=INC-0\n"
     "60m request ov-1 github:alice ticket=INC-1\n50m approve ov-1 github:bob\n"
     "40m request ov-2 github:alice ticket=INC-2\n30m approve ov-2 github:bob",
     fake::kSpent, "", "",
     "deny proceed override\nclosed by spent\nopened by ov-1\n"
     "ov-0: it needs 1 approval by sre-oncall and has 0: let somebody approve it\n"},
    {"used_again_after_a_failure",
     "60m request ov-1 github:alice ticket=INC-1\n50m approve ov-1 github:bob\n"
     "40m use ov-1 sha256:d1 ticket=INC-1\n20m failed sha256:d1",
     fake::kSpent, "", "", "deny proceed override\nclosed by spent\nopened by ov-1 again\n"},
    {"another_artifacts_override_is_not_even_named",
     "60m request ov-1 github:alice ticket=INC-1 artifact=sha256:ff\n"
     "50m approve ov-1 github:bob artifact=sha256:ff",
     fake::kSpent, "", "", "deny blocked budget\nclosed by spent\nWAYSnext override \n"},
    {"a_consent_to_a_class_opens_no_gate",
     "60m request ov-1 github:alice change=security ticket=CVE-1\n50m approve ov-1 github:eve",
     fake::kSpent, "", "",
     "deny blocked budget\nclosed by spent\nnext change rollback of another artifact\n"
     "next change security CVE-\nnext override \n"},

    {"a_rollback_that_ran_here", "29d deployed sha256:d1", fake::kSpent, "rollback", "",
     "allow proceed class\nreleased at 2026-10-25T03:12:40Z\n"},
    {"a_rollback_that_ran_here_too_long_ago", "31d deployed sha256:d1", fake::kSpent, "rollback",
     "",
     "deny blocked budget\n"
     "no: this artifact was deployed here before the last 30 d, at 2026-10-23T03:12:40Z\n"
     "closed by spent\nWAYSnext override \n"},
    {"a_feature_that_says_it_is_a_rollback", "1d deployed sha256:d1 artifact=sha256:ff",
     fake::kSpent, "rollback", "",
     "deny blocked budget\n"
     "no: the ledger knows of no deployment of this artifact here in the last 30 d\n"
     "closed by spent\nWAYSnext override \n"},
    {"a_rollback_that_ran_elsewhere",
     "1d deployed sha256:d1 service=search\n1d deployed sha256:d1 environment=staging",
     fake::kSpent, "rollback", "",
     "deny blocked budget\n"
     "no: the ledger knows of no deployment of this artifact here in the last 30 d\n"
     "closed by spent\nWAYSnext override \n"},
    {"a_rollback_that_only_failed_here", "1d failed sha256:d1", fake::kSpent, "rollback", "",
     "deny blocked budget\n"
     "no: the ledger knows of no deployment of this artifact here in the last 30 d\n"
     "closed by spent\nWAYSnext override \n"},

    {"a_class_with_consent",
     "60m request ov-1 github:alice change=security ticket=CVE-1\n50m approve ov-1 github:eve",
     fake::kSpent, "security", "CVE-1", "allow proceed class\nopened by ov-1\n"},
    {"a_class_with_consent_that_nobody_needs",
     "60m request ov-1 github:alice change=security ticket=CVE-1\n50m approve ov-1 github:eve",
     {},
     "security",
     "CVE-1",
     "allow proceed budget\n"},
    {"a_class_that_waits_for_consent", "60m request ov-1 github:alice change=security ticket=CVE-1",
     fake::kSpent, "security", "CVE-1",
     "deny blocked budget\n"
     "no: the request ov-1 does not hold: it needs 1 approval by security-oncall and has 0: let "
     "somebody approve it\n"
     "closed by spent\nnext change rollback of another artifact\nnext prove security ov-1\n"
     "next override \n"},
    {"a_class_that_nobody_asked_for", "", fake::kSpent, "security", "CVE-1",
     "deny blocked budget\n"
     "no: it needs 1 approval by security-oncall, and nobody has asked for it for this artifact\n"
     "closed by spent\nWAYSnext override \n"},
    {"a_class_whose_consent_is_used_up",
     "60m request ov-1 github:alice change=security ticket=CVE-1\n50m approve ov-1 github:eve\n"
     "40m use ov-1 sha256:d1 change=security",
     fake::kSpent, "security", "CVE-1",
     "deny blocked budget\n"
     "no: the request ov-1 does not hold: it was used at 2026-11-23T02:32:40Z, 1 of 1 times: ask "
     "for another one\n"
     "closed by spent\nWAYSnext override \n"},
    {"a_class_whose_release_failed",
     "60m request ov-1 github:alice change=security ticket=CVE-1\n50m approve ov-1 github:eve\n"
     "40m use ov-1 sha256:d1 change=security\n20m failed sha256:d1",
     fake::kSpent, "security", "CVE-1", "allow proceed class\nopened by ov-1 again\n"},
    {"a_class_without_its_ticket",
     "60m request ov-1 github:alice change=security ticket=CVE-1\n50m approve ov-1 github:eve",
     fake::kSpent, "security", "",
     "deny blocked budget\nno: it needs --ticket CVE-…\nclosed by spent\n"
     "next change rollback of another artifact\nnext change security CVE-\nnext override \n"},
    {"a_class_whose_limit_is_used_up",
     "20d decision sha256:d1 change=security outcome=proceed basis=class\n"
     "10d decision sha256:d2 change=security outcome=proceed basis=class\n"
     "60m request ov-1 github:alice change=security ticket=CVE-1\n50m approve ov-1 github:eve",
     fake::kSpent, "security", "CVE-1",
     "deny blocked budget\n"
     "no: it let out 2 of 2 releases in the last 30 d: its limit is used up\n"
     "closed by spent\nnext change rollback of another artifact\nnext override \n"},
    {"a_class_within_its_limit",
     "31d decision sha256:d1 change=security outcome=proceed basis=class\n"
     "10d decision sha256:d2 change=security outcome=proceed basis=class\n"
     "60m request ov-1 github:alice change=security ticket=CVE-1\n50m approve ov-1 github:eve",
     fake::kSpent, "security", "CVE-1", "allow proceed class\nopened by ov-1\n"},

    {"within_the_band_nothing_closed_yet",
     "",
     {{"events errors 30d", "960"}},
     "",
     "",
     "warn proceed budget\n"},
    {"within_the_band_after_it_closed",
     "60m decision sha256:d1 closed=spent/a",
     {{"events errors 30d", "960"}},
     "",
     "",
     "deny blocked budget\nclosed by spent\nWAYSnext override \n"},
    {"at_the_end_of_the_band_it_is_still_closed",
     "60m decision sha256:d1 closed=spent/a",
     {{"events errors 30d", "950"}},
     "",
     "",
     "deny blocked budget\nclosed by spent\nWAYSnext override \n"},
    {"above_the_band_it_reopens",
     "60m decision sha256:d1 closed=spent/a",
     {{"events errors 30d", "949"}},
     "",
     "",
     "warn proceed budget\n"},
    {"the_band_follows_the_last_decision",
     "60m decision sha256:d1 closed=spent/a\n50m decision sha256:d2 verdict=allow outcome=proceed",
     {{"events errors 30d", "960"}},
     "",
     "",
     "warn proceed budget\n"},
    {"the_band_of_another_slo_or_rule",
     "60m decision sha256:d1 closed=spent/b,low/a",
     {{"events errors 30d", "960"}},
     "",
     "",
     "warn proceed budget\n"},
    {"the_band_of_another_environment",
     "60m decision sha256:d1 closed=spent/a environment=staging",
     {{"events errors 30d", "960"}},
     "",
     "",
     "warn proceed budget\n"},
    {"the_band_knows_no_artifact",
     "60m decision sha256:d1 closed=spent/a artifact=sha256:ff",
     {{"events errors 30d", "960"}},
     "",
     "",
     "deny blocked budget\nclosed by spent\nWAYSnext override \n"},
    {"a_band_without_data_is_held",
     "60m decision sha256:d1 closed=spent/a",
     {{"events errors 30d", "!unreachable"}},
     "",
     "",
     "hold blocked budget\nclosed by spent\nnext mend unreachable\n"
     "next change rollback of another artifact\nnext override \n"},

    {"released_just_now",
     "14m59s deployed sha256:d1 artifact=sha256:ff",
     {},
     "",
     "",
     "hold blocked budget\nclosed by fresh\nnext wait\nWAYSnext override \n"},
    {"released_long_enough_ago",
     "15m deployed sha256:d1 artifact=sha256:ff",
     {},
     "",
     "",
     "allow proceed budget\n"},
    {"released_just_now_elsewhere",
     "5m deployed sha256:d1 environment=staging\n5m deployed sha256:d2 service=search",
     {},
     "",
     "",
     "allow proceed budget\n"},
    {"a_failed_release_was_none", "5m failed sha256:d1", {}, "", "", "allow proceed budget\n"},
    {"released_just_now_and_overridden",
     "60m request ov-1 github:alice ticket=INC-1 rules=fresh\n50m approve ov-1 github:bob\n"
     "5m deployed sha256:d1 artifact=sha256:ff",
     {},
     "",
     "",
     "hold proceed override\nclosed by fresh\nopened by ov-1\n"},
};

class DecidePastTest : public testing::TestWithParam<PastStory> {};

TEST_P(DecidePastTest, Story) {
  std::string want = GetParam().want;
  const size_t ways = want.find("WAYS");
  if (ways != std::string::npos) want.replace(ways, 4, kWays);
  EXPECT_EQ(Tell(fake::GuardedDecision(GetParam().past, GetParam().facts, GetParam().change,
                                       GetParam().ticket)
                     .ruling),
            want);
}

INSTANTIATE_TEST_SUITE_P(Stories, DecidePastTest, testing::ValuesIn(kStories),
                         [](const auto& test) { return std::string(test.param.name); });

// The same with what nobody asked a ledger for.
Ruling WithoutHistory(const Facts& facts, const char* change, const std::string& policy_text) {
  Request request;
  request.subject = fake::PastSubject();
  request.change = change;
  request.ticket = "CVE-1";
  const Facts healthy = {{"events requests", "1000000"}, {"events errors", "0"}};
  return fake::DecisionOf(policy_text, fake::Over(facts, healthy), request).ruling;
}

TEST(DecidePastTest, WithoutALedgerNothingIsProvenAndNothingOverridden) {
  EXPECT_EQ(Tell(WithoutHistory({}, "", fake::kGuardedPolicy)),
            "hold blocked budget\nclosed by fresh\n")
      << "nobody knows when it was last released";
  EXPECT_EQ(Tell(WithoutHistory({}, "rollback", fake::kGuardedPolicy)),
            "hold blocked budget\n"
            "no: what it needs is in the ledger, and no ledger was asked\nclosed by fresh\n");
  EXPECT_EQ(Tell(WithoutHistory(fake::kSpent, "security", fake::kGuardedPolicy)),
            "deny blocked budget\n"
            "no: what it needs is in the ledger, and no ledger was asked\n"
            "closed by spent fresh\n");
}

TEST(DecidePastTest, WithoutALedgerThePastMattersOnlyWhereThePolicyAsks) {
  std::string text = fake::kGuardedPolicy;
  const std::string rule =
      "  - {id: fresh, when: {last_release: {younger_than: 15m}}, verdict: hold}\n";
  const size_t at = text.find(rule);
  ASSERT_NE(at, std::string::npos);
  text.erase(at, rule.size());
  EXPECT_EQ(Tell(WithoutHistory({}, "", text)), "allow proceed budget\n");
  EXPECT_EQ(Tell(WithoutHistory({{"events errors 30d", "960"}}, "", text)),
            "warn proceed budget\n");
}

TEST(DecidePastTest, AnArtifactIsWhatAnOverrideIsFor) {
  Request request;
  request.history = fake::PastOf(
      "60m request ov-1 github:alice ticket=INC-1 artifact=\n"
      "50m approve ov-1 github:bob artifact=");
  const Facts healthy = {{"events requests", "1000000"}, {"events errors", "1000"}};
  EXPECT_EQ(Tell(fake::DecisionOf(fake::kGuardedPolicy, healthy, request).ruling),
            "deny blocked budget\nclosed by spent\nnext change rollback of another artifact\n"
            "next override with an artifact\n");
}

TEST(DecidePastTest, AnOverrideGoesBeforeObserving) {
  const std::string observed = absl::StrCat(fake::kGuardedPolicy, "enforcement: observe\n");
  Request request;
  request.subject = fake::PastSubject();
  request.history =
      fake::PastOf("60m request ov-1 github:alice ticket=INC-1\n50m approve ov-1 github:bob");
  const Facts healthy = {{"events requests", "1000000"}, {"events errors", "1000"}};
  EXPECT_EQ(Tell(fake::DecisionOf(observed, healthy, request).ruling),
            "deny proceed override\nclosed by spent\nopened by ov-1\n");
  request.history = fake::PastOf("60m request ov-1 github:alice ticket=INC-1");
  EXPECT_EQ(Tell(fake::DecisionOf(observed, healthy, request).ruling),
            "deny proceed observe\nclosed by spent\n"
            "ov-1: it needs 1 approval by sre-oncall and has 0: let somebody approve it\n");
}

TEST(DecidePastTest, NoVerdictIsOverridden) {
  EffectivePolicy policy = fake::PolicyOf(fake::kGuardedPolicy);
  policy.rules.clear();
  Request request;
  request.subject = fake::PastSubject();
  request.history =
      fake::PastOf("60m request ov-1 github:alice ticket=INC-1\n50m approve ov-1 github:bob");
  const Ruling ruling = Decide(policy, Evidence{}, request);
  EXPECT_EQ(Tell(ruling), "none blocked budget\n");
}

}  // namespace
}  // namespace slogate
