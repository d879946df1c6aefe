#include <absl/strings/str_split.h>

#include "gate/text/diagnostic.h"
#include "tests/fuzz/fuzz.h"

namespace slogate {

void RequirePrintable(absl::string_view text, absl::string_view what) {
  for (const absl::string_view line : absl::StrSplit(text, '\n'))
    Require(Printable(line) == line, what);
}

}  // namespace slogate
