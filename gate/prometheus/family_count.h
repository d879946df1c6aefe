// Counts one family of counters as its samples stream by. Pure.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <absl/time/time.h>

#include "gate/evidence/births.h"
#include "gate/evidence/tally.h"
#include "gate/prometheus/chunk_response.h"
#include "gate/prometheus/counter_family.h"
#include "gate/prometheus/remote_read_request.h"
#include "gate/text/json.h"

namespace slogate {

// Must stay where it is while samples come.
class FamilyCount : public SampleSink {
 public:
  FamilyCount(CounterFamily family, absl::Time at);

  const CounterFamily& family() const { return family_; }

  // What is to be read: one query for each of the family's reads, from a sample's age before the
  // longest window on.
  const std::vector<ReadQuery>& queries() const { return queries_; }

  absl::Status Begin(size_t query, const SeriesLabels& labels) override;
  absl::Status Add(absl::Span<const Sample> samples) override;
  absl::Status End() override;

  // After all samples; again where more is known of when processes started.
  void Count(const StartTimes& starts);

  // Of CounterFamily::counted number `index`; nullptr where it cannot be told exactly which series are
  // its, and the server must be asked.
  const Tallied* Of(size_t index) const;

  // The same of what the selector that it is a part of (WholeOf) counted beside it; nullptr where it
  // is of none.
  const Tallied* RestOf(size_t index) const;

  // Targets whose start times would make something certain.
  std::set<SeriesLabels> Unexplained() const;

  // What each series counted, as people may check it: at most limits::kKeptSeries, those first that
  // most selectors ask for, as failures are, then the largest.
  json::Object Kept() const;

 private:
  // Those series count that `sign` says, 1 for more and -1 for less; nullopt where that cannot be told.
  std::optional<Tallied> CountBy(const std::function<std::optional<int>(const SeriesLabels&)>& sign,
                                 const StartTimes& starts) const;

  // Whether the series is one of the selector's; nullopt where servers may differ on it.
  std::optional<bool> IsOf(const CountedSelector& selector, const SeriesLabels& labels) const;

  CounterFamily family_;
  std::vector<ReadQuery> queries_;
  Tally tally_;
  // By which reads each series came. One comes by several where they overlap, and counts once.
  std::map<SeriesLabels, std::set<size_t>> came_by_;
  bool known_ = false;  // the series under way came before
  std::vector<std::optional<Tallied>> tallied_, rests_;
};

}  // namespace slogate
