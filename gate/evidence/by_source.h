// Several sources as one, for whoever has questions.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "gate/evidence/evidence.h"

namespace slogate {

// Asks each of `sources`, by name, the questions that are for it, one source after the other. A question
// for none of them is `unreachable`.
std::unique_ptr<Source> BySource(std::map<std::string, std::unique_ptr<Source>> sources);

}  // namespace slogate
