// The commands, one function each: options in, exit code out; everything outside through the World.
#pragma once

#include "gate/cli/options.h"
#include "gate/cli/world.h"

namespace slogate {

int Check(const CheckOptions& options, World& world);
int RecordRelease(const RecordOptions& options, World& world);
int RequestOverride(const OverrideRequestOptions& options, World& world);
int JudgeOverride(const OverrideJudgeOptions& options, World& world);
int InitLedger(const LedgerInitOptions& options, World& world);
int VerifyLedger(const LedgerVerifyOptions& options, World& world);
int CheckpointLedger(const LedgerCheckpointOptions& options, World& world);
int ExportLedger(const LedgerExportOptions& options, World& world);
int ImportLedger(const LedgerImportOptions& options, World& world);
int ListRecords(const ListOptions& options, World& world);
int ShowRecords(const ShowOptions& options, World& world);
int ReportLedger(const LedgerReportOptions& options, World& world);
int Lint(const LintOptions& options, World& world);
int Schema(const SchemaOptions& options, World& world);
int Explain(const ExplainOptions& options, World& world);
int Replay(const ReplayOptions& options, World& world);
int Init(const InitOptions& options, World& world);
int Doctor(const DoctorOptions& options, World& world);
int PrintVersion(const VersionOptions& options, World& world);
int Completion(const CompletionOptions& options, World& world);

}  // namespace slogate
