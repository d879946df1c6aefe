#include "adapters/reports/reports.h"

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>

namespace slogate {
namespace {

constexpr Report kReports[] = {{"junit", RenderJunit},
                               {"markdown", RenderMarkdown},
                               {"warnings-ng", RenderWarningsNg},
                               {"headline", RenderHeadline}};

}  // namespace

const Report* FindReport(absl::string_view kind) {
  for (const Report& report : kReports) {
    if (kind == report.kind) return &report;
  }
  return nullptr;
}

std::vector<std::string> ReportKinds() {
  std::vector<std::string> kinds;
  for (const Report& report : kReports) kinds.emplace_back(report.kind);
  return kinds;
}

std::string RenderHeadline(const Telling& telling) {
  const std::vector<absl::string_view> parts =
      absl::StrSplit(telling.screen.headline, "  ", absl::SkipWhitespace());
  return absl::StrCat(absl::StrJoin(parts, "  ",
                                    [](std::string* out, absl::string_view part) {
                                      absl::StrAppend(out, absl::StripAsciiWhitespace(part));
                                    }),
                      "\n");
}

}  // namespace slogate
