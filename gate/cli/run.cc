#include "gate/cli/run.h"

#include <utility>
#include <variant>

#include <absl/strings/str_cat.h>

#include "gate/base/version.h"
#include "gate/cli/commands.h"
#include "gate/cli/options.h"
#include "gate/cli/report.h"

namespace slogate {
namespace {

// One overload a kind of invocation.
struct Dispatch {
  World& world;

  int operator()(const UsageError& error) const {
    std::string text;
    for (const std::string& message : error.messages)
      absl::StrAppend(&text, "slogate: ", message, "\n");
    absl::StrAppend(&text, "See slogate ", error.command, error.command.empty() ? "" : " ",
                    "--help\n");
    Complain(world, text);
    return kExitUsage;
  }
  int operator()(const HelpText& help) const {
    if (help.asked) return Say(world, help.text);
    Complain(world, help.text);
    return kExitUsage;
  }
  int operator()(const CheckOptions& options) const { return Check(options, world); }
  int operator()(const LintOptions& options) const { return Lint(options, world); }
  int operator()(const SchemaOptions& options) const { return Schema(options, world); }
  int operator()(const ExplainOptions& options) const { return Explain(options, world); }
  int operator()(const ReplayOptions& options) const { return Replay(options, world); }
  int operator()(const InitOptions& options) const { return Init(options, world); }
  int operator()(const DoctorOptions& options) const { return Doctor(options, world); }
  int operator()(const VersionOptions& options) const { return PrintVersion(options, world); }
  int operator()(const CompletionOptions& options) const { return Completion(options, world); }
};

}  // namespace

int PrintVersion(const VersionOptions& /*options*/, World& world) {
  return Say(world, absl::StrCat("slogate ", Version(), "\n"));
}

int Run(const std::vector<std::string>& arguments, World& world) {
  return std::visit(Dispatch{world}, ParseArguments(arguments));
}

}  // namespace slogate
