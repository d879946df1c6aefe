#include "gate/evidence/evidence.h"

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>
#include <string>
#include <utility>

namespace slogate {
namespace {

constexpr std::array<std::pair<QuestionKind, absl::string_view>, 12> kKinds = {
    {{QuestionKind::kClock, "clock"},
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
     {QuestionKind::kSlicesWhere, "slices_where"}}};

// Of what questions of one decision differ in.
size_t Hash(const Question& question) {
  size_t hash = 0;
  const auto add = [&hash](size_t part) { hash = hash * 31 + part; };
  const std::hash<std::string> text;
  add(static_cast<size_t>(question.kind));
  add(static_cast<size_t>(absl::ToInt64Seconds(question.over)));
  add(static_cast<size_t>(absl::ToInt64Seconds(question.ago)));
  add(text(question.selector.metric));
  for (const Matcher& matcher : question.selector.matchers) add(text(matcher.value));
  if (!question.promql.text.empty()) add(text(question.promql.text));
  return hash;
}

// absl::Duration has no <=>.
std::strong_ordering Compared(absl::Duration a, absl::Duration b) {
  return a == b  ? std::strong_ordering::equal
         : a < b ? std::strong_ordering::less
                 : std::strong_ordering::greater;
}

}  // namespace

absl::string_view Word(QuestionKind kind) {
  for (const auto& [known, word] : kKinds) {
    if (known == kind) return word;
  }
  return "";
}

std::optional<QuestionKind> QuestionFromWord(absl::string_view word) {
  for (const auto& [kind, known] : kKinds) {
    if (known == word) return kind;
  }
  return std::nullopt;
}

std::strong_ordering operator<=>(const Slicing& a, const Slicing& b) {
  if (const auto order = Compared(a.length, b.length); order != 0) return order;
  if (const auto order = a.of <=> b.of; order != 0) return order;
  if (const auto order = a.part <=> b.part; order != 0) return order;
  if (const auto order = a.beside <=> b.beside; order != 0) return order;
  if (const auto order = a.comparator <=> b.comparator; order != 0) return order;
  return a.limit <=> b.limit;
}

std::strong_ordering operator<=>(const Question& a, const Question& b) {
  if (const auto order = a.kind <=> b.kind; order != 0) return order;
  if (const auto order = a.source <=> b.source; order != 0) return order;
  if (const auto order = a.selector <=> b.selector; order != 0) return order;
  if (const auto order = Compared(a.over, b.over); order != 0) return order;
  if (const auto order = Compared(a.max_age, b.max_age); order != 0) return order;
  if (const auto order = Compared(a.ago, b.ago); order != 0) return order;
  if (const auto order = Compared(a.within, b.within); order != 0) return order;
  if (const auto order = a.promql <=> b.promql; order != 0) return order;
  return a.slicing <=> b.slicing;
}

const Reading* Evidence::Find(const Question& question) const {
  if (by_hash_.size() != readings.size()) {
    by_hash_.clear();
    for (size_t i = 0; i < readings.size(); ++i) by_hash_.emplace(Hash(readings[i].question), i);
  }
  const Reading* first = nullptr;
  const auto [begin, end] = by_hash_.equal_range(Hash(question));
  for (auto place = begin; place != end; ++place) {
    const Reading& reading = readings[place->second];
    if (reading.question == question && (first == nullptr || &reading < first)) first = &reading;
  }
  return first;
}

void Evidence::Append(Evidence other) {
  const size_t before = answers.size();
  for (Reading& reading : other.readings) {
    for (size_t& answer : reading.answers) answer += before;
  }
  std::move(other.readings.begin(), other.readings.end(), std::back_inserter(readings));
  std::move(other.answers.begin(), other.answers.end(), std::back_inserter(answers));
}

}  // namespace slogate
