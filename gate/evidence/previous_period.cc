#include "gate/evidence/previous_period.h"

#include <variant>

#include "gate/evidence/counter.h"
#include "gate/evidence/sli_kinds.h"

namespace slogate {

std::vector<Question> AskPreviousTotal(const EffectivePolicy& policy, const std::string& source,
                                       const EffectiveSlo& slo) {
  std::vector<Question> questions;
  if (!slo.period || !policy.instant) return questions;
  const absl::Duration over = slo.period->start - slo.period->before;
  const absl::Duration ago = *policy.instant - slo.period->start;
  const auto counters = [](const auto& sli) { return TotalCounters(sli); };
  for (const Selector& counter : std::visit(counters, slo.sli)) {
    questions.push_back(EventsOf(counter, source, over, ago));
  }
  return questions;
}

std::vector<Finding> AddPreviousTotal(const EffectivePolicy& policy, const std::string& source,
                                      const EffectiveSlo& slo, const Evidence& evidence,
                                      EventCount& count) {
  std::vector<Finding> lost;
  for (const Question& question : AskPreviousTotal(policy, source, slo)) {
    const Reading* reading = evidence.Find(question);
    AddFindings(reading, lost);
    if (!HasData(reading)) continue;
    count.previous_total = count.previous_total.value_or(Bounds{}) + *reading->value;
  }
  return lost;
}

}  // namespace slogate
