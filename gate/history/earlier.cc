#include "gate/history/earlier.h"

#include <algorithm>
#include <utility>

#include <absl/strings/str_cat.h>

#include "gate/base/duration.h"

namespace slogate {
namespace {

std::string PercentOf(const Rational& objective) {
  const Rational percent = objective * 100;
  return absl::StrCat(percent.ExactDecimal().value_or(percent.Significant(12, Rounding::kUp)), "%");
}

// What `note` says of `slo`, where that was stricter or measured otherwise and still counts at `now`.
std::optional<EffectiveSlo> Earlier(const EffectiveSlo& slo, const SloNote& note,
                                    absl::Time recorded, absl::Time now) {
  const std::optional<Rational> objective = Rational::FromDecimal(note.objective);
  const absl::Duration window = absl::Seconds(note.window_seconds);
  if (!objective || *objective <= 0 || *objective >= 1 || window <= absl::ZeroDuration()) {
    return std::nullopt;
  }
  if (window == slo.window && *objective <= slo.objective) return std::nullopt;
  const absl::Time until = note.until.value_or(recorded);
  if (now - until >= window) return std::nullopt;
  EffectiveSlo earlier = slo;
  earlier.earlier = {slo.name, until};
  earlier.objective = *objective;
  earlier.objective_text = PercentOf(*objective);
  earlier.window = window;
  earlier.name =
      absl::StrCat(slo.name, " at ", earlier.objective_text, " over ", PrintDuration(window));
  return earlier;
}

}  // namespace

EffectivePolicy WithEarlierObjectives(const EffectivePolicy& policy,
                                      const std::optional<History>& history,
                                      const Subject& subject) {
  const Record* last = history ? LastDecision(*history, subject) : nullptr;
  if (last == nullptr) return policy;
  const auto& notes = std::get<DecisionMade>(last->payload).slos;
  EffectivePolicy both = policy;
  both.slos.clear();
  for (const EffectiveSlo& slo : policy.slos) {
    both.slos.push_back(slo);
    for (const SloNote& note : notes) {
      if (note.name != slo.name) continue;
      std::optional<EffectiveSlo> earlier = Earlier(slo, note, last->time, history->now);
      const bool known = earlier && std::any_of(both.slos.begin(), both.slos.end(),
                                                [&](const EffectiveSlo& other) {
                                                  return other.name == earlier->name;
                                                });
      if (earlier && !known) both.slos.push_back(*std::move(earlier));
    }
  }
  return both;
}

}  // namespace slogate
