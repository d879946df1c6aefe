// When processes began, by the gauge that client libraries export beside their counters. Pure.
#pragma once

#include <optional>
#include <set>

#include "gate/evidence/births.h"
#include "gate/policy/selector.h"
#include "gate/prometheus/chunk_response.h"

namespace slogate {

// The start times of the jobs that these targets belong to; nullopt where none names a job.
std::optional<Selector> StartTimesOf(const std::set<SeriesLabels>& targets);

// Takes the series of that selector.
class StartTimeSink : public SampleSink {
 public:
  const StartTimes& starts() const { return starts_; }

  absl::Status Begin(size_t query, const SeriesLabels& labels) override;
  absl::Status Add(absl::Span<const Sample> samples) override;
  absl::Status End() override;

 private:
  StartTimes starts_;
  std::vector<absl::Time>* target_ = nullptr;  // of the series under way; none: it names no process
};

}  // namespace slogate
