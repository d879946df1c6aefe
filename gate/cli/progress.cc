#include "gate/cli/progress.h"

#include <absl/strings/str_cat.h>

#include "adapters/github/github.h"
#include "gate/cli/report.h"

namespace slogate {

ProgressLine::ProgressLine(World& world)
    : world_(world),
      // A CI system may give its steps a terminal, and still read lines.
      wanted_(world.err.IsTerminal() && !GithubReads(world.environment)),
      start_(world.clock.Monotonic()) {}

void ProgressLine::Update(size_t ended, size_t sent) {
  if (wanted_) Show(absl::StrCat("measuring: ", ended, " of ", sent, " answers"));
}

void ProgressLine::Show(absl::string_view doing) {
  if (!wanted_) return;
  const absl::Duration taken = world_.clock.Monotonic() - start_;
  if (taken < absl::Seconds(1)) return;
  Complain(world_, absl::StrCat("\r\x1b[K", doing, ", ", absl::ToInt64Seconds(taken), " s"));
  shown_ = true;
}

void ProgressLine::Clear() {
  if (shown_) Complain(world_, "\r\x1b[K");
  shown_ = false;
}

}  // namespace slogate
