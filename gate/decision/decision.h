// Decisions as plain values: what was asked for (Request), what policy and evidence came to
// (Ruling), and everything needed to come to it again (Decision). Texts are made from these later
// (words.h), so that an old record gains from better words.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <absl/time/time.h>

#include "gate/decision/verdict.h"
#include "gate/evidence/evidence.h"
#include "gate/evidence/profile.h"
#include "gate/history/history.h"
#include "gate/history/override.h"
#include "gate/policy/effective.h"
#include "gate/slo/budget.h"

namespace slogate {

// What the CI system says of the run, by what it says it of ("actor", "commit", "ref",
// "repository", "run_url"), with the variable that said it. Whoever can set variables can set these.
struct RunClaim {
  std::string value, variable;
};
using RunClaims = std::map<std::string, RunClaim>;

// Everything besides policy and evidence that a ruling depends on.
struct Request {
  Subject subject;
  std::string change;  // the claimed class; "" is the default class
  std::string ticket;
  std::optional<History> history;  // absent: no ledger was asked
};

// An override that lets a release out, and how far it is used up by that.
struct OverrideTaken {
  Override entry;
  bool again = false;     // after a failed release: nothing is used up anew
  absl::Time expires_at;  // by the request and by the policy, whichever is earlier
  int used = 1;           // this use counted
  int allowed = 1;
  std::optional<absl::Time> review_due;
};

// What a change class claim came to.
struct Claim {
  std::string claimed;  // as on the command line; the default class where nothing was said
  std::string ticket;
  std::string effective;  // the class that counts
  std::string problem;    // why another than the claimed class counts; else ""
  // Where the class needs a proof, and has it: when this artifact was deployed there, or who consented.
  std::optional<absl::Time> released_at = std::nullopt;
  std::optional<OverrideTaken> proven_by = std::nullopt;
};

// How a rule's threshold is measured.
enum class Measure : uint8_t {
  kBudgetRemaining,
  kBudgetSpent,
  kBurnRate,
  kSli,
  kLastRelease,
  kFreezeSince,  // how long ago a freeze began; negative before
  kFreezeLeft    // until it ends; negative after
};
absl::string_view Word(Measure measure);  // "budget_remaining", …

// One comparison of a rule over one window.
struct Leg {
  Measure measure = Measure::kBudgetRemaining;
  absl::Duration over = absl::ZeroDuration();
  std::optional<Bounds>
      measured;  // ratios; a plain number for kBurnRate, seconds for those of time; absent where it is
                 // not known, or there was no release
  Comparator comparator = Comparator::kAtMost;
  Rational threshold;
  Truth truth = Truth::kUnknown;
  bool confirms = false;  // stands for confirmed_over
  // The decision that found the rule true: until it reopens, the threshold is reopens_above.
  std::optional<absl::Time> closed_at = std::nullopt;
};

// What one rule came to for one SLO.
struct Reason {
  std::string rule;
  Position at;      // of the rule in the policy
  std::string slo;  // "" where a rule is about no SLO, or looks at none of these
  Applicability applicability = Applicability::kApplies;
  Truth truth = Truth::kUnknown;     // of no meaning where the rule does not apply
  Verdict verdict = Verdict::kDeny;  // the rule's own
  std::vector<Leg> legs;             // all must hold; empty where the rule does not apply
  std::string skipped_by;            // the change class that skips the rule, or ""
  std::optional<Freeze> freeze = std::nullopt;  // that it is, in place of a rule

  // The leg nearest to its threshold; of a false rule the nearest of those that are false. Legs
  // without a measured value come last; nullptr where there are no legs.
  const Leg* Nearest() const;

