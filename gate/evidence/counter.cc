#include "gate/evidence/counter.h"

#include <algorithm>

#include <absl/strings/str_cat.h>

#include "gate/base/duration.h"

namespace slogate {

Rational Seconds(absl::Duration duration) {
  return *Quotient(absl::ToInt64Milliseconds(duration), 1000);
}

Question EventsOf(const Selector& counter, const std::string& source, absl::Duration window,
                  absl::Duration ago) {
  return {QuestionKind::kEvents, source, counter, window, absl::ZeroDuration(), ago};
}

bool HasData(const Reading* reading) { return reading != nullptr && reading->value.has_value(); }

bool IsEmpty(const Reading* reading) {
  return reading != nullptr && !reading->value && reading->findings.empty();
}

void AddFindings(const Reading* reading, std::vector<Finding>& findings) {
  if (reading == nullptr) {  // nobody asked: a bug above, and never a reason to proceed
    findings.push_back({FindingKind::kMalformedAnswer, {}, {}, "the question was not asked"});
  } else {
    findings.insert(findings.end(), reading->findings.begin(), reading->findings.end());
  }
}

Finding NoSamples(const Selector& counter, absl::Duration window) {
  return {FindingKind::kNoSeries,
          {},
          {},
          absl::StrCat("no series of ", Print(counter), " has two samples in the last ",
                       SpeakDuration(window))};
}

Bounds RestOf(const Selector& whole, const Bounds& total, const Reading& part, const Bounds& good) {
  const bool known = part.rest && SameSelection(part.rest->whole, whole);
  return known ? part.rest->events : total - good;
}

Bounds BadFrom(const Bounds& rest) {
  if (rest.low.sign() >= 0) return rest;
  return {0, std::max(Abs(rest.low), Abs(rest.high))};
}

std::optional<Finding> Mismatch(const EventCount& count, const Selector& total,
                                const Selector& part, absl::Duration window) {
  if (count.total.high.sign() > 0 || count.bad.high.sign() == 0) return std::nullopt;
  return Finding{
      FindingKind::kNotFinite,
      {},
      {},
      absl::StrCat("events of ", Print(part), " but none of ", Print(total), " in the last ",
                   SpeakDuration(window), ": the two do not count the same thing")};
}

}  // namespace slogate
