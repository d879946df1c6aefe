// What a CI system says of a run, read from its variables.
#pragma once

#include <string>
#include <vector>

#include "gate/decision/decision.h"
#include "gate/io/environment.h"

namespace slogate {

// Sets `claims[field]` to the value of the first of `variables` that is set and not empty:
// printable, cut to limits::kClaimBytes, without the credentials a URL may hold.
void ReadRunClaim(Environment& environment, const std::string& field,
                  const std::vector<std::string>& variables, RunClaims& claims);

}  // namespace slogate
