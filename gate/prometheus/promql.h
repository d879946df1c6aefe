// What to ask a Prometheus for each kind of question, as texts that one can paste, and what the
// number that comes back means. Pure.
//
// A question takes one to three requests: the cheapest first, and the next only where the one
// before found nothing. All of it was measured on a real server: last_over_time() gives samples the
// time of the evaluation, so their age needs timestamp(), which only sees the server's lookback of
// 5 minutes; and the points of a subquery stand on multiples of its step, not on the instant.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <absl/time/time.h>

#include "gate/base/bounds.h"
#include "gate/evidence/evidence.h"

namespace slogate {

inline constexpr char kQueryPath[] = "/api/v1/query";
inline constexpr char kSeriesPath[] = "/api/v1/series";

// One thing to ask about one selector: an instant query, or a look into the index of series.
struct Ask {
  enum class Kind : uint8_t {
    kTime,       // the server's own time; no selector
    kIncrease,   // how much the counters grew within the `over` that ended `ago` before the instant
    kAnySample,  // 1 where there is a sample in the `over` that ended `ago` before the instant
    kNewest,     // the age of the newest sample, as far back as timestamp() sees
    kNewestOnGrid,  // the same of what stands at points every `step` within `over`
    kOldestOnGrid,  // the age of the oldest such
    kPoints,   // at how many points every `step` within `over` a sample at most `ago` old stood
    kBounds,   // one series for each bound that buckets had within `over`; not a number
    kWritten,  // what `text` gives, one number
    kIndex,    // whether the server knows such series at all; at no instant
  };
  Kind kind = Kind::kTime;
  Selector selector = {};
  absl::Duration over = absl::ZeroDuration();
  absl::Duration ago = absl::ZeroDuration();
  absl::Duration step = absl::ZeroDuration();
  std::string text = {};  // PromQL, of kWritten only

  friend bool operator==(const Ask&, const Ask&) = default;
  friend bool operator<(const Ask& a, const Ask& b);
};

// Whether it is evaluated at the decision's instant; otherwise at the server's own time.
bool IsPinned(const Ask& ask);

const char* PathOf(const Ask& ask);

// The PromQL, or the selector for match[]. With labels `by`: one number for each combination of
// their values instead of one for all, for those kinds of ask that GroupAsks groups.
std::string QueryText(const Ask& ask, const std::vector<std::string>& by = {});

// The requests that answer `question`, in order. Never empty.
std::vector<Ask> AsksFor(const Question& question);

// What `value`, the answer to the request number `index` of AsksFor(question), says about the
// question; nullopt: that there is no such data. `value` is not negative.
std::optional<Bounds> MeaningOf(const Question& question, size_t index, const Rational& value);

}  // namespace slogate
