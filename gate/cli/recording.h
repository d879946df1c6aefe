// The last step of a check: deciding and recording, as one.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include <absl/status/statusor.h>

#include "gate/cli/options.h"
#include "gate/cli/world.h"
#include "gate/decision/decision.h"
#include "gate/history/record.h"
#include "gate/ledger/ledger.h"
#include "gate/policy/effective.h"

namespace slogate {

// A decision made, with all that is told of it.
struct Decided {
  Decision decision;
  std::string document;  // with its id
  std::string id;        // "sha256:…"
  // Where it stands in the ledger, and the ledger's head after it; unset where it is not recorded.
  struct Place {
    int64_t seq = 0;
    Checkpoint head;
  };
  std::optional<Place> place;
};

// Whether somebody's consent could open it.
inline bool Blocks(const Ruling& ruling) {
  return ruling.outcome == Outcome::kBlocked && ruling.verdict != Verdict::kNone;
}

// How a check comes to know the past, and how it becomes part of it. Without a ledger it does neither.
class Recording {
 public:
  // `ledger` may be null, and must outlive this.
  Recording(Ledger* ledger, Actor actor) : ledger_(ledger), actor_(std::move(actor)) {}

  // Gives `decision` what the ledger knows now, for what has to be known before anything is measured.
  absl::Status ReadHistory(const EffectivePolicy& policy, Decision& decision) const;

  // Decides by what was measured and by what the ledger knows, and records it with the override that it
  // uses up, and before it the request for one that came with `options`: all in one transaction. A dry run
  // reads only, and records nothing. OK means that all of it is durable; otherwise as Ledger::Append,
  // and nothing is decided.
  absl::StatusOr<Decided> Decide(const EffectivePolicy& policy, const CheckOptions& options,
                                 const Decision& measured, World& world) const;

  // Waits until an override that would open the gate for `decided` is approved, `wait` at most, and says
  // so on standard error once a minute. False where none came; otherwise as Ledger::Read.
  absl::StatusOr<bool> Wait(const EffectivePolicy& policy, const Decided& decided,
                            absl::Duration wait, World& world) const;

 private:
  Ledger* ledger_;
  Actor actor_;
};

}  // namespace slogate
