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

// What class definitions may skip besides ids.
constexpr std::array<absl::string_view, 3> kSkipWords = {"rules", "findings", "freezes"};

bool HasId(const ReleasePolicy& policy, const Rule& rule, const Doubts& doubts) {
  return !doubts.About(policy.file, rule.at, "id");
}

void CheckId(const ReleasePolicy& policy, const Rule& rule, const Doubts& doubts, Report& report) {
  if (IsReservedId(rule.id)) {
    report.Error("reserved_rule_id", rule.at,
                 absl::StrCat("'", rule.id,
                              "' cannot be a rule's id, because skips: gives it another meaning"),
                 "choose another id");
  }
  const auto first = std::find_if(policy.rules.begin(), policy.rules.end(), [&](const Rule& other) {
    return HasId(policy, other, doubts) && other.id == rule.id;
  });
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
    if (remaining.reopens_above) CheckBand(remaining.threshold, *remaining.reopens_above);
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
  void operator()(const LastRelease&) const {
    if (std::holds_alternative<std::monostate>(rule.slos)) return;
    report.Error("slos_of_no_slo", rule.at,
                 absl::StrCat("rule '", rule.id,
                              "' has slos:, but last_release is about the service as a whole"),
                 "remove slos: from this rule");
  }
  void operator()(const Freeze&) const {}  // stands in freezes:, where there are no thresholds
  void CheckBand(const Threshold& threshold, const Placed<Rational>& reopens) const {
    if (reopens.value <= threshold.value) {
      report.Error("bad_band", reopens.at,
                   absl::StrCat("reopens_above of rule '", rule.id,
                                "' is not above the threshold at which the rule closes"),
                   "raise it, such as at_most: 0%, reopens_above: 5%, or remove it");
    } else if (reopens.value >= Rational(1)) {
      report.Error(
          "bad_band", reopens.at,
          absl::StrCat("rule '", rule.id, "' never reopens: budget_remaining is never above 100%"),
          "lower it, such as at_most: 0%, reopens_above: 5%");
    }
  }
  void Always(const Threshold& threshold, absl::string_view why, const char* hint) const {
    report.Error("always_true", threshold.at,
                 absl::StrCat("rule '", rule.id, "' is always true: ", why), hint);
  }
};

// A rule that selects SLOs by names which nobody has says so at each of them. True iff it did, or
// if that cannot be known.
bool CheckNames(const Rule& rule, const SloSet& set, Severity severity, Report& report) {
  const auto* names = std::get_if<std::vector<Placed<std::string>>>(&rule.slos);
  if (!names) return false;
  if (!set.has_all_names) return true;
  std::vector<std::string> known;
  for (const SloInFile& slo : set.slos) known.push_back(slo.slo->name);
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
             ? absl::StrCat("'", slo.name, "' (its window of ", PrintWindow(slo.window),
                            " is too short)")
             : absl::StrCat("'", slo.name, "' (", slo.objective_text,
                            ": not even if every event failed)");
}

// Whether a rule closes the gate by what happened of late, and not by what the whole window came to; where
// its verdict is not known, it perhaps does.
bool SeesTheTurn(const Rule& rule, bool has_verdict) {
  return (rule.verdict >= Verdict::kHold || !has_verdict) &&
         (std::holds_alternative<BurnRate>(rule.when) ||
          std::holds_alternative<BudgetSpent>(rule.when));
}

// What the rules look at, by SLO; SLOs that they perhaps look at, too.
struct Coverage {
  std::vector<bool> watched;  // by any rule
  std::vector<bool> guarded;  // by one that sees the turn of a calendar
};

// One rule and all SLOs.
void CheckRuleCoverage(const Rule& rule, bool sees_the_turn, const SloSet& set, Severity severity,
                       Report& report, Coverage& coverage) {
  std::vector<std::string> never;
  size_t selected = 0;
  for (size_t i = 0; i < set.slos.size(); ++i) {
    const SloInFile& slo = set.slos[i];
    const auto cover = [&] {
      coverage.watched[i] = true;
      if (sees_the_turn) coverage.guarded[i] = true;
    };
    if (!slo.has_name || !slo.has_labels) {
      cover();
      continue;
    }
    const Applicability applies =
        Applies(rule, slo.slo->name, slo.labels, slo.slo->objective, slo.slo->window);
    if (applies == Applicability::kNotSelected) continue;
    ++selected;
    if (applies == Applicability::kApplies || !slo.has_target ||
        IsNeverTrue(rule)) {  // CheckRules has said the latter
      cover();
    } else {
      never.push_back(WhyNever(applies, *slo.slo));
    }
  }
  const bool has_all = set.has_all_names && set.has_all_labels;
  const bool named_nobody = CheckNames(rule, set, severity, report);
  if (selected == 0 && has_all && !named_nobody) {
    report.Add(severity, "selects_nothing", rule.at,
               absl::StrCat("rule '", rule.id, "' selects no SLO"),
               "correct its slos:, or give an SLO the labels that it wants");
  } else if (!never.empty()) {
    report.Add(
        has_all && never.size() == selected ? severity : Severity::kWarning, "unreachable_rule",
        rule.at,
        absl::StrCat("rule '", rule.id, "' can never be true for ", absl::StrJoin(never, ", ")),
        "correct its threshold or windows, or choose the SLOs it looks at with slos:");
  }
}

