// The gate's clocks. One seam, so that tests fix the hour and nothing else in the house asks for
// it.
#pragma once

#include <algorithm>
#include <memory>

#include <absl/time/time.h>

namespace slogate {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() = 0;            // the wall clock: may be wrong, may step
  virtual absl::Duration Monotonic() = 0;  // since some fixed moment; never steps back
};

std::unique_ptr<Clock> RealClock();

// Lets that much time go by.
void Pause(absl::Duration length);

// The moment at which a run gives up waiting, by the monotonic clock. The clock must outlive it.
class Deadline {
 public:
  Deadline(Clock& clock, absl::Duration wait) : clock_(&clock), end_(clock.Monotonic() + wait) {}
  absl::Duration Left() const { return std::max(absl::ZeroDuration(), end_ - clock_->Monotonic()); }

 private:
  Clock* clock_;
  absl::Duration end_;
};

}  // namespace slogate
