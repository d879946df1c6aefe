// Reports: a decision in a format that CI systems display, written where --output says. The same
// words as everywhere, escaped for each.
#pragma once

#include <string>
#include <vector>

#include "adapters/telling.h"

namespace slogate {

struct Report {
  const char* kind;  // "junit"
  std::string (*render)(const Telling& telling);
};

// The report of that kind, or nullptr.
const Report* FindReport(absl::string_view kind);

std::vector<std::string> ReportKinds();

// GitHub-flavoured Markdown: the verdict, why, a table of the SLOs with bars, the rules, the ways
// out, findings folded. Below limits::kSummaryBytes, whatever the decision.
std::string RenderMarkdown(const Telling& telling);

// JUnit's XML: one case a rule and SLO, and one for the verdict. Cases fail only where the run is
// blocked, so that no display is redder than the pipeline.
std::string RenderJunit(const Telling& telling);

// The JSON of Jenkins' Warnings-NG: an issue for each rule that fires and each finding that decides.
std::string RenderWarningsNg(const Telling& telling);

// The screen's first line, without the blanks that align it.
std::string RenderHeadline(const Telling& telling);

}  // namespace slogate
