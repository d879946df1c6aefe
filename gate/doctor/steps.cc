#include "gate/doctor/steps.h"

#include <algorithm>

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>

namespace slogate {

std::vector<size_t> DeploysFrom(const std::vector<Step>& steps, size_t from) {
  std::vector<size_t> plainly, perhaps;
  for (size_t i = from; i < steps.size(); ++i) {
    const Step& step = steps[i];
    if (!step.can_deploy || ReadsLikeTelling(step.name)) continue;
    perhaps.push_back(i);
    if (PlainlyDeploys(step)) plainly.push_back(i);
  }
  return plainly.empty() ? perhaps : plainly;
}

size_t FirstGate(const std::vector<Step>& steps) {
  const auto found = std::find_if(steps.begin(), steps.end(),
                                  [](const Step& step) { return !step.gates.empty(); });
  return static_cast<size_t>(found - steps.begin());
}

bool PlainlyDeploys(const Step& step) {
  return step.can_deploy && !ReadsLikeTelling(step.name) &&
         (ReadsLikeDeploy(step.name) || ReadsLikeDeploy(step.doing));
}

std::string TextOf(const Node& map, absl::string_view key) {
  const Node* value = map.kind == Node::Kind::kMap ? map.Find(key) : nullptr;
  return value == nullptr ? "" : value->scalar;
}

bool MayBeTrue(const Node& value) {
  return value.kind != Node::Kind::kScalar ||
         (!value.scalar.empty() && !absl::EqualsIgnoreCase(value.scalar, "false"));
}

void RemarkDryRun(Position at, Findings& findings) {
  findings.Remark(at, "dry_run", "this gate is a dry run: it stops nothing, whatever it finds",
                  "fine for the first weeks; take it away when the verdicts are what you expect");
}

void RemarkNoGate(Position at, Findings& findings) {
  findings.Remark(at, "no_gate", "this reads like a deploy, and the file asks no gate before it",
                  "put the gate right before it, in the same job; no need where something that "
                  "this file calls asks one");
}

}  // namespace slogate
