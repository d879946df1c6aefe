// What the ledger's records say of a decision. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gate/decision/decision.h"
#include "gate/history/record.h"

namespace slogate {

// The decision's record; `id` is its document's.
DecisionMade NoteOf(const Decision& decision, const std::string& id);

// The record that stands beside it where the decision uses an override up (or uses it again); nullopt
// where it does not.
std::optional<OverrideUsed> UseNoteOf(const Decision& decision, const std::string& id);

// As PolicyNote says: the SHA-256 of what `sha256sum FILE…` prints for the policy's files.
std::string PolicyDigest(const std::vector<SourceFile>& files);

}  // namespace slogate
