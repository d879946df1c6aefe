// An override, put together from the records that speak of it. Whether it opens a gate is judged
// elsewhere (gate/decision/override.h): here stands what happened, not what it means.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <absl/time/time.h>
#include <absl/types/span.h>

#include "gate/history/record.h"

namespace slogate {

// Somebody's word about an override.
struct OverrideWord {
  Actor by;
  absl::Time at;
  int64_t seq = 0;
  std::string text;
};

struct OverrideUse {
  std::string decision;
  absl::Time at;
  int64_t seq = 0;
  bool again = false;
  std::optional<absl::Time> review_due;
  // When the pipeline reported that the release which this use let out failed.
  std::optional<absl::Time> failed_at;
};

struct Override {
  OverrideRequested request;
  Subject subject;
  Actor requested_by;
  absl::Time requested_at;
  int64_t seq = 0;
  std::vector<OverrideWord> approvals;  // in the order of their records
  std::vector<OverrideWord> reviews;
  std::optional<OverrideWord> rejected, revoked;  // the first
  std::vector<OverrideUse> uses;
};

// Those that `records` (in their order) hold the request of, in the order of the requests. What was
// refused counts for nothing, and neither does what speaks of another release than the request does
// (service, environment, artifact), or stands before it.
std::vector<Override> OverridesIn(absl::Span<const Record> records);

// The id of a new override, made of a random token: "ov-" and 12 of its hex digits.
std::string OverrideId(absl::string_view token);

}  // namespace slogate
