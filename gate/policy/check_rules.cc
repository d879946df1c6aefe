#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "gate/base/duration.h"
#include "gate/base/suggest.h"
#include "gate/policy/check_parts.h"
#include "gate/policy/effective.h"

namespace slogate {
namespace {

// What class definitions may skip besides rules' ids; "freezes" is kept free for what it will mean.
constexpr std::array<absl::string_view, 3> kSkipWords = {"rules", "findings", "freezes"};

void CheckId(const ReleasePolicy& policy, const Rule& rule, Report& report) {
  if (std::count(kSkipWords.begin(), kSkipWords.end(), rule.id) > 0 || FindingFromWord(rule.id)) {
    report.Error("reserved_rule_id", rule.at,
                 absl::StrCat("'", rule.id,
                              "' cannot be a rule's id, because skips: gives it another meaning"),
                 "choose another id");
  }
  const auto first = std::find_if(policy.rules.begin(), policy.rules.end(),
                                  [&](const Rule& other) { return other.id == rule.id; });
  if (&*first == &rule) return;
  report.Error("duplicate_rule", rule.at,
               absl::StrCat("rule '", rule.id, "' is already defined at line ", first->at.line),
               "give each rule an id of its own");
}

void CheckWindows(const std::vector<Placed<absl::Duration>>& over, Report& report) {
  for (auto window = over.begin(); window != over.end(); ++window) {
    const auto same = [&](const Placed<absl::Duration>& other) {
      return other.value == window->value;
    };
    if (std::none_of(over.begin(), window, same)) continue;
    report.Error("duplicate_window", window->at,
                 absl::StrCat("the window ", PrintDuration(window->value), " is given twice"),
                 "remove one");
  }
}

void CheckConfirmation(const BudgetSpent& spent, Report& report) {
  if (!spent.confirmed_over) return;
  const Placed<absl::Duration>& confirmed = *spent.confirmed_over;
  if (spent.over.size() > 1) {
    report.Error(
        "bad_confirmation", confirmed.at,
        absl::StrCat("confirmed_over goes with one window, but over has ", spent.over.size()),
        "leave one window in over, or remove confirmed_over");
  } else if (confirmed.value >= spent.over.front().value) {
    report.Error(
        "bad_confirmation", confirmed.at,
        absl::StrCat("confirmed_over (", PrintDuration(confirmed.value),
                     ") must be shorter than over (", PrintDuration(spent.over.front().value), ")"),
        "a twelfth of it is usual, such as over: 1h, confirmed_over: 5m");
  }
}

bool Met(const Threshold& threshold, const Rational& value) {
  return Compare(Bounds::Exactly(value), threshold.comparator, threshold.value) == Truth::kTrue;
}

bool IsNeverTrue(const Rule& rule) {
  const auto* level = std::get_if<SliLevel>(&rule.when);
  return level && !Met(level->threshold, 0);
}

// A threshold that every value of the quantity meets, or none.
struct CheckThreshold {
  const Rule& rule;
  Report& report;

