// What the doctor finds in a text, in short.
#pragma once

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "gate/doctor/examine.h"

namespace slogate {

struct DoctorCase {
  const char* name;
  const char* text;
  const char* want;  // "3:5 id, 4:7 id"; warnings as "(3:5 id)"
};

inline std::string Found(const std::string& path, const std::string& text) {
  std::vector<Diagnostic> found = Examine({path, text}).diagnostics;
  std::stable_sort(found.begin(), found.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::tie(a.at.line, a.at.column) < std::tie(b.at.line, b.at.column);
  });
  std::vector<std::string> words;
  for (const Diagnostic& d : found) {
    const std::string word = absl::StrCat(d.at.line, ":", d.at.column, " ", d.id);
    words.push_back(d.severity == Severity::kError ? word : absl::StrCat("(", word, ")"));
  }
  return absl::StrJoin(words, ", ");
}

}  // namespace slogate
