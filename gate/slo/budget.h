// Error budgets: from an objective and counted events to what is left. Pure arithmetic on exact
// bounds; knows no SLI kinds and no Prometheus. Terms as in Google's SRE Workbook, chapter 5.
#pragma once

#include <optional>

#include <absl/time/time.h>

#include "gate/evidence/event_count.h"

namespace slogate {

// Over an SLO's own window.
struct Budget {
  Bounds total, bad;  // events, or slices of time
  Bounds allowed;     // (1 - objective) × basis, events
  std::optional<Bounds>
      consumed;  // bad / allowed, a ratio; absent where there may have been no events
  std::optional<Bounds> remaining;  // 1 - consumed; may be negative, never clamped
  bool estimate = false;
  bool good_exceeds_total = false;  // as in EventCount
  Bounds basis = {};  // total; of a calendar window the larger of that and the previous period's
  bool by_previous =
      false;  // the previous period's is, or may be, the larger: allowed is an estimate
  bool interpolated = false;  // as in EventCount
};

// `objective` is the target share of good events, 0 < objective < 1.
Budget Spend(const Rational& objective, const EventCount& count);

// Spend(objective, count).remaining alone.
std::optional<Bounds> RemainingOf(const Rational& objective, const EventCount& count);

// (bad / total) / (1 - objective): at 1, constant traffic spends the budget exactly in the window.
// 0 where there were no events at all; nullopt where there may have been none.
std::optional<Bounds> BurnRateOf(const Rational& objective, const EventCount& count);

// The share of the budget of `window` that the events of the last `over` used: burn rate × over /
// window.
std::optional<Bounds> BudgetSpentOf(const Rational& objective, const EventCount& count,
                                    absl::Duration over, absl::Duration window);

// good / total; nullopt where there may have been no events.
std::optional<Bounds> SliOf(const EventCount& count);

// over / window, exactly; both in whole milliseconds, `window` positive.
Rational ShareOf(absl::Duration over, absl::Duration window);

}  // namespace slogate
