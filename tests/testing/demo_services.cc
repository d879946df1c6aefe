#include "tests/testing/demo_services.h"

#include <cmath>
#include <functional>
#include <random>
#include <string>

#include <absl/time/civil_time.h>

namespace slogate::fake {
namespace {

constexpr double kPi = 3.14159265358979323846;

struct Service {
  std::string name;
  double requests_per_second;                      // on average, of one of its two instances
  std::function<double(absl::Time)> failed_share;  // of all requests, answered with 5xx
};

// `hour`:00 UTC of the day that is `days` before `now`.
absl::Time DaysAgo(absl::Time now, int days, int hour) {
  const absl::CivilDay day = absl::ToCivilDay(now, absl::UTCTimeZone()) - days;
  return absl::FromCivil(day, absl::UTCTimeZone()) + absl::Hours(hour);
}

// Peak at 15:00 UTC, trough at 03:00, weekends at 70 %; and one night in which almost nobody came.
double TrafficShape(absl::Time now, absl::Time time) {
  if (time >= DaysAgo(now, 6, 1) && time < DaysAgo(now, 6, 5)) return 0.02;
  const absl::CivilSecond civil = absl::ToCivilSecond(time, absl::UTCTimeZone());
  const double hour = civil.hour() + civil.minute() / 60.0;
  const double day = 1 + 0.55 * std::cos(2 * kPi * (hour - 15) / 24);
  const absl::Weekday weekday = absl::GetWeekday(civil);
  const bool weekend = weekday == absl::Weekday::saturday || weekday == absl::Weekday::sunday;
  return weekend ? 0.7 * day : day;
}

bool Within(absl::Time time, absl::Time start, absl::Duration length) {
  return time >= start && time < start + length;
}

constexpr double kUsualShare = 0.0002;  // a fifth of what 99.9 % allows
constexpr absl::Duration kBadDeploy = absl::Hours(2);

std::vector<Service> Services(absl::Time now) {
  return {
      {"checkout", 20,
       [now](absl::Time time) {
         // A database failover: less than a tenth of the budget.
         return Within(time, DaysAgo(now, 12, 9), absl::Minutes(30)) ? 0.1 : kUsualShare;
       }},
      {"search", 30,
       [now](absl::Time time) { return time >= now - absl::Hours(96) ? 0.0025 : kUsualShare; }},
      {"payments", 10,
       [now](absl::Time time) {
         return Within(time, DaysAgo(now, 9, 13), kBadDeploy) ? 0.45 : kUsualShare;
       }},
      {"catalogue", 25,
       [now](absl::Time time) { return time >= now - absl::Minutes(70) ? 0.03 : kUsualShare; }},
  };
}

// Deploys at 10:00 UTC every third day, and the two of the bad deploy: out at 13:00, back at 15:00.
std::vector<absl::Time> Deploys(absl::Time now, const Service& service) {
  std::vector<absl::Time> deploys;
  for (int days = 33; days > 0; days -= 3) {
    if (service.name == "payments" && days == 9) {
      deploys.push_back(DaysAgo(now, 9, 13));
      deploys.push_back(DaysAgo(now, 9, 13) + kBadDeploy);
    } else {
      deploys.push_back(DaysAgo(now, days, 10));
    }
  }
  return deploys;
}

// Whole events with the given mean: the fraction that is left becomes an event now and then.
double WholeEvents(double mean, std::mt19937_64& random) {
  std::uniform_real_distribution<double> unit(0, 1);
  const double noisy = mean * (0.9 + 0.2 * unit(random));
  return std::floor(noisy + unit(random));
}

}  // namespace

std::vector<Series> DemoServices(absl::Time now, uint64_t seed) {
  // On whole minutes, as a scrape would be if it were punctual.
  now = absl::FromUnixSeconds(absl::ToUnixSeconds(now) / 60 * 60);
  const absl::Time start = now - kDemoBack;
  std::vector<Series> all;
  for (const Service& service : Services(now)) {
    for (const std::string instance : {"10.4.0.11:8080", "10.4.0.12:8080"}) {
      for (const std::string code : {"200", "404", "503"}) {
        const auto share = [failed = service.failed_share, code](absl::Time time) {
          if (code == "503") return failed(time);
          return code == "404" ? 0.01 : 0.99 - failed(time);
        };
        const auto events = [now, start, share, rate = service.requests_per_second,
                             random = std::mt19937_64(seed + all.size())](absl::Time time) mutable {
          if (time == start) return 0.0;
          return WholeEvents(60 * rate * TrafficShape(now, time) * share(time), random);
        };
        all.push_back({.name = "http_requests_total",
                       .labels = {{"service", service.name},
                                  {"env", "prod"},
                                  {"instance", instance},
                                  {"code", code}},
                       .start = start,
                       .end = now + kDemoAhead,
                       .kind = Series::Kind::kCounter,
                       .at = events,
                       .resets = Deploys(now, service)});
      }
    }
  }
  return all;
}

}  // namespace slogate::fake
