#include "gate/decision/condition.h"

#include <optional>
#include <utility>
#include <variant>

namespace slogate {
namespace {

Rational InSeconds(absl::Duration duration) {
  return *Quotient(absl::ToInt64Milliseconds(duration), 1000);
}

std::optional<Bounds> Measured(Measure measure, const EffectiveSlo& slo, const EventCount& count,
                               absl::Duration over) {
  switch (measure) {
    case Measure::kBudgetRemaining:
      return RemainingOf(slo.objective, count);
    case Measure::kBudgetSpent:
      return BudgetSpentOf(slo.objective, count, over, PeriodLength(slo));
    case Measure::kBurnRate:
      return BurnRateOf(slo.objective, count);
    case Measure::kSli:
      return SliOf(count);
    case Measure::kLastRelease:
    case Measure::kFreezeSince:
    case Measure::kFreezeLeft:
      break;  // are not counted
  }
  return std::nullopt;
}

}  // namespace

std::vector<Leg> Evaluate(const Condition& condition, const EffectiveSlo& slo,
                          const std::function<WindowCount(absl::Duration)>& count_over,
                          std::optional<absl::Time> closed_at) {
  std::vector<Leg> legs;
  const auto compare = [&](Measure measure, absl::Duration over, Comparator comparator,
                           const Rational& threshold) -> Leg& {
    Leg leg{measure, over, {}, comparator, threshold};
    const WindowCount window = count_over(over);
    if (window.no_traffic) {
      leg.truth = Truth::kFalse;
    } else if (window.count != nullptr) {
      leg.measured = Measured(measure, slo, *window.count, over);
      if (leg.measured) {
        leg.truth = Compare(*leg.measured, comparator, threshold);
      } else if (measure == Measure::kSli && window.count->total.high.sign() == 0) {
        leg.truth = Truth::kFalse;  // a quiet window shows no bad service
      }
    }
    legs.push_back(std::move(leg));
    return legs.back();
  };

  if (const auto* remaining = std::get_if<BudgetRemaining>(&condition)) {
    if (remaining->reopens_above && closed_at) {
      compare(Measure::kBudgetRemaining, slo.window, Comparator::kAtMost,
              remaining->reopens_above->value)
          .closed_at = closed_at;
    } else {
      compare(Measure::kBudgetRemaining, slo.window, remaining->threshold.comparator,
              remaining->threshold.value);
    }
  } else if (const auto* spent = std::get_if<BudgetSpent>(&condition)) {
    const Threshold& threshold = spent->threshold;
    for (const Placed<absl::Duration>& over : spent->over) {
      compare(Measure::kBudgetSpent, over.value, threshold.comparator, threshold.value);
    }
    if (spent->confirmed_over) {
      // The burn rate that the threshold means over `over`: share × window / over.
      const Rational burn = threshold.value * ShareOf(PeriodLength(slo), spent->over.front().value);
      compare(Measure::kBurnRate, spent->confirmed_over->value, threshold.comparator, burn)
          .confirms = true;
    }
  } else if (const auto* burn = std::get_if<BurnRate>(&condition)) {
    for (const Placed<absl::Duration>& over : burn->over) {
      compare(Measure::kBurnRate, over.value, burn->threshold.comparator, burn->threshold.value);
    }
  } else if (const auto* level = std::get_if<SliLevel>(&condition)) {
    for (const Placed<absl::Duration>& over : level->over) {
      compare(Measure::kSli, over.value, level->threshold.comparator, level->threshold.value);
    }
  }
  return legs;
}

Leg EvaluateLastRelease(const LastRelease& condition, const Request& request) {
  Leg leg{Measure::kLastRelease,
          absl::ZeroDuration(),
          {},
          Comparator::kBelow,
          InSeconds(condition.younger_than.value)};
  if (!request.history) return leg;
  const std::optional<absl::Time> last = LastDeployedAt(*request.history, request.subject);
  leg.truth = Truth::kFalse;
  if (!last) return leg;
  leg.measured = Bounds::Exactly(InSeconds(request.history->now - *last));
  leg.truth = Compare(*leg.measured, leg.comparator, leg.threshold);
  return leg;
}

std::vector<Leg> EvaluateFreeze(const Freeze& freeze, std::optional<absl::Time> instant) {
  std::vector<Leg> legs = {
      {Measure::kFreezeSince, absl::ZeroDuration(), {}, Comparator::kAtLeast, 0},
      {Measure::kFreezeLeft, absl::ZeroDuration(), {}, Comparator::kAbove, 0}};
  if (!instant) return legs;
  legs[0].measured = Bounds::Exactly(InSeconds(*instant - freeze.from));
  legs[1].measured = Bounds::Exactly(InSeconds(freeze.to - *instant));
  for (Leg& leg : legs) leg.truth = Compare(*leg.measured, leg.comparator, leg.threshold);
  return legs;
}

Truth AllOf(const std::vector<Leg>& legs) {
  if (legs.empty()) return Truth::kUnknown;
  Truth all = Truth::kTrue;
  for (const Leg& leg : legs) all = And(all, leg.truth);
  return all;
}

}  // namespace slogate
