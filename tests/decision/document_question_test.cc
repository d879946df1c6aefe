#include "gate/decision/document_question.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace slogate {
namespace {

Question About(QuestionKind kind, Selector selector) {
  return {kind, "main", std::move(selector), absl::Hours(1)};
}

std::vector<Question> Rare() {
  Question number = About(QuestionKind::kNumber, {});
  number.promql = {"sum(increase(a{b=\"c\"}[$window]))"};
  Question within = About(QuestionKind::kHistogramWithin, {"took", {}});
  within.within = absl::Milliseconds(1500);
  Question valued = About(QuestionKind::kSlices, {"queue", {}});
  valued.slicing = Slicing{absl::Minutes(5)};
  Question low = About(QuestionKind::kSlicesWhere, {});
  low.promql = {"a / b"};
  low.slicing = Slicing{absl::Minutes(5),
                        Slicing::Of::kValue,
                        {},
                        false,
                        Comparator::kBelow,
                        Rational::FromDecimal("-0.25").value()};
  Question share = About(QuestionKind::kSlicesWhere, {"served", {}});
  share.slicing =
      Slicing{absl::Hours(1), Slicing::Of::kEvents, {"failed", {{"a", "=", "b"}}},
              true,           Comparator::kAtLeast, Rational::FromDecimal("0.01000000001").value()};
  Question both = About(QuestionKind::kSlices, {"served", {}});
  both.slicing = Slicing{absl::Hours(1), Slicing::Of::kEvents, {"failed", {}}, true};
  return {number, within, valued, low, share, both};
}

TEST(DocumentQuestionTest, ReadsBackWhatItWrote) {
  for (const Question& question : Rare()) {
    json::Object object;
    AddRareMembers(question, object);
    Question read = About(question.kind, question.selector);
    ASSERT_TRUE(ReadRareMembers(object, read).ok()) << json::Dump(object);
    EXPECT_EQ(read, question) << json::Dump(object);
  }
}

TEST(DocumentQuestionTest, AddsNothingToOtherQuestions) {
  json::Object object;
  AddRareMembers(About(QuestionKind::kEvents, {"a", {}}), object);
  EXPECT_TRUE(object.empty());
}

TEST(DocumentQuestionTest, SaysThemInWords) {
  const std::vector<Question> rare = Rare();
  const char* const words[] = {
      "number of sum(increase(a{b=\"c\"}[$window])) over 1 h",
      "histogram_within of took over 1 h, within 1 s 500 ms",
      "slices of queue over 1 h, in slices of 5 m",
      "slices_where of a / b over 1 h, in slices of 5 m: value below -0.25",
      ("slices_where of served over 1 h, in slices of 1 h: share of failed{a=\"b\"} at least "
       "0.01000000001"),
      "slices of served over 1 h, in slices of 1 h with failed beside it",
  };
  for (size_t i = 0; i < rare.size(); ++i) EXPECT_EQ(Described(rare[i]), words[i]);
  EXPECT_EQ(Described(About(QuestionKind::kEvents, {"a", {}})), "events of a over 1 h");
  EXPECT_EQ(Described({QuestionKind::kClock, "main", {}, {}}), "clock");
}

TEST(DocumentQuestionTest, RefusesWhatItDidNotWrite) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"within_seconds":"-1"})", "within_seconds"},
      {R"({"within_seconds":"0.0001"})", "within_seconds"},
      {R"({"within_seconds":"soon"})", "within_seconds"},
      {R"({"promql":""})", "promql"},
      {R"({"promql":"a # b"})", "promql"},
      {R"({"promql":"a{$matchers}"})", "promql"},
      {R"({"slicing":{}})", "seconds"},
      {R"({"slicing":{"seconds":0}})", "seconds"},
      {R"({"slicing":{"seconds":300}})", "of"},
      {R"({"slicing":{"seconds":300,"of":"value","part":"}"}})", "part"},
      {R"({"slicing":{"seconds":300,"of":"value"}})", "beside"},
      {R"({"slicing":{"seconds":300,"of":"events","beside":true,"comparator":"is"}})",
       "comparator"},
      {R"({"slicing":{"seconds":300,"of":"events","beside":true,"comparator":"below","limit":1.5}})",
       ""},
      {R"({"slicing":{"seconds":300,"of":"events","beside":true,"comparator":"below"}})", "limit"},
  };
  for (const auto& [text, member] : cases) {
    Question question = About(QuestionKind::kSlices, {"a", {}});
    const absl::Status status = ReadRareMembers(json::Parse(text).value(), question);
    if (*member == '\0') {
      EXPECT_TRUE(status.ok()) << text;
    } else {
      EXPECT_EQ(std::string(status.message()),
                std::string("\"") + member + "\" of a question is broken")
          << text;
    }
  }
}

}  // namespace
}  // namespace slogate
