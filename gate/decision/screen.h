// The screen a person reads after `slogate check`: headline, cause, reasons, ways out, footer. At
// most 110 columns, no colour; adapters place it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gate/decision/decision.h"

namespace slogate {

struct Screen {
  std::string verdict;  // "DENY", "would DENY" in a dry run: the headline begins with it
  std::string headline;
  std::vector<std::string> lines;  // below the headline, indented
};

// Where a decision stands in a ledger.
struct RecordedAs {
  int64_t seq = 0;
  std::string ledger;      // its id
  std::string checkpoint;  // the ledger's head, in one line, to be remembered elsewhere
};

// What the screen says of the run it belongs to; each left out where it is unset.
struct RunNotes {
  std::optional<int> exit_code;              // what the process will end with
  std::optional<std::string> decision_file;  // where the decision is stored; "" where it is not
  // The decision's, for commands that need it: "sha256:…", of which the beginning is shown.
  std::optional<std::string> decision_id = std::nullopt;
  std::optional<RecordedAs> recorded = std::nullopt;
};

Screen ScreenFor(const Decision& decision, const RunNotes& run);

// `text` broken at blanks into lines of at most 110 columns, the first indented by `indent`, the
// others by `hanging`. Words longer than a line stay whole: they are commands and selectors to be
// copied. No line is begun with what a CI system would obey there.
std::vector<std::string> Wrap(const std::string& text, size_t indent, size_t hanging);

// Columns on a terminal: code points, as none of ours is wide.
size_t Columns(absl::string_view text);

}  // namespace slogate
