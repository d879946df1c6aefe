// Adapters: one a CI system. Each places and escapes what the decision's own words say; none
// decides or phrases. A row in one table is all that an adapter is to the rest of the house.
#pragma once

#include <string>
#include <vector>

#include <absl/strings/string_view.h>

#include "gate/decision/screen.h"

namespace slogate {

struct Adapter {
  const char* name;
  // The text for the run's log. `colour` where the log is a terminal that shows it.
  std::string (*render)(const Screen& screen, Verdict verdict, bool colour);
};

// The adapter of that name, or nullptr. "auto" is the one for where slogate runs.
const Adapter* FindAdapter(absl::string_view name);

// Their names, "auto" first.
std::vector<std::string> AdapterNames();

}  // namespace slogate
