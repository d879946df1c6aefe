#include "gate/decision/screen.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>
#include <absl/strings/strip.h>

#include "gate/base/duration.h"
#include "gate/decision/numbers.h"
#include "gate/decision/sentences.h"

namespace slogate {
namespace {

constexpr size_t kWidth = 110;
constexpr size_t kShown = 6;  // causes, reasons or SLOs on the screen; explain shows all

std::string Place(const Decision& decision, Position at) {
  return absl::StrCat("(", decision.policy_file, ":", at.line, ":", at.column, ")");
}

bool HasBudget(const Decision& decision, const std::string& slo) {
  const auto& slos = decision.ruling.slos;
  return std::any_of(slos.begin(), slos.end(), [&](const SloResult& result) {
    return result.name == slo && result.budget.has_value();
  });
}

bool Counts(const Reason& reason) {
  return reason.applicability == Applicability::kApplies && reason.skipped_by.empty();
}

// A command stays on one line, so that it can be copied: Wrap does not break at this stand-in for a
// blank.
constexpr char kUnbrokenBlank = '\x01';

// CI systems obey lines that begin so, and what a line begins with may be a server's words.
bool IsCommand(absl::string_view word) {
  return absl::StartsWith(word, "::") || absl::StartsWith(word, "##");
}

std::string Unbroken(std::string command) {
  std::replace(command.begin(), command.end(), ' ', kUnbrokenBlank);
  return command;
}

class Builder {
 public:
  Builder(const Decision& decision, const RunNotes& run)
      : decision_(decision), ruling_(decision.ruling), run_(run) {}

  std::vector<std::string> Lines() {
    Sort();
    for (const std::string& note : Notes(decision_)) Say(note);
    Causes();
    if (firing_.empty() && decisive_.empty()) Budgets();
    Reasons();
    Findings();
    WaysOut();
    Footer();
    return std::move(lines_);
  }

 private:
  void Say(const std::string& text, size_t hanging = 4) {
    for (std::string& line : Wrap(text, 2, hanging)) lines_.push_back(std::move(line));
  }

  // The rules that fire or may, strongest first, and the findings that decide, one for each kind
  // and wording.
  void Sort() {
    for (const Reason& reason : ruling_.reasons) {
      if (!Counts(reason)) continue;
      if (reason.truth == Truth::kTrue || reason.TooClose() || reason.WithoutHistory()) {
        firing_.push_back(&reason);
      } else if (reason.truth == Truth::kFalse) {
        ++passing_;
      } else {
        ++unknown_;
      }
    }
    std::stable_sort(firing_.begin(), firing_.end(),
                     [](const Reason* a, const Reason* b) { return a->verdict > b->verdict; });
    // Of a kind that taints several windows of an SLO at one source, the longest says it all.
    std::map<std::tuple<FindingKind, std::string, std::string>, const JudgedFinding*> longest;
    for (const JudgedFinding& finding : ruling_.findings) {
      if (!finding.decisive || finding.softened) continue;
      const JudgedFinding*& known = longest[{finding.finding.kind, finding.source, finding.slo}];
      if (known == nullptr ||
          (known->window && (!finding.window || *finding.window > *known->window))) {
        known = &finding;
      }
    }
    for (const auto& [key, finding] : longest) {
      decisive_[{finding->finding.kind, FindingText(*finding, decision_)}].push_back(finding->slo);
    }
  }

  void Causes() {
    size_t shown = 0;
    for (const Reason* reason : firing_) {
      if (reason->truth != Truth::kTrue || reason->verdict != ruling_.verdict) continue;
      if (++shown > kShown) break;
      Say(CauseText(*reason, decision_));
      if (reason->legs.front().measure == Measure::kBudgetRemaining) Recovery(reason->slo);
    }
    if (shown == 0 && decisive_.empty() && !firing_.empty()) {
      Say(OpenText(*firing_.front(), decision_));
    }
    if (shown > 0 || decisive_.empty()) return;
    std::set<std::string> slos;
    bool any_budget = false;
    for (const auto& [key, names] : decisive_) {
      for (const std::string& name : names) {
        slos.insert(absl::StrCat("\"", name, "\""));
        any_budget = any_budget || HasBudget(decision_, name);
      }
    }
    const size_t all = slos.size();
    while (slos.size() > kShown) slos.erase(std::prev(slos.end()));
    Say(absl::StrCat(any_budget ? "The data does not say enough to judge "
                                : "Not known how much error budget is left of ",
                     absl::StrJoin(slos, ", "),
                     all > slos.size() ? absl::StrCat(" and ", all - slos.size(), " more") : "",
                     "."));
  }

