// Everything outside that a run of slogate touches, as seams. Only gate/cli sees them together;
// each part below gets the one it needs.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "gate/io/clock.h"
#include "gate/io/environment.h"
#include "gate/io/files.h"
#include "gate/io/http.h"
#include "gate/io/machine.h"
#include "gate/io/stream.h"
#include "gate/io/token.h"
#include "gate/ledger/store.h"
#include "gate/prometheus/prometheus_source.h"

namespace slogate {

struct World {
  Clock& clock;
  Environment& environment;
  Files& files;
  Http& http;
  Stream& out;
  Stream& err;
  Asking asking = Asking::kTogether;  // a seam for tests alone: no flag or policy sets it
  std::function<std::string()> new_token = RandomToken;
  std::function<std::string()> new_nonce = RandomToken;  // for records; each another
  std::function<std::string()> login_name = LoginName;
  std::function<void(absl::Duration)> pause = Pause;  // between two looks at something slow
  // A ledger's database, as OpenStore and CreateStore have it.
  using StoreOpener =
      std::function<absl::StatusOr<std::unique_ptr<Store>>(const LedgerLocation&, Clock&)>;
  StoreOpener open_store = [](const LedgerLocation& location, Clock& store_clock) {
    return OpenStore(location, store_clock);
  };
  StoreOpener create_store = [](const LedgerLocation& location, Clock& store_clock) {
    return CreateStore(location, store_clock);
  };
};

// Exit codes (DESIGN §7). Blocked outcomes have their verdict's.
// kExitBypass: doctor found a way past the gate, or data that would hold or deny.
// kExitRefused: an override command that has no effect.
enum Exit : int {
  kExitOk = 0,
  kExitBypass = 1,
  kExitRefused = 1,
  kExitUsage = 2,
  kExitLedger = 4,
  kExitInternal = 5
};

}  // namespace slogate
