#include "gate/evidence/combine.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace slogate {
namespace {

// Bad events of all; compared by cross-multiplication, as there may be none at all.
struct Share {
  Rational bad, total;
};

Share ShareFrom(const Rational& bad, const Rational& total) {
  if (bad.sign() == 0) return {0, 1};  // of no events none are bad
  return {bad, total};
}

bool operator<(const Share& a, const Share& b) { return a.bad * b.total < b.bad * a.total; }

// The ends of what a count's share may be.
Share Least(const EventCount& count) { return ShareFrom(count.bad.low, count.total.high); }
Share Most(const EventCount& count) { return ShareFrom(count.bad.high, count.total.low); }

Bounds Hull(const Bounds& a, const Bounds& b) {
  return {std::min(a.low, b.low), std::max(a.high, b.high)};
}

}  // namespace

EventCount SumOf(absl::Span<const EventCount> counts) {
  EventCount sum = counts.front();
  for (const EventCount& count : counts.subspan(1)) {
    sum.bad = sum.bad + count.bad;
    sum.total = sum.total + count.total;
    sum.estimate = sum.estimate || count.estimate;
    sum.step = sum.step || count.step;
    // How many good events were read can only be told where each bad count comes of them.
    sum.good_exceeds_total = sum.good_exceeds_total && count.good_exceeds_total;
    if (!count.previous_total) continue;  // of no data the budget is not larger
    sum.previous_total = sum.previous_total.value_or(Bounds{}) + *count.previous_total;
  }
  return sum;
}

EventCount WorstOf(absl::Span<const EventCount> counts) {
  const EventCount& worst =
      *std::max_element(counts.begin(), counts.end(), [](const EventCount& a, const EventCount& b) {
        if (Least(a) < Least(b)) return true;
        return !(Least(b) < Least(a)) && a.total.high < b.total.high;
      });
  EventCount out = worst;
  for (const EventCount& count : counts) {
    if (&count == &worst || !(Least(worst) < Most(count))) continue;
    out.bad = Hull(out.bad, count.bad);
    out.total = Hull(out.total, count.total);
    out.estimate = out.estimate || count.estimate;
    out.step = out.step || count.step;
    out.good_exceeds_total = out.good_exceeds_total && count.good_exceeds_total;
    out.previous_total = out.previous_total && count.previous_total
                             ? std::optional(Hull(*out.previous_total, *count.previous_total))
                             : std::nullopt;
  }
  return out;
}

SloEvidence CombineSources(Combining how, std::vector<SloEvidence> sources) {
  if (sources.size() == 1) return std::move(sources.front());
  SloEvidence out;
  for (const auto& [window, first] : sources.front().counts) {
    std::vector<EventCount> counts;
    for (const SloEvidence& source : sources) {
      const auto found = source.counts.find(window);
      if (found != source.counts.end()) counts.push_back(found->second);
    }
    if (counts.size() < sources.size()) continue;
    out.counts.emplace(window, how == Combining::kSum ? SumOf(counts) : WorstOf(counts));
  }
  for (SloEvidence& source : sources) {
    std::move(source.findings.begin(), source.findings.end(), std::back_inserter(out.findings));
  }
  return out;
}

}  // namespace slogate