  void operator()(const BudgetRemaining& remaining) const {
    if (Met(remaining.threshold, 1)) {
      Always(remaining.threshold, "budget_remaining is never above 100%",
             "lower it; at_most: 0% is true once the budget is spent");
    }
  }
  void operator()(const BudgetSpent& spent) const {
    CheckWindows(spent.over, report);
    CheckConfirmation(spent, report);
    if (Met(spent.threshold, 0)) {
      Always(spent.threshold, "budget_spent is never below 0%",
             "raise it; at_least: 2% over 1h is usual for a fast burn");
    }
  }
  void operator()(const BurnRate& burn) const {
    CheckWindows(burn.over, report);
    if (Met(burn.threshold, 0)) {
      Always(burn.threshold, "burn_rate is never below 0",
             "raise it; above: 1 is true while the budget runs out too soon");
    }
  }
  void operator()(const SliLevel& level) const {
    CheckWindows(level.over, report);
    if (Met(level.threshold, 1)) {
      Always(level.threshold, "sli is never above 100%",
             "lower it; below: 99% is true when less than 99% of the events were good");
    }
    if (IsNeverTrue(rule)) {
      report.Error("never_true", level.threshold.at,
                   absl::StrCat("rule '", rule.id, "' is never true: sli is never below 0%"),
                   "raise it; below: 99% is true when less than 99% of the events were good");
    }
  }
  void Always(const Threshold& threshold, absl::string_view why, const char* hint) const {
    report.Error("always_true", threshold.at,
                 absl::StrCat("rule '", rule.id, "' is always true: ", why), hint);
  }
};

// A rule that selects SLOs by names which nobody has says so at each of them. True iff it did.
bool CheckNames(const Rule& rule, absl::Span<const SloInFile> slos, Severity severity,
                Report& report) {
  const auto* names = std::get_if<std::vector<Placed<std::string>>>(&rule.slos);
  if (!names) return false;
  std::vector<std::string> known;
  for (const SloInFile& slo : slos) known.push_back(slo.slo->name);
  bool unknown = false;
  for (const Placed<std::string>& name : *names) {
    if (std::count(known.begin(), known.end(), name.value) > 0) continue;
    unknown = true;
    report.Add(
        severity, "unknown_slo", name.at,
        absl::StrCat("no SLO has the name '", name.value, "'", DidYouMean(name.value, known)),
        absl::StrCat("name one of ", Listed(known)));
  }
  return unknown;
}

std::string WhyNever(Applicability applies, const Slo& slo) {
  return applies == Applicability::kWindowTooLong
             ? absl::StrCat("'", slo.name, "' (its window of ", PrintDuration(slo.window),
                            " is too short)")
             : absl::StrCat("'", slo.name, "' (", slo.objective_text,
                            ": not even if every event failed)");
}

}  // namespace

void CheckRules(const ReleasePolicy& policy, std::vector<Diagnostic>& diagnostics) {
  Report report(policy.file, diagnostics);
  if (policy.rules.empty()) {
    report.Error("no_rules", {}, "the policy has no rules, so nothing would ever close the gate",
                 "add rules:, such as - {id: spent, when: {budget_remaining: {at_most: 0%}}, "
                 "verdict: deny}");
  }
  for (const Rule& rule : policy.rules) {
    CheckId(policy, rule, report);
    std::visit(CheckThreshold{rule, report}, rule.when);
  }
}

void CheckCoverage(const ReleasePolicy& policy, absl::Span<const SloInFile> slos,
                   std::vector<Diagnostic>& diagnostics) {
  Report report(policy.file, diagnostics);
  // A platform's rule is written for many teams, and need not fit this one.
  const Severity severity = policy.slos.empty() ? Severity::kWarning : Severity::kError;
  std::vector<bool> watched(slos.size(), policy.rules.empty());
  for (const Rule& rule : policy.rules) {
    std::vector<std::string> never;
    size_t selected = 0;
    for (size_t i = 0; i < slos.size(); ++i) {
      const Slo& slo = *slos[i].slo;
      const Applicability applies =
          Applies(rule, slo.name, slos[i].labels, slo.objective, slo.window);
      if (applies == Applicability::kNotSelected) continue;
      ++selected;
      if (applies == Applicability::kApplies ||
          IsNeverTrue(rule)) {  // CheckRules has said the latter
        watched[i] = true;
      } else {
        never.push_back(WhyNever(applies, slo));
      }
    }
    const bool named_nobody = CheckNames(rule, slos, severity, report);
    if (selected == 0 && !named_nobody) {
      report.Add(severity, "selects_nothing", rule.at,
                 absl::StrCat("rule '", rule.id, "' selects no SLO"),
                 "correct its slos:, or give an SLO the labels that it wants");
    } else if (!never.empty()) {
      report.Add(
          never.size() == selected ? severity : Severity::kWarning, "unreachable_rule", rule.at,
          absl::StrCat("rule '", rule.id, "' can never be true for ", absl::StrJoin(never, ", ")),
          "correct its threshold or windows, or choose the SLOs it looks at with slos:");
    }
  }
  for (size_t i = 0; i < slos.size(); ++i) {
    if (watched[i]) continue;
    Report(*slos[i].file, diagnostics)
        .Error("unwatched_slo", slos[i].slo->at,
               absl::StrCat("no rule looks at SLO '", slos[i].slo->name, "'"),
               "add a rule that selects it and can become true for it, or remove the SLO");
  }
}

}  // namespace slogate
