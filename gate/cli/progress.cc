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
  if (!wanted_) return;
  const absl::Duration waited = world_.clock.Monotonic() - start_;
  if (waited < absl::Seconds(1)) return;
  Complain(world_, absl::StrCat("\r\x1b[Kmeasuring: ", ended, " of ", sent, " answers, ",
                                absl::ToInt64Seconds(waited), " s"));
  shown_ = true;
}

void ProgressLine::Clear() {
  if (shown_) Complain(world_, "\r\x1b[K");
  shown_ = false;
}

}  // namespace slogate
