#include "gate/policy/effective.h"

#include <algorithm>
#include <utility>

#include <absl/strings/str_cat.h>

#include "gate/base/suggest.h"
#include "gate/policy/freeze.h"
#include "gate/policy/report.h"

namespace slogate {
namespace {

Rational Milliseconds(absl::Duration duration) { return absl::ToInt64Milliseconds(duration); }

bool Selects(const SloSelection& selection, const std::string& name, const Labels& labels) {
  if (const auto* wanted = std::get_if<Labels>(&selection)) {
    return std::all_of(wanted->begin(), wanted->end(), [&](const auto& label) {
      const auto found = labels.find(label.first);
      return found != labels.end() && found->second == label.second;
    });
  }
  if (const auto* names = std::get_if<std::vector<Placed<std::string>>>(&selection)) {
    return std::any_of(names->begin(), names->end(),
                       [&](const Placed<std::string>& wanted) { return wanted.value == name; });
  }
  return true;
}

// Whether every window of a condition is short enough for an SLO's. The budget is that of the SLO's
// window, so what spends it must be shorter; an SLI level may be read over the whole of it.
struct WindowsFit {
  absl::Duration window;  // the shortest that it may be

  bool operator()(const BudgetRemaining&) const { return true; }
  bool operator()(const BudgetSpent& spent) const {
    return AllShorter(spent.over) &&
           (!spent.confirmed_over || spent.confirmed_over->value < window);
  }
  bool operator()(const BurnRate& burn) const { return AllShorter(burn.over); }
  bool operator()(const SliLevel& level) const {
    return std::all_of(level.over.begin(), level.over.end(),
                       [&](const auto& over) { return over.value <= window; });
  }
  bool operator()(const LastRelease&) const { return true; }
  bool operator()(const Freeze&) const { return true; }
  bool AllShorter(const std::vector<Placed<absl::Duration>>& windows) const {
    return std::all_of(windows.begin(), windows.end(),
                       [&](const auto& over) { return over.value < window; });
  }
};

// Whether the condition would be met if every event of every window failed: then the burn rate is
// 1 / (1 - objective), and no window can burn faster. Both sides of each comparison are multiplied by
// what would divide them, as this is worked out for every rule and SLO of a decision.
struct MetWhenAllFails {
  const Rational& objective;
  absl::Duration window;  // the longest that it may be

  bool operator()(const BudgetRemaining& remaining) const {  // 1 - burn rate
    return Met(-objective, remaining.threshold, Rational(1) - objective);
  }
  bool operator()(const BudgetSpent& spent) const {  // burn rate × over / window
    const Rational divisor = (Rational(1) - objective) * Milliseconds(window);
    return std::all_of(spent.over.begin(), spent.over.end(), [&](const auto& over) {
      return Met(Milliseconds(over.value), spent.threshold, divisor);
    });
  }
  bool operator()(const BurnRate& burn) const {
    return Met(1, burn.threshold, Rational(1) - objective);
  }
  bool operator()(const SliLevel& level) const { return Met(0, level.threshold, 1); }
  bool operator()(const LastRelease&) const { return true; }
  bool operator()(const Freeze&) const { return true; }

