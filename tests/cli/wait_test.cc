// A run that waits for its override: what it says meanwhile, and when it goes on.
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/strip.h>
#include <gtest/gtest.h>

#include "gate/cli/recording.h"
#include "gate/decision/override.h"
#include "gate/policy/load.h"
#include "tests/cli/memory_world.h"
#include "tests/testing/temp_folder.h"

namespace slogate {
namespace {

constexpr char kPolicy[] = R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: acme}
sources: {main: {url: 'http://prometheus.test:9090'}}
changes: {feature: {default: true}, security: {skips: [rules], proof: {approvals: 1, from: sre}}}
people: {bob: {accounts: ['local:bob'], groups: [sre]}, eve: {accounts: ['local:eve'], groups: [sre]}}
rules: [{id: spent, when: {budget_remaining: {at_most: 0%}}, verdict: deny}]
ledger: {id: acme}
overrides: {approvals: 1, expires: 4h}
)";

class WaitTest : public testing::Test {
 protected:
  void SetUp() override {
    memory_.world.pause = [this](absl::Duration length) {
      memory_.clock.now += length;
      memory_.clock.monotonic += length;
      ++pauses_;
      if (meanwhile_) meanwhile_();
    };
    const absl::StatusOr<LedgerLocation> location =
        ParseLedgerLocation(absl::StrCat("sqlite:", folder_.path(), "/ledger.db"));
    ASSERT_TRUE(location.ok());
    absl::StatusOr<std::unique_ptr<Store>> store = CreateStore(*location, memory_.clock);
    ASSERT_TRUE(store.ok()) << store.status();
    auto ledger = Ledger::Create(*std::move(store), "acme", {"local:ops", "operating system", ""});
    ASSERT_TRUE(ledger.ok()) << ledger.status();
    ledger_ = *std::move(ledger);
    const Parsed<PolicyFiles> files = LoadPolicyFiles({{SourceFile{"policy.yaml", kPolicy}}});
    ASSERT_TRUE(files.value && files.value->policy);
    policy_ = RulesFor(*files.value->policy, "checkout", "");
    Subject& subject = decided_.decision.request.subject;
    subject.service = "checkout";
    subject.artifact = absl::StrCat("sha256:", std::string(64, 'a'));
    decided_.decision.ruling.verdict = Verdict::kDeny;
    decided_.decision.ruling.closed_by = {"spent"};
    decided_.decision.instant = memory_.clock.now;
    decided_.id = absl::StrCat("sha256:", std::string(64, 'd'));
  }

  void Add(RecordKind kind, const std::string& account, Payload payload) {
    Record record;
    record.kind = kind;
    record.actor = {account, "operating system", ""};
    record.subject = decided_.decision.request.subject;
    record.payload = std::move(payload);
    const auto receipt =
        ledger_->Append([&](LedgerView& view) { return view.Add(record).status(); });
    ASSERT_TRUE(receipt.ok()) << receipt.status();
  }
  void Ask(const std::string& change = "") {
    OverrideRequested request;
    request.change = change;
    request.id = "ov-0123456789ab";
    request.decision = decided_.id;
    if (change.empty()) request.rules = {"spent"};
    request.reason = "the fix is tested and cannot wait";
    request.expires_at = memory_.clock.now + absl::Hours(4);
    Add(RecordKind::kOverrideRequest, "local:alice", request);
  }
  void Approve(const std::string& account) {
    Add(RecordKind::kOverrideApprove, account, OverrideJudged{"ov-0123456789ab", ""});
  }

  absl::StatusOr<bool> Wait(absl::Duration wait) {
    const Recording recording(ledger_.get(), {"local:ci", "operating system", ""});
    return recording.Wait(policy_, decided_, wait, memory_.world);
  }

  // What was said while waiting: without the screen before it.
  std::string Said() const {
    const size_t begin = memory_.err.text.find("slogate: waiting");
    return begin == std::string::npos ? "" : memory_.err.text.substr(begin);
  }

  fake::TempFolder folder_;
  fake::MemoryWorld memory_;
  std::unique_ptr<Ledger> ledger_;
  EffectivePolicy policy_;
  Decided decided_;
  std::function<void()> meanwhile_;
  int pauses_ = 0;
};

TEST_F(WaitTest, NobodyComes) {
  const absl::StatusOr<bool> opened = Wait(absl::Minutes(3));
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_FALSE(*opened);
  EXPECT_EQ(Said(),
            "slogate: waiting up to 3m for an override: nobody has asked for one yet\n"
            "slogate: waiting up to 2m for an override: nobody has asked for one yet\n"
            "slogate: waiting up to 1m for an override: nobody has asked for one yet\n");
  EXPECT_EQ(pauses_, 18);
}

TEST_F(WaitTest, GoesOnOnceItIsApproved) {
  meanwhile_ = [this] {
    if (pauses_ == 4) Ask();
    if (pauses_ == 9) Approve("local:alice");  // not by who asked
    if (pauses_ == 10) Approve("local:bob");
  };
  const absl::StatusOr<bool> opened = Wait(absl::Minutes(20));
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_TRUE(*opened);
  EXPECT_EQ(pauses_, 10);
  EXPECT_EQ(Said(),
            "slogate: waiting up to 20m for an override: nobody has asked for one yet\n"
            "slogate: waiting up to 19m for an override: ov-0123456789ab is asked for, and not "
            "approved yet\n");
}

TEST_F(WaitTest, NotForOneThatIsForOtherRules) {
  Ask();
  Approve("local:bob");
  decided_.decision.ruling.closed_by = {"spent", "fast-burn"};
  const absl::StatusOr<bool> opened = Wait(absl::Minutes(1));
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_FALSE(*opened);
}

// Consent to a change class opens nothing for a release that does not claim it.
TEST_F(WaitTest, NotForAClassThatIsNotClaimed) {
  Ask("security");
  Approve("local:bob");
  decided_.decision.ruling.claim.claimed = "feature";
  absl::StatusOr<bool> opened = Wait(absl::Minutes(1));
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_FALSE(*opened);
  decided_.decision.ruling.claim.claimed = "security";
  opened = Wait(absl::Minutes(1));
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_TRUE(*opened);
}

TEST_F(WaitTest, ItsTimeGoesByWhileItWaits) {
  Ask();
  meanwhile_ = [this] {
    // After its expiry nobody's approval counts.
    if (memory_.clock.monotonic >= absl::Hours(4)) {
      Approve("local:bob");
      meanwhile_ = nullptr;
    }
  };
  const absl::StatusOr<bool> opened = Wait(absl::Hours(5));
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_FALSE(*opened);
}

}  // namespace
}  // namespace slogate
