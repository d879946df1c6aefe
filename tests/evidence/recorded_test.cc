#include "gate/evidence/recorded.h"

#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "tests/evidence/evidence_case.h"

namespace slogate {
namespace {

// Two readings that share an answer, one with a finding, one with two answers.
Evidence Stored() {
  Evidence evidence;
  evidence.answers = {{"main", "/api/v1/query", "a", 200, "first"},
                      {"main", "/api/v1/query", "b", 503, "second"},
                      {"main", "/api/v1/series", "c", 200, "third"}};
  evidence.readings = {
      Answered("events requests 1h", "~10..12"), Answered("events failed 1h", "timed_out"),
      Answered("series_seen failed 30d", "1"), Answered("history requests 30d", "none")};
  evidence.readings[0].answers = {2, 0};
  evidence.readings[1].answers = {1};
  evidence.readings[2].answers = {0};
  return evidence;
}

std::vector<Question> Questions(const Strings& texts) {
  std::vector<Question> questions;
  for (const std::string& text : texts) questions.push_back(Asked(text));
  return questions;
}

Strings BodiesOf(const Evidence& evidence, size_t reading) {
  Strings bodies;
  for (const size_t answer : evidence.readings.at(reading).answers) {
    bodies.push_back(evidence.answers.at(answer).body);
  }
  return bodies;
}

TEST(RecordedSourceTest, AnswersAsItWasAnsweredThenInTheOrderAsked) {
  const std::unique_ptr<Source> source = RecordedSource(Stored());
  const Strings asked = {"events failed 1h", "history requests 30d", "events requests 1h",
                         "series_seen failed 30d"};
  const Evidence evidence = source->Measure(Questions(asked), absl::UnixEpoch());

  ASSERT_EQ(evidence.readings.size(), 4u);
  for (size_t i = 0; i < asked.size(); ++i) {
    EXPECT_EQ(Text(evidence.readings[i].question), asked[i]);
  }
  EXPECT_EQ(evidence.readings[0].value, std::nullopt);
  ASSERT_EQ(evidence.readings[0].findings.size(), 1u);
  EXPECT_EQ(Text(evidence.readings[0].findings[0]), "timed_out: said of events failed 1h");
  EXPECT_EQ(evidence.readings[1].value, std::nullopt);
  EXPECT_TRUE(evidence.readings[1].findings.empty());
  EXPECT_EQ(evidence.readings[2].value, (Bounds{10, 12}));
  EXPECT_TRUE(evidence.readings[2].estimate);
  EXPECT_EQ(evidence.readings[3].value, Bounds::Exactly(1));
  EXPECT_FALSE(evidence.readings[3].estimate);

  EXPECT_EQ(BodiesOf(evidence, 0), Strings{"second"});
  EXPECT_EQ(BodiesOf(evidence, 1), Strings{});
  EXPECT_EQ(BodiesOf(evidence, 2), (Strings{"third", "first"}));
  EXPECT_EQ(BodiesOf(evidence, 3), Strings{"first"});
  EXPECT_EQ(evidence.answers.size(), 3u) << "one that several readings point to stands once";
}

TEST(RecordedSourceTest, WhatWasNotAskedThenIsUnreachable) {
  const std::unique_ptr<Source> source = RecordedSource(Stored());
  Question elsewhere = Asked("events requests 1h");
  elsewhere.source = "spare";
  for (const Question& question :
       {Asked("events requests 2h"), Asked("events other 1h"), Asked("newest_sample requests 1h"),
        Asked(R"(events requests{code="500"} 1h)"), Asked("clock"), elsewhere}) {
    const Evidence evidence = source->Measure({question}, absl::UnixEpoch());
    ASSERT_EQ(evidence.readings.size(), 1u);
    const Reading& reading = evidence.readings[0];
    EXPECT_EQ(reading.question, question);
    EXPECT_EQ(reading.value, std::nullopt);
    EXPECT_TRUE(reading.answers.empty());
    ASSERT_EQ(reading.findings.size(), 1u);
    EXPECT_EQ(Text(reading.findings[0]),
              "unreachable: the recorded decision holds no answer to this question");
  }
}

TEST(RecordedSourceTest, AnswersTheSameAgain) {
  const std::unique_ptr<Source> source = RecordedSource(Stored());
  const std::vector<Question> questions = Questions({"events requests 1h"});
  for (const absl::Time at : {absl::UnixEpoch(), absl::FromUnixSeconds(1795403560)}) {
    const Evidence evidence = source->Measure(questions, at);
    ASSERT_EQ(evidence.readings.size(), 1u);
    EXPECT_EQ(evidence.readings[0].value, (Bounds{10, 12}));
    EXPECT_EQ(BodiesOf(evidence, 0), (Strings{"third", "first"}));
  }
}

TEST(RecordedSourceTest, HasNothingToSayToNoQuestion) {
  const Evidence evidence = RecordedSource(Stored())->Measure({}, absl::UnixEpoch());
  EXPECT_TRUE(evidence.readings.empty());
  EXPECT_TRUE(evidence.answers.empty());
}

}  // namespace
}  // namespace slogate
