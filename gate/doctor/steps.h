// A pipeline's steps as the systems with YAML files have them, and what is judged alike in each.
#pragma once

#include <string>
#include <vector>

#include "gate/doctor/findings.h"
#include "gate/doctor/shell.h"
#include "gate/text/node.h"

namespace slogate {

struct Step {
  std::string name;   // what people call it
  std::string doing;  // what tells a deploy: its program, its action, its command
  Position at;
  std::vector<GateCall> gates;
  bool deploys_itself = false;  // behind the gate in its own program
  bool can_deploy = false;      // it runs something that may be a deploy
};

// Which of `steps` from the index `from` on deploy: those that read like one, or, where none does,
// all that run something and do not only tell or keep.
std::vector<size_t> DeploysFrom(const std::vector<Step>& steps, size_t from);

// The index of the first step with a gate, or steps.size().
size_t FirstGate(const std::vector<Step>& steps);

// Whether a step or job of a file without any gate reads like a deploy by its name or its doing.
bool PlainlyDeploys(const Step& step);

// A scalar's text under `key`, or "".
std::string TextOf(const Node& map, absl::string_view key);

// Whether a value switches something on, or may: anything but a plain false.
bool MayBeTrue(const Node& value);

// The doctor's remark about a gate that blocks nothing, where a deploy follows.
void RemarkDryRun(Position at, Findings& findings);
void RemarkNoGate(Position at, Findings& findings);

}  // namespace slogate
