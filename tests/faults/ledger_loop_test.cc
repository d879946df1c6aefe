// One fault at every call to the ledger's database, and at every operation of the disk below it: nothing
// proceeds without its record, nothing is told that did not happen, and what is there verifies.
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>
#include <gtest/gtest.h>

#include "tests/faults/ledger_steps.h"

namespace slogate {
namespace {

using absl::StatusCode;
using fake::Approve;
using fake::Ask;
using fake::Check;
using fake::DecisionOf;
using fake::DiskFault;
using fake::kReason;
using fake::kSpent;
using fake::LedgerRan;
using fake::LedgerStory;
using fake::StoreFault;

// In a step of GitHub Actions, so that there is an output to go by.
std::unique_ptr<LedgerStory> Told(const std::string& lines, const std::string& more = "") {
  auto story = std::make_unique<LedgerStory>(lines, more);
  story->story().Set("GITHUB_ACTIONS", "true").Set("GITHUB_OUTPUT", "output.txt");
  story->story().Put("output.txt", "").Put("summary.md", "");
  story->story().Set("GITHUB_STEP_SUMMARY", "summary.md");
  return story;
}

// Of the places for a fault, with sanitizers every fourth, each fault from another one on.
#ifdef SLOGATE_SANITIZED
constexpr size_t kStep = 4;
#else
constexpr size_t kStep = 1;
#endif

struct Named {
  const char* name;
  int exit;  // without a fault
  std::function<std::unique_ptr<LedgerStory>()> make;
};

constexpr size_t kOnFailingDisks = 2;  // of the stories are played there, too

const Named kStories[] = {
    {"Allow", 0,
     [] {
       auto story = Told("");
       story->Let("alice", Check());
       return story;
     }},
    {"OverrideUsed", 0,
     [] {
       auto story = Told(kSpent);
       story->Let("bob", Approve(Ask(*story))).Before(0);
       story->Let("alice", Check());
       return story;
     }},
    {"OverrideNotApproved", 1,
     [] {
       auto story = Told(kSpent);
       Ask(*story);
       story->Let("alice", Check());
       return story;
     }},
    {"OverrideInOneStep", 0,
     [] {
       auto story = Told(kSpent, "# nobody has to approve\n");
       const std::string policy = story->Let("alice", Check()).Play().files.at("policy.yaml");
       story->story().Put("policy.yaml",
                          absl::StrReplaceAll(policy, {{"approvals: 1", "approvals: 0"}}));
       story->Let("alice", Check({"--override-reason", kReason}));
       return story;
     }},
    {"Request", 0,
     [] {
       auto story = Told(kSpent);
       const std::string decision = DecisionOf(story->Let("alice", Check()).Before(1));
       story->Let("alice", {"override", "request", "--decision", decision, "--policy",
                            "policy.yaml", "--reason", kReason});
       return story;
     }},
    {"Approve", 0,
     [] {
       auto story = Told(kSpent);
       story->Let("bob", Approve(Ask(*story)));
       return story;
     }},
    {"Record", 0,
     [] {
       auto story = Told("");
       const std::string decision = DecisionOf(story->Let("alice", Check()).Before(0));
       story->Let("alice", {"record", "--decision", decision, "--result", "deployed"});
       return story;
     }},
};

// Whether anything that somebody goes by says that a release may go out.
bool SaysProceed(const LedgerRan& ran) {
  const auto document = ran.files.find("decision.json");
  for (const char* word : {"ALLOW", "WARN", "PROCEED"}) {
    if (absl::StrContains(ran.out, word)) return true;
  }
  return absl::StrContains(ran.files.at("output.txt"), "\ntrue\n") ||
         (document != ran.files.end() &&
          absl::StrContains(document->second, R"("outcome":"proceed")"));
}

// Uses without a decision that proceeded by them, and overrides used twice.
void ExpectUsesStandBesideDecisions(const LedgerRan& ran) {
  std::set<std::string> proceeded, used;
  for (const Record& record : ran.records) {
    if (const auto* made = std::get_if<DecisionMade>(&record.payload)) {
      if (made->outcome == "proceed") proceeded.insert(made->id);
    } else if (const auto* use = std::get_if<OverrideUsed>(&record.payload)) {
      EXPECT_EQ(proceeded.count(use->decision), 1U);
      EXPECT_TRUE(used.insert(use->id).second) << "used twice";
    }
  }
}

void ExpectSafe(const LedgerRan& honest, const LedgerRan& ran) {
  EXPECT_EQ(ran.problem, "");
  EXPECT_TRUE(ran.exit == honest.exit || ran.exit == 4) << ran.exit << ran.out << ran.err;
  ExpectUsesStandBesideDecisions(ran);
  if (ran.exit == honest.exit) {
    EXPECT_EQ(ran.records.size(), honest.records.size()) << ran.out << ran.err;
    EXPECT_EQ(SaysProceed(ran), SaysProceed(honest));
    return;
  }
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(ran.files.at("output.txt") + ran.files.at("summary.md"), "");
  EXPECT_EQ(ran.files.count("decision.json"), 0U);
  EXPECT_TRUE(absl::StrContains(ran.err, "exit 4")) << ran.err;
}

class LedgerLoop : public testing::TestWithParam<Named> {
 protected:
  void SetUp() override {
    honest_ = story_->Play();
    ASSERT_EQ(honest_.exit, GetParam().exit) << honest_.out << honest_.err;
    ExpectSafe(honest_, honest_);
  }

