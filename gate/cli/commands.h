// The commands, one function each: options in, exit code out; everything outside through the World.
#pragma once

#include "gate/cli/options.h"
#include "gate/cli/world.h"

namespace slogate {

int Check(const CheckOptions& options, World& world);
int Lint(const LintOptions& options, World& world);
int Schema(const SchemaOptions& options, World& world);
int Explain(const ExplainOptions& options, World& world);
int Replay(const ReplayOptions& options, World& world);
int Init(const InitOptions& options, World& world);
int Doctor(const DoctorOptions& options, World& world);
int PrintVersion(const VersionOptions& options, World& world);
int Completion(const CompletionOptions& options, World& world);

}  // namespace slogate
