#include <algorithm>

#include <absl/strings/str_cat.h>

#include "adapters/escape.h"
#include "adapters/reports/reports.h"
#include "gate/base/duration.h"
#include "gate/base/limits.h"

namespace slogate {
namespace {

constexpr int64_t kBarCells = 10;

// Of more rules than these, nobody looks for one among those that pass.
constexpr size_t kRulesShown = 50;

// Ten cells, of which as many are full as tenths of the budget are left: rounded down, so that a
// budget that is touched never looks whole, and one with anything left never looks empty.
std::string Bar(const std::optional<Rational>& remaining) {
  if (!remaining) return "??????????";
  int64_t full = 0;
  while (full < kBarCells && *remaining >= Rational(full + 1) * *Rational::FromDecimal("0.1"))
    ++full;
  if (full == 0 && remaining->sign() > 0) full = 1;
  std::string bar;
  for (int64_t cell = 0; cell < kBarCells; ++cell) bar += cell < full ? "█" : "░";
  return bar;
}

const char* Word(RuleSummary::State state) {
  switch (state) {
    case RuleSummary::State::kPasses:
      return "passes";
    case RuleSummary::State::kFires:
      return "**fires**";
    case RuleSummary::State::kSkipped:
      return "skipped";
    case RuleSummary::State::kUnknown:
      break;
  }
  return "unknown";
}

// Lines of a list or a table as long as there is room, and what is said of those left out.
class Page {
 public:
  void Add(absl::string_view text) { absl::StrAppend(&text_, text); }

  // False where it did not fit.
  bool AddIfRoom(absl::string_view row) {
    if (text_.size() + row.size() > limits::kSummaryBytes) return false;
    Add(row);
    return true;
  }

  // `row` makes the text of an item.
  template <class Items, class Row>
  void AddAll(const Items& items, const Row& row) {
    size_t left = items.size();
    for (const auto& item : items) {
      if (!AddIfRoom(row(item))) break;
      --left;
    }
    if (left > 0) absl::StrAppend(&text_, "\n", left, " more did not fit here\n");
    Add("\n");
  }

  std::string Take() { return std::move(text_); }

 private:
  std::string text_;
};

std::string SloRow(const SloSummary& slo) {
  return absl::StrCat("| ", EscapeMarkdown(slo.name), " | ", EscapeMarkdown(slo.objective), " | ",
                      EscapeMarkdown(slo.window), " | ", Bar(slo.remaining_ratio), " ",
                      EscapeMarkdown(slo.remaining), " | ", EscapeMarkdown(slo.budget), " |\n");
}

std::string RuleRow(const RuleSummary& rule) {
  return absl::StrCat("| ", EscapeMarkdown(rule.rule), " | ", EscapeMarkdown(rule.slo), " | ",
                      Word(rule.state), " | ", Word(rule.verdict), " | ",
                      EscapeMarkdown(rule.Text()), " |\n");
}

std::string FindingRow(const FindingSummary& finding) {
  return absl::StrCat("- ", EscapeMarkdown(finding.kind), " for ", EscapeMarkdown(finding.slo),
                      finding.decisive ? " (decides)" : "", ": ", EscapeMarkdown(finding.text),
                      "; to do: ", EscapeMarkdown(finding.advice), "\n");
}

}  // namespace

std::string RenderMarkdown(const Telling& telling) {
  const Summary& summary = telling.summary;
  Page page;
  page.Add(absl::StrCat("## ", EscapeMarkdown(summary.verdict), " ",
                        EscapeMarkdown(summary.subject), "\n\n"));
  page.AddAll(summary.sentences, [](const std::string& sentence) {
    return absl::StrCat(EscapeMarkdown(sentence), "\n\n");
  });
  page.Add("| SLO | objective | window | budget left | events |\n|---|---|---|---|---|\n");
  page.AddAll(summary.slos, SloRow);
  page.Add("| rule | SLO | | verdict | |\n|---|---|---|---|---|\n");
  std::vector<RuleSummary> rules = summary.rules;
  if (rules.size() > kRulesShown) {
    rules.erase(std::remove_if(rules.begin(), rules.end(),
                               [](const RuleSummary& rule) {
                                 return rule.state == RuleSummary::State::kPasses;
                               }),
                rules.end());
  }
  page.AddAll(rules, RuleRow);
  if (const size_t passing = summary.rules.size() - rules.size(); passing > 0) {
    page.Add(absl::StrCat(passing, " more pass\n\n"));
  }
  if (!summary.ways.empty()) {
    page.Add("**You can**\n\n");
    page.AddAll(summary.ways, [](const WaySummary& way) {
      return absl::StrCat(EscapeMarkdown(way.text), "\n\n",
                          way.command.empty() ? "" : MarkdownCode(way.command), "\n");
    });
  }
  if (!telling.decision.runbook.empty() && summary.blocks) {
    page.Add(absl::StrCat("Runbook: ", EscapeMarkdown(telling.decision.runbook), "\n\n"));
  }
  if (!summary.findings.empty()) {
    page.Add(absl::StrCat("<details><summary>", summary.findings.size(),
                          summary.findings.size() == 1 ? " finding" : " findings",
                          "</summary>\n\n"));
    page.AddAll(summary.findings, FindingRow);
    page.Add("</details>\n\n");
  }
  page.Add(absl::StrCat("Measured ", EscapeMarkdown(PrintTime(telling.decision.instant)),
                        ", decision ", EscapeMarkdown(telling.decision_id), "\n"));
  if (!telling.checkpoint.empty()) {
    page.Add(absl::StrCat("\nRecorded; checkpoint ", EscapeMarkdown(telling.checkpoint), "\n"));
  }
  return page.Take();
}

}  // namespace slogate
