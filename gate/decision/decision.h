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
#include "gate/policy/effective.h"
#include "gate/slo/budget.h"

namespace slogate {

// What is to be released, as the caller claims it. "" is not given.
struct Subject {
  std::string service, environment, artifact, version, commit, run_url, actor;
};

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
};

// What a change class claim came to.
struct Claim {
  std::string claimed;  // as on the command line; the default class where nothing was said
  std::string ticket;
  std::string effective;  // the class that counts
  std::string problem;    // why another than the claimed class counts; else ""
};

// How a rule's threshold is measured.
enum class Measure : uint8_t { kBudgetRemaining, kBudgetSpent, kBurnRate, kSli };
absl::string_view Word(Measure measure);  // "budget_remaining", …

// One comparison of a rule over one window.
struct Leg {
  Measure measure = Measure::kBudgetRemaining;
  absl::Duration over = absl::ZeroDuration();
  std::optional<Bounds>
      measured;  // ratios; a plain number for kBurnRate; absent where it is not known
  Comparator comparator = Comparator::kAtMost;
  Rational threshold;
  Truth truth = Truth::kUnknown;
  bool confirms = false;  // stands for confirmed_over
};

// What one rule came to for one SLO.
struct Reason {
  std::string rule;
  Position at;      // of the rule in the policy
  std::string slo;  // "" where a rule looks at no SLO at all
  Applicability applicability = Applicability::kApplies;
  Truth truth = Truth::kUnknown;     // of no meaning where the rule does not apply
  Verdict verdict = Verdict::kDeny;  // the rule's own
  std::vector<Leg> legs;             // all must hold; empty where the rule does not apply
  std::string skipped_by;            // the change class that skips the rule, or ""

  // The leg nearest to its threshold; of a false rule the nearest of those that are false. Legs
  // without a measured value come last; nullptr where there are no legs.
  const Leg* Nearest() const;

  // Unknown although everything was measured: the bounds lie on both sides of the threshold.
  bool TooClose() const;
};

// A finding and what it did to the verdict.
struct JudgedFinding {
  Finding finding;
  std::string slo;
  std::optional<absl::Duration> window;
  std::string source;
  Verdict verdict = Verdict::kHold;  // what the policy makes of it
  bool softened = false;             // the policy, or the default, judges what is there
  bool decisive = false;
  std::string skipped_by;
  std::vector<size_t> reasons;  // whose judgement it touches, as indices into Ruling::reasons
};

// An SLO with its budget; absent where the count is missing.
struct SloResult {
  std::string name;
  Rational objective;
  std::string objective_text;
  std::optional<absl::Duration> within;  // a latency SLI's: what good events take at most
  absl::Duration window = absl::ZeroDuration();
  std::optional<Budget> budget;
};

// A way to go on from a closed gate, or out of what a warning speaks of.
struct WayOut {
  enum class Kind : uint8_t { kChange, kWait, kMend };
  Kind kind = Kind::kWait;
  std::string change;  // kChange: the class
  std::string ticket_prefix;
  FindingKind finding = FindingKind::kNoSeries;  // kMend: the finding to mend
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
  std::vector<WayOut> next;             // empty where the outcome is proceed
};

// When, by whose clock.
enum class InstantSource : uint8_t { kServer, kGate, kFlag };
absl::string_view Word(InstantSource source);  // "server", "gate", "flag"

struct Decision {
  std::vector<SourceFile> files;  // the policy's bytes, the ReleasePolicy first
  std::string policy_name, policy_file, runbook;
  std::string source_name, source_url;
  absl::Time instant;
  InstantSource instant_source = InstantSource::kGate;
  bool dry_run = false;
  bool from_record = false;  // by another policy: what it needs may not be on record
  std::string command;       // the command line without change class, to repeat it; shell-quoted
  Request request;
  RunClaims claims;
  Evidence evidence;
  Ruling ruling;
};

}  // namespace slogate
