// What libyaml says about broken syntax, put into words that name the way out.
#pragma once

#include <string>

#include "gate/text/diagnostic.h"

namespace slogate {

// A parser's or scanner's mistake as libyaml tells it: where it gave up, and what it was reading
// since where.
struct YamlMistake {
  std::string problem;
  std::string context;
  Position at;
  Position context_at;
};

Diagnostic Explain(const YamlMistake& mistake, const SourceFile& file);

}  // namespace slogate