  void Recovery(const std::string& name) {
    for (const SloResult& slo : ruling_.slos) {
      const std::string text = RecoveryText(slo, decision_.instant);
      if (slo.name == name && !text.empty() && recovering_.insert(name).second) Say(text);
    }
  }

  // With nothing to complain of, the budgets themselves, the emptiest first.
  void Budgets() {
    std::vector<const SloResult*> slos;
    size_t width = 0;
    for (const SloResult& slo : ruling_.slos) {
      slos.push_back(&slo);
      width = std::max(width, slo.name.size());
    }
    std::stable_sort(slos.begin(), slos.end(), [](const SloResult* a, const SloResult* b) {
      const auto left = [](const SloResult* slo) {
        return slo->budget && slo->budget->remaining ? slo->budget->remaining->low : Rational(-1);
      };
      return left(a) < left(b);
    });
    for (size_t i = 0; i < slos.size() && i < kShown; ++i) {
      const SloResult& slo = *slos[i];
      const bool known = slo.budget && slo.budget->remaining;
      const std::string left =
          !known ? "not measured"
          : slo.budget->remaining->low.sign() <= 0
              ? absl::StrCat(WindowText(slo), " error budget spent: ", BudgetText(slo))
              : absl::StrCat(PercentText(*slo.budget->remaining, 0, Rounding::kDown), " of its ",
                             WindowText(slo), " error budget left: ", BudgetText(slo));
      Say(absl::StrCat(slo.name, std::string(width - slo.name.size(), ' '), "  ", left));
    }
    if (slos.size() > kShown)
      Say(absl::StrCat("and ", slos.size() - kShown, " SLOs with more left"));
  }

  void Reasons() {
    for (size_t i = 0; i < firing_.size() && i < kShown; ++i) {
      const Reason& reason = *firing_[i];
      const bool last =
          i + 1 == firing_.size() && decisive_.empty() && passing_ > 0 && unknown_ == 0;
      Say(absl::StrCat(
          reason.rule, "  ", Place(decision_, reason.at), "  ",
          ruling_.slos.size() > 1 && !reason.slo.empty() ? absl::StrCat(reason.slo, ": ") : "",
          ReasonText(reason), last ? "; all else passes" : ""));
    }
    if (firing_.size() > kShown) {
      Say(absl::StrCat("and ", firing_.size() - kShown, " more; slogate explain shows all"));
    }
    if (firing_.empty() && decisive_.empty()) SayWhatPasses();
  }

  void SayWhatPasses() {
    if (unknown_ > 0) {
      Say(absl::StrCat(unknown_, " of ", unknown_ + passing_, " comparisons could not be made."));
    } else if (passing_ > 0) {
      std::set<std::string> rules;
      for (const Reason& reason : ruling_.reasons) {
        if (Counts(reason)) rules.insert(reason.rule);
      }
      Say(rules.size() == 1 ? "The one rule passes."
                            : absl::StrCat("All ", rules.size(), " rules pass."));
    }
  }

  void Findings() {
    size_t shown = 0;
    for (const auto& [key, slos] : decisive_) {
      if (++shown > kShown) break;
      const bool all = slos.size() == ruling_.slos.size();
      Say(absl::StrCat(Word(key.first), "  ",
                       all ? "" : absl::StrCat(absl::StrJoin(slos, ", "), ": "), key.second));
    }
    if (decisive_.size() > kShown) {
      Say(absl::StrCat("and ", decisive_.size() - kShown,
                       " more findings; slogate explain shows all"));
    }
  }

  // "You can  1 …     2 …": as many ways on a line as fit.
  void WaysOut() {
    constexpr absl::string_view kLead = "  You can  ";
    std::vector<std::string> rows;
    size_t number = 0;
    for (const WayOut& way : ruling_.next) {
      const WayOutText words = DescribeWayOut(way, decision_, ShortId());
      const std::string item =
          absl::StrCat(++number, " ", words.text, words.option.empty() ? "" : ": ",
                       Unbroken(words.option), words.note.empty() ? "" : "  ", words.note);
      if (rows.empty() || kLead.size() + Columns(rows.back()) + 5 + Columns(item) > kWidth) {
        rows.push_back(item);
      } else {
        absl::StrAppend(&rows.back(), "     ", item);
      }
    }
    for (size_t i = 0; i < rows.size(); ++i) {
      std::vector<std::string> lines = Wrap(rows[i], kLead.size(), kLead.size() + 2);
      if (i == 0) lines[0].replace(0, kLead.size(), kLead.data(), kLead.size());
      std::move(lines.begin(), lines.end(), std::back_inserter(lines_));
    }
    if (ruling_.outcome != Outcome::kBlocked) return;
    if (rows.empty())
      Say("The policy leaves no other way out than to wait until the budget recovers.");
    if (!decision_.runbook.empty()) Say(absl::StrCat("Runbook: ", decision_.runbook));
  }

