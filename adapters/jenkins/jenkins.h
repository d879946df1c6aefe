// What Jenkins says of a run. Its log takes the plain text; what it displays comes from files.
#pragma once

#include "gate/decision/decision.h"
#include "gate/io/environment.h"

namespace slogate {

RunClaims JenkinsRunClaims(Environment& environment);

}  // namespace slogate
