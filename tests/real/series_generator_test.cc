#include "tests/testing/series_generator.h"

#include <limits>
#include <string>
#include <vector>

#include <absl/time/time.h>
#include <gtest/gtest.h>

namespace slogate::fake {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1'000);

double Two(absl::Time /*time*/) { return 2; }

TEST(SeriesGenerator, CounterAddsUpAndRestarts) {
  const Series series = {.name = "c_total",
                         .start = kStart,
                         .end = kStart + absl::Seconds(299),
                         .kind = Series::Kind::kCounter,
                         .at = Two,
                         .resets = {kStart + absl::Seconds(90)}};
  const std::vector<Point> want = {{kStart, 2},
                                   {kStart + absl::Minutes(1), 4},
                                   {kStart + absl::Minutes(2), 2},
                                   {kStart + absl::Minutes(3), 4},
                                   {kStart + absl::Minutes(4), 6}};
  EXPECT_EQ(Points(series), want);
}

TEST(SeriesGenerator, WritesOpenMetrics) {
  const std::vector<Series> series = {
      {.name = "plain", .start = kStart, .end = kStart, .at = [](absl::Time) { return 0.1; }},
      {.name = "labelled",
       .labels = {{"b", "quote \" slash \\ line\n"}, {"a", "1"}},
       .start = kStart,
       .end = kStart + absl::Milliseconds(500),
       .step = absl::Milliseconds(500),
       .at = [](absl::Time time) { return absl::ToDoubleSeconds(time - kStart) * -3e6; }},
      {.name = "odd", .start = kStart, .end = kStart + absl::Minutes(2), .at = [](absl::Time time) {
         if (time == kStart) return std::numeric_limits<double>::quiet_NaN();
         const double infinite = std::numeric_limits<double>::infinity();
         return time == kStart + absl::Minutes(1) ? infinite : -infinite;
       }}};
  EXPECT_EQ(OpenMetrics(series),
            "plain 0.10000000000000001 1000\n"
            "labelled{a=\"1\",b=\"quote \\\" slash \\\\ line\\n\"} 0 1000\n"
            "labelled{a=\"1\",b=\"quote \\\" slash \\\\ line\\n\"} -1500000 1000.500\n"
            "odd NaN 1000\n"
            "odd +Inf 1060\n"
            "odd -Inf 1120\n"
            "# EOF\n");
}

TEST(SeriesGenerator, NothingIsStillAText) { EXPECT_EQ(OpenMetrics({}), "# EOF\n"); }

}  // namespace
}  // namespace slogate::fake
