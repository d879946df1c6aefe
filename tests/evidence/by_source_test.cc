#include "gate/evidence/by_source.h"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>

#include "tests/evidence/evidence_case.h"

namespace slogate {
namespace {

// Answers every question with its own number, and two raw answers.
class Numbered : public Source {
 public:
  Numbered(std::string number, Strings& asked) : number_(std::move(number)), asked_(asked) {}

  Evidence Measure(absl::Span<const Question> questions, absl::Time at) override {
    Evidence evidence;
    for (const Question& question : questions) {
      asked_.push_back(
          absl::StrCat(number_, ": ", Text(question), " at ", absl::ToUnixSeconds(at)));
      Reading reading{question, Bounds::Exactly(*Rational::FromDecimal(number_)), false, {}, {}};
      for (int i = 0; i < 2; ++i) {
        reading.answers.push_back(evidence.answers.size());
        evidence.answers.push_back({question.source, "/", Text(question), 200, number_});
      }
      evidence.readings.push_back(std::move(reading));
    }
    return evidence;
  }

 private:
  std::string number_;
  Strings& asked_;
};

Question Of(const std::string& source, const std::string& text) {
  Question question = Asked(text);
  question.source = source;
  return question;
}

TEST(BySource, EachIsAskedItsOwnAndAnswersStandInOrder) {
  Strings asked;
  std::map<std::string, std::unique_ptr<Source>> sources;
  sources["eu"] = std::make_unique<Numbered>("1", asked);
  sources["us"] = std::make_unique<Numbered>("2", asked);
  const auto both = BySource(std::move(sources));
  const std::vector<Question> questions = {
      Of("us", "events requests 1h"), Of("eu", "events requests 1h"), Of("us", "events failed 1h")};
  const Evidence evidence = both->Measure(questions, absl::FromUnixSeconds(7));
  EXPECT_EQ(asked, (Strings{"1: events requests 1h at 7", "2: events requests 1h at 7",
                            "2: events failed 1h at 7"}));
  ASSERT_EQ(evidence.readings.size(), questions.size());
  for (size_t i = 0; i < questions.size(); ++i) {
    const Reading& reading = evidence.readings[i];
    EXPECT_EQ(reading.question, questions[i]);
    EXPECT_EQ(Text(reading.value.value()), questions[i].source == "eu" ? "1" : "2");
    for (const size_t answer : reading.answers) {
      EXPECT_EQ(evidence.answers.at(answer).source, questions[i].source);
      EXPECT_EQ(evidence.answers.at(answer).query, Text(questions[i]));
    }
  }
}

TEST(BySource, WhatIsForNobodyIsAFinding) {
  const auto nobody = BySource({});
  const Evidence evidence = nobody->Measure({Of("eu", "events requests 1h")}, absl::UnixEpoch());
  ASSERT_EQ(evidence.readings.size(), 1u);
  EXPECT_FALSE(evidence.readings[0].value);
  ASSERT_EQ(evidence.readings[0].findings.size(), 1u);
  EXPECT_EQ(Text(evidence.readings[0].findings[0]),
            "unreachable: the policy has no such source here");
}

TEST(BySource, NobodyIsAskedNothing) {
  Strings asked;
  std::map<std::string, std::unique_ptr<Source>> sources;
  sources["eu"] = std::make_unique<Numbered>("1", asked);
  const auto one = BySource(std::move(sources));
  EXPECT_TRUE(one->Measure({}, absl::UnixEpoch()).readings.empty());
  EXPECT_EQ(asked, Strings{});
}

}  // namespace
}  // namespace slogate
