// Gates in shell programs, and the ways past them.
#pragma once

#include <string>
#include <vector>

#include <absl/strings/string_view.h>

#include "gate/doctor/findings.h"
#include "gate/doctor/script.h"

namespace slogate {

struct ShellFlags {
  bool errexit = false, pipefail = false;
};

// What a command line such as "bash -eo pipefail {0}" or "#!/bin/sh -e" sets.
ShellFlags FlagsOf(absl::string_view command_line);

// A call of `slogate check`.
struct GateCall {
  Position at;
  std::string policy;  // what --policy names, or ""
  Position policy_at;
  bool dry_run = false;
};

struct ShellReading {
  std::vector<GateCall> gates;
  bool deploys =
      false;  // something behind the first gate, or without one anything, reads like a deploy
};

// `deploy_follows`: a deploy comes after the whole program, and takes its exit code for the gate's.
ShellReading ReadShell(const Script& script, ShellFlags flags, bool deploy_follows,
                       Findings& findings);

// The same, saying nothing.
ShellReading LookAtShell(const Script& script);

// Whether a name or a command is one of a deploy: heuristic words, all of them in shell_words.cc.
bool ReadsLikeDeploy(absl::string_view text);
// Whether a name is one of telling people or keeping files, which may well happen after a denial.
bool ReadsLikeTelling(absl::string_view text);

}  // namespace slogate
