// What a policy's data looks like, in plain words: before a first check, or after a puzzling one.
#pragma once

#include <string>

#include "gate/decision/decision.h"
#include "gate/policy/effective.h"

namespace slogate {

struct DataReport {
  std::string text;
  bool sound = true;  // nothing found that would hold or deny a release
};

// `decision` has been measured and decided by `policy`.
DataReport DescribeData(const EffectivePolicy& policy, const Decision& decision);

}  // namespace slogate
