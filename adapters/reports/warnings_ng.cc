#include <absl/strings/str_cat.h>

#include "adapters/reports/reports.h"
#include "gate/text/json.h"

namespace slogate {
namespace {

using json::Object;
using json::Value;

const char* SeverityOf(Verdict verdict) {
  switch (verdict) {
    case Verdict::kDeny:
      return "ERROR";
    case Verdict::kHold:
      return "HIGH";
    case Verdict::kWarn:
      return "NORMAL";
    default:
      return "LOW";
  }
}

}  // namespace

std::string RenderWarningsNg(const Telling& telling) {
  const std::string& file = telling.decision.policy_file;
  json::Array issues;
  const auto add = [&](const std::string& category, const std::string& type, const std::string& slo,
                       Verdict verdict, const std::string& text, Object issue) {
    issue.insert({{"fileName", file},
                  {"severity", SeverityOf(verdict)},
                  {"category", category},
                  {"type", type},
                  {"message", absl::StrCat(slo, ": ", text)},
                  {"origin", "slogate"},
                  // The same cause is the same issue in the next build, whatever its numbers.
                  {"fingerprint", absl::StrCat(category, ":", type, ":", slo)}});
    issues.push_back(std::move(issue));
  };
  for (const RuleSummary& rule : telling.summary.rules) {
    if (rule.state != RuleSummary::State::kFires) continue;
    add("rule", rule.rule, rule.slo, rule.verdict, rule.Text(),
        {{"lineStart", Value::Number(int64_t{rule.at.line})},
         {"columnStart", Value::Number(int64_t{rule.at.column})}});
  }
  for (const FindingSummary& finding : telling.summary.findings) {
    if (!finding.decisive) continue;
    add("finding", finding.kind, finding.slo, finding.verdict, finding.text,
        {{"description", finding.advice}});
  }
  const Value size = Value::Number(static_cast<int64_t>(issues.size()));
  return absl::StrCat(
      json::Dump(Object{{"_class", "io.jenkins.plugins.analysis.core.restapi.ReportApi"},
                        {"issues", std::move(issues)},
                        {"size", size}}),
      "\n");
}

}  // namespace slogate
