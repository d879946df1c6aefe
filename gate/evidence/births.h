// Births: what a counter series held at its first sample, when that sample lies inside a window. No
// difference of samples shows these events, and they are the ones that hurt: what a crash-looping
// release fails at before its first scrape, and every first error of a counter that is made with it.
// They count where it is known since when they can have happened.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <absl/time/time.h>
#include <absl/types/span.h>

#include "gate/evidence/samples.h"
#include "gate/evidence/series_count.h"

namespace slogate {

// The process that a series was scraped from, by the labels that name such in common use (job,
// instance, pod, …) and those that tell `replicas` apart; the labels of what was counted are left
// out. Empty where neither instance nor pod is there: such a series may be of any process.
SeriesLabels TargetOf(const SeriesLabels& labels, const std::vector<std::string>& replicas);

// When the processes of each target began: the values its process_start_time_seconds had.
using StartTimes = std::map<SeriesLabels, std::vector<absl::Time>>;

// Knows of every series of some selectors, and says of each since when its first value was counted.
class Births {
 public:
  // `series` must outlive this; they are witnesses for each other, so series of a second selector
  // of the same processes (all requests, beside the failed ones) say more. `max_age`: how long
  // before its first scrape a process may have begun.
  Births(absl::Span<const SeriesCount> series, const std::vector<std::string>& replicas,
         const StartTimes& starts, absl::Duration max_age);

  // A time in milliseconds since the Unix epoch, before the first sample, at which the counter surely
  // stood at 0; nullopt where nobody knows. It is
  // - that of the sample before, of another series of the same target that goes on beyond: the target
  //   was scraped, and this series was not there. (Series that end where others begin prove nothing:
  //   so looks a change of labels, and the counters behind it are old. For the same reason nothing is
  //   known of a bucket that another spelling of its bound was before: servers change them.)
  // - where there is no such series, the start of the target's process, at most max_age earlier: a
  //   process that ran for longer and was not seen may have been seen under other labels, where its
  //   events were counted.
  std::optional<int64_t> ZeroSince(const SeriesCount& series) const;

 private:
  bool WasSpeltOtherwise(const SeriesCount& series, const SeriesLabels& target) const;
  std::optional<int64_t> LastSeen(const SeriesCount& series, const SeriesLabels& target) const;
  std::optional<int64_t> LastStart(const SeriesCount& series, const SeriesLabels& target) const;

  const std::vector<std::string>& replicas_;
  const StartTimes& starts_;
  int64_t max_age_;
  std::map<SeriesLabels, std::vector<const SeriesCount*>> targets_;
};

}  // namespace slogate
