// Clocks of machines that step back or jump, one after the other at the same ledger.
#include <memory>
#include <string>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include "tests/faults/ledger_steps.h"

namespace slogate {
namespace {

using fake::Approve;
using fake::Ask;
using fake::Check;
using fake::kSpent;
using fake::LedgerRan;
using fake::LedgerStory;

class LedgerClock : public testing::Test {
 protected:
  // A check by alice on a machine whose clock is so far ahead of the source's.
  LedgerStory& CheckAt(absl::Duration ahead) {
    story_.story().PutClockAhead(ahead);
    return story_.Let("alice", Check());
  }

  LedgerStory story_{kSpent};
};

// What the ledger has seen of time is not undone: else whoever sets a clock could use what is over.
TEST_F(LedgerClock, WhatIsExpiredStaysSo) {
  story_.Let("bob", Approve(Ask(story_))).Before(0);
  EXPECT_EQ(CheckAt(absl::Hours(1)).Play().exit, 0);
  const LedgerRan expired = CheckAt(absl::Hours(5)).Before(1);
  EXPECT_TRUE(absl::StrContains(expired.out, "it expired at")) << expired.out;
  for (const absl::Duration ahead :
       {absl::Hours(1), absl::ZeroDuration(), -absl::Hours(1), -absl::Hours(24 * 365)}) {
    SCOPED_TRACE(ahead);
    const LedgerRan back = CheckAt(ahead).Play();
    EXPECT_TRUE(back.exit == 1 || back.exit == 3) << back.out;
    EXPECT_TRUE(absl::StrContains(back.out, "it expired at")) << back.out;
  }
}

// Nor does a request by a clock that is behind outlive its time by that much.
TEST_F(LedgerClock, WhatWasAskedForByAClockThatIsBehind) {
  CheckAt(absl::Hours(3)).Before(1);
  story_.story().PutClockAhead(-absl::Hours(20));
  story_.Let("bob", Approve(Ask(story_))).Before(0);
  EXPECT_EQ(CheckAt(absl::Hours(6)).Play().exit, 0);
  EXPECT_EQ(CheckAt(absl::Hours(8)).Play().exit, 1);  // 4 h after the ledger's time of the request
}

// A clock that was a year ahead once must not make an override last a year.
TEST_F(LedgerClock, WhatWasAskedForAfterAClockThatWasAhead) {
  CheckAt(absl::Hours(24 * 365)).Before(3);
  story_.story().PutClockAhead(absl::ZeroDuration());
  story_.Let("bob", Approve(Ask(story_))).Before(0);
  for (const int hours : {0, 24 * 20}) {
    SCOPED_TRACE(hours);
    const LedgerRan ran = CheckAt(absl::Hours(hours)).Play();
    EXPECT_NE(ran.exit, 0) << ran.out;
    EXPECT_TRUE(absl::StrContains(ran.out, "a clock was wrong, then or now")) << ran.out;
  }
}

TEST_F(LedgerClock, RecordsKeepTheirOrderAndTheirTimesDoNotFall) {
  LedgerRan ran;
  for (const int hours : {0, 7, -30, 2, 7, 8, -1, 9}) {
    ran = CheckAt(absl::Hours(hours)).Before(hours < 0 ? ran.exit : 1);
    EXPECT_EQ(ran.problem, "");
  }
  ASSERT_EQ(ran.records.size(), 9U);
  for (size_t i = 1; i < ran.records.size(); ++i) {
    EXPECT_EQ(ran.records[i].seq, static_cast<int64_t>(i));
    EXPECT_GE(ran.records[i].time, ran.records[i - 1].time);
  }
  const LedgerRan verified = story_.Let("root", {"ledger", "verify"}).Play();
  EXPECT_EQ(verified.exit, 0) << verified.err;
  EXPECT_EQ(verified.err, "");
}

}  // namespace
}  // namespace slogate
