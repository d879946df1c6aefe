#include "gate/policy/freeze.h"

#include <algorithm>
#include <utility>

#include <absl/strings/str_cat.h>

#include "gate/base/duration.h"
#include "gate/policy/report.h"

namespace slogate {
namespace {

constexpr absl::Duration kFar = absl::Hours(24 * 366);

std::optional<absl::Time> Resolved(const WrittenMoment& moment,
                                   const std::optional<std::string>& time_zone) {
  if (const auto* time = std::get_if<absl::Time>(&moment)) return *time;
  if (!time_zone) return std::nullopt;
  return MomentOf(std::get<absl::CivilSecond>(moment), *time_zone);
}

}  // namespace

std::optional<Freeze> ResolvedFreeze(const FreezeConfig& freeze) {
  const std::optional<absl::Time> from = Resolved(freeze.from.value, freeze.time_zone);
  const std::optional<absl::Time> to = Resolved(freeze.to.value, freeze.time_zone);
  if (!from || !to) return std::nullopt;
  return Freeze{*from, *to, freeze.reason};
}

std::vector<Rule> FreezesIn(const ReleasePolicy& policy, const std::string& environment) {
  const Freeze always{absl::FromUnixSeconds(1), *ParseTime("9999-12-31T00:00:00Z"), ""};
  std::vector<Rule> rules;
  for (const FreezeConfig& freeze : policy.freezes) {
    const auto is_here = [&](const Placed<std::string>& name) { return name.value == environment; };
    const auto& names = freeze.environments;
    if (!names.empty() && std::none_of(names.begin(), names.end(), is_here)) continue;
    rules.push_back({freeze.at, freeze.id, ResolvedFreeze(freeze).value_or(always), freeze.verdict,
                     SloSelection()});
  }
  return rules;
}

std::vector<Diagnostic> FreezesOutOfTime(const ReleasePolicy& policy, absl::Time now) {
  std::vector<Diagnostic> diagnostics;
  Report report(policy.file, diagnostics);
  for (const FreezeConfig& freeze : policy.freezes) {
    const std::optional<Freeze> times = ResolvedFreeze(freeze);
    if (!times) continue;
    if (times->to <= now) {
      report.Warning("freeze_is_over", freeze.to.at,
                     absl::StrCat("freeze '", freeze.id, "' is over since ", PrintTime(times->to)),
                     "remove it, or correct its times");
    } else if (times->from - now > kFar) {
      report.Warning("freeze_is_far", freeze.from.at,
                     absl::StrCat("freeze '", freeze.id, "' begins only at ",
                                  PrintTime(times->from), ", more than a year from now"),
                     "look whether the year is right");
    }
  }
  return diagnostics;
}

}  // namespace slogate
