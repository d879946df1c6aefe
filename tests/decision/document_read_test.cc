#include "gate/decision/document.h"

#include <functional>
#include <string>

#include <gtest/gtest.h>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

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

TEST(ReadDocumentTest, GivesBackTheInputs) {
  for (auto& [name, decision] : fake::GoldenDecisions()) {
    SCOPED_TRACE(name);
    decision.request.subject.run_url = "https://ci.example/7";
    decision.request.subject.actor = "ann";
    const std::string bytes = WriteDocument(decision);
    const absl::StatusOr<Document> document = ReadDocument(bytes);
    ASSERT_TRUE(document.ok()) << document.status();
    EXPECT_TRUE(document->id_matches);
    const Decision& in = document->inputs;
    EXPECT_EQ(in.instant, decision.instant);
    EXPECT_EQ(in.instant_source, decision.instant_source);
    EXPECT_EQ(in.dry_run, decision.dry_run);
    EXPECT_EQ(in.sources.at(0).name, "main");
    EXPECT_EQ(in.sources.at(0).url, decision.sources.at(0).url);
    EXPECT_EQ(in.request.subject.service, "checkout");
    EXPECT_EQ(in.request.subject.environment, decision.request.subject.environment);
    EXPECT_EQ(in.request.subject.version, "4.18.2");
    EXPECT_EQ(in.request.subject.commit, decision.request.subject.commit);
    EXPECT_EQ(in.request.subject.artifact, decision.request.subject.artifact);
    EXPECT_EQ(in.request.subject.run_url, "https://ci.example/7");
    EXPECT_EQ(in.request.subject.actor, "ann");
    EXPECT_EQ(in.request.change, decision.ruling.claim.claimed);
    EXPECT_EQ(in.request.ticket, decision.request.ticket);
    ASSERT_EQ(in.request.history.has_value(), decision.request.history.has_value());
    if (in.request.history) {
      EXPECT_EQ(in.request.history->log_id, "acme");
      EXPECT_EQ(in.request.history->now, decision.request.history->now);
      ASSERT_EQ(in.request.history->records.size(), decision.request.history->records.size());
      for (size_t i = 0; i < in.request.history->records.size(); ++i) {
        EXPECT_EQ(in.request.history->records[i].bytes, decision.request.history->records[i].bytes);
      }
    }
    ASSERT_EQ(in.files.size(), 1U);
    EXPECT_EQ(in.files[0].path, "policy.yaml");
    EXPECT_EQ(in.files[0].text, decision.files[0].text);
    ASSERT_EQ(in.evidence.readings.size(), decision.evidence.readings.size());
    for (size_t i = 0; i < in.evidence.readings.size(); ++i) {
      const Reading& got = in.evidence.readings[i];
      const Reading& want = decision.evidence.readings[i];
      EXPECT_EQ(got.question, want.question) << fake::KeyOf(want.question);
      EXPECT_EQ(got.value, want.value);
      EXPECT_EQ(got.estimate, want.estimate);
      EXPECT_EQ(got.step, want.step);
      EXPECT_EQ(got.rest, want.rest);
      ASSERT_EQ(got.findings.size(), want.findings.size());
      for (size_t n = 0; n < got.findings.size(); ++n) {
        EXPECT_EQ(got.findings[n].kind, want.findings[n].kind);
        EXPECT_EQ(got.findings[n].measured, want.findings[n].measured);
        EXPECT_EQ(got.findings[n].limit, want.findings[n].limit);
        EXPECT_EQ(got.findings[n].detail, want.findings[n].detail);
      }
      ASSERT_EQ(got.answers.size(), want.answers.size());
      for (size_t n = 0; n < got.answers.size(); ++n) {
        EXPECT_TRUE(in.evidence.answers[got.answers[n]] ==
                    decision.evidence.answers[want.answers[n]]);
      }
    }
  }
}

TEST(ReadDocumentTest, AChangedDocumentHasNotItsId) {
  Value document = Parsed(WriteDocument(fake::ClassDecision()));
  document.object()["verdict"] = "deny";
  const absl::StatusOr<Document> read = ReadDocument(json::Dump(document));
  ASSERT_TRUE(read.ok());
  EXPECT_FALSE(read->id_matches);
}

struct BrokenCase {
  const char* name;
  std::function<void(Value&)> harm;
  const char* want;  // after "not a decision document: "
};

Value& At(Value& value, const char* key) { return value.object()[key]; }
Value& At(Value& value, size_t index) { return value.array()[index]; }

// Where things stand in the documents below: the first reading is the clock, the second a count.
Value& Reading(Value& document, size_t index) {
  return At(At(At(document, "evidence"), "readings"), index);
}
Value& Answer(Value& document) { return At(At(At(document, "evidence"), "answers"), size_t{0}); }
Value& File(Value& document) { return At(At(At(document, "policy"), "files"), size_t{0}); }

