// The files to start from: the examples of ci-examples/ with a service's own names in them. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <absl/strings/string_view.h>

#include "gate/starter/proposals.h"
#include "gate/text/diagnostic.h"

namespace slogate {

// A CI system, and what people must do there.
struct StarterSystem {
  std::string name;      // "github"
  std::string pipeline;  // the file's path
  std::string secret;    // where PROMETHEUS_TOKEN goes, after "put the token into …"
  std::string fill_in;   // what only people know, after "in the pipeline put in …"
  std::string dry_run;   // after "add …"
};
const std::vector<StarterSystem>& StarterSystems();
std::vector<std::string> StarterSystemNames();

// The variable that the starter policy names for the source's token.
inline constexpr char kTokenVariable[] = "PROMETHEUS_TOKEN";

struct StarterRequest {
  std::string system;              // of StarterSystems()
  std::string service;             // IsServiceName
  std::string prometheus;          // its URL; "" leaves the example's
  bool token = true;               // whether it wants a token
  std::optional<Proposals> found;  // what was found there; nullopt leaves the example's SLO
};

// What a policy takes for a service's name.
bool IsServiceName(absl::string_view text);

// Paths and texts of the policy, the SLO file and the pipeline, in this order. With the service
// `checkout` and nothing else they are the examples, byte for byte.
std::vector<SourceFile> StarterFiles(const StarterRequest& request);

}  // namespace slogate
