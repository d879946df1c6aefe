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
  int operator()(const RecordOptions& options) const { return RecordRelease(options, world); }
  int operator()(const OverrideRequestOptions& options) const {
    return RequestOverride(options, world);
  }
  int operator()(const OverrideJudgeOptions& options) const {
    return JudgeOverride(options, world);
  }
  int operator()(const LedgerInitOptions& options) const { return InitLedger(options, world); }
  int operator()(const LedgerVerifyOptions& options) const { return VerifyLedger(options, world); }
  int operator()(const LedgerCheckpointOptions& options) const {
    return CheckpointLedger(options, world);
  }
  int operator()(const LedgerExportOptions& options) const { return ExportLedger(options, world); }
  int operator()(const LedgerImportOptions& options) const { return ImportLedger(options, world); }
  int operator()(const LedgerReportOptions& options) const { return ReportLedger(options, world); }
  int operator()(const ListOptions& options) const { return ListRecords(options, world); }
  int operator()(const ShowOptions& options) const { return ShowRecords(options, world); }
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