const BrokenCase kBroken[] = {
    {"another_version", [](Value& d) { At(d, "apiVersion") = "slogate/v2"; },
     "it must say \"apiVersion\": \"slogate/v1\" and \"kind\": \"Decision\""},
    {"another_kind", [](Value& d) { At(d, "kind") = "ReleasePolicy"; },
     "it must say \"apiVersion\": \"slogate/v1\" and \"kind\": \"Decision\""},
    {"a_list", [](Value& d) { d = json::Array{}; },
     "it must say \"apiVersion\": \"slogate/v1\" and \"kind\": \"Decision\""},
    {"no_instant", [](Value& d) { d.object().erase("instant"); },
     "\"instant\" is missing or no text"},
    {"instant_is_a_number", [](Value& d) { At(d, "instant") = Value::Number(5); },
     "\"instant\" is missing or no text"},
    {"instant_is_no_time", [](Value& d) { At(d, "instant") = "yesterday"; },
     "\"instant\" is no time"},
    {"instant_source", [](Value& d) { At(d, "instant_source") = "moon"; },
     "\"instant_source\" is unknown"},
    {"dry_run", [](Value& d) { At(d, "dry_run") = "no"; },
     "\"dry_run\" is missing or neither true nor false"},
    {"no_subject", [](Value& d) { d.object().erase("subject"); },
     "\"service\" is missing or no text"},
    {"service", [](Value& d) { At(At(d, "subject"), "service") = Value(); },
     "\"service\" is missing or no text"},
    {"version_is_a_number", [](Value& d) { At(At(d, "subject"), "version") = Value::Number(4); },
     "\"version\" is missing or no text"},
    {"service_with_an_escape", [](Value& d) { At(At(d, "subject"), "service") = "shop\x1b[2J"; },
     "\"service\" holds characters that a terminal does not show as they are"},
    {"no_change", [](Value& d) { At(d, "subject").object().erase("change"); },
     "\"claimed\" is missing or no text"},
    {"no_policy", [](Value& d) { d.object().erase("policy"); }, "\"files\" is missing or no list"},
    {"no_files", [](Value& d) { At(At(d, "policy"), "files") = json::Array{}; },
     "\"files\" is empty"},
    {"another_policy_text", [](Value& d) { At(File(d), "text") = "kind: ReleasePolicy\n"; },
     "the text of policy.yaml does not have its sha256"},
    {"no_digest", [](Value& d) { File(d).object().erase("sha256"); },
     "\"sha256\" is missing or no text"},
    {"no_evidence", [](Value& d) { d.object().erase("evidence"); },
     "\"name\" is missing or no text"},
    {"no_answers", [](Value& d) { At(d, "evidence").object().erase("answers"); },
     "\"answers\" is missing or no list"},
    {"no_readings", [](Value& d) { At(d, "evidence").object().erase("readings"); },
     "\"readings\" is missing or no list"},
    {"status_is_no_integer", [](Value& d) { At(Answer(d), "status") = Value::Number("2e2"); },
     "\"status\" is missing or no integer"},
    {"no_body", [](Value& d) { Answer(d).object().erase("body"); },
     "\"body\" is missing or no text"},
    {"unknown_question", [](Value& d) { At(Reading(d, 1), "kind") = "weather"; },
     "unknown question \"weather\""},
    {"a_broken_selector", [](Value& d) { At(Reading(d, 1), "selector") = "a{b"; },
     "a selector is broken: "},
    {"no_window", [](Value& d) { At(Reading(d, 1), "over_seconds") = Value(); },
     "\"over_seconds\" is missing or no integer"},
    {"value_is_a_text", [](Value& d) { At(Reading(d, 1), "value") = "12"; },
     "\"low\" is missing or no text"},
    {"value_is_a_number",
     [](Value& d) { At(At(Reading(d, 1), "value"), "low") = Value::Number(12); },
     "\"low\" is missing or no text"},
    {"value_is_no_decimal", [](Value& d) { At(At(Reading(d, 1), "value"), "high") = "NaN"; },
     "\"high\" is no decimal"},
    {"low_above_high", [](Value& d) { At(At(Reading(d, 1), "value"), "low") = "99999999"; },
     "a reading's low end is above its high end"},
    {"no_estimate", [](Value& d) { Reading(d, 1).object().erase("estimate"); },
     "\"estimate\" is missing or neither true nor false"},
    {"step_is_a_text", [](Value& d) { At(Reading(d, 1), "step") = "no"; },
     "\"step\" is missing or neither true nor false"},
    {"rest_without_ends",
     [](Value& d) {
       At(Reading(d, 1), "rest") = json::Object{{"whole", "a"}};
     },
     "\"low\" is missing or no text"},
    {"rest_of_nothing",
     [](Value& d) {
       At(Reading(d, 1), "rest") = json::Object{{"whole", "{"}, {"low", "1"}, {"high", "2"}};
     },
     "a selector is broken: "},
    {"unknown_finding",
     [](Value& d) {
       At(Reading(d, 1), "findings") = json::Array{
           json::Object{{"kind", "bad_luck"}, {"measured", {}}, {"limit", {}}, {"detail", ""}}};
     },
     "unknown finding \"bad_luck\""},
    {"an_answer_that_is_not_there",
     [](Value& d) { At(Reading(d, 1), "answers") = json::Array{Value::Number(999)}; },
     "a reading points to an answer that is not there"},
    {"an_answer_below_zero",
     [](Value& d) { At(Reading(d, 1), "answers") = json::Array{Value::Number(-1)}; },
     "a reading points to an answer that is not there"},
    {"the_first_mistake_is_told",
     [](Value& d) {
       At(d, "instant") = "yesterday";
       At(d, "dry_run") = Value();
     },
     "\"instant\" is no time"},
};

