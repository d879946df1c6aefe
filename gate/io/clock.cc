#include "gate/io/clock.h"

#include <time.h>

#include <absl/time/clock.h>

namespace slogate {
namespace {

class SystemClock : public Clock {
 public:
  absl::Time Now() override { return absl::Now(); }

  absl::Duration Monotonic() override {
    timespec since_boot{};
    clock_gettime(CLOCK_MONOTONIC, &since_boot);  // cannot fail: Linux always has this clock
    return absl::DurationFromTimespec(since_boot);
  }
};

}  // namespace

std::unique_ptr<Clock> RealClock() { return std::make_unique<SystemClock>(); }

void Pause(absl::Duration length) { absl::SleepFor(length); }

}  // namespace slogate
