// Decisions with some of everything, for the tests of what is made from decisions.
#pragma once

#include <map>
#include <string>

#include "gate/decision/decision.h"

namespace slogate::fake {

// DENY: two SLOs, a spent budget, straddling bounds, a decisive and an indecisive finding, a rule
// that does not apply, a claim that does not count.
Decision DenyDecision();

// HOLD: nobody answers anything.
Decision HoldDecision();

// HOLD: samples are missing in one of the two windows.
Decision GapDecision();

// ALLOW by the class rollback, against a deny.
Decision ClassDecision();

// WARN: little history, softened; in a dry run.
Decision WarnDecision();

// DENY, overridden: two people of three systems asked and approved, with words that a terminal obeys.
Decision OverriddenDecision();

// DENY within the band, right after another release: a request waits for a director's approval, another
// one is refused, and a claim is not proven.
Decision WaitingDecision();

// ALLOW by a class that the ledger proves, and by one that people consented to.
Decision ProvenDecision();
Decision ConsentedDecision();

// All of them by the name of their golden files.
std::map<std::string, Decision> GoldenDecisions();

}  // namespace slogate::fake
