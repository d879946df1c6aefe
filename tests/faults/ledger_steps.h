// What people and pipelines do, step by step, in stories with a ledger.
#pragma once

#include <string>
#include <vector>

#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include "gate/decision/document.h"
#include "tests/faults/ledger_story.h"

namespace slogate::fake {

using Arguments = std::vector<std::string>;

inline constexpr char kSpent[] =
    "events http_requests_total{service=\"checkout\",code=~\"5..\",env=\"prod\"} 30d=44106.5\n";
inline constexpr char kArtifact[] =
    "sha256:ab12cd34ab12cd34ab12cd34ab12cd34ab12cd34ab12cd34ab12cd34ab12cd34";
inline constexpr char kReason[] = "payments fail for one customer in ten";

inline Arguments Check(const Arguments& more = {}) {
  Arguments arguments = {"check",         "--policy",      "policy.yaml", "--slos",
                         "checkout.yaml", "--environment", "production",  "--json",
                         "decision.json", "--artifact",    kArtifact};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

inline std::string DecisionOf(const LedgerRan& ran) {
  const auto file = ran.files.find("decision.json");
  if (file == ran.files.end()) return "";
  const absl::StatusOr<Document> document = ReadDocument(file->second);
  EXPECT_TRUE(document.ok()) << document.status();
  return document.ok() ? document->json["id"].text() : "";
}

// The id of an override that alice has asked for after a denial.
inline std::string Ask(LedgerStory& story) {
  const std::string decision = DecisionOf(story.Let("alice", Check()).Before(1));
  const LedgerRan asked = story
                              .Let("alice", {"override", "request", "--decision", decision,
                                             "--policy", "policy.yaml", "--reason", kReason})
                              .Before(0);
  return asked.out.substr(0, asked.out.find('\n'));
}

inline Arguments Approve(const std::string& override) {
  return {"override", "approve", override, "--policy", "policy.yaml"};
}

}  // namespace slogate::fake
