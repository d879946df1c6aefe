#include "gate/decision/document_calendar.h"

#include <optional>
#include <utility>

#include <absl/status/status.h>

#include "gate/base/duration.h"

namespace slogate {
namespace {

using json::Array;
using json::Object;
using json::Value;

Value Seconds(absl::Duration duration) { return Value::Number(absl::ToInt64Seconds(duration)); }

// The time in `object`; the epoch, which no decision has, where there is none.
absl::Time TimeIn(const Value& object, absl::string_view key) {
  return ParseTime(object[key].text()).value_or(absl::UnixEpoch());
}

std::optional<std::pair<CalendarWindow, Period>> ReadPeriod(const Value& value,
                                                            absl::Time instant) {
  const std::optional<CalendarUnit> unit = CalendarUnitFromWord(value["unit"].text());
  const std::string& zone = value["time_zone"].text();
  const Period period{TimeIn(value, "before"), TimeIn(value, "start"), TimeIn(value, "end")};
  const bool in_order = absl::UnixEpoch() < period.before && period.before < period.start &&
                        period.start < instant && instant <= period.end;
  if (!unit || !value["time_zone"].is_string() || !in_order) return std::nullopt;
  return std::pair(CalendarWindow{*unit, zone}, period);
}

std::optional<Freeze> ReadFreeze(const Value& value) {
  Freeze freeze{TimeIn(value, "from"), TimeIn(value, "to"), ""};
  const bool in_order = absl::UnixEpoch() < freeze.from && freeze.from < freeze.to;
  if (!value["id"].is_string() || !in_order) return std::nullopt;
  return freeze;
}

}  // namespace

Value WindowValue(const SloResult& slo, absl::Time instant) {
  Object window{{"kind", slo.period ? "calendar" : "rolling"},
                {"start", PrintTime(instant - slo.window)},
                {"end", PrintTime(instant)},
                {"seconds", Seconds(slo.window)},
                {"unit", {}},
                {"time_zone", {}},
                {"period_seconds", {}}};
  if (slo.period) window["period_seconds"] = Seconds(slo.period->end - slo.period->start);
  if (slo.calendar) {
    window["unit"] = Word(slo.calendar->unit);
    window["time_zone"] = slo.calendar->time_zone;
  }
  return window;
}

Value CalendarValue(const CalendarFacts& calendar) {
  Array periods, freezes;
  for (const auto& [window, period] : calendar.periods) {
    periods.push_back(Object{{"unit", Word(window.unit)},
                             {"time_zone", window.time_zone},
                             {"before", PrintTime(period.before)},
                             {"start", PrintTime(period.start)},
                             {"end", PrintTime(period.end)}});
  }
  for (const auto& [id, freeze] : calendar.freezes) {
    freezes.push_back(
        Object{{"id", id}, {"from", PrintTime(freeze.from)}, {"to", PrintTime(freeze.to)}});
  }
  return Object{{"periods", std::move(periods)}, {"freezes", std::move(freezes)}};
}

absl::StatusOr<CalendarFacts> ReadCalendar(const Value& value, absl::Time instant) {
  if (value.is_null()) return CalendarFacts();
  if (!value["periods"].is_array() || !value["freezes"].is_array()) {
    return absl::InvalidArgumentError("\"calendar\" has no periods and freezes");
  }
  CalendarFacts calendar;
  for (const Value& entry : value["periods"].array()) {
    std::optional<std::pair<CalendarWindow, Period>> period = ReadPeriod(entry, instant);
    if (!period) {
      return absl::InvalidArgumentError(
          "a period of \"calendar\" is none, or does not hold the instant");
    }
    calendar.periods.insert(*std::move(period));
  }
  for (const Value& entry : value["freezes"].array()) {
    std::optional<Freeze> freeze = ReadFreeze(entry);
    if (!freeze) return absl::InvalidArgumentError("a freeze of \"calendar\" is none");
    calendar.freezes[entry["id"].text()] = *std::move(freeze);
  }
  return calendar;
}

}  // namespace slogate
