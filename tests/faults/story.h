// A run of slogate in memory, told as data, that can be played again and again with one fault in it.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/faults/failing_world.h"
#include "tests/testing/scenario_server.h"

namespace slogate::fake {

struct Ran {
  int exit = -1;
  std::string out, err;
  std::map<std::string, std::string> files;
  std::vector<std::string> file_log;  // as of MemoryFiles
  size_t calls = 0;                   // of the seams that were to fail
};

// Which seams have the failing call among theirs.
enum class Seams { kAll, kHttp };

class Story {
 public:
  // Files from tests/scenarios/fixtures: policy.yaml is `policy`, checkout.yaml and the server's
  // data stand beside it. `lines` tell the server more (scenario_server.h).
  Story(const std::string& policy, const std::string& lines, std::vector<std::string> arguments);

  Story& Put(const std::string& path, const std::string& content);
  Story& Set(const std::string& variable, const std::string& value);
  Story& Ask(std::vector<std::string> arguments);  // in place of those it was made with
  Story& PutClockAhead(absl::Duration ahead);      // the machine's, of the server's
  // Has the last word on the world of every run.
  Story& Arrange(std::function<void(World&)> arrange);

  Ran Play(size_t failing, Seams seams, const FailingHttp::Spoil& spoil);
  Ran Play() { return Play(0, Seams::kAll, {}); }

 private:
  class Remembered;

  ScenarioServer server_;
  std::unique_ptr<Http> answers_;  // the server's, each asked for over the wire only once
  std::vector<std::string> arguments_;
  std::map<std::string, std::string> files_, environment_;
  absl::Duration ahead_ = absl::ZeroDuration();
  std::function<void(World&)> arrange_ = [](World&) {};
};

}  // namespace slogate::fake
