#include "adapters/circleci/circleci.h"

#include "adapters/run_claims.h"

namespace slogate {

RunClaims CircleciRunClaims(Environment& environment) {
  RunClaims claims;
  ReadRunClaim(environment, "repository", {"CIRCLE_REPOSITORY_URL", "CIRCLE_PROJECT_REPONAME"},
               claims);
  ReadRunClaim(environment, "commit", {"CIRCLE_SHA1"}, claims);
  ReadRunClaim(environment, "ref", {"CIRCLE_TAG", "CIRCLE_BRANCH"}, claims);
  ReadRunClaim(environment, "run_url", {"CIRCLE_BUILD_URL"}, claims);
  ReadRunClaim(environment, "actor", {"CIRCLE_USERNAME"}, claims);
  return claims;
}

}  // namespace slogate
