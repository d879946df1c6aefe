// A table of files and of the diagnostics that they lead to, for the tests of each part of the
// checks.
#pragma once

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include "gate/policy/load.h"
#include "gate/policy/schema.h"
#include "gate/text/diagnostic.h"

namespace slogate {

// What files begin with, and what makes them whole.
inline constexpr char kPolicy[] = R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: acme}
sources: {main: {url: 'https://prometheus.example:9090'}}
)";
inline constexpr char kRules[] = R"(rules:
  - {id: spent, when: {budget_remaining: {at_most: 0%}}, verdict: deny}
)";
inline constexpr char kOwnSlos[] = R"(service: checkout
slos:
  - {name: availability, objective: 99.9%, window: 30d, sli: {events: {total: requests, bad: '{code=~"5.."}'}}}
)";
inline constexpr char kTeam[] = R"(apiVersion: slogate/v1
kind: ServiceObjectives
service: checkout
slos:
)";
inline constexpr char kSlo[] =
    R"(  - {name: availability, objective: 99.9%, window: 30d, sli: {events: {total: requests, bad: '{code=~"5.."}'}}}
)";

// Beside them, who may approve.
inline constexpr char kLedger[] = R"(ledger: {id: acme}
)";
inline constexpr char kPeople[] = R"(people:
  alice: {accounts: ['github:alice', 'jenkins:asmith'], groups: [sre, directors]}
  bob: {accounts: ['github:bob'], groups: [sre]}
  carol: {accounts: ['github:carol'], groups: [sre]}
)";

struct CheckCase {
  const char* name;
  std::vector<SourceFile> files;
  std::string want;  // the diagnostics as people see them
};

inline std::string CheckCaseName(const testing::TestParamInfo<CheckCase>& info) {
  return info.param.name;
}

inline void ExpectDiagnostics(const CheckCase& test) {
  const Parsed<PolicyFiles> loaded = LoadPolicyFiles(test.files);
  EXPECT_EQ(Render(loaded.diagnostics, test.files), test.want);
  EXPECT_EQ(loaded.value.has_value(), !HasErrors(loaded.diagnostics));
  for (const Diagnostic& diagnostic : loaded.diagnostics) {
    EXPECT_TRUE(absl::StrContains(PolicyReference(), absl::StrCat("| `", diagnostic.id, "` |")))
        << diagnostic.id << " is missing in the reference page";
  }
}

// "file:line:column id", or "… id (warning)", a line each, in the order of the files' text.
inline std::string Heads(std::vector<Diagnostic> diagnostics) {
  std::sort(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::tie(a.file, a.at.line, a.at.column, a.id) <
           std::tie(b.file, b.at.line, b.at.column, b.id);
  });
  std::string heads;
  for (const Diagnostic& d : diagnostics) {
    absl::StrAppend(&heads, d.file, ":", d.at.line, ":", d.at.column, " ", d.id,
                    d.severity == Severity::kWarning ? " (warning)\n" : "\n");
  }
  return heads;
}

// The same by their heads alone, of files that hold mistakes.
inline void ExpectHeads(const CheckCase& test) {
  const Parsed<PolicyFiles> loaded = LoadPolicyFiles(test.files);
  EXPECT_EQ(Heads(loaded.diagnostics), test.want);
  EXPECT_FALSE(loaded.value.has_value());
}

}  // namespace slogate
