// All that an adapter may place, and the form of a function that lays it out.
#pragma once

#include <string>

#include "gate/decision/screen.h"
#include "gate/decision/summary.h"

namespace slogate {

struct Telling {
  const Decision& decision;
  Screen screen;
  Summary summary;
  std::string decision_id;  // "sha256:…"
  std::string checkpoint;   // the ledger's head after it, in one line; "" where it is not recorded
  std::string decision_file;  // where the decision is stored; "" where it is not
  std::string token;          // made for this run: no text from outside can know it
  bool colour = false;        // the log is a terminal that shows it
};

}  // namespace slogate