Value& Records(Value& document) { return At(At(document, "history"), "records"); }

const BrokenCase kBrokenPasts[] = {
    {"a_text", [](Value& d) { At(d, "history") = "long ago"; },
     "\"history\" has no ledger, time and records"},
    {"no_ledger", [](Value& d) { At(d, "history").object().erase("ledger"); },
     "\"history\" has no ledger, time and records"},
    {"no_time", [](Value& d) { At(At(d, "history"), "now") = "soon"; },
     "\"history\" has no ledger, time and records"},
    {"no_records", [](Value& d) { At(At(d, "history"), "records") = Value(); },
     "\"history\" has no ledger, time and records"},
    {"a_record_is_no_text", [](Value& d) { At(Records(d), size_t{1}) = json::Object{}; },
     "a record of \"history\" is no text"},
    {"a_record_is_none", [](Value& d) { At(Records(d), size_t{1}) = "{\"v\":1}"; },
     "a record of \"history\" is none: \"kind\" is missing or not what it must be"},
    {"a_record_of_another_form",
     [](Value& d) {
       At(Records(d), size_t{1}) = absl::StrCat(At(Records(d), size_t{1}).text(), " ");
     },
     "a record of \"history\" is none: not in the form that slogate writes"},
    {"a_newer_record",
     [](Value& d) {
       std::string bytes = At(Records(d), size_t{1}).text();
       bytes.replace(bytes.find("\"v\":1"), 5, "\"v\":2");
       At(Records(d), size_t{1}) = bytes;
     },
     "a record of \"history\" is none: a record of version 2, and this slogate knows version 1: "
     "use "
     "a newer slogate"},
    {"another_order",
     [](Value& d) { std::swap(At(Records(d), size_t{0}), At(Records(d), size_t{1})); },
     "the records of \"history\" are not in their order"},
    {"a_record_twice", [](Value& d) { At(Records(d), size_t{1}) = At(Records(d), size_t{0}); },
     "the records of \"history\" are not in their order"},
};

class BrokenPastTest : public testing::TestWithParam<BrokenCase> {};

TEST_P(BrokenPastTest, IsRefusedInOneLine) {
  Value document = Parsed(WriteDocument(fake::OverriddenDecision()));
  GetParam().harm(document);
  const absl::StatusOr<Document> read = ReadDocument(json::Dump(document));
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.status().message(), absl::StrCat("not a decision document: ", GetParam().want));
}

INSTANTIATE_TEST_SUITE_P(Documents, BrokenPastTest, testing::ValuesIn(kBrokenPasts),
                         [](const auto& test) { return std::string(test.param.name); });

class BrokenDocumentTest : public testing::TestWithParam<BrokenCase> {};

TEST_P(BrokenDocumentTest, IsRefusedInOneLine) {
  Value document = Parsed(WriteDocument(fake::WarnDecision()));
  GetParam().harm(document);
  const absl::StatusOr<Document> read = ReadDocument(json::Dump(document));
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.status().code(), absl::StatusCode::kInvalidArgument);
  const std::string message(read.status().message());
  const std::string want = absl::StrCat("not a decision document: ", GetParam().want);
  // What is wrong in a selector is told by its own parser.
  EXPECT_EQ(want.back() == ' ' ? message.substr(0, want.size()) : message, want);
  EXPECT_EQ(message.find('\n'), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Documents, BrokenDocumentTest, testing::ValuesIn(kBroken),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(ReadDocumentTest, WhatIsNoJson) {
  const std::string whole = WriteDocument(fake::WarnDecision());
  for (const std::string& bytes :
       {std::string(), std::string("yes"), whole.substr(0, whole.size() / 2), whole + whole,
        std::string("\xef\xbb\xbf") + whole}) {
    const absl::StatusOr<Document> read = ReadDocument(bytes);
    ASSERT_FALSE(read.ok());
    EXPECT_TRUE(absl::StartsWith(read.status().message(), "not a decision document: "));
    EXPECT_EQ(read.status().message().find('\n'), absl::string_view::npos);
  }
}

}  // namespace
}  // namespace slogate
