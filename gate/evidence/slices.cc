#include "gate/evidence/slices.h"

#include <algorithm>
#include <utility>

#include <absl/strings/str_cat.h>

#include "gate/evidence/counter.h"
#include "gate/evidence/slots.h"

namespace slogate {

std::variant<Bounds, std::vector<Finding>> ExpectedSlices(const SliceSpan& span,
                                                          absl::Duration window,
                                                          const Evidence& evidence) {
  const Rational all = SlicesIn(window, span.length);
  std::optional<Bounds> reach;
  std::vector<Finding> lost;
  for (const Selector& selector : span.watched) {
    const Reading* history =
        evidence.Find({QuestionKind::kHistory, span.source, selector, span.slo_window});
    if (!IsEmpty(history) && !HasData(history)) AddFindings(history, lost);
    if (HasData(history) && (!reach || history->value->low > reach->low)) reach = history->value;
  }
  if (reach && reach->low >= Seconds(window)) return Bounds::Exactly(all);
  if (!lost.empty()) return lost;
  if (!reach) return Bounds{};
  const auto slices = [&](const Rational& seconds, Rounding rounding) {
    const Rational exact = *Quotient(seconds, Seconds(span.length));
    return std::min(all, *Rational::FromDecimal(exact.Fixed(0, rounding)));
  };
  return Bounds{slices(reach->low, Rounding::kDown), slices(reach->high, Rounding::kUp)};
}

std::variant<EventCount, std::vector<Finding>> WithNoData(EventCount counted, NoData no_data,
                                                          const SliceSpan& span,
                                                          absl::Duration window,
                                                          const Evidence& evidence) {
  if (no_data == NoData::kSkip) return counted;
  auto expected = ExpectedSlices(span, window, evidence);
  if (auto* findings = std::get_if<std::vector<Finding>>(&expected)) return std::move(*findings);
  const Bounds difference = std::get<Bounds>(expected) - counted.total;
  const Bounds missing = {std::max(Rational(0), difference.low),
                          std::max(Rational(0), difference.high)};
  counted.total = counted.total + missing;
  if (no_data == NoData::kBad) counted.bad = counted.bad + missing;
  return counted;
}

std::optional<Finding> TooManyBad(const EventCount& count, absl::string_view what) {
  if (count.bad.low <= count.total.high) return std::nullopt;
  return Finding{
      FindingKind::kNotFinite,
      {},
      {},
      absl::StrCat(count.bad.low.Fixed(0, Rounding::kUp), " bad slices of ",
                   count.total.high.Fixed(0, Rounding::kDown), " in which there is ", what)};
}

}  // namespace slogate
