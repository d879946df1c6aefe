// Questions in a decision document, where they have more than a kind, a selector and a window.
#pragma once

#include <string>

#include <absl/status/status.h>

#include "gate/evidence/evidence.h"
#include "gate/text/json.h"

namespace slogate {

// Adds what only questions of some kinds have. Elsewhere it is absent, so that documents from before
// there were such kinds replay to the same bytes.
void AddRareMembers(const Question& question, json::Object& object);

// Reads that back.
absl::Status ReadRareMembers(const json::Value& object, Question& question);

// A question as people read it: "events of requests over 1 h".
std::string Described(const Question& question);

}  // namespace slogate
