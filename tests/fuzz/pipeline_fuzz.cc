#include <algorithm>
#include <string>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>

#include "gate/base/limits.h"
#include "gate/doctor/examine.h"
#include "tests/fuzz/fuzz.h"

namespace slogate {

bool FuzzPipeline(absl::string_view input) {
  const std::vector<std::string> parts = absl::StrSplit(input, absl::MaxSplits('\n', 1));
  const SourceFile file{parts[0], parts.size() > 1 ? parts[1] : ""};
  if (file.text.size() > limits::kFileBytes) return false;  // is never read
  const Examination examined = Examine(file);
  const auto lines = static_cast<int>(std::count(file.text.begin(), file.text.end(), '\n'));
  for (const Diagnostic& diagnostic : examined.diagnostics) {
    Require(!diagnostic.id.empty() && !diagnostic.message.empty(), "a diagnostic says something");
    Require(diagnostic.at.line >= 0 && diagnostic.at.line <= lines + 1, "its line is there");
  }
  RequirePrintable(Render(examined.diagnostics, {file}), "diagnostics are printable");
  if (examined.what.empty()) {
    Require(HasErrors(examined.diagnostics), "what cannot be read is an error");
  }
  return !examined.what.empty() && examined.gates > 0;
}

}  // namespace slogate
