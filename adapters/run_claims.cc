#include "adapters/run_claims.h"

#include "gate/base/limits.h"
#include "gate/text/diagnostic.h"

namespace slogate {

void ReadRunClaim(Environment& environment, const std::string& field,
                  const std::vector<std::string>& variables, RunClaims& claims) {
  for (const std::string& variable : variables) {
    const std::string value = environment.Get(variable).value_or("");
    if (value.empty()) continue;
    claims[field] = {Cut(Printable(MaskSecrets(value)), limits::kClaimBytes), variable};
    return;
  }
}

}  // namespace slogate
