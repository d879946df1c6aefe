// A line on the terminal while a check waits for answers: only where standard error is a terminal,
// and only once the wait is over a second.
#pragma once

#include <cstddef>

#include <absl/time/time.h>

#include "gate/cli/world.h"

namespace slogate {

class ProgressLine {
 public:
  explicit ProgressLine(World& world);
  void Update(size_t ended, size_t sent);
  void Clear();  // takes the line away again

 private:
  World& world_;
  bool wanted_;
  bool shown_ = false;
  absl::Duration start_;
};

}  // namespace slogate
