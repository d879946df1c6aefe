#include "gate/policy/calendar.h"

#include <string>

#include <gtest/gtest.h>

#include "gate/base/duration.h"

namespace slogate {
namespace {

struct PeriodCase {
  const char* name;
  CalendarUnit unit;
  const char *time_zone, *instant;
  const char *before, *start, *end;  // worked out by another program, minute by minute
  double hours;
};

void PrintTo(const PeriodCase& test, std::ostream* out) { *out << test.name; }

class PeriodTest : public testing::TestWithParam<PeriodCase> {};

TEST_P(PeriodTest, HoldsTheInstant) {
  const PeriodCase& test = GetParam();
  const auto period = PeriodAt({test.unit, test.time_zone}, ParseTime(test.instant).value());
  ASSERT_TRUE(period);
  EXPECT_EQ(PrintTime(period->before), test.before);
  EXPECT_EQ(PrintTime(period->start), test.start);
  EXPECT_EQ(PrintTime(period->end), test.end);
  EXPECT_EQ(absl::ToDoubleHours(period->end - period->start), test.hours);
}

const PeriodCase kCases[] = {
    {"a_month", CalendarUnit::kMonth, "UTC", "2026-11-23T03:12:40Z", "2026-10-01T00:00:00Z",
     "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z", 720},
    {"its_last_moment", CalendarUnit::kMonth, "UTC", "2026-12-01T00:00:00Z", "2026-10-01T00:00:00Z",
     "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z", 720},
    {"its_first_second", CalendarUnit::kMonth, "UTC", "2026-12-01T00:00:01Z",
     "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z", 744},
    {"the_second_before_its_end", CalendarUnit::kMonth, "UTC", "2026-11-30T23:59:59Z",
     "2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z", 720},
    {"a_month_with_a_day_of_23_h", CalendarUnit::kMonth, "Europe/Berlin", "2026-03-29T01:00:00Z",
     "2026-01-31T23:00:00Z", "2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z", 743},
    {"a_month_with_a_day_of_25_h", CalendarUnit::kMonth, "Europe/Berlin", "2026-10-25T01:30:00Z",
     "2026-08-31T22:00:00Z", "2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z", 745},
    {"the_month_begins_elsewhere", CalendarUnit::kMonth, "Europe/Berlin", "2026-11-30T23:00:01Z",
     "2026-10-31T23:00:00Z", "2026-11-30T23:00:00Z", "2026-12-31T23:00:00Z", 744},
    {"and_ends_elsewhere", CalendarUnit::kMonth, "Europe/Berlin", "2026-11-30T23:00:00Z",
     "2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z", "2026-11-30T23:00:00Z", 720},
    {"a_leap_day", CalendarUnit::kMonth, "Europe/Berlin", "2028-02-29T12:00:00Z",
     "2027-12-31T23:00:00Z", "2028-01-31T23:00:00Z", "2028-02-29T23:00:00Z", 696},
    {"no_leap_day", CalendarUnit::kMonth, "Europe/Berlin", "2026-02-28T22:59:59Z",
     "2025-12-31T23:00:00Z", "2026-01-31T23:00:00Z", "2026-02-28T23:00:00Z", 672},
    {"a_week", CalendarUnit::kWeek, "UTC", "2026-11-23T03:12:40Z", "2026-11-16T00:00:00Z",
     "2026-11-23T00:00:00Z", "2026-11-30T00:00:00Z", 168},
    {"a_week_ends_on_sunday", CalendarUnit::kWeek, "UTC", "2026-11-23T00:00:00Z",
     "2026-11-09T00:00:00Z", "2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z", 168},
    {"a_week_across_the_year", CalendarUnit::kWeek, "Europe/Berlin", "2027-01-01T12:00:00Z",
     "2026-12-20T23:00:00Z", "2026-12-27T23:00:00Z", "2027-01-03T23:00:00Z", 168},
    {"a_week_of_167_h", CalendarUnit::kWeek, "Europe/Berlin", "2026-03-25T12:00:00Z",
     "2026-03-15T23:00:00Z", "2026-03-22T23:00:00Z", "2026-03-29T22:00:00Z", 167},
    {"a_week_of_169_h", CalendarUnit::kWeek, "Europe/Berlin", "2026-10-20T12:00:00Z",
     "2026-10-11T22:00:00Z", "2026-10-18T22:00:00Z", "2026-10-25T23:00:00Z", 169},
    {"a_week_of_168_and_a_half", CalendarUnit::kWeek, "Australia/Lord_Howe", "2026-04-01T12:00:00Z",
     "2026-03-22T13:00:00Z", "2026-03-29T13:00:00Z", "2026-04-05T13:30:00Z", 168.5},
    {"a_week_of_167_and_a_half", CalendarUnit::kWeek, "Australia/Lord_Howe", "2026-10-01T12:00:00Z",
     "2026-09-20T13:30:00Z", "2026-09-27T13:30:00Z", "2026-10-04T13:00:00Z", 167.5},
    {"new_york_in_march", CalendarUnit::kMonth, "America/New_York", "2026-03-08T07:30:00Z",
     "2026-02-01T05:00:00Z", "2026-03-01T05:00:00Z", "2026-04-01T04:00:00Z", 743},
    {"new_york_in_november", CalendarUnit::kMonth, "America/New_York", "2026-11-01T05:30:00Z",
     "2026-10-01T04:00:00Z", "2026-11-01T04:00:00Z", "2026-12-01T05:00:00Z", 721},
    {"new_york_at_its_boundary", CalendarUnit::kMonth, "America/New_York", "2026-11-01T04:00:00Z",
     "2026-09-01T04:00:00Z", "2026-10-01T04:00:00Z", "2026-11-01T04:00:00Z", 744},
    {"a_quarter", CalendarUnit::kQuarter, "Europe/Berlin", "2026-02-10T00:00:00Z",
     "2025-09-30T22:00:00Z", "2025-12-31T23:00:00Z", "2026-03-31T22:00:00Z", 2159},
    {"a_quarter_of_a_leap_year", CalendarUnit::kQuarter, "UTC", "2028-03-31T23:59:59Z",
     "2027-10-01T00:00:00Z", "2028-01-01T00:00:00Z", "2028-04-01T00:00:00Z", 2184},
    {"the_last_quarter", CalendarUnit::kQuarter, "America/New_York", "2027-01-01T05:00:00Z",
     "2026-07-01T04:00:00Z", "2026-10-01T04:00:00Z", "2027-01-01T05:00:00Z", 2209},
    {"a_skipped_midnight", CalendarUnit::kWeek, "Asia/Tehran", "2021-03-22T12:00:00Z",
     "2021-03-14T20:30:00Z", "2021-03-21T20:30:00Z", "2021-03-28T19:30:00Z", 167},
    {"it_begins_at_the_gap", CalendarUnit::kWeek, "Asia/Tehran", "2021-03-21T20:30:00Z",
     "2021-03-07T20:30:00Z", "2021-03-14T20:30:00Z", "2021-03-21T20:30:00Z", 168},
    {"an_hour_before_midnight_twice", CalendarUnit::kWeek, "Asia/Tehran", "2014-09-21T20:15:00Z",
     "2014-09-07T19:30:00Z", "2014-09-14T19:30:00Z", "2014-09-21T20:30:00Z", 169},
};

INSTANTIATE_TEST_SUITE_P(Cases, PeriodTest, testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string(test.param.name); });

// Whatever the clocks do: periods follow each other without a gap, and each instant is in one.
TEST(PeriodsTest, FollowEachOther) {
  const absl::Time begin = ParseTime("2024-12-01T00:00:00Z").value();
  for (const char* zone : {"UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe",
                           "Asia/Kathmandu", "Pacific/Apia", "America/Santiago"}) {
    for (const CalendarUnit unit :
         {CalendarUnit::kWeek, CalendarUnit::kMonth, CalendarUnit::kQuarter}) {
      const CalendarWindow window{unit, zone};
      for (int step = 0; step < 400; ++step) {
        const absl::Time instant = begin + step * absl::Minutes(60 * 53 + 17);
        const Period period = PeriodAt(window, instant).value();
        ASSERT_LT(period.before, period.start);
        ASSERT_LT(period.start, instant);
        ASSERT_LE(instant, period.end);
        ASSERT_GE(period.end - period.start + absl::Hours(1), ShortestOf(window));
        ASSERT_LE(period.end - period.start, LongestOf(window) + absl::Hours(1));
        const Period previous = PeriodAt(window, period.start).value();
        ASSERT_EQ(previous.end, period.start) << zone << " " << instant;
        ASSERT_EQ(previous.start, period.before) << zone << " " << instant;
        const Period next = PeriodAt(window, period.end + absl::Seconds(1)).value();
        ASSERT_EQ(next.start, period.end) << zone << " " << instant;
      }
    }
  }
}

TEST(TimeZoneTest, AreNamesOfIana) {
  for (const char* zone : {"UTC", "Europe/Berlin", "Etc/GMT+1", "America/Argentina/Ushuaia"}) {
    EXPECT_TRUE(KnowsTimeZone(zone)) << zone;
  }
  // Paths, the library's own forms, and zones that count leap seconds, are no names.
  for (const char* zone :
       {"", "Europe/Atlantis", "Europe", "localtime", "Fixed/UTC+01:00:00", "file:Europe/Berlin",
        "/usr/share/zoneinfo/Europe/Berlin", "../zoneinfo/Europe/Berlin", "Europe/../Europe/Berlin",
        "right/Europe/Berlin", "posix/Europe/Berlin", "libc:localtime", "europe/berlin", "UTC "}) {
    EXPECT_FALSE(KnowsTimeZone(zone)) << zone;
    EXPECT_FALSE(PeriodAt({CalendarUnit::kMonth, zone}, absl::FromUnixSeconds(1'795'403'560)));
    EXPECT_FALSE(MomentOf(absl::CivilSecond(2026, 12, 24), zone)) << zone;
  }
}

struct MomentCase {
  const char* name;
  absl::CivilSecond local;
  const char *time_zone, *want;
};

TEST(MomentTest, Table) {
  const MomentCase cases[] = {
      {"winter", absl::CivilSecond(2026, 12, 24, 18, 0, 0), "Europe/Berlin",
       "2026-12-24T17:00:00Z"},
      {"summer", absl::CivilSecond(2026, 7, 24, 18, 0, 0), "Europe/Berlin", "2026-07-24T16:00:00Z"},
      {"shown_twice", absl::CivilSecond(2026, 10, 25, 2, 30, 0), "Europe/Berlin",
       "2026-10-25T00:30:00Z"},
      {"never_shown", absl::CivilSecond(2026, 3, 29, 2, 30, 0), "Europe/Berlin",
       "2026-03-29T01:00:00Z"},
      {"half_an_hour", absl::CivilSecond(2026, 10, 4, 2, 15, 0), "Australia/Lord_Howe",
       "2026-10-03T15:30:00Z"},
  };
  for (const MomentCase& test : cases) {
    EXPECT_EQ(PrintTime(MomentOf(test.local, test.time_zone).value()), test.want) << test.name;
  }
}

TEST(WindowTest, LengthsAndWords) {
  const Window rolling = absl::Hours(30 * 24);
  EXPECT_EQ(PrintWindow(rolling), "30d");
  EXPECT_EQ(ShortestOf(rolling), LongestOf(rolling));
  const Window month = CalendarWindow{CalendarUnit::kMonth, "UTC"};
  EXPECT_EQ(PrintWindow(month), "a month");
  EXPECT_EQ(PrintDuration(ShortestOf(month)), "28d");
  EXPECT_EQ(PrintDuration(LongestOf(month)), "31d");
  for (const CalendarUnit unit :
       {CalendarUnit::kWeek, CalendarUnit::kMonth, CalendarUnit::kQuarter}) {
    EXPECT_EQ(CalendarUnitFromWord(Word(unit)), unit);
  }
  EXPECT_EQ(CalendarUnitFromWord("year"), std::nullopt);
}

}  // namespace
}  // namespace slogate
