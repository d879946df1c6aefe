// How the command line comes to a ledger, and who it says is acting.
#pragma once

#include <memory>
#include <optional>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "adapters/adapter.h"
#include "gate/cli/options.h"
#include "gate/cli/world.h"
#include "gate/ledger/ledger.h"
#include "gate/policy/effective.h"

namespace slogate {

// Where --ledger says, else SLOGATE_LEDGER; nullopt where neither says anything. InvalidArgument where what
// they say is none.
absl::StatusOr<std::optional<LedgerLocation>> LocateLedger(const LedgerOptions& options,
                                                           World& world);

// The ledger there, which must be `wanted` where that is set. FailedPrecondition also where a ledger in a
// file would vanish with a CI machine; NotFound where nobody says where it is; otherwise as Ledger::Open.
absl::StatusOr<std::unique_ptr<Ledger>> OpenLedger(const LedgerOptions& options,
                                                   const std::optional<LedgerConfig>& wanted,
                                                   World& world);

// The same for a place that is known, without looking at what it is.
absl::Status CheckLedgerPlace(const LedgerLocation& location, const LedgerOptions& options,
                              World& world);

// What the ledger knows that a ruling about `subject` needs.
absl::StatusOr<History> HistoryOf(const EffectivePolicy& policy, const Subject& subject,
                                  LedgerView& view);

// Who the CI system says runs this, else the user of this machine.
Actor ActorOf(const Adapter& adapter, World& world);

// The same for commands that take no --adapter: nullopt, and a word on standard error, where signs of
// several systems are there.
std::optional<Actor> ActorHere(World& world);

// Says what is wrong with the ledger; kExitLedger, or kExitUsage for InvalidArgument.
int FailOnLedger(World& world, const absl::Status& status);

// The same of what had to be recorded, and that nothing proceeds.
int FailToRecord(World& world, const absl::Status& status);

}  // namespace slogate
