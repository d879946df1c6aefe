// The policy as it applies to one service in one environment: the one thing that planning and
// deciding read.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <absl/strings/string_view.h>
#include <absl/time/time.h>

#include "gate/policy/calendar.h"
#include "gate/policy/load.h"
#include "gate/policy/policy.h"

namespace slogate {

// An SLO ready to be measured: labels merged, selectors whole and with the environment's matchers.
struct EffectiveSlo {
  std::string file;
  Position at;
  std::string name;
  Labels labels;
  Rational objective;
  std::string objective_text;
  // What is counted over. Of a calendar window, as long as the period has lasted: PinnedAt knows.
  absl::Duration window;
  Sli sli;
  // Set where this is what an SLO was before it was weakened; `name` is then made up for it.
  struct Earlier {
    std::string name;  // of the SLO that took its place
    absl::Time until;  // when it was last decided by
  };
  std::optional<Earlier> earlier = std::nullopt;
  std::optional<CalendarWindow> calendar = std::nullopt;  // as the policy has it; unset: rolling
  std::optional<Period> period = std::nullopt;            // that holds the instant; unset: rolling
};

// What a machine's time zones made of a policy at an instant. Decisions keep it, as zones change.
struct CalendarFacts {
  std::map<CalendarWindow, Period> periods;
  std::map<std::string, Freeze> freezes;  // by id; without their reasons
};

struct EffectiveSource {
  std::string name;
  SourceConfig config;
};

struct EffectivePolicy {
  std::string file;  // of the ReleasePolicy
  Metadata metadata;
  std::string service;
  std::string
      environment;  // one of the policy's; where it has none: as claimed, "" where nothing is
  std::vector<EffectiveSource> sources;  // at least one; each is asked every question
  Combining combine = Combining::kSum;   // what it is does not matter where there is one source
  absl::Duration delay = absl::ZeroDuration();  // by which the instant is before their clocks
  Enforcement enforcement = Enforcement::kEnforce;
  std::map<std::string, ChangeClass> changes;  // never empty; exactly one is the default
  std::vector<Rule> rules;                     // at least one; then the environment's freezes
  FindingChoices findings;
  std::optional<LedgerConfig> ledger;
  std::map<std::string, PersonConfig> people;
  std::optional<OverrideRules> overrides;
  std::vector<EffectiveSlo> slos;                    // at least one
  std::optional<absl::Time> instant = std::nullopt;  // that PinnedAt gave it; whole seconds
  CalendarFacts calendar = {};                       // that it stands by since
};

// What the policy says besides where to measure what: enough to judge an override by.
EffectivePolicy RulesFor(const ReleasePolicy& policy, const std::string& service,
                         const std::string& environment);

// What the command line says about service and environment; nullopt where it says nothing.
struct Target {
  std::optional<std::string> service, environment;
};

// `files` as LoadPolicyFiles returns them. Diagnostics: no policy, no SLO, a foreign service, an
// environment that the policy lacks or needs, a selector that can match nothing there, PromQL that has
// no place for its matchers. Their file
// is "command line" where none of the files is at fault.
Parsed<EffectivePolicy> Combine(const PolicyFiles& files, const Target& target);

// The policy at `instant`: calendar windows have their period, and freezes are judged by it.
// What `recorded` has goes before what the machine's zones say; both are in the result's `calendar`. Of a
// zone that nobody knows the windows stay without a length, and Decide gives no verdict.
//
// A period younger than stale's older_than, or than a slice of the SLI, is counted over that time, a few
// minutes of the period before with it: otherwise each month would begin with "nothing counted".
EffectivePolicy PinnedAt(EffectivePolicy policy, absl::Time instant,
                         const CalendarFacts& recorded = {});

// The length that budget_spent goes by: of the whole period, however much of it is over.
absl::Duration PeriodLength(const EffectiveSlo& slo);

// Whether a condition is about each SLO by itself, and not about the service once.
bool LooksAtSlos(const Condition& condition);

// Why a rule does not look at an SLO, or kApplies.
enum class Applicability : uint8_t {
  kApplies,
  kNotSelected,    // the rule names other SLOs or labels, or looks at none
  kWindowTooLong,  // a window of the rule is not shorter than the SLO's (for an SLI level: is
                   // longer)
  kUnreachable,    // even if every event failed, the threshold would not be met
};

Applicability Applies(const Rule& rule, const std::string& slo_name, const Labels& labels,
                      const Rational& objective, const Window& window);
Applicability Applies(const Rule& rule, const EffectiveSlo& slo);

// The same for each of the policy's rules, in their order.
std::vector<Applicability> ApplicabilityOf(const EffectivePolicy& policy, const EffectiveSlo& slo);

// The SLI with its selectors made whole and `matchers` added to every one. As CheckPolicyFiles left
// it: an events SLI has two halves, and `total` a metric name.
Sli Completed(const Sli& sli, const Labels& matchers);
EventsSli Completed(const EventsSli& events, const Labels& matchers);

// The slices of time that are counted as events, where the SLI is of a kind that does.
const Placed<absl::Duration>* SliceOf(const Sli& sli);

// Where PromQL of an SLI as written says nothing of where an environment's matchers go.
std::optional<Position> FindWithoutMatchers(const Sli& sli);
inline constexpr char kMatchersHint[] =
    "write $matchers within the braces of each selector: orders_total{$matchers}";

// A selector that no series can match, because two of its matchers exclude each other.
struct DeadSelector {
  absl::string_view half;  // the key it stands at: "good", "histogram", …
  Position at;
  Matcher one, other;
};

// The first of a completed SLI's selectors of that sort, `total` before the halves that repeat its
// matchers.
std::optional<DeadSelector> FindDeadSelector(const Sli& completed);

// The windows a rule reads for an SLO with this window: its own window for budget_remaining, none
// for last_release, else `over` and `confirmed_over`; in order, no duplicates.
std::vector<absl::Duration> WindowsOf(const Condition& condition, absl::Duration slo_window);

// The class a policy without `changes` has.
inline constexpr char kDefaultClass[] = "feature";

// The name of the default class. It stays valid as long as `policy`.
const std::string& DefaultClass(const EffectivePolicy& policy);

}  // namespace slogate
