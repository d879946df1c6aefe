// A line on the terminal during what takes long: only where standard error is a terminal, and only
// once it has taken more than a second.
#pragma once

#include <cstddef>

#include <absl/strings/string_view.h>
#include <absl/time/time.h>

#include "gate/cli/world.h"

namespace slogate {

class ProgressLine {
 public:
  explicit ProgressLine(World& world);
  void Update(size_t ended, size_t sent);  // of the answers that a check waits for
  void Show(absl::string_view doing);
  void Clear();  // takes the line away again

 private:
  World& world_;
  bool wanted_;
  bool shown_ = false;
  absl::Duration start_;
};

}  // namespace slogate
