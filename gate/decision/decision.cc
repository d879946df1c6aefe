#include "gate/decision/decision.h"

#include <algorithm>

namespace slogate {

absl::string_view Word(Measure measure) {
  switch (measure) {
    case Measure::kBudgetRemaining:
      return "budget_remaining";
    case Measure::kBudgetSpent:
      return "budget_spent";
    case Measure::kBurnRate:
      return "burn_rate";
    case Measure::kSli:
      return "sli";
    case Measure::kLastRelease:
      return "last_release";
    case Measure::kFreezeSince:
      return "freeze_since";
    case Measure::kFreezeLeft:
      return "freeze_left";
  }
  return "";
}

absl::string_view Word(InstantSource source) {
  switch (source) {
    case InstantSource::kServer:
      return "server";
    case InstantSource::kGate:
      return "gate";
    case InstantSource::kFlag:
      return "flag";
  }
  return "";
}

const Leg* Reason::Nearest() const {
  const Leg* nearest = nullptr;
  Rational least;
  for (const Leg& leg : legs) {
    if (truth == Truth::kFalse && leg.truth != Truth::kFalse) continue;
    if (!leg.measured) {
      if (nearest == nullptr) nearest = &leg;
      continue;
    }
    const Rational distance =
        std::min(Abs(leg.measured->low - leg.threshold), Abs(leg.measured->high - leg.threshold));
    if (nearest == nullptr || !nearest->measured || distance < least) {
      nearest = &leg;
      least = distance;
    }
  }
  return nearest;
}

bool Reason::TooClose() const {
  return truth == Truth::kUnknown && !legs.empty() &&
         std::all_of(legs.begin(), legs.end(),
                     [](const Leg& leg) { return leg.measured || leg.truth != Truth::kUnknown; });
}

bool Reason::WithoutHistory() const {
  return truth == Truth::kUnknown && !legs.empty() && legs.front().measure == Measure::kLastRelease;
}

std::vector<SourceNote> SourcesOf(const EffectivePolicy& policy) {
  std::vector<SourceNote> sources;
  for (const auto& [name, config] : policy.sources) {
    sources.push_back({name, config.url.value, config.kind});
  }
  return sources;
}

}  // namespace slogate
