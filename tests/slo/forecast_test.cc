#include "gate/slo/forecast.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace slogate {
namespace {

// One stretch a day, the newest first.
std::vector<Spent> Days(const std::vector<int>& bad) {
  std::vector<Spent> profile;
  for (size_t day = 0; day < bad.size(); ++day) {
    profile.push_back(
        {absl::Hours(24) * static_cast<int64_t>(day), absl::Hours(24), Rational(bad[day])});
  }
  return profile;
}

struct Case {
  const char* name;
  std::vector<int> days;
  int limit;
  const char* want;  // hours, or "never"
};

class Until : public testing::TestWithParam<Case> {};

TEST_P(Until, AtMostTheLimitIsLeft) {
  const Case& c = GetParam();
  const auto window = absl::Hours(24) * static_cast<int64_t>(c.days.size());
  const auto until = UntilAtMost(c.limit, Days(c.days), window);
  EXPECT_EQ(until ? std::to_string(absl::ToInt64Hours(*until)) : "never", c.want);
}

INSTANTIATE_TEST_SUITE_P(
    Profiles, Until,
    testing::Values(Case{"it_is_so_already", {5, 5, 5, 5}, 20, "0"},
                    Case{"the_oldest_day_leaves", {5, 5, 5, 5}, 15, "24"},
                    Case{"a_part_of_the_oldest_day_leaves", {5, 5, 5, 10}, 20, "12"},
                    Case{"one_bad_day_long_ago", {0, 0, 0, 100}, 0, "24"},
                    Case{"one_bad_day_today", {100, 0, 0, 0}, 0, "96"},
                    Case{"a_quarter_of_today_may_stay", {100, 0, 0, 0}, 25, "90"},
                    Case{"what_is_older_than_the_quiet_days", {0, 0, 8, 8}, 8, "24"},
                    Case{"nothing_may_stay", {1, 1, 1, 1}, 0, "96"},
                    Case{"no_limit_is_low_enough", {1, 1}, -1, "never"},
                    Case{"no_profile", {}, 5, "never"}),
    [](const auto& one) { return std::string(one.param.name); });

// Whatever the profile: a moment earlier there is more than the limit, and then there is not.
TEST(Until, IsTheFirstMoment) {
  const std::vector<Spent> profile = Days({7, 0, 31, 12, 0, 0, 96, 3});
  const absl::Duration window = absl::Hours(24 * 8);
  const auto left = [&](absl::Duration later) {
    Rational bad = 0;
    for (const Spent& stretch : profile) {
      const absl::Duration inside =
          std::clamp(window - later - stretch.ago, absl::ZeroDuration(), stretch.over);
      bad = bad + stretch.bad *
                      *Quotient(absl::ToInt64Seconds(inside), absl::ToInt64Seconds(stretch.over));
    }
    return bad;
  };
  for (int limit = 0; limit < 149; ++limit) {
    const absl::Duration until = *UntilAtMost(limit, profile, window);
    EXPECT_LE(left(until), Rational(limit)) << limit;
    EXPECT_GT(left(until - absl::Seconds(1)), Rational(limit)) << limit;
  }
}

TEST(MostSpent, IsTheDayWithHalfOfAllOrNone) {
  EXPECT_EQ(MostSpent(Days({1, 2, 30, 4}))->ago, absl::Hours(48));
  EXPECT_EQ(MostSpent(Days({1, 2, 30, 4}))->bad, Rational(30));
  EXPECT_EQ(MostSpent(Days({5, 5}))->ago, absl::ZeroDuration()) << "the newest of several";
  EXPECT_FALSE(MostSpent(Days({5, 5, 5, 5})));
  EXPECT_FALSE(MostSpent(Days({0, 0})));
  EXPECT_FALSE(MostSpent({}));
}

}  // namespace
}  // namespace slogate
