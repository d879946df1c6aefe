#include "gate/evidence/series_count.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "gate/evidence/slots.h"

namespace slogate {
namespace {

using Samples = absl::Span<const Sample>;

// The first sample later than `ms`.
Samples::const_iterator After(Samples samples, int64_t ms) {
  return std::upper_bound(samples.begin(), samples.end(), ms,
                          [](int64_t time, const Sample& sample) { return time < sample.ms; });
}

Samples Between(Samples::const_iterator begin, Samples::const_iterator end) {
  return {begin, static_cast<size_t>(end - begin)};
}

// Of a value that a counter can have.
Rational Exactly(double value) { return *Rational::FromDouble(value); }

bool CanBeCounted(double value) { return value >= 0 && std::isfinite(value); }

}  // namespace

Instants InstantsOf(const std::vector<absl::Duration>& windows, absl::Time at,
                    absl::Duration max_age) {
  Instants instants;
  instants.at = absl::ToUnixMillis(at);
  for (const absl::Duration window : windows) {
    instants.starts.push_back(absl::ToUnixMillis(at - window));
  }
  const Slots slots = SlotsOf(windows.front(), max_age);
  for (int64_t i = slots.count; i-- > 0;) {
    instants.slot_ends.push_back(absl::ToUnixMillis(at - i * slots.length));
  }
  instants.max_age = absl::ToInt64Milliseconds(max_age);
  return instants;
}

SeriesCounter::SeriesCounter(const Instants& instants, SeriesLabels labels) : instants_(instants) {
  count_.labels = std::move(labels);
  count_.windows.resize(instants.starts.size());
  count_.covered.resize(instants.slot_ends.size());
}

void SeriesCounter::Add(Samples samples) {
  if (!samples.empty() && samples.back().ms > instants_.at) {
    samples = Between(samples.begin(), After(samples, instants_.at));
  }
  Cover(samples);
  while (!samples.empty() && !count_.impossible) {
    if (next_window_ == instants_.starts.size() ||
        samples.back().ms <= instants_.starts[next_window_]) {
      Walk(samples);
      return;
    }
    const auto inside = After(samples, instants_.starts[next_window_]);
    Walk(Between(samples.begin(), inside));
    const auto first = std::find_if(
        inside, samples.end(), [](const Sample& sample) { return !IsStaleMarker(sample.value); });
    if (first == samples.end() || count_.impossible) return;
    Enter(*first);
    samples = Between(first + 1, samples.end());
  }
}

// The loop that all samples go through: one comparison each, as long as the counter grows. Every
// NaN fails it.
void SeriesCounter::Walk(Samples samples) {
  for (auto i = samples.begin(); i != samples.end() && !count_.impossible; ++i) {
    if (count_.last) {
      const auto from = i;
      double value = count_.last->value;
      while (i != samples.end() && i->value >= value) value = (i++)->value;
      if (i != from) count_.last = i[-1];
      if (std::isinf(value)) count_.impossible = value;
      if (i == samples.end() || count_.impossible) return;
    }
    Turn(*i);
  }
}

// A sample that is not just more of the same.
void SeriesCounter::Turn(const Sample& sample) {
  if (IsStaleMarker(sample.value)) return;
  if (!CanBeCounted(sample.value)) {
    count_.impossible = sample.value;
    return;
  }
  if (!count_.last) {
    count_.first = sample;
    base_ = sample.value;
  } else {
    completed_ = Counted();
    base_ = 0;
    ++resets_;
  }
  count_.last = sample;
}

// The first sample in the next window, and perhaps in those after it.
void SeriesCounter::Enter(const Sample& sample) {
  WindowCount entered;
  const Rational before = Counted();
  const int64_t resets_before = resets_;
  if (count_.last) entered.before_ms = count_.last->ms;
  entered.after_ms = sample.ms;
  Walk({&sample, 1});
  if (count_.impossible) return;
  entered.inside = Counted();
  entered.across = entered.inside - before;
  entered.resets = resets_before;
  for (; next_window_ < instants_.starts.size() && instants_.starts[next_window_] < sample.ms;
       ++next_window_) {
    count_.windows[next_window_] = entered;
  }
}

// Decides about the slots that end before the last of `samples`; none of them is counted yet.
void SeriesCounter::Cover(Samples samples) {
  for (; next_slot_ < count_.covered.size() && !samples.empty(); ++next_slot_) {
    const int64_t end = instants_.slot_ends[next_slot_];
    if (samples.back().ms <= end) return;
    auto after = After(samples, end);
    while (after != samples.begin() && IsStaleMarker(after[-1].value)) --after;
    std::optional<int64_t> newest;
    if (after != samples.begin()) {
      newest = after[-1].ms;
    } else if (count_.last) {
      newest = count_.last->ms;
    }
    count_.covered[next_slot_] = CoveredAt(end, newest);
  }
}

bool SeriesCounter::CoveredAt(int64_t end, std::optional<int64_t> newest) const {
  return newest && end - *newest <= instants_.max_age;
}

Rational SeriesCounter::Counted() const {
  if (!count_.last) return 0;
  return completed_ + Exactly(count_.last->value) - Exactly(base_);
}

SeriesCount SeriesCounter::Finish() && {
  for (; next_slot_ < count_.covered.size() && count_.last; ++next_slot_) {
    count_.covered[next_slot_] = CoveredAt(instants_.slot_ends[next_slot_], count_.last->ms);
  }
  if (count_.impossible) return std::move(count_);
  const Rational counted = Counted();
  for (size_t i = 0; i < next_window_; ++i) {
    WindowCount& window = count_.windows[i];
    window.inside = counted - window.inside;
    window.resets = resets_ - window.resets;
  }
  return std::move(count_);
}

}  // namespace slogate
