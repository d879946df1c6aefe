#include "gate/evidence/sli_threshold.h"

#include <utility>

#include <absl/strings/str_cat.h>

#include "gate/base/duration.h"
#include "gate/evidence/counter.h"
#include "gate/evidence/slices.h"

namespace slogate {
namespace {

Question About(const ThresholdSli& sli, const std::string& source, absl::Duration window,
               QuestionKind kind) {
  Question question{kind, source, {}, window};
  if (const auto* gauge = std::get_if<Selector>(&sli.value.value)) {
    question.selector = *gauge;
  } else {
    question.promql = std::get<Promql>(sli.value.value);
  }
  question.slicing = Slicing{sli.slice.value};
  return question;
}

Question Valued(const ThresholdSli& sli, const std::string& source, absl::Duration window) {
  return About(sli, source, window, QuestionKind::kSlices);
}

// What has no value, as NaN has none, compares as nothing, and is neither good nor bad.
Question Bad(const ThresholdSli& sli, const std::string& source, absl::Duration window) {
  Question question = About(sli, source, window, QuestionKind::kSlicesWhere);
  const bool high_is_bad = sli.threshold.comparator == Comparator::kAtMost;
  question.slicing->comparator = high_is_bad ? Comparator::kAbove : Comparator::kBelow;
  question.slicing->limit = sli.threshold.value;
  return question;
}

std::string NameOf(const ThresholdSli& sli) {
  const auto* gauge = std::get_if<Selector>(&sli.value.value);
  return gauge != nullptr ? Print(*gauge) : std::get<Promql>(sli.value.value).text;
}

SliceSpan SpanOf(const ThresholdSli& sli, const std::string& source, absl::Duration slo_window) {
  return {sli.slice.value, WatchedSelectors(sli), source, slo_window};
}

}  // namespace

std::vector<Selector> WatchedSelectors(const ThresholdSli& sli) {
  if (sli.watch) return {sli.watch->value};
  return {std::get<Selector>(sli.value.value)};
}

std::vector<Question> AskEvents(const ThresholdSli& sli, const std::string& source,
                                absl::Duration window) {
  return {Valued(sli, source, window), Bad(sli, source, window)};
}

std::vector<Question> AskFurther(const ThresholdSli&, const std::string&, absl::Duration,
                                 absl::Duration, const Evidence&) {
  return {};
}

std::variant<EventCount, std::vector<Finding>> CountEvents(const ThresholdSli& sli,
                                                           const std::string& source,
                                                           absl::Duration window,
                                                           absl::Duration slo_window,
                                                           const Evidence& evidence) {
  const Reading* valued = evidence.Find(Valued(sli, source, window));
  const Reading* bad = evidence.Find(Bad(sli, source, window));
  std::vector<Finding> findings;
  AddFindings(valued, findings);
  AddFindings(bad, findings);
  if (!findings.empty()) return findings;
  if (!valued->value) {
    return std::vector<Finding>{
        {FindingKind::kNoSeries,
         {},
         {},
         absl::StrCat("there is no value of ", NameOf(sli), " in any slice of the last ",
                      SpeakDuration(window))}};
  }
  if (!bad->value) {
    return std::vector<Finding>{
        {FindingKind::kMalformedAnswer,
         {},
         {},
         absl::StrCat("the source has values of ", NameOf(sli),
                      " but cannot compare any within the last ", SpeakDuration(window))}};
  }
  EventCount count;
  count.total = *valued->value;
  count.bad = *bad->value;
  if (auto finding = TooManyBad(count, absl::StrCat("a value of ", NameOf(sli)))) {
    return std::vector<Finding>{*std::move(finding)};
  }
  return WithNoData(std::move(count), sli.no_data, SpanOf(sli, source, slo_window), window,
                    evidence);
}

std::optional<Finding> GapOfValues(const ThresholdSli& sli, const std::string& source,
                                   absl::Duration slo_window, const Rational& least,
                                   const Evidence& evidence) {
  const Reading* valued = evidence.Find(Valued(sli, source, slo_window));
  const auto expected = ExpectedSlices(SpanOf(sli, source, slo_window), slo_window, evidence);
  const auto* slices = std::get_if<Bounds>(&expected);
  if (!HasData(valued) || slices == nullptr) return std::nullopt;
  const Rational& present = valued->value->low;
  if (present >= least * slices->low) return std::nullopt;
  return Finding{
      FindingKind::kGap, Quotient(present, slices->low), least,
      absl::StrCat((slices->low - present).Fixed(0, Rounding::kUp), " of ",
                   slices->low.Fixed(0, Rounding::kUp), " slices of ",
                   SpeakDuration(sli.slice.value), " end without a value of ", NameOf(sli))};
}

}  // namespace slogate
