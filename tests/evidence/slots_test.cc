#include "gate/evidence/slots.h"

#include <gtest/gtest.h>

namespace slogate {
namespace {

struct SlotsCase {
  const char* name;
  absl::Duration window, max_age;
  absl::Duration length;
  int64_t count;
};

constexpr absl::Duration kFive = absl::Minutes(5);

TEST(SlotsOfTest, AreAbout120AndNoneShorterThanASampleLasts) {
  const SlotsCase cases[] = {
      {"a month", absl::Hours(720), kFive, absl::Hours(6), 120},
      {"31 days", absl::Hours(744), kFive, absl::Minutes(372), 120},
      {"a week", absl::Hours(168), kFive, absl::Minutes(84), 120},
      {"ten hours, the last with a slot of five minutes", absl::Hours(10), kFive, kFive, 120},
      {"an hour", absl::Hours(1), kFive, kFive, 12},
      {"what is over belongs to no slot", absl::Minutes(61), kFive, kFive, 12},
      {"whole seconds", absl::Seconds(86401), kFive, absl::Seconds(720), 120},
      {"two at least", absl::Minutes(7), kFive, absl::Seconds(210), 2},
      {"an old sample lasts", absl::Hours(720), absl::Hours(12), absl::Hours(12), 60},
      {"longer than the window", absl::Hours(24), absl::Hours(48), absl::Hours(12), 2},
      {"a young one does not", absl::Hours(1), absl::Seconds(1), absl::Seconds(30), 120},
      {"a second", absl::Seconds(1), kFive, absl::Seconds(1), 1},
      {"no time at all", absl::ZeroDuration(), absl::ZeroDuration(), absl::Seconds(1), 1},
  };
  for (const SlotsCase& test : cases) {
    const Slots slots = SlotsOf(test.window, test.max_age);
    EXPECT_EQ(slots.length, test.length) << test.name;
    EXPECT_EQ(slots.count, test.count) << test.name;
  }
}

}  // namespace
}  // namespace slogate
