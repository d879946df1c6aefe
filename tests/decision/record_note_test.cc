#include "gate/decision/record_note.h"

#include <string>

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>

#include "tests/decision/guarded.h"
#include "tests/decision/rich.h"
#include "tests/testing/past.h"

namespace slogate {
namespace {

// What the record says, in its written form.
std::string Payload(const Decision& decision) {
  Record record;
  record.kind = RecordKind::kDecision;
  record.time = fake::PastNow();
  record.payload = NoteOf(decision, "sha256:4f1c");
  const std::string bytes = WriteRecord(record);
  EXPECT_TRUE(ReadRecord(bytes).ok()) << ReadRecord(bytes).status();
  return bytes;
}

TEST(NoteOfTest, SaysWhatTheDecisionSays) {
  const DecisionMade made = NoteOf(fake::OverriddenDecision(), "sha256:4f1c");
  EXPECT_EQ(made.id, "sha256:4f1c");
  EXPECT_EQ(made.verdict, "deny");
  EXPECT_EQ(made.outcome, "proceed");
  EXPECT_EQ(made.basis, "override");
  EXPECT_EQ(made.enforcement, "enforce");
  EXPECT_EQ(made.exit_code, 0);
  EXPECT_EQ(made.instant, fake::PastNow());
  EXPECT_EQ(made.change, "feature");
  EXPECT_EQ(made.change_claimed, "feature");
  EXPECT_EQ(made.ticket, "");
  EXPECT_EQ(made.policy.name, "acme");
  EXPECT_EQ(made.policy.sha256, PolicyDigest(fake::OverriddenDecision().files));
  ASSERT_EQ(made.slos.size(), 1U);
  EXPECT_EQ(made.slos[0].name, "a");
  EXPECT_EQ(made.slos[0].objective, "0.999");
  EXPECT_EQ(made.slos[0].window_seconds, 2592000);
  EXPECT_EQ(made.slos[0].total, "1000000");
  EXPECT_EQ(made.slos[0].bad, "1000");
  EXPECT_EQ(made.slos[0].remaining_ratio, "0");
  EXPECT_EQ(made.closed_by, std::vector<std::string>{"spent"});
  EXPECT_EQ(made.override_id, "ov-0a1b2c3d4e5f");
  EXPECT_TRUE(made.refused_overrides.empty());
}

TEST(NoteOfTest, OfAClaimThatIsNotProvenAndOverridesThatAreRefused) {
  const DecisionMade made = NoteOf(fake::WaitingDecision(), "sha256:4f1c");
  EXPECT_EQ(made.outcome, "blocked");
  EXPECT_EQ(made.exit_code, 1);
  EXPECT_EQ(made.change, "feature");
  EXPECT_EQ(made.change_claimed, "security");
  EXPECT_EQ(made.ticket, "CVE-2026-1");
  EXPECT_EQ(made.override_id, "");
  ASSERT_EQ(made.refused_overrides.size(), 2U);
  EXPECT_EQ(made.refused_overrides[0].id, "ov-111111111111");
  EXPECT_EQ(made.refused_overrides[1].why,
            "it needs 2 approvals by directors and has 1: let somebody approve it");
}

TEST(NoteOfTest, EveryDecisionCanBeRecorded) {
  for (const auto& [name, decision] : fake::GoldenDecisions()) {
    SCOPED_TRACE(name);
    EXPECT_NE(Payload(decision), "");
  }
  EXPECT_EQ(NoteOf(fake::HoldDecision(), "").findings, std::vector<std::string>{"unreachable"});
  EXPECT_EQ(NoteOf(fake::HoldDecision(), "").slos[0].total, "");
}

std::string Rules(const DecisionMade& made) {
  std::string text;
  for (const RuleNote& note : made.rules) {
    absl::StrAppend(&text, note.rule, "/", note.slo, " ",
                    note.truth == Truth::kTrue ? "true" : "unknown", " ", Word(note.verdict),
                    note.closed ? " closed" : "", "\n");
  }
  return text;
}

TEST(NoteOfTest, WhatClosedStaysClosedWhileNobodyKnows) {
  const fake::Facts lost = {{"events errors 30d", "!unreachable"}};
  const auto rules = [](const char* past, const fake::Facts& facts) {
    return Rules(NoteOf(fake::GuardedDecision(past, facts), ""));
  };
  EXPECT_EQ(rules("", {}), "");
  EXPECT_EQ(rules("", fake::kSpent), "spent/a true deny closed\nlow/a true warn closed\n");
  EXPECT_EQ(rules("", lost), "spent/a unknown deny\nlow/a unknown warn\n");
  EXPECT_EQ(rules("1h decision sha256:d closed=spent/a", lost),
            "spent/a unknown deny closed\nlow/a unknown warn\n");
  EXPECT_EQ(rules("1h decision sha256:d closed=spent/a", {}), "") << "known to be open again";
  EXPECT_EQ(rules("1h decision sha256:d closed=spent/a", {{"events errors 30d", "960"}}),
            "spent/a true deny closed\nlow/a true warn closed\n")
      << "within the band";
  EXPECT_EQ(rules("5m deployed sha256:d", {}), "fresh/ true hold closed\n");
}

TEST(UseNoteOfTest, OnlyOfWhatWasUsed) {
  EXPECT_EQ(UseNoteOf(fake::WaitingDecision(), "sha256:4f1c"), std::nullopt);
  EXPECT_EQ(UseNoteOf(fake::ProvenDecision(), "sha256:4f1c"), std::nullopt);
  const std::optional<OverrideUsed> used = UseNoteOf(fake::OverriddenDecision(), "sha256:4f1c");
  ASSERT_TRUE(used);
  EXPECT_EQ(used->id, "ov-0a1b2c3d4e5f");
  EXPECT_EQ(used->decision, "sha256:4f1c");
  EXPECT_TRUE(used->again);
  EXPECT_EQ(used->review_due, fake::PastNow() + absl::Hours(72));
  EXPECT_EQ(used->slos.size(), 1U);
  EXPECT_EQ(used->change, "");
  EXPECT_EQ(used->ticket, "INC-17");
  const std::optional<OverrideUsed> consent = UseNoteOf(fake::ConsentedDecision(), "sha256:4f1c");
  ASSERT_TRUE(consent);
  EXPECT_EQ(consent->change, "security");
  EXPECT_FALSE(consent->again);
}

// By sha256sum itself: sha256sum FILE… | sha256sum.
TEST(PolicyDigestTest, IsWhatShaSumPrints) {
  EXPECT_EQ(PolicyDigest({{"a.yaml", "one\n"}, {"b/c d.yaml", "two\n"}}),
            "192f6c16dda304603a0c30c086b9ea40bf64430c89a1e089a997c0055d39e230");
  EXPECT_EQ(PolicyDigest({{"a\\b\n.yaml", "one\n"}}),
            "f46c6a9e175f4becdffbd876bec372dbad11698e36d1e246017bf3967a49337e");
  EXPECT_NE(PolicyDigest({{"a.yaml", "one\n"}}), PolicyDigest({{"b.yaml", "one\n"}}));
}

}  // namespace
}  // namespace slogate
