#include "gate/evidence/evidence.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace slogate {
namespace {

constexpr std::array<std::pair<QuestionKind, absl::string_view>, 6> kKinds = {
    {{QuestionKind::kClock, "clock"},
     {QuestionKind::kEvents, "events"},
     {QuestionKind::kNewestSample, "newest_sample"},
     {QuestionKind::kHistory, "history"},
     {QuestionKind::kSeriesSeen, "series_seen"},
     {QuestionKind::kBucketBounds, "bucket_bounds"}}};

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
  if (a.over == b.over) return std::strong_ordering::equal;  // absl::Duration has no <=>
  return a.over < b.over ? std::strong_ordering::less : std::strong_ordering::greater;
}

const Reading* Evidence::Find(const Question& question) const {
  const auto found = std::find_if(readings.begin(), readings.end(), [&](const Reading& reading) {
    return reading.question == question;
  });
  return found == readings.end() ? nullptr : &*found;
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
