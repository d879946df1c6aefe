#include "gate/prometheus/sample_readings.h"

#include <algorithm>

#include <absl/strings/str_cat.h>

#include "gate/evidence/counter.h"
#include "gate/evidence/slots.h"

namespace slogate {
namespace {

Reading WithValue(const Question& question, std::optional<Bounds> value) {
  return {question, std::move(value), false, {}, {}};
}

std::optional<Reading> Events(const Question& question, const CounterFamily& family,
                              const Tallied& tallied) {
  const auto found = std::find(family.windows.begin(), family.windows.end(), question.over);
  if (found == family.windows.end()) return std::nullopt;
  if (tallied.impossible) {
    Reading reading = WithValue(question, std::nullopt);
    reading.findings.push_back({FindingKind::kNotFinite,
                                {},
                                {},
                                absl::StrCat("a counter stood at ", *tallied.impossible)});
    return reading;
  }
  const WindowTally& window = tallied.windows[static_cast<size_t>(found - family.windows.begin())];
  if (window.series == 0) return WithValue(question, std::nullopt);
  Reading reading =
      WithValue(question, window.step ? Bounds::Exactly(window.events.low) : window.events);
  reading.estimate = window.estimate();
  reading.step = window.step;
  return reading;
}

std::optional<Reading> Newest(const Question& question, const CounterFamily& family,
                              const Tallied& tallied, absl::Time at) {
  const bool all_of_it = question.over <= family.windows.front() + family.max_age;
  if (!tallied.newest) {
    return all_of_it ? std::optional(WithValue(question, std::nullopt)) : std::nullopt;
  }
  const absl::Duration age = at - *tallied.newest;
  if (age > question.over) return WithValue(question, std::nullopt);
  return WithValue(question, Bounds::Exactly(Seconds(age)));
}

// A sample in the first slot is as good as one before: so coverage has it, and so the queries do that
// are asked where nobody reads samples. Where it is later, only the server knows whether a gap or
// nothing at all is before it.
std::optional<Reading> History(const Question& question, const CounterFamily& family,
                               const Tallied& tallied, absl::Time at) {
  const absl::Duration slot = SlotsOf(question.over, family.max_age).length;
  if (!tallied.oldest || question.over > family.windows.front() ||
      *tallied.oldest > at - question.over + slot) {
    return std::nullopt;
  }
  return WithValue(question, Bounds::Exactly(Seconds(question.over)));
}

std::optional<Reading> Coverage(const Question& question, const CounterFamily& family,
                                const Tallied& tallied) {
  if (question.over != family.windows.front() || question.max_age != family.max_age)
    return std::nullopt;
  if (tallied.covered == 0) return WithValue(question, std::nullopt);
  return WithValue(question, Bounds::Exactly(tallied.covered));
}

}  // namespace

void SetRest(const Selector& whole, const CounterFamily& family, const Tallied& rest,
             Reading& reading) {
  if (reading.question.kind != QuestionKind::kEvents || !reading.value || reading.step) return;
  const auto found = std::find(family.windows.begin(), family.windows.end(), reading.question.over);
  if (found == family.windows.end() || rest.impossible) return;
  const WindowTally& window = rest.windows[static_cast<size_t>(found - family.windows.begin())];
  if (!window.step) reading.rest = Rest{whole, window.events};
}

bool IsOfSamples(const Question& question) {
  switch (question.kind) {
    case QuestionKind::kEvents:
      return question.ago == absl::ZeroDuration();
    case QuestionKind::kNewestSample:
    case QuestionKind::kHistory:
    case QuestionKind::kCoverage:
      return true;
    default:
      return false;
  }
}

std::optional<Reading> ReadingOf(const Question& question, const CounterFamily& family,
                                 const Tallied& tallied, absl::Time at) {
  switch (question.kind) {
    case QuestionKind::kEvents:
      return Events(question, family, tallied);
    case QuestionKind::kNewestSample:
      return Newest(question, family, tallied, at);
    case QuestionKind::kHistory:
      return History(question, family, tallied, at);
    case QuestionKind::kCoverage:
      return Coverage(question, family, tallied);
    default:
      return std::nullopt;
  }
}

}  // namespace slogate
