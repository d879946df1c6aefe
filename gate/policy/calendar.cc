#include "gate/policy/calendar.h"

#include <array>
#include <utility>

#include <absl/strings/str_cat.h>
#include <re2/re2.h>

#include "gate/base/duration.h"

namespace slogate {
namespace {

constexpr absl::Duration kDay = absl::Hours(24);

struct UnitTraits {
  CalendarUnit unit;
  absl::string_view word;
  int shortest, longest;  // days
};

constexpr std::array<UnitTraits, 3> kUnits = {{{CalendarUnit::kWeek, "week", 7, 7},
                                               {CalendarUnit::kMonth, "month", 28, 31},
                                               {CalendarUnit::kQuarter, "quarter", 90, 92}}};

const UnitTraits& Traits(CalendarUnit unit) { return kUnits[static_cast<size_t>(unit)]; }

// The machine's zones lie in a folder that the variable TZDIR can name, which would let a pipeline
// choose where its month begins: main removes it before anything is read.
std::optional<absl::TimeZone> ZoneOf(absl::string_view name) {
  static const RE2& kName = *new RE2(kTimeZonePattern);
  absl::TimeZone zone;
  if (!RE2::FullMatch(re2::StringPiece(name.data(), name.size()), kName)) return std::nullopt;
  if (!absl::LoadTimeZone(name, &zone)) return std::nullopt;
  return zone;
}

// The first day of the period that `day` lies in.
absl::CivilDay BeginningOf(CalendarUnit unit, absl::CivilDay day) {
  switch (unit) {
    case CalendarUnit::kWeek:
      return absl::PrevWeekday(day + 1, absl::Weekday::monday);
    case CalendarUnit::kMonth:
      return absl::CivilDay(absl::CivilMonth(day));
    case CalendarUnit::kQuarter:
      return absl::CivilDay(day.year(), (day.month() - 1) / 3 * 3 + 1, 1);
  }
  return day;
}

// The first day of the period that is `steps` further.
absl::CivilDay Further(CalendarUnit unit, absl::CivilDay first, int steps) {
  if (unit == CalendarUnit::kWeek) return first + 7 * steps;
  const int months = unit == CalendarUnit::kMonth ? 1 : 3;
  return absl::CivilDay(absl::CivilMonth(first) + months * steps);
}

}  // namespace

absl::string_view Word(CalendarUnit unit) { return Traits(unit).word; }

std::optional<CalendarUnit> CalendarUnitFromWord(absl::string_view word) {
  for (const UnitTraits& traits : kUnits) {
    if (traits.word == word) return traits.unit;
  }
  return std::nullopt;
}

std::string PrintWindow(const Window& window) {
  if (const auto* rolling = std::get_if<absl::Duration>(&window)) return PrintDuration(*rolling);
  return absl::StrCat("a ", Word(std::get<CalendarWindow>(window).unit));
}

absl::Duration ShortestOf(const Window& window) {
  if (const auto* rolling = std::get_if<absl::Duration>(&window)) return *rolling;
  return Traits(std::get<CalendarWindow>(window).unit).shortest * kDay;
}

absl::Duration LongestOf(const Window& window) {
  if (const auto* rolling = std::get_if<absl::Duration>(&window)) return *rolling;
  return Traits(std::get<CalendarWindow>(window).unit).longest * kDay;
}

std::optional<Period> PeriodAt(const CalendarWindow& window, absl::Time instant) {
  const std::optional<absl::TimeZone> zone = ZoneOf(window.time_zone);
  if (!zone) return std::nullopt;
  absl::CivilDay first = BeginningOf(window.unit, absl::ToCivilDay(instant, *zone));
  // FromCivil takes the first of two midnights, and the end of a gap for one that is skipped. What the
  // clocks show may so be a day off from the period by the moments at which they turn.
  const auto moment = [&](int steps) {
    return absl::FromCivil(absl::CivilSecond(Further(window.unit, first, steps)), *zone);
  };
  while (moment(0) >= instant) first = Further(window.unit, first, -1);
  while (moment(1) < instant) first = Further(window.unit, first, 1);
  return Period{moment(-1), moment(0), moment(1)};
}

bool KnowsTimeZone(absl::string_view name) { return ZoneOf(name).has_value(); }

std::optional<absl::Time> MomentOf(absl::CivilSecond local, const std::string& time_zone) {
  const std::optional<absl::TimeZone> zone = ZoneOf(time_zone);
  if (!zone) return std::nullopt;
  return absl::FromCivil(local, *zone);
}

}  // namespace slogate
