// When a gate that a spent budget closes opens by itself, and when most of the budget went. Asked for
// only then; it changes no verdict.
#pragma once

#include <vector>

#include "gate/decision/decision.h"
#include "gate/evidence/evidence.h"
#include "gate/policy/effective.h"

namespace slogate {

// The questions that the forecasts of `ruling` need; often none, and some may be known already. `policy`
// holds the SLOs that the ruling is about.
std::vector<Question> ForecastQuestions(const EffectivePolicy& policy, const Ruling& ruling);

// Puts the forecasts into the SLOs of `ruling`, where `evidence` has what they need.
//
// They assume that nothing more fails and that traffic stays as it was: a rolling window's bad events
// leave it one after the other, a calendar's period ends.
void AddForecasts(const EffectivePolicy& policy, const Evidence& evidence, Ruling& ruling);

// Asks `source` what the forecasts of the decision that `evidence` leads to need, and adds the answers.
// `policy` as for Decide.
void MeasureForecasts(const EffectivePolicy& policy, const Request& request, Source& source,
                      Evidence& evidence);

}  // namespace slogate
