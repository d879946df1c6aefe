// An invocation as one text, for tables of command lines.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "gate/base/duration.h"
#include "gate/cli/options.h"

namespace slogate::fake {

using Strings = std::vector<std::string>;

// An invocation as one text: the command and what was said, or "usage COMMAND: " and the errors.
struct Teller {
  static std::string Said(const char* name, const std::string& value) {
    return value.empty() ? "" : absl::StrCat(" ", name, "=", value);
  }
  static std::string Said(const char* name, const std::optional<std::string>& value) {
    return value ? absl::StrCat(" ", name, "=", *value) : "";
  }
  std::string operator()(const UsageError& error) const {
    return absl::StrCat("usage ", error.command, ": ", absl::StrJoin(error.messages, " / "));
  }
  std::string operator()(const HelpText& help) const {
    const std::string line = help.text.substr(0, help.text.find('\n'));
    return absl::StrCat("help", help.asked ? "" : " not asked for", ": ",
                        line.substr(0, line.find('?')));
  }
  std::string operator()(const CheckOptions& check) const {
    return absl::StrCat(
        "check", Said("policy", check.policy), Said("slos", absl::StrJoin(check.slos, ",")),
        Said("service", check.service), Said("environment", check.environment),
        Said("artifact", check.artifact.substr(0, 9)), Said("version", check.version),
        Said("commit", check.commit), Said("change", check.change), Said("ticket", check.ticket),
        Said("deadline", check.deadline == absl::Seconds(60) ? "" : PrintDuration(check.deadline)),
        Said("json", check.json), Said("adapter", check.adapter == "auto" ? "" : check.adapter),
        absl::StrJoin(check.outputs, "",
                      [](std::string* out, const ReportOption& output) {
                        absl::StrAppend(out, " output=", output.kind, ":", output.file);
                      }),
        Said("ledger", check.ledger), check.temporary ? " temporary" : "",
        Said("reason", check.override.reason), Said("override_ticket", check.override.ticket),
        Said("approved_by", check.override.approved_by),
        Said("wait",
             check.override.wait == absl::ZeroDuration() ? "" : PrintDuration(check.override.wait)),
        check.dry_run ? " dry_run" : "", Said("at", check.at ? PrintTime(*check.at) : ""),
        check.detailed_exit_code ? " detailed" : "");
  }
  std::string operator()(const RecordOptions& record) const {
    return absl::StrCat("record ", record.decision, " ", record.result,
                        Said("ledger", record.ledger));
  }
  std::string operator()(const OverrideRequestOptions& request) const {
    return absl::StrCat("request ", request.decision, Said("policy", request.policy),
                        Said("reason", request.reason), Said("ticket", request.ticket),
                        Said("change", request.change), Said("ledger", request.ledger));
  }
  std::string operator()(const OverrideJudgeOptions& judge) const {
    static constexpr const char* kActions[] = {"approve", "reject", "revoke", "review"};
    return absl::StrCat(kActions[static_cast<size_t>(judge.action)], " ", judge.id,
                        Said("policy", judge.policy), Said("text", judge.text),
                        Said("ledger", judge.ledger));
  }
  std::string operator()(const LedgerInitOptions& init) const {
    return absl::StrCat("ledger init ", init.id, Said("ledger", init.ledger));
  }
  std::string operator()(const LedgerVerifyOptions& verify) const {
    return absl::StrCat("verify", Said("file", verify.file), Said("ledger", verify.ledger),
                        Said("expect", absl::StrJoin(verify.expected, ",")),
                        Said("keys", absl::StrJoin(verify.keys, ",")));
  }
  std::string operator()(const LedgerCheckpointOptions& checkpoint) const {
    return absl::StrCat("checkpoint", Said("sign", checkpoint.sign),
                        Said("ledger", checkpoint.ledger));
  }
  std::string operator()(const ListOptions& list) const {
    return absl::StrCat(list.overrides ? "override list" : "ledger list",
                        Said("service", list.service), Said("environment", list.environment),
                        Said("verdict", list.verdict), Said("person", list.person),
                        Said("kind", list.kind),
                        Said("since", list.since ? PrintTime(*list.since) : ""),
                        Said("until", list.until ? PrintTime(*list.until) : ""),
                        Said("most", list.most == 20 ? "" : absl::StrCat(list.most)),
                        list.json ? " json" : "", Said("ledger", list.ledger));
  }
  std::string operator()(const ShowOptions& show) const {
    return absl::StrCat(show.overrides ? "override show " : "ledger show ", show.id,
                        show.json ? " json" : "", Said("ledger", show.ledger));
  }
  std::string operator()(const LedgerExportOptions& written) const {
    return absl::StrCat("export", written.csv ? " csv" : "", Said("ledger", written.ledger));
  }
  std::string operator()(const LedgerImportOptions& import) const {
    return absl::StrCat("import ", import.file, Said("repair", import.repair),
                        Said("ledger", import.ledger));
  }
  std::string operator()(const LedgerReportOptions& report) const {
    return absl::StrCat(
        "report", Said("service", report.service), " from=", PrintTime(report.from),
        report.to == absl::InfiniteFuture() ? "" : absl::StrCat(" to=", PrintTime(report.to)),
        report.json ? " json" : "", Said("ledger", report.ledger));
  }
  std::string operator()(const LintOptions& lint) const {
    return absl::StrCat("lint ", absl::StrJoin(lint.files, ","));
  }
  std::string operator()(const SchemaOptions& schema) const {
    return absl::StrCat("schema ", schema.kind);
  }
  std::string operator()(const ExplainOptions& explain) const {
    return absl::StrCat("explain ", explain.decision);
  }
  std::string operator()(const ReplayOptions& replay) const {
    return absl::StrCat("replay ", replay.decision, Said("policy", replay.policy),
                        Said("slos", absl::StrJoin(replay.slos, ",")));
  }
  std::string operator()(const InitOptions& init) const {
    return absl::StrCat("init ", init.system, Said("service", init.service),
                        Said("folder", init.folder), init.print ? " print" : "",
                        Said("prometheus", init.prometheus), Said("metric", init.metric));
  }
  std::string operator()(const DoctorOptions& doctor) const {
    return absl::StrCat("doctor ", absl::StrJoin(doctor.files, ","), Said("policy", doctor.policy),
                        Said("slos", absl::StrJoin(doctor.slos, ",")),
                        Said("service", doctor.service.value_or("")),
                        Said("environment", doctor.environment.value_or("")));
  }
  std::string operator()(const VersionOptions&) const { return "version"; }
  std::string operator()(const CompletionOptions& completion) const {
    return absl::StrCat("completion ", completion.shell);
  }
};

inline std::string Tell(const Strings& arguments) {
  return std::visit(Teller{}, ParseArguments(arguments));
}

struct ArgumentsCase {
  const char* name;
  Strings arguments;
  std::string want;
};

}  // namespace slogate::fake
