#include "gate/evidence/evidence.h"

#include <set>

#include <gtest/gtest.h>

namespace slogate {
namespace {

Question Ask(QuestionKind kind, std::string source, std::string metric, absl::Duration over) {
  return {kind, std::move(source), Selector{std::move(metric), {}}, over};
}

TEST(QuestionKindWords, GoBothWaysAndAreAllDifferent) {
  const std::pair<QuestionKind, absl::string_view> kinds[] = {
      {QuestionKind::kClock, "clock"},
      {QuestionKind::kEvents, "events"},
      {QuestionKind::kNewestSample, "newest_sample"},
      {QuestionKind::kHistory, "history"},
      {QuestionKind::kCoverage, "coverage"},
      {QuestionKind::kSeriesSeen, "series_seen"},
      {QuestionKind::kBucketBounds, "bucket_bounds"},
      {QuestionKind::kHistogramEvents, "histogram_events"},
      {QuestionKind::kHistogramWithin, "histogram_within"},
      {QuestionKind::kNumber, "number"},
      {QuestionKind::kSlices, "slices"},
      {QuestionKind::kSlicesWhere, "slices_where"},
  };
  for (const auto& [kind, word] : kinds) {
    EXPECT_EQ(Word(kind), word);
    EXPECT_EQ(QuestionFromWord(word), kind) << word;
  }
  for (const char* word : {"", "event", "Events", "events ", "none"}) {
    EXPECT_EQ(QuestionFromWord(word), std::nullopt) << word;
  }
}

TEST(QuestionOrder, IsTotalAndAgreesWithEquality) {
  const absl::Duration hour = absl::Hours(1), day = absl::Hours(24);
  Question with_matcher = Ask(QuestionKind::kEvents, "main", "a", hour);
  with_matcher.selector.matchers = {{"code", "=", "500"}};
  Question of_old_samples = Ask(QuestionKind::kCoverage, "main", "a", day);
  of_old_samples.max_age = hour;
  Question within = Ask(QuestionKind::kHistogramWithin, "main", "a", hour);
  within.within = absl::Milliseconds(300);
  Question number = Ask(QuestionKind::kNumber, "main", "", hour);
  number.promql = {"a"};
  Question another_number = number;
  another_number.promql = {"b"};
  // Slices that differ in one thing each, ascending.
  std::vector<Question> slices(8, Ask(QuestionKind::kSlicesWhere, "main", "a", hour));
  for (size_t i = 1; i < slices.size(); ++i) slices[i].slicing = Slicing{absl::Minutes(5)};
  slices[2].slicing->limit = 1;
  slices[3].slicing->comparator = Comparator::kAbove;
  slices[1].slicing->comparator = slices[2].slicing->comparator = Comparator::kBelow;
  slices[4].slicing->beside = true;
  slices[5].slicing->part = {"b", {}};
  slices[6].slicing->of = Slicing::Of::kEvents;
  slices[7].slicing->length = absl::Minutes(10);
  // Ascending: by kind, then source, selector, window and age.
  std::vector<Question> ascending = {
      Ask(QuestionKind::kClock, "main", "", absl::ZeroDuration()),
      Ask(QuestionKind::kEvents, "main", "a", hour),
      Ask(QuestionKind::kEvents, "main", "a", day),
      with_matcher,
      Ask(QuestionKind::kEvents, "main", "b", hour),
      Ask(QuestionKind::kEvents, "spare", "a", hour),
      Ask(QuestionKind::kCoverage, "main", "a", day),
      of_old_samples,
      Ask(QuestionKind::kSeriesSeen, "main", "a", hour),
      Ask(QuestionKind::kHistogramWithin, "main", "a", hour),
      within,
      number,
      another_number,
  };
  ascending.insert(ascending.end(), slices.begin(), slices.end());
  for (size_t i = 0; i < ascending.size(); ++i) {
    for (size_t j = 0; j < ascending.size(); ++j) {
      EXPECT_EQ(ascending[i] <=> ascending[j], i <=> j) << i << " and " << j;
      EXPECT_EQ(ascending[i] == ascending[j], i == j) << i << " and " << j;
    }
  }
}

TEST(QuestionOrder, KeepsASetFromAskingTwice) {
  const Question question = Ask(QuestionKind::kEvents, "main", "a", absl::Hours(1));
  Question same = question;
  same.over = absl::Minutes(60);
  EXPECT_EQ(std::set<Question>({question, same}).size(), 1u);
}

TEST(EvidenceFind, FindsThatQuestionAndNoOther) {
  Evidence evidence;
  const Question asked = Ask(QuestionKind::kEvents, "main", "a", absl::Hours(1));
  evidence.readings.push_back({asked, Bounds::Exactly(7), true, {}, {}});
  ASSERT_NE(evidence.Find(asked), nullptr);
  EXPECT_EQ(evidence.Find(asked)->value, Bounds::Exactly(7));

  Question other = asked;
  other.over = absl::Hours(2);
  EXPECT_EQ(evidence.Find(other), nullptr);
  other = asked;
  other.kind = QuestionKind::kSeriesSeen;
  EXPECT_EQ(evidence.Find(other), nullptr);
  other = asked;
  other.source = "spare";
  EXPECT_EQ(evidence.Find(other), nullptr);
  EXPECT_EQ(Evidence().Find(asked), nullptr);
}

// Readings come in any order, more of them after a look, and the first of several counts.
TEST(EvidenceFind, KeepsUpWithWhatComesAndGoes) {
  Evidence evidence;
  const auto question = [](int hours) {
    return Ask(QuestionKind::kEvents, "main", "a", absl::Hours(hours));
  };
  const auto value = [&](int hours) {
    const Reading* reading = evidence.Find(question(hours));
    return reading == nullptr ? std::nullopt : reading->value;
  };
  EXPECT_EQ(value(1), std::nullopt);
  for (const int hours : {3, 1, 2, 1}) {
    const auto number = static_cast<int64_t>(evidence.readings.size());
    evidence.readings.push_back(
        {question(hours), Bounds::Exactly(Rational(number)), false, {}, {}});
  }
  EXPECT_EQ(value(1), Bounds::Exactly(1));
  EXPECT_EQ(value(2), Bounds::Exactly(2));
  EXPECT_EQ(value(3), Bounds::Exactly(0));
  EXPECT_EQ(value(4), std::nullopt);

  Evidence more;
  more.readings.push_back({question(4), Bounds::Exactly(44), false, {}, {}});
  EXPECT_NE(more.Find(question(4)), nullptr);
  evidence.Append(more);
  EXPECT_EQ(value(4), Bounds::Exactly(44));
  EXPECT_EQ(value(1), Bounds::Exactly(1));

  const Evidence copy = evidence;
  evidence.readings.erase(evidence.readings.begin(), evidence.readings.begin() + 2);
  EXPECT_EQ(value(3), std::nullopt);
  EXPECT_EQ(value(1), Bounds::Exactly(3));
  EXPECT_EQ(copy.Find(question(3)), &copy.readings[0]) << "a copy finds its own";
}

TEST(EvidenceAppend, MovesTheIndicesOfTheNewcomer) {
  Evidence first, second;
  first.answers = {{"main", "/q", "time()", 200, "a"}, {"main", "/q", "up", 200, "b"}};
  first.readings.push_back({Ask(QuestionKind::kClock, "main", "", {}), {}, false, {}, {0, 1}});
  second.answers = {{"main", "/q", "x", 200, "c"}, {"main", "/q", "y", 503, "d"}};
  second.readings.push_back(
      {Ask(QuestionKind::kEvents, "main", "x", absl::Hours(1)), {}, false, {}, {1, 0}});

  first.Append(second);

  ASSERT_EQ(first.answers.size(), 4u);
  ASSERT_EQ(first.readings.size(), 2u);
  EXPECT_EQ(first.readings[0].answers, (std::vector<size_t>{0, 1}));
  EXPECT_EQ(first.readings[1].answers, (std::vector<size_t>{3, 2}));
  EXPECT_EQ(first.answers[first.readings[1].answers[0]].body, "d");

  Evidence empty;
  empty.Append(second);
  EXPECT_EQ(empty.readings[0].answers, (std::vector<size_t>{1, 0}));
  second.Append(Evidence());
  EXPECT_EQ(second.answers.size(), 2u);
}

}  // namespace
}  // namespace slogate
