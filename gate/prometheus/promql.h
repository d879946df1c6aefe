// What to ask a Prometheus for each kind of question, as texts that one can paste, and what the
// number that comes back means. Pure.
//
// A question takes one to three requests: the cheapest first, and the next only where the one
// before found nothing. All of it was measured on a real server: last_over_time() gives samples the
// time of the evaluation, so their age needs timestamp(), which only sees the server's lookback of
// 5 minutes; and the points of a subquery stand on multiples of its step, not on the instant.
#pragma once

#include <compare>
#include <string>
#include <vector>

#include "gate/base/bounds.h"
#include "gate/evidence/evidence.h"

namespace slogate {

inline constexpr char kQueryPath[] = "/api/v1/query";
inline constexpr char kSeriesPath[] = "/api/v1/series";

// One request: an instant query, or a look into the index of series.
struct Ask {
  std::string path;     // kQueryPath or kSeriesPath
  std::string query;    // PromQL, or the selector for match[]
  bool pinned = true;   // evaluated at the decision's instant; otherwise at the server's own time
  bool bounds = false;  // answered with one series for each bound of a bucket, not with one number

  friend auto operator<=>(const Ask&, const Ask&) = default;
};

// The requests that answer `question`, in order. Never empty.
std::vector<Ask> AsksFor(const Question& question);

// What `value`, the answer to the request number `index` of AsksFor(question), says about the
// question; nullopt: that there is no such data. `value` is not negative.
std::optional<Bounds> MeaningOf(const Question& question, size_t index, const Rational& value);

}  // namespace slogate
