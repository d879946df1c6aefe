// The total of the period before a calendar window's: the budget goes by it where it is larger than the
// total so far.
#pragma once

#include <string>
#include <vector>

#include "gate/evidence/event_count.h"
#include "gate/evidence/evidence.h"
#include "gate/policy/effective.h"

namespace slogate {

// The questions for it; none for a rolling window.
std::vector<Question> AskPreviousTotal(const EffectivePolicy& policy, const std::string& source,
                                       const EffectiveSlo& slo);

// Puts what they were answered into `count`. A source without data of that time knows that there is
// nothing to go by. Findings: why it is not known; the count over the SLO's own window is then worth
// nothing, as nobody can tell what the budget is.
std::vector<Finding> AddPreviousTotal(const EffectivePolicy& policy, const std::string& source,
                                      const EffectiveSlo& slo, const Evidence& evidence,
                                      EventCount& count);

}  // namespace slogate
