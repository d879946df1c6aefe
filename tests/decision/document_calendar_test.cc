#include "gate/decision/document_calendar.h"

#include <string>

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>

#include "gate/base/duration.h"

namespace slogate {
namespace {

absl::Time At(const char* time) { return ParseTime(time).value(); }

CalendarFacts Facts() {
  CalendarFacts facts;
  facts.periods[{CalendarUnit::kMonth, "Europe/Berlin"}] = {
      At("2026-09-30T22:00:00Z"), At("2026-10-31T23:00:00Z"), At("2026-11-30T23:00:00Z")};
  facts.freezes["sales"] = {At("2026-11-27T05:00:00Z"), At("2026-11-30T23:00:00Z"), ""};
  return facts;
}

constexpr char kText[] =
    R"({"freezes":[{"from":"2026-11-27T05:00:00Z","id":"sales","to":"2026-11-30T23:00:00Z"}],)"
    R"("periods":[{"before":"2026-09-30T22:00:00Z","end":"2026-11-30T23:00:00Z",)"
    R"("start":"2026-10-31T23:00:00Z","time_zone":"Europe/Berlin","unit":"month"}]})";

const absl::Time kInstant = At("2026-11-23T03:12:40Z");

absl::StatusOr<CalendarFacts> Read(const std::string& text) {
  return ReadCalendar(json::Parse(text).value(), kInstant);
}

TEST(CalendarValueTest, IsReadBack) {
  EXPECT_EQ(json::Dump(CalendarValue(Facts())), kText);
  const absl::StatusOr<CalendarFacts> read = Read(kText);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->periods, Facts().periods);
  EXPECT_EQ(json::Dump(CalendarValue(*read)), kText);
  EXPECT_EQ(json::Dump(CalendarValue({})), R"({"freezes":[],"periods":[]})");
}

TEST(CalendarValueTest, NullIsNeither) {
  const absl::StatusOr<CalendarFacts> read = Read("null");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_TRUE(read->periods.empty() && read->freezes.empty());
}

struct BadCase {
  const char *name, *part, *instead;
};

TEST(CalendarValueTest, TakesNothingElse) {
  const BadCase cases[] = {
      {"another unit", "\"month\"", "\"year\""},
      {"no zone", "\"Europe/Berlin\"", "7"},
      {"a period that is over", "\"2026-11-30T23:00:00Z\",\"start\"",
       "\"2026-11-23T03:12:39Z\",\"start\""},
      {"one that has not begun", "\"start\":\"2026-10-31T23:00:00Z\"",
       "\"start\":\"2026-11-23T03:12:40Z\""},
      {"one before none", "\"2026-09-30T22:00:00Z\"", "\"2026-10-31T23:00:00Z\""},
      {"no time", "\"2026-09-30T22:00:00Z\"", "\"soon\""},
      {"a missing time", "\"before\"", "\"after\""},
      {"a freeze without an id", "\"sales\"", "null"},
      {"a freeze without an end", "\"to\"", "\"till\""},
      {"a freeze that ends as it begins", "\"from\":\"2026-11-27T05:00:00Z\"",
       "\"from\":\"2026-11-30T23:00:00Z\""},
      {"no list of periods", "\"periods\":", "\"months\":"},
      {"no list of freezes", "\"freezes\":", "\"stops\":"},
  };
  for (const BadCase& test : cases) {
    const std::string text = absl::StrReplaceAll(kText, {{test.part, test.instead}});
    ASSERT_NE(text, kText) << test.name;
    EXPECT_FALSE(Read(text).ok()) << test.name;
  }
  EXPECT_FALSE(Read("[]").ok());
  EXPECT_FALSE(Read("7").ok());
}

TEST(WindowValueTest, SaysWhatWasCountedOver) {
  SloResult slo;
  slo.window = absl::Hours(30 * 24);
  EXPECT_EQ(json::Dump(WindowValue(slo, kInstant)),
            R"({"end":"2026-11-23T03:12:40Z","kind":"rolling","period_seconds":null,)"
            R"("seconds":2592000,"start":"2026-10-24T03:12:40Z","time_zone":null,"unit":null})");
  slo.calendar = CalendarWindow{CalendarUnit::kMonth, "Europe/Berlin"};
  slo.period = Facts().periods.at(*slo.calendar);
  slo.window = kInstant - slo.period->start;
  EXPECT_EQ(json::Dump(WindowValue(slo, kInstant)),
            R"({"end":"2026-11-23T03:12:40Z","kind":"calendar","period_seconds":2592000,)"
            R"("seconds":1915960,"start":"2026-10-31T23:00:00Z","time_zone":"Europe/Berlin",)"
            R"("unit":"month"})");
}

}  // namespace
}  // namespace slogate
