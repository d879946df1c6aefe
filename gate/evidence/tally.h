// True counts: how many events the counters of a selector counted in several windows, from their
// raw samples, which stream by series for series. Memory grows with the series, not with their
// samples.
//
// What is certain is exact. Two things are not:
// - A series that begins inside a window with more than 0, and nobody knows since when (births.h):
//   `events` is from none of that to all of it.
// - Events between the samples on either side of the window's start. They are taken in proportion to
//   time, as they are few and every server does so: a bound on them would leave 5 minutes at a
//   scrape a minute 20 % wide, and most rules unknown. `across` says how many they are, so that the
//   truth lies in [low - across, high + across]; where it is not 0, the count is an estimate.
// series_count.h says what the truth is: no more than scrapes can know.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <absl/time/time.h>
#include <absl/types/span.h>

#include "gate/base/bounds.h"
#include "gate/evidence/births.h"
#include "gate/evidence/samples.h"
#include "gate/evidence/series_count.h"

namespace slogate {

struct TallyPlan {
  std::vector<absl::Duration> windows;  // longest first, at least one; each ends at `at`
  absl::Time at;
  // How long a sample stands for what comes after it. Samples should be fetched from that long
  // before the longest window on, or earlier: a series whose last sample before is not fetched
  // looks born.
  absl::Duration max_age;
  // Labels that tell HA replicas apart. Targets that differ only in these are one thing scraped
  // twice: the worse counts, never the sum.
  std::vector<std::string> replicas;
};

struct WindowTally {
  Bounds events;
  Rational across;
  int64_t series = 0;  // with a sample in the window
  int64_t resets = 0;
  int64_t births = 0;     // series whose first value counts, being of the window for certain
  int64_t uncertain = 0;  // series of whose first value nobody knows whether it is
  // Most counters look new at about one time and together hold more than was counted: they are
  // likely old ones under new labels, or on a new server, and `events.high` says nothing of use.
  bool step = false;

  bool estimate() const { return across.sign() > 0; }
};

struct Tallied {
  std::vector<WindowTally> windows;          // as TallyPlan::windows
  std::optional<absl::Time> oldest, newest;  // samples
  int64_t covered = 0;                       // slots of the longest window (slots.h)
  // A value that no counter has: NaN, an infinity or less than 0. The counts say nothing then.
  std::optional<double> impossible;
  // Targets whose start times would make something certain; each once, sorted.
  std::vector<SeriesLabels> unexplained;
};

class Tally {
 public:
  explicit Tally(TallyPlan plan);

  // `labels` of no series before; samples strictly ascending in time; End after each Begin, and
  // between the two the tally must stay where it is.
  void Begin(SeriesLabels labels);
  void Add(absl::Span<const Sample> samples);
  void End();

  // `sign` says of each series whether its events are added (1), taken away (-1) or not asked for
  // (0); all are witnesses to births. So one pass over all requests counts these and the failed
  // ones. Requests less the good ones are counted in narrower bounds than the difference of both
  // counts has, as what nobody knows of a process is the same for both; below 0 where more good
  // ones were counted.
  Tallied Count(const std::function<int(const SeriesLabels&)>& sign,
                const StartTimes& starts) const;

  // What each series came to, for people who check a count.
  const std::vector<SeriesCount>& series() const { return series_; }

 private:
  TallyPlan plan_;
  Instants instants_;
  std::vector<SeriesCount> series_;
  std::optional<SeriesCounter> open_;
};

}  // namespace slogate
