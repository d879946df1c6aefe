// What tests of the program with a ledger start from: a policy that records, and a ledger in SQLite beside it.
#pragma once

#include <unistd.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include "gate/ledger/store.h"
#include "gate/ledger/verify.h"
#include "tests/process/process.h"

namespace slogate {

inline constexpr char kLedgerFile[] = "ledger.db";
inline constexpr char kArtifact[] =
    "sha256:ab12cd34ab12cd34ab12cd34ab12cd34ab12cd34ab12cd34ab12cd34ab12cd34";

#ifdef SLOGATE_SANITIZED  // starts ten times as slowly
inline constexpr size_t kStep = 4;
#else
inline constexpr size_t kStep = 1;
#endif

// What a ledger holds, by what its bytes say.
struct Held {
  int64_t records = -1;                   // -1: it does not open, or does not verify
  std::set<std::string> decisions, used;  // ids; those that uses are about
  int uses = 0, approvals = 0;
};

class LedgerProcess : public Process {
 protected:
  void SetUp() override { ServeRecorded("5"); }

  // A server as Serve has it, and a policy that records.
  void ServeRecorded(const std::string& bad) {
    Serve(bad);
    // The server's clock stands still.
    folder_.Write("policy.yaml", absl::StrCat(folder_.Read("policy.yaml"),
                                              "findings: {clock_skew: {more_than: 1h}}\n"
                                              "ledger: {id: acme}\noverrides: {approvals: 1}\n"));
  }

  // In a step of GitHub Actions, where a later step goes by GITHUB_OUTPUT; as `actor`.
  fake::ChildOptions InGithub(const std::string& actor = "alice") const {
    fake::ChildOptions options = Options();
    options.environment = {{"GITHUB_ACTIONS", "true"},
                           {"GITHUB_ACTOR", actor},
                           {"GITHUB_TRIGGERING_ACTOR", actor},
                           {"GITHUB_OUTPUT", "output.txt"},
                           {"GITHUB_STEP_SUMMARY", "summary.md"},
                           {"SLOGATE_LEDGER", absl::StrCat("sqlite:", kLedgerFile)}};
    return options;
  }
  static Strings Recorded(const Strings& more = {}) {
    Strings arguments = Check({"--artifact", kArtifact, "--allow-temporary-ledger"});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  void Init() {
    ASSERT_EQ(Run({"ledger", "init", "--id", "acme", "--allow-temporary-ledger"}, InGithub()), 0)
        << err_;
  }
  void EmptyOutputs() {
    ::unlink(folder_.Path("decision.json").c_str());
    folder_.Write("output.txt", "");
    folder_.Write("summary.md", "");
  }

  // Whether anything that somebody goes by says that the release may go out.
  bool SaysProceed(const std::string& out) const {
    const std::string document = folder_.Read("decision.json");
    for (const char* word : {"ALLOW", "WARN", "PROCEED"}) {
      if (absl::StrContains(out, word)) return true;
    }
    return absl::StrContains(folder_.Read("output.txt"), "true\n") ||
           absl::StrContains(document, R"("outcome":"proceed")");
  }

  Held Hold() {
    Held held;
    const std::unique_ptr<Clock> clock = RealClock();
    const absl::StatusOr<std::unique_ptr<Store>> store =
        OpenStore({LedgerLocation::Kind::kSqlite, folder_.Path(kLedgerFile)}, *clock);
    if (!store.ok()) {
      ADD_FAILURE() << store.status();
      return held;
    }
    const absl::StatusOr<Verification> verified = Verify(
        [&](const auto& each) {
          return (*store)->Scan({}, [&](const Store::Row& row) {
            Count(row.bytes, held);
            return each(row.bytes);
          });
        },
        {});
    const absl::StatusOr<int64_t> false_column = (*store)->FindFalseColumn();
    EXPECT_TRUE(verified.ok()) << verified.status();
    EXPECT_TRUE(false_column.ok() && *false_column == -1);
    if (!verified.ok()) return held;
    EXPECT_EQ(verified->problem, "");
    held.records = static_cast<int64_t>(verified->head.size);
    return held;
  }

 private:
  static void Count(absl::string_view bytes, Held& held) {
    const absl::StatusOr<Record> record = ReadRecord(bytes);
    ASSERT_TRUE(record.ok()) << record.status();
    if (const auto* made = std::get_if<DecisionMade>(&record->payload)) {
      held.decisions.insert(made->id);
    } else if (const auto* use = std::get_if<OverrideUsed>(&record->payload)) {
      held.used.insert(use->decision);
      ++held.uses;
    } else if (record->kind == RecordKind::kOverrideApprove) {
      ++held.approvals;
    }
  }
};

}  // namespace slogate
