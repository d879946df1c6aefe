// The demo's stories must be true with wide margins at every hour, on every weekday and for any
// seed; this computes them from the series themselves, by plain sums, with no Prometheus and none
// of the gate's arithmetic.
#include "tests/testing/demo_services.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/time/time.h>
#include <gtest/gtest.h>

namespace slogate::fake {
namespace {

constexpr double kAllowedShare = 0.001;  // of an objective of 99.9 %
constexpr absl::Duration kWindow = absl::Hours(30 * 24);

// Events of one service per minute: total and bad.
struct Minutes {
  std::vector<double> total, bad;
};

std::map<std::string, Minutes> Events(const std::vector<Series>& all) {
  std::map<std::string, Minutes> services;
  for (const Series& series : all) {
    Minutes& minutes = services[series.labels.at("service")];
    // The functions themselves, so that restarts do not have to be undone.
    size_t i = 0;
    for (absl::Time time = series.start; time <= series.end; time += series.step, ++i) {
      if (minutes.total.size() <= i) {
        minutes.total.push_back(0);
        minutes.bad.push_back(0);
      }
      const double events = series.at(time);
      minutes.total[i] += events;
      if (series.labels.at("code") == "503") minutes.bad[i] += events;
    }
  }
  return services;
}

// bad / total / allowed over the window that ends `end` minutes after the start.
double Burn(const Minutes& minutes, size_t end, absl::Duration window) {
  double total = 0;
  double bad = 0;
  for (size_t i = end - static_cast<size_t>(window / absl::Minutes(1)); i < end; ++i) {
    total += minutes.total[i + 1];
    bad += minutes.bad[i + 1];
  }
  return bad / total / kAllowedShare;
}

struct Case {
  absl::Time now;
  uint64_t seed;
};

std::vector<Case> Cases() {
  std::vector<Case> cases;
  const absl::Time thursday = absl::FromUnixSeconds(1'795'651'200);  // 2026-11-26T00:00:00Z
  // 31 hours apart: every part of the day, every weekday.
  for (int i = 0; i < 8; ++i)
    cases.push_back({thursday + absl::Hours(31) * i, 1U + static_cast<uint64_t>(i)});
  return cases;
}

class DemoStories : public testing::TestWithParam<Case> {};

TEST_P(DemoStories, AreTrueAllTheTime) {
  const std::map<std::string, Minutes> services =
      Events(DemoServices(GetParam().now, GetParam().seed));
  for (const absl::Duration later : {absl::ZeroDuration(), kDemoGood / 2, kDemoGood}) {
    SCOPED_TRACE(absl::StrCat(absl::FormatTime(GetParam().now + later, absl::UTCTimeZone())));
    const auto end = static_cast<size_t>((kDemoBack + later) / absl::Minutes(1));
    const auto burn = [&](const char* service, absl::Duration window) {
      return Burn(services.at(service), end, window);
    };
    // allow: nothing near any rule
    EXPECT_LT(burn("checkout", kWindow), 0.5);
    EXPECT_LT(burn("checkout", absl::Hours(72)), 0.5);
    EXPECT_LT(burn("checkout", absl::Hours(1)), 2);
    // warn: slow burn only
    EXPECT_LT(burn("search", kWindow), 0.8);
    EXPECT_GT(burn("search", absl::Hours(72)), 2);
    EXPECT_GT(burn("search", absl::Hours(6)), 2);
    EXPECT_LT(burn("search", absl::Hours(1)), 5);
    // deny: spent, and quiet since
    EXPECT_GT(burn("payments", kWindow), 1.2);
    EXPECT_LT(burn("payments", absl::Hours(72)), 0.5);
    EXPECT_LT(burn("payments", absl::Hours(1)), 4);
    // hold: fast burn (from 14.4), budget left
    EXPECT_GT(burn("catalogue", absl::Hours(1)), 25);
    EXPECT_GT(burn("catalogue", absl::Minutes(5)), 22);
    EXPECT_LT(burn("catalogue", kWindow), 0.85);
    // Nobody is judged on too few events, not even over five minutes at night.
    for (const auto& [service, minutes] : services) {
      double total = 0;
      for (size_t i = end; i < end + 5; ++i) total += minutes.total[i];
      EXPECT_GT(total * kAllowedShare, 1) << service;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Hours, DemoStories, testing::ValuesIn(Cases()), [](const auto& test) {
  return absl::FormatTime("%a_%H_%M", test.param.now, absl::UTCTimeZone());
});

TEST(DemoServices, SameSeedSameData) {
  const absl::Time now = absl::FromUnixSeconds(1'795'651'234);
  const auto first = [now](uint64_t seed) {
    return OpenMetricsLines(DemoServices(now, seed).front());
  };
  EXPECT_EQ(first(1), first(1));
  EXPECT_NE(first(1), first(2));
}

}  // namespace
}  // namespace slogate::fake
