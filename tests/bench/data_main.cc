// slogate_bench_data NOW: what the benchmarks measure (workload.h), as OpenMetrics text on stdout: a
// sample a minute from 35 days before NOW to 7 days after it, so that one text serves for a week.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <random>
#include <string>

#include <absl/strings/numbers.h>

#include "tests/bench/workload.h"
#include "tests/testing/series_generator.h"

namespace slogate::bench {
namespace {

std::string Lines(int service, const std::string& code, double per_minute, absl::Time now) {
  std::mt19937_64 random(static_cast<uint64_t>(service));
  std::uniform_real_distribution<double> unit(0, 1);
  const auto events = [&](absl::Time) {
    return std::floor(per_minute * (0.9 + 0.2 * unit(random)) + unit(random));
  };
  return fake::OpenMetricsLines({.name = kMetric,
                                 .labels = {{"service", ServiceName(service)}, {"code", code}},
                                 .start = now - absl::Hours(35 * 24),
                                 .end = now + absl::Hours(7 * 24),
                                 .kind = fake::Series::Kind::kCounter,
                                 .at = events});
}

}  // namespace
}  // namespace slogate::bench

int main(int argc, char** argv) {
  int64_t now = 0;
  if (argc != 2 || !absl::SimpleAtoi(argv[1], &now)) {
    std::fputs("usage: slogate_bench_data NOW\n", stderr);
    return 2;
  }
  const absl::Time minute = absl::FromUnixSeconds(now / 60 * 60);
  for (int service = 0; service < slogate::bench::kServices; ++service) {
    // A fifth of the failures that 99.9 % allows: no rule of the workload is ever true.
    std::fputs(slogate::bench::Lines(service, "200", 600, minute).c_str(), stdout);
    std::fputs(slogate::bench::Lines(service, "500", 0.12, minute).c_str(), stdout);
  }
  std::fputs(slogate::fake::kOpenMetricsEnd, stdout);
  return std::fclose(stdout) == 0 ? 0 : 1;
}
