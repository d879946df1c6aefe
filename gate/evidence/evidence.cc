#include "gate/evidence/evidence.h"

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>
#include <string>
#include <utility>

namespace slogate {
namespace {

constexpr std::array<std::pair<QuestionKind, absl::string_view>, 7> kKinds = {
    {{QuestionKind::kClock, "clock"},
     {QuestionKind::kEvents, "events"},
     {QuestionKind::kNewestSample, "newest_sample"},
     {QuestionKind::kHistory, "history"},
     {QuestionKind::kCoverage, "coverage"},
     {QuestionKind::kSeriesSeen, "series_seen"},
     {QuestionKind::kBucketBounds, "bucket_bounds"}}};

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
  return hash;
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

std::strong_ordering operator<=>(const Question& a, const Question& b) {
  if (const auto order = a.kind <=> b.kind; order != 0) return order;
  if (const auto order = a.source <=> b.source; order != 0) return order;
  if (const auto order = a.selector <=> b.selector; order != 0) return order;
  // absl::Duration has no <=>.
  const auto compare = [](absl::Duration x, absl::Duration y) {
    return x == y  ? std::strong_ordering::equal
           : x < y ? std::strong_ordering::less
                   : std::strong_ordering::greater;
  };
  if (const auto order = compare(a.over, b.over); order != 0) return order;
  const auto order = compare(a.max_age, b.max_age);
  return order != 0 ? order : compare(a.ago, b.ago);
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
