// A policy file that is refused, and the whole text that says why.
#pragma once

#include <string>

#include <gtest/gtest.h>

#include <absl/strings/match.h>

#include "gate/policy/load.h"

namespace slogate {

struct RefusedFile {
  const char* name;
  const char* text;
  const char* want;
};

// Secrets in these files begin with "hunter", and are never shown.
inline void ExpectRefused(const RefusedFile& refused) {
  const SourceFile file = {"p.yaml", refused.text};
  const Parsed<PolicyFiles> loaded = LoadPolicyFiles({file});
  EXPECT_FALSE(loaded.value.has_value());
  const std::string said = Render(loaded.diagnostics, {file});
  EXPECT_EQ(said, refused.want);
  EXPECT_FALSE(absl::StrContains(said, "hunter")) << "a secret is shown";
}

}  // namespace slogate
