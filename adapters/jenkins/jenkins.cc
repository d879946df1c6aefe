#include "adapters/jenkins/jenkins.h"

#include "adapters/run_claims.h"

namespace slogate {

RunClaims JenkinsRunClaims(Environment& environment) {
  RunClaims claims;
  ReadRunClaim(environment, "repository", {"GIT_URL", "GIT_URL_1"}, claims);
  ReadRunClaim(environment, "commit", {"GIT_COMMIT"}, claims);
  ReadRunClaim(environment, "ref", {"TAG_NAME", "CHANGE_BRANCH", "BRANCH_NAME", "GIT_BRANCH"},
               claims);
  ReadRunClaim(environment, "run_url", {"BUILD_URL"}, claims);
  // Only where a plugin sets it; Jenkins itself names nobody.
  ReadRunClaim(environment, "actor", {"BUILD_USER_ID"}, claims);
  return claims;
}

}  // namespace slogate
