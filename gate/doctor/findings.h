// What the doctor has to say of one file.
#pragma once

#include <string>
#include <vector>

#include <absl/strings/string_view.h>

#include "gate/text/diagnostic.h"

namespace slogate {

struct Findings {
  std::string file;
  std::vector<Diagnostic> list;

  // A way past the gate.
  void Bypass(Position at, absl::string_view id, absl::string_view why, absl::string_view fix) {
    Add(Severity::kError, at, id, why, fix);
  }
  // Nothing that anybody can pass by; but somebody should know.
  void Remark(Position at, absl::string_view id, absl::string_view why, absl::string_view fix) {
    Add(Severity::kWarning, at, id, why, fix);
  }

 private:
  void Add(Severity severity, Position at, absl::string_view id, absl::string_view why,
           absl::string_view fix) {
    list.push_back({severity, std::string(id), file, at, std::string(why), std::string(fix)});
  }
};

}  // namespace slogate
