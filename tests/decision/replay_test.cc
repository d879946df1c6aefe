#include "gate/decision/replay.h"

#include <functional>
#include <string>

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_replace.h>

#include "tests/decision/rich.h"
#include "tests/decision/story.h"

namespace slogate {
namespace {

using json::Value;

Document Read(const std::string& bytes) {
  absl::StatusOr<Document> document = ReadDocument(bytes);
  EXPECT_TRUE(document.ok()) << document.status();
  return document.ok() ? *std::move(document) : Document{};
}

std::string Differing(const Document& document, const std::vector<SourceFile>& other = {}) {
  const Parsed<Decision> replayed = Replay(document, other);
  if (!replayed.value) return absl::StrCat("no decision: ", Render(replayed.diagnostics, other));
  const absl::StatusOr<Value> json = json::Parse(WriteDocument(*replayed.value));
  EXPECT_TRUE(json.ok());
  return absl::StrJoin(Differences(document.json, *json), " ");
}

TEST(ReplayTest, EveryGoldenDecisionIsMadeAgain) {
  for (const auto& [name, decision] : fake::GoldenDecisions()) {
    const Document document = Read(fake::Golden(absl::StrCat(name, ".json")));
    EXPECT_TRUE(document.id_matches) << name;
    EXPECT_EQ(Differing(document), "") << name;
  }
}

TEST(ReplayTest, GivesTheSameRuling) {
  for (const auto& [name, decision] : fake::GoldenDecisions()) {
    const Parsed<Decision> replayed = Replay(Read(WriteDocument(decision)), {});
    ASSERT_TRUE(replayed.value) << name;
    EXPECT_EQ(fake::Summary(replayed.value->ruling), fake::Summary(decision.ruling)) << name;
  }
}

struct ForgedCase {
  const char* name;
  std::function<void(Value&)> forge;
  const char* want;  // the places that differ
};

Value& At(Value& value, const char* key) { return value.object()[key]; }
Value& At(Value& value, size_t index) { return value.array()[index]; }

const ForgedCase kForged[] = {
    {"nothing", [](Value&) {}, ""},
    {"verdict", [](Value& d) { At(d, "verdict") = "allow"; }, "verdict"},
    {"outcome_and_exit_code",
     [](Value& d) {
       At(d, "outcome") = "proceed";
       At(d, "exit_code") = Value::Number(0);
     },
     "exit_code outcome"},
    {"a_rule", [](Value& d) { At(At(At(d, "rules"), size_t{0}), "truth") = "false"; },
     "rules[0].truth"},
    {"a_leg",
     [](Value& d) {
       At(At(At(At(At(d, "rules"), size_t{2}), "legs"), size_t{1}), "measured") = Value::Number(1);
     },
     "rules[2].legs[1].measured"},
    {"a_number", [](Value& d) { At(At(At(d, "slos"), size_t{0}), "bad") = Value::Number(3106); },
     "slos[0].bad"},
    {"a_number_written_otherwise",
     [](Value& d) { At(At(At(d, "slos"), size_t{0}), "bad") = Value::Number("3107.0"); },
     "slos[0].bad"},
    {"a_finding_less", [](Value& d) { At(d, "findings").array().pop_back(); }, "findings"},
    {"another_finding", [](Value& d) { At(At(At(d, "findings"), size_t{0}), "verdict") = "warn"; },
     "findings[0].verdict"},
    {"a_field_more", [](Value& d) { At(d, "mood") = "good"; }, "mood"},
    {"a_field_less", [](Value& d) { d.object().erase("basis"); }, "basis"},
    {"words",
     [](Value& d) {
       At(At(At(d, "rules"), size_t{0}), "text") = "better words";
       At(At(At(d, "findings"), size_t{0}), "text") = "better words";
       At(d, "next") = json::Array{};
       At(d, "gate") = json::Object{};
       At(d, "id") = "sha256:";
     },
     ""},
    {"ten_at_most",
     [](Value& d) {
       for (Value& slo : At(d, "slos").array()) {
         for (auto& member : slo.object()) member.second = "forged";
       }
     },
     "slos[0].allowed slos[0].bad slos[0].bad_low slos[0].basis_total "
     "slos[0].consumed_ratio slos[0].estimate slos[0].name slos[0].objective slos[0].recovers_at "
     "slos[0].remaining_ratio"},
};

class ForgedTest : public testing::TestWithParam<ForgedCase> {};

TEST_P(ForgedTest, IsFoundAndNamed) {
  Document document = Read(WriteDocument(fake::DenyDecision()));
  GetParam().forge(document.json);
  EXPECT_EQ(Differing(document), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(Documents, ForgedTest, testing::ValuesIn(kForged),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(ReplayTest, ForgedEvidenceGivesAnotherRuling) {
  absl::StatusOr<Value> json = json::Parse(WriteDocument(fake::DenyDecision()));
  ASSERT_TRUE(json.ok());
  size_t forged = 0;
  for (Value& reading : At(At(*json, "evidence"), "readings").array()) {
    if (!reading["value"].is_object() || reading["value"]["low"].text() != "3107") continue;
    At(At(reading, "value"), "low") = "0";
    At(At(reading, "value"), "high") = "0";
    ++forged;
  }
  ASSERT_EQ(forged, 1U);
  const Document document = Read(json::Dump(*json));
  EXPECT_FALSE(document.id_matches);
  EXPECT_EQ(Differing(document),
            "exit_code findings[0].decisive rules[0].legs[0].measured rules[0].legs[0].truth "
            "rules[0].measured rules[0].truth rules[8].legs[0].measured rules[8].legs[0].truth "
            "rules[8].measured rules[8].truth");
}

std::string RecordedPolicy() { return fake::DenyDecision().files[0].text; }

TEST(ReplayTest, WhatAnotherPolicyWouldHaveSaid) {
  const Document document = Read(WriteDocument(fake::DenyDecision()));
  const std::string milder =
      absl::StrReplaceAll(RecordedPolicy(), {{"verdict: deny}", "verdict: warn}"}});
  const Parsed<Decision> replayed = Replay(document, {{"milder.yaml", milder}});
  ASSERT_TRUE(replayed.value);
  EXPECT_EQ(Word(replayed.value->ruling.verdict), "warn");
  EXPECT_EQ(replayed.value->policy_file, "milder.yaml");
  EXPECT_EQ(replayed.value->instant, document.inputs.instant);
}

TEST(ReplayTest, AQuestionThatNobodyAskedHasNoAnswer) {
  const Document document = Read(WriteDocument(fake::ClassDecision()));
  const std::string longer =
      absl::StrReplaceAll(RecordedPolicy(), {{"window: 30d", "window: 31d"}});
  const Parsed<Decision> replayed = Replay(document, {{"longer.yaml", longer}});
  ASSERT_TRUE(replayed.value);
  size_t unanswered = 0;
  for (const JudgedFinding& finding : replayed.value->ruling.findings) {
    EXPECT_EQ(finding.finding.kind, FindingKind::kUnreachable);
    EXPECT_EQ(finding.finding.detail, "the recorded decision holds no answer to this question");
    ++unanswered;
  }
  EXPECT_GT(unanswered, 0U);
  // The same claim without its permission to skip findings is held.
  const std::string strict =
      absl::StrReplaceAll(longer, {{"skips: [rules, findings]", "skips: [rules]"}});
  const Parsed<Decision> held = Replay(document, {{"strict.yaml", strict}});
  ASSERT_TRUE(held.value);
  EXPECT_EQ(Word(held.value->ruling.verdict), "hold");
}

TEST(ReplayTest, AnotherPolicyWithMistakes) {
  const Document document = Read(WriteDocument(fake::DenyDecision()));
  for (const auto& [from, to] :
       {std::pair("kind: ReleasePolicy", "kind: Policy"),
        std::pair("service: checkout", "service: search"), std::pair("production:", "staging:")}) {
    const std::vector<SourceFile> other = {
        {"other.yaml", absl::StrReplaceAll(RecordedPolicy(), {{from, to}})}};
    const Parsed<Decision> replayed = Replay(document, other);
    EXPECT_FALSE(replayed.value) << to;
    EXPECT_TRUE(HasErrors(replayed.diagnostics)) << to;
  }
}

}  // namespace
}  // namespace slogate
