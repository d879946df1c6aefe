#include "gate/base/duration.h"

#include <optional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace slogate {
namespace {

struct DurationCase {
  const char* text;
  int64_t milliseconds;
  const char* printed;
  const char* spoken;
};

TEST(ParseDuration, ReadsUnitsInFallingOrderAndWeeksAlone) {
  constexpr int64_t kSecond = 1000, kMinute = 60 * kSecond, kHour = 60 * kMinute, kDay = 24 * kHour;
  const DurationCase cases[] = {
      {"1ms", 1, "1ms", "1 ms"},
      {"300ms", 300, "300ms", "300 ms"},
      {"1500ms", 1500, "1s500ms", "1 s 500 ms"},
      {"1s", kSecond, "1s", "1 s"},
      {"5m", 5 * kMinute, "5m", "5 m"},
      {"90m", 90 * kMinute, "1h30m", "1 h 30 m"},
      {"1h30m", 90 * kMinute, "1h30m", "1 h 30 m"},
      {"24h", kDay, "1d", "1 d"},
      {"1d12h", 36 * kHour, "1d12h", "1 d 12 h"},
      {"30d", 30 * kDay, "30d", "30 d"},
      {"4w", 28 * kDay, "28d", "28 d"},
      {"104w", 728 * kDay, "728d", "728 d"},
      {"732d", 732 * kDay, "732d", "732 d"},
      {"1d2h3m4s5ms", kDay + 2 * kHour + 3 * kMinute + 4 * kSecond + 5, "1d2h3m4s5ms",
       "1 d 2 h 3 m 4 s 5 ms"},
      {"1d5ms", kDay + 5, "1d5ms", "1 d 5 ms"},
      {"007d", 7 * kDay, "7d", "7 d"},
      {"0d1h", kHour, "1h", "1 h"},
      {"63244800000ms", 732 * kDay, "732d", "732 d"},
  };
  for (const DurationCase& test : cases) {
    const std::optional<absl::Duration> duration = ParseDuration(test.text);
    ASSERT_EQ(duration, absl::Milliseconds(test.milliseconds)) << test.text;
    EXPECT_EQ(PrintDuration(*duration), test.printed);
    EXPECT_EQ(SpeakDuration(*duration), test.spoken);
    EXPECT_EQ(ParseDuration(PrintDuration(*duration)), duration) << test.text;
  }
}

TEST(ParseDuration, RefusesEverythingElse) {
  const char* const cases[] = {
      "",
      " ",
      "5",
      "30",
      "0",
      "0d",
      "0s",
      "0w",
      "0d0h",
      "d",
      "-1h",
      "+1h",
      " 1h",
      "1h ",
      "1 h",
      "1.5h",
      "1,5h",
      "1h30",
      "1e3s",
      "inf",
      "1m1h",
      "1s1d",
      "1h1h",
      "1ms1s",
      "1w1d",
      "1d1w",
      "1w1w",
      "0d1w",
      "1y",
      "1M",
      "1H",
      "1D",
      "1min",
      "1us",
      "1ns",
      "1µs",
      "1hm",
      "h1",
      "1h-5m",
      "1h\n",
      "733d",
      "105w",
      "732d1ms",
      "17569h",
      "9999999999999ms",
      "300000000000h",
      "99999999999999999999d",
      "0000000000001d",
  };
  for (const char* text : cases) EXPECT_EQ(ParseDuration(text), std::nullopt) << text;
  EXPECT_EQ(ParseDuration(absl::string_view("1h\0", 3)), std::nullopt);
}

TEST(PrintDuration, ComesBackAsItWas) {
  // Steps of different sizes through all that a policy may name.
  int64_t step = 1;
  for (int64_t milliseconds = 1; milliseconds <= 732LL * 86'400'000; milliseconds += step) {
    const absl::Duration duration = absl::Milliseconds(milliseconds);
    ASSERT_EQ(ParseDuration(PrintDuration(duration)), duration) << milliseconds;
    step += 1 + step / 50;
  }
}

TEST(PrintDuration, NothingIsZeroSeconds) {
  EXPECT_EQ(PrintDuration(absl::ZeroDuration()), "0s");
  EXPECT_EQ(SpeakDuration(absl::ZeroDuration()), "0 s");
}

TEST(ParseTime, ReadsRfc3339) {
  const std::pair<const char*, const char*> cases[] = {
      {"2026-11-23T03:12:40Z", "2026-11-23T03:12:40Z"},
      {"2026-11-23T03:12:40.25Z", "2026-11-23T03:12:40.25Z"},
      {"2026-11-23T03:12:40.000Z", "2026-11-23T03:12:40Z"},
      {"2026-11-23T04:12:40+01:00", "2026-11-23T03:12:40Z"},
      {"2026-11-22T21:42:40-05:30", "2026-11-23T03:12:40Z"},
      {"2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"},
      {"1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"},
      {"9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"},
  };
  for (const auto& [text, printed] : cases) {
    const std::optional<absl::Time> time = ParseTime(text);
    ASSERT_TRUE(time) << text;
    EXPECT_EQ(PrintTime(*time), printed);
    EXPECT_EQ(ParseTime(PrintTime(*time)), time) << text;
  }
  EXPECT_EQ(ParseTime("2026-11-23T03:12:40Z"), absl::FromUnixSeconds(1795403560));
}

TEST(ParseTime, RefusesEverythingElse) {
  const char* const cases[] = {
      "",
      "now",
      "infinite-future",
      "infinite-past",
      "1795403560",
      "2026-11-23",
      "2026-11-23T03:12Z",
      "2026-11-23T03:12:40",
      "2026-11-23 03:12:40Z",
      "2026-11-23t03:12:40Z",
      "2026-11-23T03:12:40z",
      " 2026-11-23T03:12:40Z",
      "2026-11-23T03:12:40Z ",
      "2026-11-23T03:12:40 Z",
      "2026-11-23T03:12:40Z\n",
      "2026-11-23T03:12:60Z",
      "2026-11-23T03:60:40Z",
      "2026-11-23T24:00:00Z",
      "2026-02-29T00:00:00Z",
      "2026-13-01T00:00:00Z",
      "2026-00-01T00:00:00Z",
      "2026-11-00T00:00:00Z",
      "2026-11-31T00:00:00Z",
      "2026-11-23T03:12:40.Z",
      "2026-11-23T03:12:40,5Z",
      "2026-11-23T03:12:40UTC",
      "2026-11-23T03:12:40+0100",
      "2026-11-23T03:12:40+01",
      "2026-11-23T03:12:40+1:00",
      "2026-11-23T03:12:40+01:00:00",
      "2026-11-23T03:12:40+25:00",
      "2026-11-23T03:12:40+01:60",
      "2026-11-23T03:12:40Z+01:00",
      "2026-1-123T03:12:40Z",
      "20261-10-1T00:00:00Z",
      "+026-11-23T03:12:40Z",
      "-026-11-23T03:12:40Z",
      "1969-12-31T23:59:59Z",
      "1970-01-01T00:00:00+00:01",
      "9999-12-31T23:59:59-00:01",
  };
  for (const char* text : cases) EXPECT_EQ(ParseTime(text), std::nullopt) << text;
}

// One wrong character anywhere is a wrong time, unless it is another digit.
TEST(ParseTime, RefusesEverySlipOfOneCharacter) {
  const std::string right = "2026-11-23T03:12:40Z";
  for (size_t i = 0; i < right.size(); ++i) {
    for (int c = 0; c < 256; ++c) {
      std::string wrong = right;
      wrong[i] = static_cast<char>(c);
      const bool digit = c >= '0' && c <= '9';
      if (wrong == right || (digit && right[i] >= '0' && right[i] <= '9')) continue;
      EXPECT_EQ(ParseTime(wrong), std::nullopt) << wrong;
    }
    std::string shorter = right;
    shorter.erase(i, 1);
    EXPECT_EQ(ParseTime(shorter), std::nullopt) << shorter;
  }
}

}  // namespace
}  // namespace slogate