  // Unknown although everything was measured: the bounds lie on both sides of the threshold.
  bool TooClose() const;
  // About the last release, which nobody was asked for.
  bool WithoutHistory() const;
};

// A finding and what it did to the verdict.
struct JudgedFinding {
  Finding finding;
  std::string slo;
  std::optional<absl::Duration> window;
  std::string source;                // "" where it is of several sources' count
  Verdict verdict = Verdict::kHold;  // what the policy makes of it
  bool softened = false;             // the policy, or the default, judges what is there
  bool decisive = false;
  std::string skipped_by;
  std::vector<size_t> reasons;  // whose judgement it touches, as indices into Ruling::reasons
};

// What few events leave open, by binomial.h, over an SLO's own window.
struct Chance {
  Bounds bad_ratio;     // of events that fail in the long run
  Rational confidence;  // how sure that is, a ratio
};

// An SLO with its budget; absent where the count is missing.
struct SloResult {
  std::string name;
  Rational objective;
  std::string objective_text;
  std::optional<absl::Duration> within;  // a latency SLI's: what good events take at most
  absl::Duration window = absl::ZeroDuration();
  std::optional<Budget> budget;
  std::optional<EffectiveSlo::Earlier> earlier = std::nullopt;  // it was weakened since
  std::optional<Chance> chance = std::nullopt;  // where the budget allows few events
  // Where the budget closes the gate, and it could be told: when that ends, if nothing more fails, and
  // the day that most bad events fell on.
  std::optional<absl::Time> recovers_at = std::nullopt;
  std::optional<Spent> most_spent = std::nullopt;
  std::optional<CalendarWindow> calendar = std::nullopt;  // unset: rolling
  std::optional<Period> period = std::nullopt;  // whose beginning `window` reaches back to
  const char* unit = "events";                  // or "slices": what is counted
};

// What it takes to have people open a gate, or let a change class count.
struct ConsentTerms {
  Consent consent;
  std::optional<UsageLimit> limit;  // of overrides, within which the consent is the ordinary one
  int used = 0;                     // of the limit
  std::string pending;              // the id of a request that waits for approvals, or ""
  std::string page = "";            // where people ask and approve, or ""
};

// A way to go on from a closed gate, or out of what a warning speaks of.
struct WayOut {
  enum class Kind : uint8_t { kChange, kWait, kMend, kOverride, kProve };
  Kind kind = Kind::kWait;
  std::string change;                            // kChange, kProve: the class
  std::string ticket_prefix;                     // kChange, kProve, kOverride
  FindingKind finding = FindingKind::kNoSeries;  // kMend: the finding to mend
  std::string source = "";                       // kMend: whose finding it is
  // kChange: that class is for artifacts which ran there within this time, and this one is none.
  std::optional<absl::Duration> released_before = std::nullopt;
  std::optional<ConsentTerms> terms =
      std::nullopt;                                // kOverride, kProve; absent without an artifact
  std::optional<absl::Time> until = std::nullopt;  // kWait: when the last freeze ends
};

struct Ruling {
  Verdict verdict = Verdict::kNone;
  Outcome outcome = Outcome::kBlocked;
  Basis basis = Basis::kBudget;
  Enforcement enforcement = Enforcement::kEnforce;
  Claim claim;
  Verdict without_class = Verdict::kNone;  // what the verdict were if the class skipped nothing
  std::vector<SloResult> slos;             // in the policy's order
  std::vector<Reason> reasons;          // rules in the policy's order, each over the SLOs in theirs
  std::vector<JudgedFinding> findings;  // by SLO, then as found
  // Ids of the rules that keep the gate closed by themselves or by what is not known, in the policy's
  // order: those that an override has to be for. Not empty where the verdict is hold or deny.
  std::vector<std::string> closed_by;
  std::optional<OverrideTaken> opened_by;  // used up by this release: basis override, or class
  std::vector<RefusedOverride> refused;    // overrides for this release that do not open the gate
  std::vector<WayOut> next;                // empty where the outcome is proceed
};

// When, by whose clock.
enum class InstantSource : uint8_t { kServer, kGate, kFlag };
absl::string_view Word(InstantSource source);  // "server", "gate", "flag"

// Who was asked.
struct SourceNote {
  std::string name, url;
  ServerKind kind = ServerKind::kPrometheus;
};
std::vector<SourceNote> SourcesOf(const EffectivePolicy& policy);

struct Decision {
  std::vector<SourceFile> files;  // the policy's bytes, the ReleasePolicy first
  std::string policy_name, policy_file, runbook;
  std::vector<SourceNote> sources;      // at least one
  Combining combine = Combining::kSum;  // of several sources
  absl::Time instant;
  InstantSource instant_source = InstantSource::kGate;
  bool dry_run = false;
  bool from_record = false;  // by another policy: what it needs may not be on record
  std::string command;       // the command line without change class, to repeat it; shell-quoted
  Request request;
  RunClaims claims;
  Evidence evidence;
  CalendarFacts calendar;  // that the policy was judged by
  Ruling ruling;
};

}  // namespace slogate
