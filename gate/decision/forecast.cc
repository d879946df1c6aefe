#include "gate/decision/forecast.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "gate/decision/decide.h"
#include "gate/evidence/profile.h"
#include "gate/history/earlier.h"
#include "gate/slo/forecast.h"

namespace slogate {
namespace {

// The most bad events with which no rule about the remaining budget closes the gate for `slo` any more;
// nullopt where none does now.
std::optional<Rational> LimitOf(const Ruling& ruling, const SloResult& slo) {
  std::optional<Rational> limit;
  if (!slo.budget) return limit;
  for (const Reason& reason : ruling.reasons) {
    if (reason.slo != slo.name || reason.truth != Truth::kTrue || reason.verdict < Verdict::kHold ||
        !reason.skipped_by.empty()) {
      continue;
    }
    const Leg& leg = reason.legs.front();
    if (leg.measure != Measure::kBudgetRemaining) continue;
    const Rational most = (Rational(1) - leg.threshold) * slo.budget->allowed.low;
    limit = limit ? std::min(*limit, most) : most;
  }
  return limit;
}

// Day by day over all sources; nullopt where one of them is not known. Of sources that have the same
// events one is enough.
std::optional<std::vector<Spent>> ProfileOfAll(const EffectivePolicy& policy,
                                               const EffectiveSlo& slo, const Evidence& evidence) {
  std::optional<std::vector<Spent>> all;
  for (const EffectiveSource& source : policy.sources) {
    std::optional<std::vector<Spent>> one = ProfileOf(source.name, slo, evidence);
    if (!one || policy.combine == Combining::kWorst) return one;
    if (!all) {
      all = std::move(one);
      continue;
    }
    for (size_t i = 0; i < all->size(); ++i) (*all)[i].bad = (*all)[i].bad + (*one)[i].bad;
  }
  return all;
}

void AddForecast(const EffectivePolicy& policy, const EffectiveSlo& slo, const Rational& limit,
                 const Evidence& evidence, SloResult& result) {
  if (slo.period) {
    result.recovers_at = slo.period->end;
    return;
  }
  const std::optional<std::vector<Spent>> profile = ProfileOfAll(policy, slo, evidence);
  if (!profile || !policy.instant) return;
  // Days that do not come to what is spent contradict the count over the window, which is the one to go by.
  const auto until = UntilAtMost(limit, *profile, slo.window);
  if (!until || *until == absl::ZeroDuration()) return;
  result.recovers_at = *policy.instant + *until;
  result.most_spent = MostSpent(*profile);
}

}  // namespace

std::vector<Question> ForecastQuestions(const EffectivePolicy& policy, const Ruling& ruling) {
  std::set<Question> questions;
  for (size_t i = 0; i < ruling.slos.size(); ++i) {
    if (!LimitOf(ruling, ruling.slos[i]) || policy.slos[i].period) continue;
    for (const EffectiveSource& source : policy.sources) {
      for (Question& question : AskProfile(source.name, policy.slos[i])) {
        questions.insert(std::move(question));
      }
      if (policy.combine == Combining::kWorst) break;
    }
  }
  return {questions.begin(), questions.end()};
}

void AddForecasts(const EffectivePolicy& policy, const Evidence& evidence, Ruling& ruling) {
  for (size_t i = 0; i < ruling.slos.size(); ++i) {
    const std::optional<Rational> limit = LimitOf(ruling, ruling.slos[i]);
    if (limit) AddForecast(policy, policy.slos[i], *limit, evidence, ruling.slos[i]);
  }
}

void MeasureForecasts(const EffectivePolicy& policy, const Request& request, Source& source,
                      Evidence& evidence) {
  const Ruling ruling = Decide(policy, evidence, request);
  std::vector<Question> questions =
      ForecastQuestions(WithEarlierObjectives(policy, request.history, request.subject), ruling);
  questions.erase(
      std::remove_if(questions.begin(), questions.end(),
                     [&](const Question& question) { return evidence.Find(question) != nullptr; }),
      questions.end());
  if (!questions.empty() && policy.instant) {
    evidence.Append(source.Measure(questions, *policy.instant));
  }
}

}  // namespace slogate