void CheckTurn(const SloInFile& slo, std::vector<Diagnostic>& diagnostics) {
  const auto* calendar = std::get_if<CalendarWindow>(&slo.slo->window);
  if (calendar == nullptr) return;
  const absl::string_view unit = Word(calendar->unit);
  Report(*slo.file, diagnostics)
      .Error("no_burn_rule", slo.slo->at,
             absl::StrCat("no rule holds SLO '", slo.slo->name,
                          "' by how fast its budget burns: a new ", unit,
                          " begins with a whole budget, and would open the gate to a service "
                          "that fails just then"),
             "add a rule with budget_spent or burn_rate and the verdict hold or deny, such as {id: "
             "fast-burn, when: {budget_spent: {at_least: 2%, over: 1h}}, verdict: hold}");
}

// A rule that applies to an SLO but looks at less than one of its slices. Said of the slice: whoever
// chose it must not get rid of the platform's rules that way.
void CheckSlices(const ReleasePolicy& policy, const SloInFile& slo, const Doubts& doubts,
                 std::vector<Diagnostic>& diagnostics) {
  const Placed<absl::Duration>* slice = SliceOf(slo.slo->sli);
  const bool doubtful = doubts.About(*slo.file, slo.slo->at, "sli") || !slo.has_target ||
                        !slo.has_name || !slo.has_labels;
  if (slice == nullptr || doubtful) return;
  for (const Rule& rule : policy.rules) {
    const bool sure = HasId(policy, rule, doubts) && !doubts.About(policy.file, rule.at, "when") &&
                      !doubts.About(policy.file, rule.at, "slos");
    if (!sure || Applies(rule, slo.slo->name, slo.labels, slo.slo->objective, slo.slo->window) !=
                     Applicability::kApplies) {
      continue;
    }
    const absl::Duration own = ShortestOf(slo.slo->window);
    for (const absl::Duration window : WindowsOf(rule.when, own)) {
      if (window >= slice->value || window == own) continue;
      Report(*slo.file, diagnostics)
          .Error("slice_too_long", slice->at,
                 absl::StrCat("a slice of ", PrintDuration(slice->value), " does not fit into the ",
                              PrintDuration(window), " that rule '", rule.id, "' looks at"),
                 "shorten the slice, or have the rule look at longer windows of this SLO");
      return;
    }
  }
}

}  // namespace

bool IsReservedId(const std::string& id) {
  return std::count(kSkipWords.begin(), kSkipWords.end(), id) > 0 || FindingFromWord(id);
}

std::vector<std::string> IdsOf(const ReleasePolicy& policy) {
  std::vector<std::string> ids;
  for (const Rule& rule : policy.rules) ids.push_back(rule.id);
  for (const FreezeConfig& freeze : policy.freezes) ids.push_back(freeze.id);
  return ids;
}

bool HasAllIds(const ReleasePolicy& policy, const Doubts& doubts) {
  const auto has = [&](const auto& one) { return !doubts.About(policy.file, one.at, "id"); };
  return !doubts.About(policy.file, policy.at, "rules") &&
         !doubts.About(policy.file, policy.at, "freezes") &&
         std::all_of(policy.rules.begin(), policy.rules.end(), has) &&
         std::all_of(policy.freezes.begin(), policy.freezes.end(), has);
}

void CheckRules(const ReleasePolicy& policy, const Doubts& doubts,
                std::vector<Diagnostic>& diagnostics) {
  Report report(policy.file, diagnostics);
  for (const Rule& rule : policy.rules) {
    if (!HasId(policy, rule, doubts)) continue;  // nothing to call it by
    CheckId(policy, rule, doubts, report);
    if (doubts.About(policy.file, rule.at, "when")) continue;
    std::visit(CheckThreshold{rule, report}, rule.when);
  }
}

void CheckCoverage(const ReleasePolicy& policy, const SloSet& set, const Doubts& doubts,
                   std::vector<Diagnostic>& diagnostics) {
  Report report(policy.file, diagnostics);
  // A platform's rule is written for many teams, and need not fit this one.
  const Severity severity = policy.slos.empty() ? Severity::kWarning : Severity::kError;
  Coverage coverage{std::vector<bool>(set.slos.size()), std::vector<bool>(set.slos.size())};
  bool has_all_rules = !doubts.About(policy.file, policy.at, "rules");
  for (const Rule& rule : policy.rules) {
    const auto doubtful = [&](const char* key) { return doubts.About(policy.file, rule.at, key); };
    if (doubtful("id") || doubtful("when") || doubtful("slos")) {
      has_all_rules = false;
    } else if (LooksAtSlos(rule.when)) {
      CheckRuleCoverage(rule, SeesTheTurn(rule, !doubtful("verdict")), set, severity, report,
                        coverage);
    }
  }
  for (const SloInFile& slo : set.slos) CheckSlices(policy, slo, doubts, diagnostics);
  for (size_t i = 0; i < set.slos.size(); ++i) {
    if (!has_all_rules) continue;
    if (coverage.watched[i]) {
      if (!coverage.guarded[i] && set.slos[i].has_target) CheckTurn(set.slos[i], diagnostics);
      continue;
    }
    Report(*set.slos[i].file, diagnostics)
        .Error("unwatched_slo", set.slos[i].slo->at,
               absl::StrCat("no rule looks at SLO '", set.slos[i].slo->name, "'"),
               "add a rule that selects it and can become true for it, or remove the SLO");
  }
}

}  // namespace slogate
