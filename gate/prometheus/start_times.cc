#include "gate/prometheus/start_times.h"

#include <algorithm>
#include <cmath>
#include <string>

#include <absl/strings/str_join.h>

#include "gate/prometheus/plain_matcher.h"

namespace slogate {

std::optional<Selector> StartTimesOf(const std::set<SeriesLabels>& targets) {
  std::set<std::string> jobs;
  for (const SeriesLabels& target : targets) {
    for (const auto& [name, value] : target) {
      if (name == "job") jobs.insert(Escaped(value));
    }
  }
  if (jobs.empty()) return std::nullopt;
  return Selector{"process_start_time_seconds", {{"job", "=~", absl::StrJoin(jobs, "|")}}};
}

absl::Status StartTimeSink::Begin(size_t /*query*/, const SeriesLabels& labels) {
  const SeriesLabels target = TargetOf(labels, {});
  target_ = target.empty() ? nullptr : &starts_[target];
  return absl::OkStatus();
}

absl::Status StartTimeSink::Add(absl::Span<const Sample> samples) {
  if (target_ == nullptr) return absl::OkStatus();
  for (const Sample& sample : samples) {
    // What is no time of a process says nothing.
    if (!std::isfinite(sample.value) || sample.value <= 0 || sample.value > 1e10) continue;
    const absl::Time start = absl::UnixEpoch() + absl::Milliseconds(std::round(sample.value * 1e3));
    if (target_->empty() || target_->back() != start) target_->push_back(start);
  }
  return absl::OkStatus();
}

absl::Status StartTimeSink::End() { return absl::OkStatus(); }

}  // namespace slogate
