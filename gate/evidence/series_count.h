// What the raw samples of one counter series come to, for several windows at once, as they stream by:
// memory grows with the windows, not with the samples.
//
// Events are differences of successive samples. A value below the one before it is a reset: the
// process began anew and has counted that value since. Nothing is lost over a gap that a process
// lives through, and a staleness marker is such a gap. What nobody can know is not counted: events
// after the last sample, events between the last sample and a restart, and restarts after which the
// counter stood higher at its next sample than before.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <absl/time/time.h>
#include <absl/types/span.h>

#include "gate/base/rational.h"
#include "gate/evidence/samples.h"

namespace slogate {

// What is looked at, in milliseconds since the Unix epoch.
struct Instants {
  int64_t at = 0;                  // nothing later counts
  std::vector<int64_t> starts;     // ascending; each the start of a window (start, at]
  std::vector<int64_t> slot_ends;  // ascending; of the longest window (slots.h)
  int64_t max_age = 0;             // how long a sample stands for what comes after it
};

// `windows`: longest first, at least one; so are the counts of each series.
Instants InstantsOf(const std::vector<absl::Duration>& windows, absl::Time at,
                    absl::Duration max_age);

// One series in one window. The samples on either side of the window's start are `before_ms` and
// `after_ms`; where the series begins inside the window there is none before.
struct WindowCount {
  std::optional<int64_t> before_ms;
  std::optional<int64_t> after_ms;  // none: no sample in the window, and all else is 0
  Rational across;                  // events between those two samples
  Rational inside;                  // events from `after_ms` to the last sample
  int64_t resets = 0;
};

struct SeriesCount {
  SeriesLabels labels;
  std::optional<Sample> first, last;  // up to `at`; none where there are none
  std::vector<WindowCount> windows;   // as Instants::starts
  std::vector<bool> covered;          // which slots had a sample at their end, at most max_age old
  // A value that no counter can have: NaN, an infinity, or less than 0. The counts say nothing then.
  std::optional<double> impossible;
};

class SeriesCounter {
 public:
  // `instants` must outlive the counter.
  SeriesCounter(const Instants& instants, SeriesLabels labels);

  // The series' next samples, strictly ascending in time over all calls; they may reach beyond `at`.
  void Add(absl::Span<const Sample> samples);

  SeriesCount Finish() &&;

 private:
  void Walk(absl::Span<const Sample> samples);
  void Turn(const Sample& sample);
  void Enter(const Sample& sample);
  void Cover(absl::Span<const Sample> samples);
  bool CoveredAt(int64_t end, std::optional<int64_t> newest) const;
  Rational Counted() const;

  const Instants& instants_;
  SeriesCount count_;
  size_t next_window_ = 0;  // the first whose start no sample has passed
  size_t next_slot_ = 0;    // the first whose end no sample has passed
  // The events so far are `completed_`, of earlier processes, and what was added to `base_`.
  Rational completed_;
  double base_ = 0;
  int64_t resets_ = 0;
};

}  // namespace slogate
