// GitHub Actions: what it says of a run, and its log, step summary and outputs.
#pragma once

#include <string>
#include <vector>

#include "adapters/telling.h"
#include "gate/io/environment.h"

namespace slogate {

RunClaims GithubRunClaims(Environment& environment);

// Whether the runner of GitHub Actions reads what is written here, on either standard stream.
bool GithubReads(Environment& environment);

// `text`, of which the runner obeys nothing, between lines made of `token`.
std::string GuardGithubText(absl::string_view text, absl::string_view token);

// The lines before and behind such a text.
std::string BeginGithubGuard(absl::string_view token);
std::string EndGithubGuard(absl::string_view token);

// Annotations of the first ten mistakes in files, at their places.
std::string AnnotateDiagnostics(const std::vector<Diagnostic>& diagnostics);

// The screen, of which the runner obeys nothing, then at most ten annotations at the policy's lines.
std::string RenderGithubLog(const Telling& telling);

// Markdown for GITHUB_STEP_SUMMARY, below the 1 MiB that GitHub takes.
std::string RenderGithubSummary(const Telling& telling);

// Entries for GITHUB_OUTPUT. `proceed` is true where the outcome is proceed and it is no dry run.
std::string RenderGithubOutputs(const Telling& telling);

}  // namespace slogate
