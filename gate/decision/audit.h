// The audit note of an override in words: who asked, who approved and how each is known, why, and how
// far it reaches. What came from people is printable here, and cut where a sentence shows it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "gate/decision/decision.h"

namespace slogate {

// "github:alice (claimed by GITHUB_TRIGGERING_ACTOR)", "postgresql:bob (known by the database)".
std::string ActorText(const Actor& actor);

// Who asked for what opened the gate, who approved, and why: "github:alice (…) asked for it at … because
// "…"; approved by …".
std::string ConsentSentence(const OverrideTaken& taken);

// "OVERRIDDEN by ov-…: …"
std::string OverrideSentence(const Ruling& ruling);

// All of it, by what it is: ("reason", "…"). Nothing is cut.
std::vector<std::pair<std::string, std::string>> AuditLines(const OverrideTaken& taken);

// What the history says, a line each record: ("12", "override_approve by github:bob at …").
std::vector<std::pair<std::string, std::string>> HistoryLines(const History& history);

}  // namespace slogate
