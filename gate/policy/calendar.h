// Calendar windows: the week, month or quarter that an instant lies in, by the clocks of a place. The
// only file that asks for the machine's data of time zones.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include <absl/strings/string_view.h>
#include <absl/time/civil_time.h>
#include <absl/time/time.h>

namespace slogate {

enum class CalendarUnit : uint8_t { kWeek, kMonth, kQuarter };  // a week begins on Monday

absl::string_view Word(CalendarUnit unit);  // "week"
std::optional<CalendarUnit> CalendarUnitFromWord(absl::string_view word);

struct CalendarWindow {
  CalendarUnit unit = CalendarUnit::kMonth;
  std::string time_zone;  // an IANA name

  friend bool operator==(const CalendarWindow&, const CalendarWindow&) = default;
  friend std::strong_ordering operator<=>(const CalendarWindow&, const CalendarWindow&) = default;
};

// What an objective is about: a rolling window (whole seconds), or a calendar's period.
using Window = std::variant<absl::Duration, CalendarWindow>;

// "30d", or of a calendar window "a month".
std::string PrintWindow(const Window& window);

// How long a window is at least and at most, in days of 24 h: what a rule must fit into, and what it is
// measured against, must not depend on the month.
absl::Duration ShortestOf(const Window& window);
absl::Duration LongestOf(const Window& window);

// The period (start, end]; the one before it is (before, start].
struct Period {
  absl::Time before, start, end;

  friend bool operator==(const Period&, const Period&) = default;
};

// The period that holds `instant`: an instant at which one ends and the next begins belongs to the one
// that ends. nullopt for a zone that the machine does not know.
std::optional<Period> PeriodAt(const CalendarWindow& window, absl::Time instant);

// Whether it is the name of a zone that the machine knows, by the rules of IANA: no path, and none of
// the forms that the library adds, such as "localtime" or "file:…".
bool KnowsTimeZone(absl::string_view name);
inline constexpr char kTimeZonePattern[] =
    "[A-Z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9][A-Za-z0-9_+-]*){0,2}";

// The moment at which clocks in `time_zone` show `local`: the first where they show it twice, and the
// one at which they jump over it where they never do. nullopt for an unknown zone.
std::optional<absl::Time> MomentOf(absl::CivilSecond local, const std::string& time_zone);

}  // namespace slogate
