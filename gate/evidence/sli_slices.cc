#include "gate/evidence/sli_slices.h"

#include <algorithm>
#include <utility>

#include <absl/strings/str_cat.h>

#include "gate/base/duration.h"
#include "gate/evidence/counter.h"
#include "gate/evidence/sli_events.h"
#include "gate/evidence/slices.h"

namespace slogate {
namespace {

// How far a share is off by the float noise of two increase(), generously.
Rational Noise() { return *Rational::FromDecimal("0.000000001"); }

// Of all events, or of the good ones where they and the bad make all.
const Selector& First(const EventsSli& events) {
  return events.total ? events.total->value : events.good->value;
}

// Whose share of all is looked at: the bad events' where they are named.
const Selector& Part(const EventsSli& events) {
  return events.bad ? events.bad->value : events.good->value;
}

Question About(const SlicesSli& sli, const std::string& source, absl::Duration window,
               QuestionKind kind) {
  Question question{kind, source, First(sli.events), window};
  question.slicing = Slicing{sli.slice.value, Slicing::Of::kEvents};
  if (!sli.events.total) {
    question.slicing->part = Part(sli.events);
    question.slicing->beside = true;
  }
  return question;
}

Question Busy(const SlicesSli& sli, const std::string& source, absl::Duration window) {
  return About(sli, source, window, QuestionKind::kSlices);
}

// The slices in which the share of bad events is above what the ratio leaves, or where only good ones
// are named, that of those at least the ratio; the limit moved by the noise.
Question Beyond(const SlicesSli& sli, const std::string& source, absl::Duration window,
                const Rational& moved) {
  Question question = About(sli, source, window, QuestionKind::kSlicesWhere);
  Slicing& slicing = *question.slicing;
  slicing.part = Part(sli.events);
  slicing.comparator = sli.events.bad ? Comparator::kAbove : Comparator::kAtLeast;
  const Rational limit = sli.events.bad ? Rational(1) - sli.ratio.value : sli.ratio.value;
  slicing.limit = limit * (Rational(1) + moved);
  return question;
}

Question Surely(const SlicesSli& sli, const std::string& source, absl::Duration window) {
  return Beyond(sli, source, window, Noise());
}
Question Perhaps(const SlicesSli& sli, const std::string& source, absl::Duration window) {
  return Beyond(sli, source, window, -Noise());
}

bool IsThere(const Reading* seen) { return HasData(seen) && seen->value->low.sign() > 0; }

// Appends why it is not known that `counter` exists, where it is not.
void AddUnlessSeen(const SlicesSli& sli, const Selector& counter, const std::string& source,
                   absl::Duration window, absl::Duration slo_window, const Evidence& evidence,
                   std::vector<Finding>& findings) {
  const Reading* seen = evidence.Find(SeenOf(sli.events, counter, source, slo_window));
  if (IsThere(seen)) return;
  if (seen == nullptr || !seen->findings.empty()) return AddFindings(seen, findings);
  findings.push_back(NoSeriesOf(sli.events, counter, window, true));
}

}  // namespace

std::vector<Selector> WatchedSelectors(const SlicesSli& sli) {
  return WatchedSelectors(sli.events);
}

std::vector<Question> AskEvents(const SlicesSli& sli, const std::string& source,
                                absl::Duration window) {
  return {Busy(sli, source, window), Surely(sli, source, window), Perhaps(sli, source, window)};
}

std::vector<Question> AskFurther(const SlicesSli& sli, const std::string& source,
                                 absl::Duration window, absl::Duration slo_window,
                                 const Evidence& evidence) {
  std::vector<Question> questions;
  if (!HasData(evidence.Find(Busy(sli, source, window)))) return questions;
  if (IsEmpty(evidence.Find(Perhaps(sli, source, window)))) {
    questions.push_back(SeenOf(sli.events, Part(sli.events), source, slo_window));
  }
  // Where no good events are found, all that there are were bad.
  if (!sli.events.total) {
    questions.push_back(SeenOf(sli.events, First(sli.events), source, slo_window));
  }
  return questions;
}

std::variant<EventCount, std::vector<Finding>> CountEvents(const SlicesSli& sli,
                                                           const std::string& source,
                                                           absl::Duration window,
                                                           absl::Duration slo_window,
                                                           const Evidence& evidence) {
  const Reading* busy = evidence.Find(Busy(sli, source, window));
  const Reading* surely = evidence.Find(Surely(sli, source, window));
  const Reading* perhaps = evidence.Find(Perhaps(sli, source, window));
  std::vector<Finding> findings;
  for (const Reading* reading : {busy, surely, perhaps}) AddFindings(reading, findings);
  if (!findings.empty()) return findings;
  const Selector& first = First(sli.events);
  if (!busy->value) return std::vector<Finding>{NoSamples(first, window)};
  if (!perhaps->value) {
    AddUnlessSeen(sli, Part(sli.events), source, window, slo_window, evidence, findings);
  }
  if (!sli.events.total) {
    AddUnlessSeen(sli, first, source, window, slo_window, evidence, findings);
  }
  if (!findings.empty()) return findings;

  EventCount count;
  count.estimate = true;
  count.total = *busy->value;
  const Rational sure = surely->value ? surely->value->low : Rational(0);
  const Rational possible = perhaps->value ? perhaps->value->high : Rational(0);
  const Bounds beyond = {std::min(sure, possible), std::max(sure, possible)};
  count.bad = sli.events.bad ? beyond : BadFrom(count.total - beyond);
  count.good_exceeds_total = !sli.events.bad && (count.total - beyond).high.sign() < 0;
  if (auto finding = TooManyBad(count, absl::StrCat("an event of ", Print(first)))) {
    return std::vector<Finding>{*std::move(finding)};
  }
  return WithNoData(std::move(count), sli.no_data,
                    {sli.slice.value, WatchedSelectors(sli), source, slo_window}, window, evidence);
}

}  // namespace slogate
