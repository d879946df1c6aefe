#include "tests/testing/series_generator.h"

#include <cmath>
#include <cstdint>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/strings/str_replace.h>

namespace slogate::fake {
namespace {

std::string ValueText(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  if (value == std::floor(value) && std::fabs(value) < 1e15) {
    return absl::StrCat(static_cast<int64_t>(value));
  }
  return absl::StrFormat("%.17g", value);
}

// Seconds, with milliseconds only where there are some.
std::string TimeText(absl::Time time) {
  const int64_t ms = absl::ToUnixMillis(time);
  if (ms % 1000 == 0) return absl::StrCat(ms / 1000);
  return absl::StrFormat("%d.%03d", ms / 1000, ms % 1000);
}

std::string Head(const Series& series) {
  std::string head = series.name;
  char before = '{';
  for (const auto& [name, value] : series.labels) {
    const std::string escaped =
        absl::StrReplaceAll(value, {{"\\", R"(\\)"}, {"\"", R"(\")"}, {"\n", R"(\n)"}});
    absl::StrAppend(&head, absl::string_view(&before, 1), name, "=\"", escaped, "\"");
    before = ',';
  }
  if (!series.labels.empty()) head += '}';
  return head;
}

}  // namespace

std::vector<Point> Points(const Series& series) {
  std::vector<Point> points;
  double counted = 0;
  auto reset = series.resets.begin();
  for (absl::Time time = series.start; time <= series.end; time += series.step) {
    const double value = series.at(time);
    if (series.kind == Series::Kind::kGauge) {
      points.push_back({time, value});
      continue;
    }
    for (; reset != series.resets.end() && *reset <= time; ++reset) counted = 0;
    counted += value;
    points.push_back({time, counted});
  }
  return points;
}

std::string OpenMetricsLines(const Series& series) {
  const std::string head = Head(series);
  std::string lines;
  for (const Point& point : Points(series)) {
    absl::StrAppend(&lines, head, " ", ValueText(point.value), " ", TimeText(point.time), "\n");
  }
  return lines;
}

std::string OpenMetrics(absl::Span<const Series> series) {
  std::string text;
  for (const Series& one : series) text += OpenMetricsLines(one);
  return text + kOpenMetricsEnd;
}

}  // namespace slogate::fake
