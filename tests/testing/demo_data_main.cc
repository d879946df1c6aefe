// slogate_demo_data NOW [SEED]: the demo's services (demo_services.h) as OpenMetrics text on
// stdout. NOW is in seconds since 1970, so that the same arguments always give the same bytes.
#include <cstdint>
#include <cstdio>

#include <absl/strings/numbers.h>
#include <absl/time/time.h>

#include "tests/testing/demo_services.h"

int main(int argc, char** argv) {
  int64_t now = 0;
  uint64_t seed = 1;
  if (argc < 2 || argc > 3 || !absl::SimpleAtoi(argv[1], &now) ||
      (argc == 3 && !absl::SimpleAtoi(argv[2], &seed))) {
    std::fputs("usage: slogate_demo_data NOW [SEED]\n", stderr);
    return 2;
  }
  for (const auto& series : slogate::fake::DemoServices(absl::FromUnixSeconds(now), seed)) {
    std::fputs(slogate::fake::OpenMetricsLines(series).c_str(), stdout);
  }
  std::fputs(slogate::fake::kOpenMetricsEnd, stdout);
  return std::fclose(stdout) == 0 ? 0 : 1;
}
