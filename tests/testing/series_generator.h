// Series described by functions, written as the OpenMetrics text from which promtool makes blocks
// (prometheus_server.h, Backfill). Values, pure; the same description gives the same bytes.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include <absl/strings/string_view.h>
#include <absl/time/time.h>
#include <absl/types/span.h>

namespace slogate::fake {

struct Series {
  std::string name;  // "http_requests_total"
  std::map<std::string, std::string> labels = {};
  absl::Time start = absl::UnixEpoch();  // the first sample
  absl::Time end = absl::UnixEpoch();    // no sample is later
  absl::Duration step = absl::Minutes(1);

  // One call per sample, in order of time. For a gauge the value; for a counter the events since
  // the sample before (at `start`: those before it, which no increase() will ever see).
  enum class Kind { kGauge, kCounter } kind = Kind::kGauge;
  std::function<double(absl::Time)> at = nullptr;

  // When a counter's process restarts: its next sample counts only what came since that sample's
  // predecessor.
  std::vector<absl::Time> resets = {};
};

struct Point {
  absl::Time time;
  double value = 0;

  friend bool operator==(const Point&, const Point&) = default;
};

std::vector<Point> Points(const Series& series);

// The lines of one series, without the end mark, so that large data can be written piece by piece.
std::string OpenMetricsLines(const Series& series);

inline constexpr char kOpenMetricsEnd[] = "# EOF\n";

// A whole text. Two series with the same name and labels (a gap) stand in order of time.
std::string OpenMetrics(absl::Span<const Series> series);

}  // namespace slogate::fake
