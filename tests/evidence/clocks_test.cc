#include "gate/evidence/clocks.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "tests/evidence/evidence_case.h"

namespace slogate {
namespace {

struct ClockCase {
  const char* name;
  const char* clock;     // seconds, of the source
  double before, after;  // seconds, of the gate
  const char* want;      // the finding, or ""
};

TEST(CheckClocks, AllowsForTheTimeThatAskingTook) {
  constexpr char kBehind[] =
      "clock_skew, 31 against 30: the source's clock is 31 s behind the gate's";
  const ClockCase cases[] = {
      {"the same", "1000", 1000, 1000, ""},
      {"between", "1000.5", 1000, 1001, ""},
      {"as far behind as it may be", "970", 1000, 1001, ""},
      {"as far ahead as it may be", "1031", 1000, 1001, ""},
      {"too far behind", "969", 1000, 1001, kBehind},
      {"a slow answer does not excuse a late clock", "969", 1000, 1060, kBehind},
      {"a slow answer may explain an early one", "1089", 1000, 1060, ""},
      {"too far ahead", "1031.001", 1000, 1001,
       "clock_skew, 30.001 against 30: the source's clock is 31 s ahead of the gate's"},
      {"the gate's clock stepped back while asking", "1000", 1050, 960,
       "clock_skew, 50 against 30: the source's clock is 50 s behind the gate's"},
      {"a clock that was never set", "0", 1000000, 1000001,
       "clock_skew, 1000000 against 30: the source's clock is 1000000 s behind the gate's"},
  };
  for (const ClockCase& test : cases) {
    Reading clock = Answered("clock", test.clock);
    const AskedAt asked = {absl::UnixEpoch() + absl::Seconds(test.before),
                           absl::UnixEpoch() + absl::Seconds(test.after)};
    CheckClocks(absl::MakeSpan(&clock, 1), {asked}, absl::Seconds(30));
    if (test.want[0] == '\0') {
      EXPECT_TRUE(clock.findings.empty()) << test.name;
      EXPECT_TRUE(clock.value) << test.name;
    } else {
      ASSERT_EQ(clock.findings.size(), 1u) << test.name;
      EXPECT_EQ(Text(clock.findings[0]), test.want) << test.name;
      EXPECT_FALSE(clock.value) << test.name;
    }
  }
}

TEST(CheckClocks, LeavesAClockThatDidNotAnswer) {
  Reading clock = Answered("clock", "timed_out");
  CheckClocks(absl::MakeSpan(&clock, 1), {{absl::FromUnixSeconds(1), absl::FromUnixSeconds(2)}},
              absl::Seconds(30));
  ASSERT_EQ(clock.findings.size(), 1u);
  EXPECT_EQ(clock.findings[0].kind, FindingKind::kTimedOut);
}

// Clocks of sources "a", "b", …, all asked when the gate's said 1000; "" did not answer.
Strings Skews(const Strings& clocks, absl::Duration limit = absl::Seconds(30)) {
  std::vector<Reading> readings;
  for (const std::string& clock : clocks) {
    readings.push_back(Answered("clock", clock.empty() ? "unreachable" : clock));
    readings.back().question.source = std::string(1, static_cast<char>('a' + readings.size() - 1));
  }
  const AskedAt at_once = {absl::FromUnixSeconds(1000), absl::FromUnixSeconds(1000)};
  CheckClocks(absl::MakeSpan(readings), std::vector<AskedAt>(readings.size(), at_once), limit);
  Strings skews;
  for (const Reading& reading : readings) {
    EXPECT_EQ(reading.value.has_value(), reading.findings.empty());
    for (const Finding& finding : reading.findings) {
      skews.push_back(absl::StrCat(reading.question.source, ": ", Text(finding)));
    }
  }
  return skews;
}

TEST(CheckClocks, HoldsSourcesAgainstEachOther) {
  EXPECT_EQ(Skews({"1000", "1000"}), Strings{});
  EXPECT_EQ(Skews({"985", "1015"}), Strings{});
  EXPECT_EQ(Skews({"980", "1011"}),
            Strings{"b: clock_skew, 31 against 30: the source's clock is 31 s ahead of that of a"});
  EXPECT_EQ(Skews({"1020", "1000", "985"}),
            Strings{"a: clock_skew, 35 against 30: the source's clock is 35 s ahead of that of c"});
}

TEST(CheckClocks, SaysOfEachSourceOnceWhatIsWrong) {
  EXPECT_EQ(Skews({"900", "1000"}),
            (Strings{"a: clock_skew, 100 against 30: the source's clock is 100 s behind the gate's",
                     "b: clock_skew, 100 against 30: the source's clock is 100 s ahead of that of "
                     "a"}));
  EXPECT_EQ(Skews({"", "1011", "980"}),
            (Strings{"a: unreachable: said of clock",
                     "b: clock_skew, 31 against 30: the source's clock is 31 s ahead of that of "
                     "c"}));
}

// One is asked after the other: what the asking took excuses no difference but its own.
TEST(CheckClocks, AllowsForSourcesThatWereAskedOneAfterTheOther) {
  std::vector<Reading> clocks = {Answered("clock", "1000"), Answered("clock", "1100")};
  const std::vector<AskedAt> asked = {{absl::FromUnixSeconds(1000), absl::FromUnixSeconds(1001)},
                                      {absl::FromUnixSeconds(1100), absl::FromUnixSeconds(1101)}};
  CheckClocks(absl::MakeSpan(clocks), asked, absl::Seconds(30));
  EXPECT_TRUE(clocks[0].findings.empty());
  EXPECT_TRUE(clocks[1].findings.empty());
}

TEST(OldestOf, IsTheOldestThatAnsweredInWholeSeconds) {
  struct Case {
    Strings clocks;
    std::optional<int64_t> want;
  };
  const Case cases[] = {
      {{"1000.999"}, 1000},
      {{"1002", "1001.5", "1003"}, 1001},
      {{"unreachable", "1001.5"}, 1001},
      {{"unreachable"}, std::nullopt},
      {{}, std::nullopt},
  };
  for (const Case& c : cases) {
    std::vector<Reading> clocks;
    for (const std::string& clock : c.clocks) clocks.push_back(Answered("clock", clock));
    const std::optional<absl::Time> oldest = OldestOf(clocks);
    EXPECT_EQ(oldest ? std::optional(absl::ToUnixSeconds(*oldest)) : std::nullopt, c.want)
        << absl::StrJoin(c.clocks, ", ");
  }
}

}  // namespace
}  // namespace slogate
