// kill -9 at every system call from the moment that the ledger is opened: nobody is told to proceed before the
// record is there, and the ledger goes on as if nothing had been.
#include <signal.h>
#include <unistd.h>

#include <functional>
#include <string>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <gtest/gtest.h>

#include "tests/process/ledger_process.h"
#include "tests/testing/syscall_killer.h"

namespace slogate {
namespace {

constexpr char kJournal[] = "ledger.db-journal";

class Crash : public LedgerProcess {
 protected:
  void SetUp() override {
    if (const auto why = fake::CannotTrace()) GTEST_SKIP() << *why;
    LedgerProcess::SetUp();
    EmptyOutputs();
  }

  // The file as it is now is what every run begins with.
  void KeepLedger() { begun_ = folder_.Read(kLedgerFile); }

  // Kills `arguments` before each call in turn, and has `look` see what is left, where the ledger was touched.
  void KillAtEachCall(const Strings& arguments, const fake::ChildOptions& options,
                      const std::function<void()>& look) {
    fake::ChildOptions traced = options;
    traced.traced = true;
    traced.environment["ASAN_OPTIONS"] = "detect_leaks=0";  // looks for them by tracing, too
    for (calls_ = 1;; calls_ += kStep) {
      SCOPED_TRACE(absl::StrCat("killed before call ", calls_));
      PutBack();
      const std::unique_ptr<fake::Child> child = Start(arguments, traced);
      const size_t calls = fake::RunUntilCall(*child, kLedgerFile, calls_);
      code_ = child->Wait();
      out_ = child->Out();
      if (calls < calls_) return;
      ASSERT_EQ(code_, 128 + SIGKILL) << child->Err();
      const bool journal = !folder_.Read(kJournal).empty();
      if (journal || folder_.Read(kLedgerFile) != begun_) {
        journals_ += journal ? kStep : 0;
        look();
      } else {
        ++untouched_;
        EXPECT_EQ(out_ + folder_.Read("output.txt") + folder_.Read("decision.json"), "");
      }
      if (HasFailure()) return;
    }
  }

  void Deny() {
    ASSERT_EQ(Run(Recorded(), InGithub()), 1) << out_ << err_;
    const std::string document = folder_.Read("decision.json");
    const size_t at = document.find(R"("id":"sha256:)");
    ASSERT_NE(at, std::string::npos);
    decision_ = document.substr(at + 6, 71);
  }
  void Ask() {
    ASSERT_EQ(Run({"override", "request", "--decision", decision_, "--policy", "policy.yaml",
                   "--reason", "payments fail for one customer in ten", "--allow-temporary-ledger"},
                  InGithub()),
              0)
        << err_;
    override_ = out_.substr(0, out_.find('\n'));
  }
  Strings Approve() const {
    return {"override", "approve",     override_,
            "--policy", "policy.yaml", "--allow-temporary-ledger"};
  }

  std::string begun_, decision_, override_;
  size_t calls_ = 0, journals_ = 0, untouched_ = 0;
  int code_ = -1;

 private:
  void PutBack() {
    ::unlink(folder_.Path(kJournal).c_str());
    ::unlink(folder_.Path(kLedgerFile).c_str());
    if (!begun_.empty()) {
      folder_.Write(kLedgerFile, begun_);
      ::chmod(folder_.Path(kLedgerFile).c_str(), 0600);
    }
    EmptyOutputs();
  }
};

TEST_F(Crash, OfACheckThatProceeds) {
  Init();
  KeepLedger();
  size_t recorded = 0;
  KillAtEachCall(Recorded(), InGithub(), [&] {
    const bool told = SaysProceed(out_);
    const Held held = Hold();
    EXPECT_EQ(held.records, 1 + static_cast<int64_t>(held.decisions.size()));
    EXPECT_LE(held.decisions.size(), 1U);
    if (told) {
      EXPECT_EQ(held.decisions.size(), 1U);
    }
    recorded += kStep * held.decisions.size();
    EXPECT_EQ(Run(Recorded(), InGithub()), 0) << out_ << err_;
  });
  EXPECT_EQ(code_, 0);
  EXPECT_TRUE(SaysProceed(out_));
  EXPECT_GT(untouched_, 10U);
  EXPECT_GT(calls_, 100U);
  EXPECT_GT(recorded, 10U);
  EXPECT_GT(journals_, 20U);
}

TEST_F(Crash, OfACheckThatUsesAnOverrideUp) {
  Init();
  ServeRecorded("250");
  Deny();
  Ask();
  ASSERT_EQ(Run(Approve(), InGithub("bob")), 0) << err_;
  KeepLedger();
  const int64_t before = Hold().records;
  size_t used = 0;
  KillAtEachCall(Recorded(), InGithub(), [&] {
    const bool told = SaysProceed(out_);
    const Held held = Hold();
    EXPECT_TRUE(held.records == before || held.records == before + 2) << held.records;
    EXPECT_EQ(held.uses, held.records == before ? 0 : 1);
    for (const std::string& decision : held.used) EXPECT_EQ(held.decisions.count(decision), 1U);
    if (told) {
      EXPECT_EQ(held.uses, 1);
    }
    used += kStep * static_cast<size_t>(held.uses);
    // What nobody was told is used up all the same: it may have been.
    EXPECT_EQ(Run(Recorded(), InGithub()), held.uses == 0 ? 0 : 1) << out_ << err_;
    EXPECT_EQ(Hold().uses, 1);
  });
  EXPECT_EQ(code_, 0);
  EXPECT_TRUE(SaysProceed(out_));
  EXPECT_GT(used, 10U);
  EXPECT_GT(journals_, 20U);
}

TEST_F(Crash, OfAnApproval) {
  Init();
  ServeRecorded("250");
  Deny();
  Ask();
  KeepLedger();
  KillAtEachCall(Approve(), InGithub("bob"), [&] {
    const bool told = absl::StrContains(out_, "is approved");
    const int approvals = Hold().approvals;
    if (told) {
      EXPECT_EQ(approvals, 1);
    }
    EXPECT_EQ(Run(Approve(), InGithub("bob")), approvals == 0 ? 0 : 1) << err_;
  });
  EXPECT_EQ(code_, 0);
  EXPECT_GT(journals_, 20U);
}

TEST_F(Crash, OfTheMakingOfALedger) {
  const Strings init = {"ledger", "init", "--id", "acme", "--allow-temporary-ledger"};
  KillAtEachCall(init, InGithub(), [&] {
    const bool told = absl::StrContains(out_, "is there");
    const int again = Run(init, InGithub());
    if (again != 0) {
      EXPECT_TRUE(absl::StrContains(err_, "there is a ledger already")) << err_;
    } else {
      EXPECT_FALSE(told);
    }
    EXPECT_EQ(Hold().records, 1);
  });
  EXPECT_EQ(code_, 0);
  EXPECT_GT(calls_, 50U);
}

}  // namespace
}  // namespace slogate
