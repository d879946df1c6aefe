// Adapters: one a CI system. Each finds out whether it is there, reads what the system says of the
// run, and places and escapes what the decision's own words say; none decides or phrases. A row in
// one table is all that an adapter is to the rest of the house.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include <absl/strings/string_view.h>

#include "adapters/telling.h"
#include "gate/io/environment.h"

namespace slogate {

// A variable that is set where a system runs slogate.
struct Sign {
  const char* variable;
  const char* value;  // that it has there; "" is any but the empty one
};

// A file of the system that takes what is appended to it, named by a variable.
struct Sink {
  const char* variable;
  bool required;  // without it nobody there would learn whether to proceed
  bool last;      // it tells later steps to proceed: written when all else is
  std::string (*render)(const Telling& telling);
};

struct Adapter {
  const char* name;
  std::vector<Sign> signs;  // any of them
  RunClaims (*claims)(Environment& environment);
  std::string (*log)(const Telling& telling);  // for standard output
  std::vector<Sink> sinks;
};

// The adapter called `name`; for "auto" that of the system which `environment` shows, plain where
// it shows none. Otherwise why there is none: no such name, or signs of several systems.
std::variant<const Adapter*, std::string> ChooseAdapter(absl::string_view name,
                                                        Environment& environment);

// Their names, "auto" first.
std::vector<std::string> AdapterNames();

}  // namespace slogate
