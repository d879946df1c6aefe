// Replay: deciding again from a recorded decision alone. Contacts nobody.
#pragma once

#include <string>
#include <vector>

#include "gate/decision/document.h"
#include "gate/text/diagnostic.h"

namespace slogate {

// Decides again from the document's own policy, or from `other` (files as a user would give them)
// where it is not empty: what that policy would have said on the same evidence. A question that was
// not asked then is unreachable. Diagnostics where the policy files do not hold today.
Parsed<Decision> Replay(const Document& document, const std::vector<SourceFile>& other);

// The names of what differs between two documents, such as "verdict" or "rules[2].truth"; empty
// where they agree in everything but `id`, `gate`, `next` and texts, whose words may improve. The
// first ten.
std::vector<std::string> Differences(const json::Value& recorded, const json::Value& replayed);

}  // namespace slogate
