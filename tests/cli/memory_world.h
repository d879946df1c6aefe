// A world in memory, for what the command line says and to whom.
#pragma once

#include <map>
#include <string>

#include "gate/cli/world.h"
#include "tests/testing/fakes.h"

namespace slogate::fake {

class MemoryStream : public Stream {
 public:
  absl::Status Write(absl::string_view said) override {
    if (!status.ok()) return status;
    text.append(said.data(), said.size());
    return absl::OkStatus();
  }
  bool IsTerminal() override { return terminal; }

  std::string text;
  absl::Status status;  // what writing comes to
  bool terminal = false;
};

struct MemoryWorld {
  FixedClock clock{absl::FromUnixSeconds(1'795'403'560)};
  MapEnvironment environment;
  MemoryFiles files;
  ScriptedHttp http{std::vector<HttpExchange>()};
  MemoryStream out, err;
  World world{clock, environment, files, http, out, err};
};

}  // namespace slogate::fake
