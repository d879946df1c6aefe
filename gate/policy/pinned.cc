#include <algorithm>
#include <utility>

#include "gate/policy/effective.h"

namespace slogate {
namespace {

// By the record where it knows, else by the machine.
std::optional<Period> PeriodOf(const CalendarWindow& window, absl::Time instant,
                               const CalendarFacts& recorded) {
  const auto known = recorded.periods.find(window);
  return known != recorded.periods.end() ? std::optional(known->second) : PeriodAt(window, instant);
}

void PinSlo(const EffectivePolicy& policy, const CalendarFacts& recorded, EffectiveSlo& slo) {
  if (!slo.calendar) return;
  slo.period = PeriodOf(*slo.calendar, *policy.instant, recorded);
  if (!slo.period) return;
  const absl::Duration lasted = *policy.instant - slo.period->start;
  slo.window = std::max(lasted, policy.findings.stale_older_than);
  if (const auto* slice = SliceOf(slo.sli)) slo.window = std::max(slo.window, slice->value);
}

}  // namespace

EffectivePolicy PinnedAt(EffectivePolicy policy, absl::Time instant,
                         const CalendarFacts& recorded) {
  policy.instant = instant;
  policy.calendar = {};
  for (EffectiveSlo& slo : policy.slos) {
    PinSlo(policy, recorded, slo);
    if (slo.calendar && slo.period) policy.calendar.periods[*slo.calendar] = *slo.period;
  }
  for (Rule& rule : policy.rules) {
    auto* freeze = std::get_if<Freeze>(&rule.when);
    if (freeze == nullptr) continue;
    const auto known = recorded.freezes.find(rule.id);
    if (known != recorded.freezes.end()) {
      freeze->from = known->second.from;
      freeze->to = known->second.to;
    }
    policy.calendar.freezes[rule.id] = {freeze->from, freeze->to, ""};
  }
  return policy;
}

}  // namespace slogate
