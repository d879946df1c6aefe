#include "gate/evidence/replicas.h"

#include <algorithm>

namespace slogate {

SeriesLabels WithoutReplicas(const SeriesLabels& labels, const std::vector<std::string>& replicas) {
  SeriesLabels common;
  for (const auto& label : labels) {
    const bool tells = std::find(replicas.begin(), replicas.end(), label.first) != replicas.end();
    if (!tells) common.push_back(label);
  }
  return common;
}

PartCount Worst(absl::Span<const PartCount> replicas, absl::Duration max_age) {
  PartCount worst = replicas[0];
  PartCount sum = replicas[0];
  for (const PartCount& replica : replicas.subspan(1)) {
    worst.events.low = std::max(worst.events.low, replica.events.low);
    worst.events.high = std::max(worst.events.high, replica.events.high);
    worst.across = std::max(worst.across, replica.across);
    worst.first_ms = std::min(worst.first_ms, replica.first_ms);
    worst.last_ms = std::max(worst.last_ms, replica.last_ms);
    sum.events.high = sum.events.high + replica.events.high;
    sum.across = sum.across + replica.across;
  }
  const int64_t slack = absl::ToInt64Milliseconds(max_age);
  const bool one_saw_all =
      std::any_of(replicas.begin(), replicas.end(), [&](const PartCount& replica) {
        return replica.first_ms - worst.first_ms <= slack &&
               worst.last_ms - replica.last_ms <= slack;
      });
  if (!one_saw_all) {
    worst.events.high = sum.events.high;
    worst.across = sum.across;
  }
  return worst;
}

}  // namespace slogate