  // Of `value` / `divisor`, which is above 0.
  static bool Met(const Rational& value, const Threshold& threshold, const Rational& divisor) {
    return Compare(Bounds::Exactly(value), threshold.comparator, threshold.value * divisor) ==
           Truth::kTrue;
  }
};

// Each file that names a service must name the one that the command line means.
void CheckService(const PolicyFiles& files, const std::string& service,
                  std::vector<Diagnostic>& diagnostics) {
  const auto check = [&](const std::string& file, const Placed<std::string>& named) {
    if (named.value == service) return;
    Report(file, diagnostics)
        .Error("foreign_service", named.at,
               absl::StrCat("this file is about service '", named.value, "', but --service says '",
                            service, "'"),
               absl::StrCat("give the file of '", service, "', or correct --service"));
  };
  if (files.policy->service) check(files.policy->file, *files.policy->service);
  for (const ServiceObjectives& objectives : files.objectives) {
    check(objectives.file, objectives.service);
  }
}

// The environment of that name; nullptr where the policy has none at all, and with a diagnostic
// otherwise.
const EnvironmentConfig* FindEnvironment(const ReleasePolicy& policy,
                                         const std::optional<std::string>& name,
                                         std::vector<Diagnostic>& diagnostics) {
  if (policy.environments.empty()) return nullptr;
  const std::vector<std::string> known = Names(policy.environments);
  Report report(policy.file, diagnostics);
  if (!name) {
    report.Error("missing_environment", {},
                 "the policy has environments, and --environment is missing",
                 absl::StrCat("add --environment with one of ", Listed(known)));
    return nullptr;
  }
  const auto found = policy.environments.find(*name);
  if (found != policy.environments.end()) return &found->second;
  report.Error(
      "unknown_environment", {},
      absl::StrCat("the policy has no environment '", *name, "'", DidYouMean(*name, known)),
      absl::StrCat("give --environment one of ", Listed(known)));
  return nullptr;
}

// How long what was scraped takes to be there, where a policy does not say: until then one source may
// have more of the newest minute than another.
constexpr absl::Duration kDelay = absl::Seconds(60);

void AddSources(const ReleasePolicy& policy, const EnvironmentConfig* environment,
                EffectivePolicy& effective) {
  if (environment == nullptr) {
    effective.sources = {{policy.sources.begin()->first, policy.sources.begin()->second}};
    return;
  }
  for (const Placed<std::string>& source : environment->sources) {
    effective.sources.push_back({source.value, policy.sources.at(source.value)});
  }
  if (effective.sources.size() == 1) return;
  effective.combine = environment->combine->value;
  effective.delay = environment->delay ? environment->delay->value : kDelay;
}

void AddSlos(const std::string& file, const Labels& labels, const std::vector<Slo>& slos,
             const Labels& matchers, EffectivePolicy& policy,
             std::vector<Diagnostic>& diagnostics) {
  for (const Slo& slo : slos) {
    const std::optional<Position> without = FindWithoutMatchers(slo.sli);
    if (without && !matchers.empty()) {
      Report(file, diagnostics)
          .Error("no_matchers_place", *without,
                 absl::StrCat("this PromQL has no place for the matchers of environment '",
                              policy.environment, "'"),
                 kMatchersHint);
    }
    Labels merged = slo.labels;
    merged.insert(labels.begin(), labels.end());  // insert keeps what is there: the SLO's own win
    EffectiveSlo& added = policy.slos.emplace_back();
    added.file = file;
    added.at = slo.at;
    added.name = slo.name;
    added.labels = std::move(merged);
    added.objective = slo.objective;
    added.objective_text = slo.objective_text;
    added.sli = Completed(slo.sli, matchers);
    if (const auto* rolling = std::get_if<absl::Duration>(&slo.window)) {
      added.window = *rolling;
    } else {
      added.calendar = std::get<CalendarWindow>(slo.window);
    }
  }
}

void CheckSelectors(const EffectivePolicy& policy, std::vector<Diagnostic>& diagnostics) {
  for (const EffectiveSlo& slo : policy.slos) {
    const std::optional<DeadSelector> dead = FindDeadSelector(slo.sli);
    if (!dead) continue;
    Report(slo.file, diagnostics)
        .Error("never_matches", dead->at,
               absl::StrCat("'", dead->half, "' can match nothing in environment '",
                            policy.environment, "': ", Print(dead->one), " and ",
                            Print(dead->other), " exclude each other"),
               "leave this label to the environment's matchers");
  }
}

}  // namespace

Verdict FindingChoices::For(FindingKind kind) const {
  const auto chosen = verdicts.find(kind);
  return chosen != verdicts.end() ? chosen->second : Traits(kind).verdict;
}

EffectivePolicy RulesFor(const ReleasePolicy& policy, const std::string& service,
                         const std::string& environment) {
  EffectivePolicy effective;
  effective.file = policy.file;
  effective.metadata = policy.metadata;
  effective.service = service;
  effective.environment = environment;
  effective.changes = policy.changes;
  if (effective.changes.empty()) effective.changes[kDefaultClass].is_default = true;
  effective.rules = policy.rules;
  for (Rule& freeze : FreezesIn(policy, environment)) effective.rules.push_back(std::move(freeze));
  effective.findings = policy.findings;
  effective.ledger = policy.ledger;
  effective.people = policy.people;
  effective.overrides = policy.overrides;
  return effective;
}

Parsed<EffectivePolicy> Combine(const PolicyFiles& files, const Target& target) {
  Parsed<EffectivePolicy> result;
  std::vector<Diagnostic>& diagnostics = result.diagnostics;
  if (!files.policy) {
    Report("command line", diagnostics)
        .Error("no_policy", {}, "no ReleasePolicy is given", "name one with --policy");
    return result;
  }
  const ReleasePolicy& policy = *files.policy;
  if (target.service) CheckService(files, *target.service, diagnostics);
  const EnvironmentConfig* environment = FindEnvironment(policy, target.environment, diagnostics);
  if (policy.slos.empty() && files.objectives.empty()) {
    Report(policy.file, diagnostics)
        .Error("no_slos", {}, "there is no SLO to judge the release by",
               "give the service's ServiceObjectives with --slos, or write service: and slos: in "
               "the policy");
  }
  if (HasErrors(diagnostics)) return result;

  EffectivePolicy effective = RulesFor(
      policy, policy.service ? policy.service->value : files.objectives.front().service.value,
      target.environment.value_or(""));
  AddSources(policy, environment, effective);
  effective.enforcement =
      environment ? environment->enforcement.value_or(policy.enforcement) : policy.enforcement;
  const Labels matchers = environment ? environment->matchers : Labels();
  AddSlos(policy.file, policy.labels, policy.slos, matchers, effective, diagnostics);
  for (const ServiceObjectives& objectives : files.objectives) {
    AddSlos(objectives.file, objectives.labels, objectives.slos, matchers, effective, diagnostics);
  }
  CheckSelectors(effective, diagnostics);
  if (!HasErrors(diagnostics)) result.value = std::move(effective);
  return result;
}

bool LooksAtSlos(const Condition& condition) {
  return !std::holds_alternative<LastRelease>(condition) &&
         !std::holds_alternative<Freeze>(condition);
}

absl::Duration PeriodLength(const EffectiveSlo& slo) {
  return slo.period ? slo.period->end - slo.period->start : slo.window;
}

Applicability Applies(const Rule& rule, const std::string& slo_name, const Labels& labels,
                      const Rational& objective, const Window& window) {
  if (!LooksAtSlos(rule.when)) return Applicability::kNotSelected;
  if (!Selects(rule.slos, slo_name, labels)) return Applicability::kNotSelected;
  if (!std::visit(WindowsFit{ShortestOf(window)}, rule.when)) return Applicability::kWindowTooLong;
  if (!std::visit(MetWhenAllFails{objective, LongestOf(window)}, rule.when)) {
    return Applicability::kUnreachable;
  }
  return Applicability::kApplies;
}

Applicability Applies(const Rule& rule, const EffectiveSlo& slo) {
  const std::string& name = slo.earlier ? slo.earlier->name : slo.name;
  const Window window = slo.calendar ? Window(*slo.calendar) : Window(PeriodLength(slo));
  return Applies(rule, name, slo.labels, slo.objective, window);
}

std::vector<Applicability> ApplicabilityOf(const EffectivePolicy& policy, const EffectiveSlo& slo) {
  std::vector<Applicability> applicability;
  for (const Rule& rule : policy.rules) applicability.push_back(Applies(rule, slo));
  return applicability;
}

std::vector<absl::Duration> WindowsOf(const Condition& condition, absl::Duration slo_window) {
  std::vector<absl::Duration> windows;
  const auto add = [&](absl::Duration window) {
    if (std::find(windows.begin(), windows.end(), window) == windows.end())
      windows.push_back(window);
  };
  const auto add_all = [&](const std::vector<Placed<absl::Duration>>& over) {
    for (const Placed<absl::Duration>& window : over) add(window.value);
  };
  if (std::holds_alternative<BudgetRemaining>(condition)) add(slo_window);
  if (const auto* spent = std::get_if<BudgetSpent>(&condition)) {
    add_all(spent->over);
    if (spent->confirmed_over) add(spent->confirmed_over->value);
  }
  if (const auto* burn = std::get_if<BurnRate>(&condition)) add_all(burn->over);
  if (const auto* level = std::get_if<SliLevel>(&condition)) add_all(level->over);
  return windows;
}

const std::string& DefaultClass(const EffectivePolicy& policy) {
  for (const auto& [name, change] : policy.changes) {
    if (change.is_default) return name;
  }
  static const std::string ordinary = kDefaultClass;  // a policy that Combine did not make
  return ordinary;
}

}  // namespace slogate
