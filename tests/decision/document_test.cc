#include "gate/decision/document.h"

#include <functional>
#include <string>

#include <gtest/gtest.h>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "gate/base/sha256.h"
#include "tests/decision/rich.h"
#include "tests/decision/story.h"

namespace slogate {
namespace {

using json::Value;

Value Parsed(const std::string& document) {
  absl::StatusOr<Value> parsed = json::Parse(document);
  EXPECT_TRUE(parsed.ok()) << parsed.status();
  return parsed.ok() ? *parsed : Value();
}

TEST(WriteDocumentTest, Golden) {
  for (const auto& [name, decision] : fake::GoldenDecisions()) {
    fake::ExpectGolden(absl::StrCat(name, ".json"), WriteDocument(decision));
  }
}

TEST(WriteDocumentTest, TheSameInputsGiveTheSameBytes) {
  EXPECT_EQ(WriteDocument(fake::DenyDecision()), WriteDocument(fake::DenyDecision()));
}

std::string Keys(const Value& object) {
  EXPECT_TRUE(object.is_object());
  return absl::StrJoin(object.object(), " ",
                       [](std::string* out, const auto& member) { out->append(member.first); });
}

TEST(WriteDocumentTest, EveryFieldIsThereAlways) {
  for (const auto& [name, decision] : fake::GoldenDecisions()) {
    SCOPED_TRACE(name);
    const Value document = Parsed(WriteDocument(decision));
    EXPECT_EQ(
        Keys(document),
        "apiVersion basis calendar closed_by dry_run enforcement evidence exit_code findings gate "
        "history "
        "id "
        "instant instant_source kind next outcome override policy refused_overrides rules slos "
        "subject verdict");
    EXPECT_EQ(Keys(document["subject"]),
              "actor artifact change claimed commit environment run_url service version");
    EXPECT_EQ(Keys(document["subject"]["change"]), "claimed effective problem ticket");
    EXPECT_EQ(Keys(document["policy"]), "files name");
    EXPECT_EQ(Keys(document["evidence"]), "answers readings source");
    EXPECT_EQ(Keys(document["gate"]), "version");
    for (const Value& file : document["policy"]["files"].array())
      EXPECT_EQ(Keys(file), "path sha256 text");
    EXPECT_EQ(document["slos"].array().size(), decision.ruling.slos.size());
    for (const Value& slo : document["slos"].array()) {
      EXPECT_EQ(
          Keys(slo),
          "allowed bad bad_low basis_total consumed_ratio estimate name objective recovers_at "
          "remaining_ratio total unit window");
      EXPECT_EQ(Keys(slo["window"]), "end kind period_seconds seconds start time_zone unit");
    }
    EXPECT_EQ(document["rules"].array().size(), decision.ruling.reasons.size());
    if (!document["history"].is_null()) {
      EXPECT_EQ(Keys(document["history"]), "clock ledger now records");
    }
    for (const Value& refused : document["refused_overrides"].array())
      EXPECT_EQ(Keys(refused), "id text");
    if (!document["override"].is_null()) {
      EXPECT_EQ(
          Keys(document["override"]),
          "again approved_by budgets decision expires_at id policy_sha256 reason requested_at "
          "requested_by review_due run_url scope ticket uses");
      EXPECT_EQ(Keys(document["override"]["requested_by"]), "account known_by role");
      EXPECT_EQ(Keys(document["override"]["scope"]), "artifact change environment rules service");
      for (const Value& approval : document["override"]["approved_by"].array())
        EXPECT_EQ(Keys(approval), "account at known_by role");
    }
    for (const Value& rule : document["rules"].array()) {
      EXPECT_EQ(Keys(rule), "at id legs measured skipped_by slo text threshold truth verdict");
      for (const Value& leg : rule["legs"].array())
        EXPECT_EQ(Keys(leg), "measure measured over_seconds threshold truth");
    }
    for (const Value& finding : document["findings"].array()) {
      EXPECT_EQ(Keys(finding),
                "decisive kind limit measured skipped_by slo source text verdict window_seconds");
    }
    for (const Value& way : document["next"].array()) EXPECT_EQ(Keys(way), "command kind text");
    for (const Value& reading : document["evidence"]["readings"].array()) {
      EXPECT_EQ(Keys(reading),
                "ago_seconds answers estimate findings kind max_age_seconds over_seconds rest "
                "selector source step value");
    }
    for (const Value& answer : document["evidence"]["answers"].array())
      EXPECT_EQ(Keys(answer), "body path query source status");
  }
}

void EveryNumber(const Value& value, const std::function<void(const std::string&)>& visit) {
  if (value.is_number()) visit(value.text());
  for (const Value& element : value.array()) EveryNumber(element, visit);
  for (const auto& member : value.object()) EveryNumber(member.second, visit);
}

TEST(WriteDocumentTest, NumbersArePlainAndOfTwelveDigits) {
  size_t numbers = 0;
  for (const auto& [name, decision] : fake::GoldenDecisions()) {
    EveryNumber(Parsed(WriteDocument(decision)), [&](const std::string& text) {
      ++numbers;
      EXPECT_EQ(text.find_first_not_of("-0123456789."), std::string::npos) << text;
      std::string digits;
      for (const char c : text) {
        if (c >= '0' && c <= '9' && !(digits.empty() && c == '0')) digits += c;
      }
      const bool fraction = absl::StrContains(text, ".");
      if (fraction) {
        EXPECT_NE(text.back(), '0') << text;
      } else {
        while (!digits.empty() && digits.back() == '0') digits.pop_back();
      }
      EXPECT_LE(digits.size(), 12U) << text;
    });
  }
  EXPECT_GT(numbers, 300U);
}

TEST(WriteDocumentTest, NumbersAreTheWorseEndRoundedToWorse) {
  const Decision decision = fake::DenyDecision();
  const Value document = Parsed(WriteDocument(decision));
  for (size_t i = 0; i < decision.ruling.slos.size(); ++i) {
    const Value& slo = document["slos"].array()[i];
    const Budget& budget = *decision.ruling.slos[i].budget;
    const auto number = [&](const char* key) { return *Rational::FromDecimal(slo[key].text()); };
    EXPECT_LE(number("total"), budget.total.low);
    EXPECT_GE(number("bad"), budget.bad.high);
    EXPECT_LE(number("bad_low"), budget.bad.low);
    EXPECT_LE(number("allowed"), budget.allowed.low);
    EXPECT_GE(number("consumed_ratio"), budget.consumed->high);
    EXPECT_LE(number("remaining_ratio"), budget.remaining->low);
    EXPECT_NE(number("consumed_ratio"), budget.consumed->high) << "a test of rounding must round";
  }
}

TEST(WriteDocumentTest, WhatAFindingMeasuredIsRoundedToWorse) {
  Decision decision = fake::WarnDecision();
  const auto measured = [&](FindingKind kind, const char* value, const char* limit) {
    decision.ruling.findings.resize(1);
    decision.ruling.findings[0].finding = {kind, Rational::FromDecimal(value),
                                           Rational::FromDecimal(limit), ""};
    return Parsed(WriteDocument(decision))["findings"].array()[0]["measured"].text();
  };
  EXPECT_EQ(measured(FindingKind::kFewEvents, "0.99999999999999", "1"), "0.999999999999");
  EXPECT_EQ(measured(FindingKind::kGap, "0.89999999999999", "0.9"), "0.899999999999");
  EXPECT_EQ(measured(FindingKind::kShortHistory, "2591999.99999999", "2592000"), "2591999.99999");
  EXPECT_EQ(measured(FindingKind::kStale, "300.00000000000001", "300"), "300.000000001");
  EXPECT_EQ(measured(FindingKind::kClockSkew, "30.00000000000001", "30"), "30.0000000001");
}

TEST(WriteDocumentTest, OneLineWithSortedKeysAndTheDigestOfTheRest) {
  const std::string document = WriteDocument(fake::DenyDecision());
  EXPECT_EQ(document.find('\n'), document.size() - 1);
  EXPECT_TRUE(absl::StartsWith(document,
                               "{\"apiVersion\":\"slogate/v1\",\"basis\":\"budget\",\"calendar\":"))
      << document.substr(0, 80);
  EXPECT_EQ(json::Dump(Parsed(document)) + "\n", document);

  const std::string key = ",\"id\":\"sha256:";
  const size_t at = document.find(key);
  ASSERT_NE(at, std::string::npos);
  std::string rest = document;
  rest.erase(at, key.size() + 64 + 1);
  EXPECT_EQ(document.substr(at + key.size(), 64), Sha256Hex(rest));
}

TEST(WriteDocumentTest, RawAnswersStandOnce) {
  Decision decision = fake::WarnDecision();
  Evidence& evidence = decision.evidence;
  evidence.readings.resize(3);
  evidence.answers = {{"main", "/api/v1/query", "a", 200, "1"},
                      {"main", "/api/v1/query", "b", 200, "2"},
                      {"main", "/api/v1/query", "a", 200, "1"},
                      {"main", "/api/v1/query", "a", 200, "another"}};
  evidence.readings[0].answers = {0};
  evidence.readings[1].answers = {1, 2};
  evidence.readings[2].answers = {3};
  const Value document = Parsed(WriteDocument(decision));
  EXPECT_EQ(document["evidence"]["answers"].array().size(), 3U);
  std::string indices;
  for (const Value& reading : document["evidence"]["readings"].array())
    absl::StrAppend(&indices, json::Dump(reading["answers"]), " ");
  EXPECT_EQ(indices, "[0] [1,0] [2] ");
}

}  // namespace
}  // namespace slogate