  // Enough of the decision's id to find it in a ledger.
  std::string ShortId() const {
    constexpr size_t kDigits = 16;
    if (!run_.decision_id) return "ID";
    return std::string(absl::StripPrefix(*run_.decision_id, "sha256:").substr(0, kDigits));
  }

  void Footer() {
    const bool estimate =
        std::any_of(ruling_.slos.begin(), ruling_.slos.end(),
                    [](const SloResult& slo) { return slo.budget && slo.budget->estimate; });
    std::string text = absl::StrCat("Measured ", PrintTime(decision_.instant),
                                    estimate ? " (counts are estimates)." : ".");
    if (run_.decision_file) {
      absl::StrAppend(&text, " Why in full: ",
                      run_.decision_file->empty()
                          ? "--json FILE, then slogate explain FILE"
                          : Unbroken(absl::StrCat("slogate explain ", *run_.decision_file)));
    }
    Say(text);
    if (!run_.recorded) return;
    const RecordedAs& recorded = *run_.recorded;
    Say(absl::StrCat("Recorded as decision ", ShortId(), ", number ", recorded.seq,
                     " of the ledger ", recorded.ledger, ". ",
                     Unbroken(absl::StrCat("checkpoint ", recorded.checkpoint))));
  }

  const Decision& decision_;
  const Ruling& ruling_;
  const RunNotes& run_;
  std::vector<std::string> lines_;
  std::vector<const Reason*> firing_;
  std::map<std::pair<FindingKind, std::string>, std::vector<std::string>>
      decisive_;                      // to SLO names
  std::set<std::string> recovering_;  // SLOs whose forecast is told
  size_t passing_ = 0, unknown_ = 0;  // rules that are false, and that are unknown by a finding
};

std::string ShortDigest(const std::string& artifact) {
  constexpr absl::string_view kPrefix = "sha256:";
  if (!absl::StartsWith(artifact, kPrefix)) return artifact;
  return artifact.substr(0, kPrefix.size() + 8);
}

}  // namespace

size_t Columns(absl::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

std::vector<std::string> Wrap(const std::string& text, size_t indent, size_t hanging) {
  std::vector<std::string> lines;
  std::string line(indent, ' ');
  bool empty = true;
  std::string gap;  // blanks between words are kept within a line: they align
  for (const absl::string_view word : absl::StrSplit(text, ' ')) {
    if (word.empty()) {
      absl::StrAppend(&gap, " ");
      continue;
    }
    if (!empty && !IsCommand(word) && Columns(line) + gap.size() + Columns(word) > kWidth) {
      lines.push_back(std::exchange(line, std::string(hanging, ' ')));
      empty = true;
    }
    absl::StrAppend(&line, empty ? "" : gap, word);
    empty = false;
    gap = " ";
  }
  lines.push_back(std::move(line));
  for (std::string& finished : lines) {
    std::replace(finished.begin(), finished.end(), kUnbrokenBlank, ' ');
  }
  return lines;
}

Screen ScreenFor(const Decision& decision, const RunNotes& run) {
  const Ruling& ruling = decision.ruling;
  Screen screen;
  screen.verdict = absl::AsciiStrToUpper(Word(ruling.verdict));
  if (decision.dry_run) screen.verdict = absl::StrCat("would ", screen.verdict);
  std::string head = absl::StrCat(
      screen.verdict, std::string(screen.verdict.size() < 5 ? 7 - screen.verdict.size() : 2, ' '),
      SubjectText(decision.request.subject));
  const Subject& subject = decision.request.subject;
  for (const std::string& part :
       {subject.version, ShortDigest(subject.artifact), ruling.claim.effective}) {
    if (!part.empty()) absl::StrAppend(&head, "  ", part);
  }
  std::vector<std::string> tails;
  if (ruling.basis == Basis::kOverride) tails.push_back("overridden, PROCEEDS");
  if (ruling.basis == Basis::kObserve) tails.push_back("observed only, PROCEEDS");
  if (decision.dry_run) tails.push_back("dry run");
  if (run.exit_code) tails.push_back(absl::StrCat("exit ", *run.exit_code));
  const std::string tail = absl::StrJoin(tails, ", ");
  const size_t used = Columns(head) + Columns(tail);
  screen.headline = head;
  if (!tail.empty()) {
    absl::StrAppend(&screen.headline, std::string(used + 3 > kWidth ? 3 : kWidth - used, ' '),
                    tail);
  }
  screen.lines = Builder(decision, run).Lines();
  return screen;
}

}  // namespace slogate