  const std::unique_ptr<LedgerStory> story_ = GetParam().make();
  LedgerRan honest_;
};

const StoreFault kFaults[] = {
    {StatusCode::kNotFound},
    {StatusCode::kFailedPrecondition},
    {StatusCode::kPermissionDenied},
    {StatusCode::kUnavailable},
    {StatusCode::kUnavailable, true},
    {StatusCode::kDataLoss},
    {StatusCode::kAborted},
    {StatusCode::kAborted, true},
    {StatusCode::kUnknown},
    {StatusCode::kUnknown, true},
    {StatusCode::kUnknown, false, true},
    {StatusCode::kUnknown, true, true},
};

// Whether what failed, or nobody knows of, may be there all the same.
bool MayBeThere(const StoreFault& fault) { return fault.code == StatusCode::kUnknown; }

TEST_P(LedgerLoop, EveryCallToTheDatabase) {
  size_t blocked = 0, first = 0;
  for (const StoreFault& fault : kFaults) {
    for (size_t failing = 1 + first++ % kStep; failing <= honest_.store_calls; failing += kStep) {
      SCOPED_TRACE(absl::StrCat("call ", failing, ", ", absl::StatusCodeToString(fault.code),
                                fault.for_good ? " for good" : "",
                                fault.committed ? ", though committed" : ""));
      const LedgerRan ran = story_->Play(failing, fault);
      ExpectSafe(honest_, ran);
      if (ran.exit == 4) {
        blocked += kStep;
        EXPECT_TRUE(ran.records.size() == story_->recorded() ||
                    (MayBeThere(fault) && ran.records.size() == honest_.records.size()))
            << ran.records.size();
      }
      if (HasFailure()) return;
    }
  }
  EXPECT_GT(blocked,
            9 * honest_.store_calls);  // an abort is tried again, an unknown commit looked up
}

// Everything else outside fails once, as in the loop over stories without a ledger.
TEST_P(LedgerLoop, EveryOtherCall) {
  const size_t calls = story_->PlayInWorld(0).calls;
  ASSERT_GT(calls, 1U);
  for (size_t failing = 1; failing <= calls; failing += kStep) {
    SCOPED_TRACE(absl::StrCat("call ", failing));
    const LedgerRan ran = story_->PlayInWorld(failing);
    EXPECT_EQ(ran.problem, "");
    ExpectUsesStandBesideDecisions(ran);
    EXPECT_TRUE(ran.exit != 0 || honest_.exit == 0) << ran.out << ran.err;
    if (ran.exit == 0) {
      EXPECT_GT(ran.records.size(), story_->recorded());
    } else if (SaysProceed(ran)) {  // told, and then the telling itself failed
      EXPECT_EQ(ran.exit, 5);
      EXPECT_FALSE(absl::StrContains(ran.files.at("output.txt"), "\ntrue\n"));
      EXPECT_TRUE(absl::StrContains(ran.err, "nothing is decided")) << ran.err;
    }
    if (HasFailure()) return;
  }
}

class LedgerDiskLoop : public LedgerLoop {};

const struct {
  const char* name;
  DiskFault fault;
  bool for_good;
} kDiskFaults[] = {{"full", DiskFault::kFull, true},
                   {"broken once", DiskFault::kBroken, false},
                   {"read-only", DiskFault::kReadOnly, true}};

TEST_P(LedgerDiskLoop, EveryOperationOfTheDisk) {
  size_t first = 0;
  for (const auto& [name, fault, for_good] : kDiskFaults) {
    size_t failing = 1 + first++ % kStep;
    for (;; failing += kStep) {
      SCOPED_TRACE(absl::StrCat(name, " at operation ", failing));
      const LedgerRan ran = story_->PlayOnDisk(failing, fault, for_good);
      ExpectSafe(honest_, ran);
      if (!ran.disk_failed) break;
      EXPECT_EQ(ran.exit, 4) << ran.out << ran.err;
      if (HasFailure()) return;
    }
    EXPECT_GT(failing, 40U);
  }
}

const auto kName = [](const auto& story) { return std::string(story.param.name); };
INSTANTIATE_TEST_SUITE_P(All, LedgerLoop, testing::ValuesIn(kStories), kName);
INSTANTIATE_TEST_SUITE_P(Checks, LedgerDiskLoop,
                         testing::ValuesIn(kStories, kStories + kOnFailingDisks), kName);

}  // namespace
}  // namespace slogate
