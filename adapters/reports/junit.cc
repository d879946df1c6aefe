#include <algorithm>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "adapters/escape.h"
#include "adapters/reports/reports.h"

namespace slogate {
namespace {

struct Case {
  std::string name, text, type;
  enum class State : uint8_t { kPassed, kFailed, kSkipped } state = State::kPassed;
};

Case CaseOf(const RuleSummary& rule, bool blocks) {
  Case result{absl::StrCat(rule.rule, " (", rule.slo, ")"), rule.Text(),
              std::string(Word(rule.verdict)), Case::State::kPassed};
  const bool shuts = rule.verdict >= Verdict::kHold;
  if (rule.state == RuleSummary::State::kFires && shuts && blocks) {
    result.state = Case::State::kFailed;
  } else if (rule.state == RuleSummary::State::kSkipped ||
             rule.state == RuleSummary::State::kUnknown) {
    result.state = Case::State::kSkipped;
  }
  return result;
}

Case VerdictCase(const Summary& summary, const Telling& telling) {
  return {"verdict",
          absl::StrCat(RenderHeadline(telling), absl::StrJoin(telling.screen.lines, "\n")),
          std::string(Word(telling.decision.ruling.verdict)),
          summary.blocks ? Case::State::kFailed : Case::State::kPassed};
}

std::string Xml(const Case& test, absl::string_view suite) {
  const std::string text = EscapeXml(test.text);
  const std::string head = absl::StrCat("  <testcase classname=\"", EscapeXml(suite), "\" name=\"",
                                        EscapeXml(test.name), "\">");
  const char* const end = "</testcase>\n";
  switch (test.state) {
    case Case::State::kFailed:
      return absl::StrCat(head, "<failure type=\"", EscapeXml(test.type), "\" message=\"",
                          EscapeXml(test.text.substr(0, test.text.find('\n'))), "\">", text,
                          "</failure>", end);
    case Case::State::kSkipped:
      return absl::StrCat(head, "<skipped message=\"", text, "\"/>", end);
    case Case::State::kPassed:
      break;
  }
  return absl::StrCat(head, "<system-out>", text, "</system-out>", end);
}

}  // namespace

std::string RenderJunit(const Telling& telling) {
  const Summary& summary = telling.summary;
  std::vector<Case> cases = {VerdictCase(summary, telling)};
  for (const RuleSummary& rule : summary.rules) cases.push_back(CaseOf(rule, summary.blocks));
  const auto count = [&](Case::State state) {
    return std::count_if(cases.begin(), cases.end(),
                         [&](const Case& one) { return one.state == state; });
  };
  const std::string suite = absl::StrCat("slogate ", summary.subject);
  std::string xml = absl::StrCat(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n <testsuite name=\"",
      EscapeXml(suite), "\" tests=\"", cases.size(), "\" failures=\"", count(Case::State::kFailed),
      "\" errors=\"0\" skipped=\"", count(Case::State::kSkipped), "\">\n");
  for (const Case& one : cases) absl::StrAppend(&xml, Xml(one, suite));
  absl::StrAppend(&xml, " </testsuite>\n</testsuites>\n");
  return xml;
}

}  // namespace slogate
