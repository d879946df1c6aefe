// Collects diagnostics about one file while it is checked.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "gate/text/diagnostic.h"

namespace slogate {

// Appends to `out`, which must outlive it.
class Report {
 public:
  Report(std::string file, std::vector<Diagnostic>& out) : file_(std::move(file)), out_(out) {}

  void Error(const char* id, Position at, std::string message, std::string hint) {
    Add(Severity::kError, id, at, std::move(message), std::move(hint));
  }
  void Warning(const char* id, Position at, std::string message, std::string hint) {
    Add(Severity::kWarning, id, at, std::move(message), std::move(hint));
  }
  void Add(Severity severity, const char* id, Position at, std::string message, std::string hint) {
    out_.push_back({severity, id, file_, at, std::move(message), std::move(hint)});
  }

 private:
  std::string file_;
  std::vector<Diagnostic>& out_;
};

// The keys of a map, in order.
template <class T>
std::vector<std::string> Names(const std::map<std::string, T>& map) {
  std::vector<std::string> names;
  for (const auto& entry : map) names.push_back(entry.first);
  return names;
}

// "'a', 'b'", or "none".
inline std::string Listed(const std::vector<std::string>& names) {
  return names.empty() ? "none" : absl::StrCat("'", absl::StrJoin(names, "', '"), "'");
}

}  // namespace slogate
