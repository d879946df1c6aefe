#include "adapters/github/github.h"

#include <algorithm>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include "adapters/escape.h"
#include "adapters/plain/plain.h"
#include "adapters/reports/reports.h"
#include "adapters/run_claims.h"
#include "gate/text/diagnostic.h"

namespace slogate {
namespace {

// More of a kind in one step are not shown.
constexpr size_t kAnnotations = 10;

struct Annotation {
  Verdict verdict;
  Position at;
  std::string title, text;
};

// What fires and what decides, strongest first.
std::vector<Annotation> AnnotationsOf(const Summary& summary) {
  std::vector<Annotation> annotations;
  for (const RuleSummary& rule : summary.rules) {
    if (rule.state != RuleSummary::State::kFires) continue;
    annotations.push_back({rule.verdict, rule.at, absl::StrCat(rule.rule, " for ", rule.slo),
                           absl::StrCat(rule.slo, ": ", rule.Text())});
  }
  for (const FindingSummary& finding : summary.findings) {
    if (!finding.decisive) continue;
    annotations.push_back({finding.verdict,
                           {},
                           absl::StrCat(finding.kind, " for ", finding.slo),
                           absl::StrCat(finding.text, "; to do: ", finding.advice)});
  }
  std::stable_sort(annotations.begin(), annotations.end(),
                   [](const Annotation& a, const Annotation& b) { return a.verdict > b.verdict; });
  return annotations;
}

// A release that goes out anyway has no errors.
const char* CommandFor(Verdict verdict, bool blocks) {
  if (verdict >= Verdict::kHold && blocks) return "error";
  return verdict == Verdict::kAllow ? "notice" : "warning";
}

std::string CommandAt(const char* command, const std::string& file, Position at,
                      const std::string& title, const std::string& message) {
  std::string place;
  if (at.line > 0) {
    place = absl::StrCat("file=", EscapeWorkflowProperty(file), ",line=", at.line,
                         ",col=", at.column, ",");
  }
  return absl::StrCat("::", command, " ", place, "title=", EscapeWorkflowProperty(title),
                      "::", EscapeWorkflowMessage(message), "\n");
}

std::string Annotate(const Telling& telling, const Annotation& annotation) {
  return CommandAt(CommandFor(annotation.verdict, telling.summary.blocks),
                   telling.decision.policy_file, annotation.at,
                   absl::StrCat("slogate ", telling.summary.verdict, ": ", annotation.title),
                   annotation.text);
}

}  // namespace

RunClaims GithubRunClaims(Environment& environment) {
  RunClaims claims;
  ReadRunClaim(environment, "repository", {"GITHUB_REPOSITORY"}, claims);
  ReadRunClaim(environment, "commit", {"GITHUB_SHA"}, claims);
  ReadRunClaim(environment, "ref", {"GITHUB_REF"}, claims);
  // Who pressed the button; on a re-run GITHUB_ACTOR is still who began the first.
  ReadRunClaim(environment, "actor", {"GITHUB_TRIGGERING_ACTOR", "GITHUB_ACTOR"}, claims);
  ReadRunClaim(environment, "run_url", {"GITHUB_RUN_ID"}, claims);
  RunClaims server;
  ReadRunClaim(environment, "server", {"GITHUB_SERVER_URL"}, server);
  const auto run = claims.find("run_url"), repository = claims.find("repository");
  if (run == claims.end()) return claims;
  if (repository == claims.end() || server.empty()) {
    claims.erase(run);
  } else {
    run->second.value = absl::StrCat(server["server"].value, "/", repository->second.value,
                                     "/actions/runs/", run->second.value);
  }
  return claims;
}

bool GithubReads(Environment& environment) { return environment.Get("GITHUB_ACTIONS") == "true"; }

std::string GuardGithubText(absl::string_view text, absl::string_view token) {
  const bool whole = absl::EndsWith(text, "\n");
  return absl::StrCat(BeginGithubGuard(token), text, whole ? "" : "\n", EndGithubGuard(token));
}

std::string BeginGithubGuard(absl::string_view token) {
  return absl::StrCat("::stop-commands::slogate-", token, "\n");
}

std::string EndGithubGuard(absl::string_view token) {
  return absl::StrCat("::slogate-", token, "::\n");
}

std::string AnnotateDiagnostics(const std::vector<Diagnostic>& diagnostics) {
  std::string commands;
  for (size_t i = 0; i < diagnostics.size() && i < kAnnotations; ++i) {
    const Diagnostic& one = diagnostics[i];
    absl::StrAppend(
        &commands,
        CommandAt(one.severity == Severity::kError ? "error" : "warning", Printable(one.file),
                  one.at, absl::StrCat("slogate: ", one.id),
                  Printable(absl::StrCat(one.message, one.hint.empty() ? "" : "; ", one.hint))));
  }
  return commands;
}

std::string RenderGithubLog(const Telling& telling) {
  std::string log = GuardGithubText(RenderPlain(telling), telling.token);
  std::vector<Annotation> annotations = AnnotationsOf(telling.summary);
  const size_t all = annotations.size();
  if (all > kAnnotations) {
    annotations.resize(kAnnotations);
    absl::StrAppend(&annotations.back().text, "; and ", all - kAnnotations,
                    " more, in the step summary");
  }
  for (const Annotation& annotation : annotations) {
    absl::StrAppend(&log, Annotate(telling, annotation));
  }
  return log;
}

std::string RenderGithubSummary(const Telling& telling) { return RenderMarkdown(telling); }

std::string RenderGithubOutputs(const Telling& telling) {
  const Ruling& ruling = telling.decision.ruling;
  const bool proceed = ruling.outcome == Outcome::kProceed && !telling.decision.dry_run;
  // Of several SLOs the one with the least left; where one is not known, neither is the least.
  std::optional<Rational> least;
  for (const SloSummary& slo : telling.summary.slos) {
    if (!slo.remaining_ratio) {
      least.reset();
      break;
    }
    if (!least || *slo.remaining_ratio < *least) least = slo.remaining_ratio;
  }
  std::string entries;
  const auto add = [&](absl::string_view name, absl::string_view value) {
    absl::StrAppend(&entries, EnvironmentFileEntry(name, value, telling.token));
  };
  add("verdict", Word(ruling.verdict));
  add("outcome", Word(ruling.outcome));
  add("decision_id", telling.decision_id);
  add("checkpoint", telling.checkpoint);
  add("remaining_ratio", least ? least->Significant(12, Rounding::kDown) : "");
  add("decision", telling.decision_file);
  add("proceed", proceed ? "true" : "false");
  return entries;
}

}  // namespace slogate
