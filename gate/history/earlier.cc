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

// Whether `note` speaks of the window that `slo` has: of a calendar's, of the period that still runs.
bool SameWindow(const EffectiveSlo& slo, const SloNote& note) {
  const std::optional<absl::Time> start =
      slo.period ? std::optional(slo.period->start) : std::nullopt;
  return note.since == start && absl::Seconds(note.window_seconds) == PeriodLength(slo);
}

// Gives `slo` the window of `note`. What came before a calendar's period is not on record: as much time.
void TakeWindow(const SloNote& note, absl::Time instant, EffectiveSlo& slo) {
  const absl::Duration length = absl::Seconds(note.window_seconds);
  slo.calendar.reset();
  slo.period.reset();
  slo.window = length;
  if (!note.since) return;
  slo.period = Period{*note.since - length, *note.since, *note.since + length};
  slo.window = instant - *note.since;
}

// Whether the window of `note` is over at `instant`, so that nothing it was broken by counts any more.
bool IsOver(const SloNote& note, absl::Time until, absl::Time instant) {
  const absl::Duration length = absl::Seconds(note.window_seconds);
  return note.since ? instant > *note.since + length || instant <= *note.since
                    : instant - until >= length;
}

// What `note` says of `slo`, where that was stricter or measured otherwise and still counts.
std::optional<EffectiveSlo> Earlier(const EffectiveSlo& slo, const SloNote& note,
                                    absl::Time recorded, absl::Time instant) {
  const std::optional<Rational> objective = Rational::FromDecimal(note.objective);
  if (!objective || *objective <= 0 || *objective >= 1 || note.window_seconds <= 0) {
    return std::nullopt;
  }
  const bool same_window = SameWindow(slo, note);
  if (same_window && *objective <= slo.objective) return std::nullopt;
  const absl::Time until = note.until.value_or(recorded);
  if (IsOver(note, until, instant)) return std::nullopt;
  EffectiveSlo earlier = slo;
  earlier.earlier = {slo.name, until};
  earlier.objective = *objective;
  earlier.objective_text = PercentOf(*objective);
  if (!same_window) TakeWindow(note, instant, earlier);
  earlier.name = absl::StrCat(slo.name, " at ", earlier.objective_text, " over ",
                              earlier.calendar ? std::string(Word(earlier.calendar->unit))
                                               : PrintDuration(absl::Seconds(note.window_seconds)));
  return earlier;
}

}  // namespace

EffectivePolicy WithEarlierObjectives(const EffectivePolicy& policy,
                                      const std::optional<History>& history,
                                      const Subject& subject) {
  const Record* last = history ? LastDecision(*history, subject) : nullptr;
  if (last == nullptr) return policy;
  const auto& notes = std::get<DecisionMade>(last->payload).slos;
  // Calendars go by the instant that is measured at, rolling windows by the ledger, as they always did.
  const absl::Time instant = policy.instant.value_or(history->now);
  EffectivePolicy both = policy;
  both.slos.clear();
  for (const EffectiveSlo& slo : policy.slos) {
    both.slos.push_back(slo);
    for (const SloNote& note : notes) {
      if (note.name != slo.name) continue;
      std::optional<EffectiveSlo> earlier =
          Earlier(slo, note, last->time, note.since ? instant : history->now);
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
