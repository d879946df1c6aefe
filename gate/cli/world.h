// Everything outside that a run of slogate touches, as seams. Only gate/cli sees them together;
// each part below gets the one it needs.
#pragma once

#include <functional>
#include <string>

#include "gate/io/clock.h"
#include "gate/io/environment.h"
#include "gate/io/files.h"
#include "gate/io/http.h"
#include "gate/io/stream.h"
#include "gate/io/token.h"
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
};

// Exit codes (DESIGN §7). Blocked outcomes have their verdict's.
// kExitBypass: doctor found a way past the gate, or data that would hold or deny.
enum Exit : int { kExitOk = 0, kExitBypass = 1, kExitUsage = 2, kExitInternal = 5 };

}  // namespace slogate
