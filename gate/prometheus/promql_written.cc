#include "gate/prometheus/promql_written.h"

#include <absl/strings/str_cat.h>

#include "gate/base/duration.h"
#include "gate/evidence/counter.h"
#include "gate/evidence/slots.h"

namespace slogate {
namespace {

std::string Ranged(const Selector& selector, absl::Duration over) {
  return absl::StrCat(Print(selector), "[", PrintDuration(over), "]");
}

std::string Increase(const Selector& counter, absl::Duration over) {
  return absl::StrCat("sum(increase(", Ranged(counter, over), "))");
}

// All events of a slice. Good and bad ones may each lack series in it, and then there were none.
std::string All(const Question& question) {
  const Slicing& slicing = *question.slicing;
  const std::string first = Increase(question.selector, slicing.length);
  if (!slicing.beside) return first;
  const std::string part = Increase(slicing.part, slicing.length);
  return absl::StrCat("((", first, " or 0 * ", part, ") + (", part, " or 0 * ", first, "))");
}

// The value of a slice: the newest sample in it, or what the PromQL gives at its end. Some servers
// count both ends of a range: a sample at the end of the slice before is none of this one.
std::string ValueOf(const Question& question) {
  if (question.selector.metric.empty()) return absl::StrCat("(", question.promql.text, ")");
  const absl::Duration range = question.slicing->length - absl::Milliseconds(1);
  return absl::StrCat("last_over_time(", Ranged(question.selector, range), ")");
}

// What is compared in each slice, and how.
std::string ComparisonOf(const Question& question) {
  const Slicing& slicing = *question.slicing;
  const bool events = slicing.of == Slicing::Of::kEvents;
  if (question.kind == QuestionKind::kSlices) {
    return events ? absl::StrCat(All(question), " > bool 0")
                  : absl::StrCat(ValueOf(question), " >= bool -Inf");
  }
  const absl::string_view sign = slicing.comparator == Comparator::kAbove     ? ">"
                                 : slicing.comparator == Comparator::kAtLeast ? ">="
                                 : slicing.comparator == Comparator::kBelow   ? "<"
                                                                              : "<=";
  const std::string value =
      events ? absl::StrCat(Increase(slicing.part, slicing.length), " / ", All(question))
             : ValueOf(question);
  // A limit comes from decimals and has an end.
  return absl::StrCat(value, " ", sign, " bool ", slicing.limit.ExactDecimal().value_or(""));
}

// Points stand on multiples of the step. Half a second less than the slices, and exactly one stands
// at the end of each, whether or not the server counts the range's ends.
std::string CountSlices(const Question& question) {
  const absl::Duration length = question.slicing->length;
  const absl::Duration range = length * SlicesIn(question.over, length) - absl::Milliseconds(500);
  return absl::StrCat("sum_over_time((", ComparisonOf(question), ")[", PrintDuration(range), ":",
                      PrintDuration(length), "])");
}

}  // namespace

std::string WrittenFor(const Question& question) {
  const std::string histogram = Increase(question.selector, question.over);
  switch (question.kind) {
    case QuestionKind::kNumber:
      return WithWindow(question.promql, PrintDuration(question.over)).text;
    case QuestionKind::kSlices:
    case QuestionKind::kSlicesWhere:
      return CountSlices(question);
    case QuestionKind::kHistogramEvents:
      return absl::StrCat("histogram_count(", histogram, ")");
    case QuestionKind::kHistogramWithin:
      return absl::StrCat("histogram_fraction(0, ",
                          Seconds(question.within).ExactDecimal().value_or(""), ", ", histogram,
                          ") * histogram_count(", histogram, ")");
    default:
      return "";
  }
}

}  // namespace slogate
