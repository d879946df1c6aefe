// Durations as policies and PromQL write them: integers with units in falling order ("1d12h",
// "90m", "300ms") or weeks alone ("4w"). A day is always 24 h. absl::Duration holds them; infinity
// never appears.
#pragma once

#include <optional>
#include <string>

#include <absl/strings/string_view.h>
#include <absl/time/time.h>

namespace slogate {

// nullopt for anything else: a bare number, a sign, blanks, zero, a repeated or rising unit, more
// than limits::kWindowDays.
std::optional<absl::Duration> ParseDuration(absl::string_view text);

// The same language back, largest units first: "30d", "1h30m". Weeks come back as days.
std::string PrintDuration(absl::Duration duration);

// For people, with blanks: "30 d", "1 h 30 m".
std::string SpeakDuration(absl::Duration duration);

// RFC 3339 with a capital T, and Z or an offset ("2026-11-23T03:12:40Z", "…+01:00"); nullopt for
// anything absl would also let pass ("infinite-future", blanks, second 60) and for years outside
// 1970 to 9999.
std::optional<absl::Time> ParseTime(absl::string_view text);

// The same back, always in UTC with Z, with a fraction only where there is one.
std::string PrintTime(absl::Time time);

}  // namespace slogate
