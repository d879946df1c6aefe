// A service in good order, what may be wrong with its readings, and what that comes to.
#pragma once

#include <ostream>
#include <string>

#include <absl/strings/str_cat.h>

#include "gate/evidence/plan.h"
#include "tests/evidence/evidence_case.h"

namespace slogate {

inline constexpr char kTotalBad[] = R"(total: requests, bad: '{code=~"5.."}')";
inline constexpr char kGoodBad[] = "good: served, bad: failed";

// Keys of readings.
inline constexpr char kTotalHour[] = "events requests 1h";
inline constexpr char kTotalMonth[] = "events requests 30d";
inline constexpr char kBadHour[] = R"(events requests{code=~"5.."} 1h)";
inline constexpr char kBadMonth[] = R"(events requests{code=~"5.."} 30d)";
inline constexpr char kNewest[] = "newest_sample requests 5m";
inline constexpr char kHistory[] = "history requests 30d";
inline constexpr char kCoverage[] = "coverage requests 30d 5m";
inline constexpr char kCarries[] = R"(series_seen requests{code!=""} 30d)";

// A service in good order, whose rules read 1 h and 30 d.
inline const Readings& Healthy() {
  static const Readings readings = {
      {"clock", "1795403560"}, {kTotalHour, "10000"}, {kTotalMonth, "5000000"}, {kBadHour, "3"},
      {kBadMonth, "2000"},     {kNewest, "15"},       {kHistory, "2592000"},    {kCoverage, "120"}};
  return readings;
}

inline Readings HealthyBut(const Readings& changes) {
  Readings readings = changes;
  readings.insert(Healthy().begin(), Healthy().end());  // insert keeps what is there
  return readings;
}

// A line for each count and each finding.
inline Strings Weighed(const EffectivePolicy& policy, const EffectiveSlo& slo,
                       const Readings& readings) {
  const SloEvidence weighed =
      Weigh(policy, slo, WindowsFor(policy, slo, ApplicabilityOf(policy, slo)), Told(readings));
  Strings lines;
  for (const auto& [window, count] : weighed.counts) {
    lines.push_back(absl::StrCat(PrintDuration(window), ": ", Text(count)));
  }
  for (const SloFinding& found : weighed.findings) {
    lines.push_back(absl::StrCat(found.window ? PrintDuration(*found.window) : "all", ": ",
                                 Text(found.finding)));
  }
  return lines;
}

inline Strings WeighedInAll(const std::string& events, const std::string& more,
                            const Readings& readings) {
  const EffectivePolicy policy = PolicyOf(
      {.rules = {kSpent, kFastBurn}, .slos = {SloWith("availability", events)}, .more = more});
  return Weighed(policy, policy.slos.front(), readings);
}

struct WeighCase {
  const char* name;
  Readings changes;
  Strings want;
};

inline void PrintTo(const WeighCase& test, std::ostream* out) { *out << test.name; }

inline constexpr char kHourCount[] = "1h: 3 of 10000";
inline constexpr char kMonthCount[] = "30d: 2000 of 5000000";

}  // namespace slogate
