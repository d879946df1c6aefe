#include "gate/slo/budget.h"

namespace slogate {

Budget Spend(const Rational& objective, const EventCount& count) {
  Budget budget;
  budget.total = count.total;
  budget.bad = count.bad;
  budget.basis = count.Basis();
  budget.by_previous = budget.basis != count.total;
  budget.allowed = Scale(budget.basis, Rational(1) - objective);
  budget.estimate = count.estimate || budget.by_previous;
  budget.good_exceeds_total = count.good_exceeds_total;
  budget.interpolated = count.interpolated;
  budget.consumed = Ratio(budget.bad, budget.allowed);
  if (budget.consumed) budget.remaining = Bounds::Exactly(Rational(1)) - *budget.consumed;
  return budget;
}

std::optional<Bounds> RemainingOf(const Rational& objective, const EventCount& count) {
  const std::optional<Bounds> consumed =
      Ratio(count.bad, Scale(count.Basis(), Rational(1) - objective));
  if (!consumed) return std::nullopt;
  return Bounds::Exactly(Rational(1)) - *consumed;
}

std::optional<Bounds> BurnRateOf(const Rational& objective, const EventCount& count) {
  if (count.total.high.sign() == 0 && count.bad.high.sign() == 0) return Bounds{};
  return Ratio(count.bad, Scale(count.total, Rational(1) - objective));
}

std::optional<Bounds> BudgetSpentOf(const Rational& objective, const EventCount& count,
                                    absl::Duration over, absl::Duration window) {
  const std::optional<Bounds> burn = BurnRateOf(objective, count);
  if (!burn) return std::nullopt;
  return Scale(*burn, ShareOf(over, window));
}

std::optional<Bounds> SliOf(const EventCount& count) {
  const std::optional<Bounds> bad = Ratio(count.bad, count.total);
  if (!bad) return std::nullopt;
  return Bounds::Exactly(Rational(1)) - *bad;
}

Rational ShareOf(absl::Duration over, absl::Duration window) {
  return *Quotient(absl::ToInt64Milliseconds(over), absl::ToInt64Milliseconds(window));
}

}  // namespace slogate
