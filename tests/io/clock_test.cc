#include "gate/io/clock.h"

#include <absl/time/clock.h>
#include <gtest/gtest.h>

#include "tests/testing/fakes.h"

namespace slogate {
namespace {

TEST(RealClock, WallClockIsTheSystems) {
  const absl::Time before = absl::Now();
  const absl::Time now = RealClock()->Now();
  EXPECT_LE(before, now);
  EXPECT_LE(now, absl::Now());
}

TEST(RealClock, MonotonicMovesOnAndNeverBack) {
  const std::unique_ptr<Clock> clock = RealClock();
  const absl::Duration first = clock->Monotonic();
  EXPECT_GT(first, absl::ZeroDuration());
  absl::Duration last = first;
  for (int i = 0; i < 100000; ++i) {
    const absl::Duration next = clock->Monotonic();
    ASSERT_LE(last, next);
    last = next;
  }
  EXPECT_LT(first, last);
}

TEST(Deadline, GoesByTheMonotonicClockAlone) {
  fake::FixedClock clock(absl::FromUnixSeconds(1'795'212'000));
  clock.monotonic = absl::Hours(5);
  const Deadline deadline(clock, absl::Seconds(60));
  EXPECT_EQ(deadline.Left(), absl::Seconds(60));

  clock.now += absl::Hours(24);
  EXPECT_EQ(deadline.Left(), absl::Seconds(60));

  clock.monotonic += absl::Seconds(59.5);
  EXPECT_EQ(deadline.Left(), absl::Seconds(0.5));
  clock.monotonic += absl::Seconds(0.5);
  EXPECT_EQ(deadline.Left(), absl::ZeroDuration());
  clock.monotonic += absl::Hours(1);
  EXPECT_EQ(deadline.Left(), absl::ZeroDuration()) << "never negative";
}

}  // namespace
}  // namespace slogate
