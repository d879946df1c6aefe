#include "gate/base/duration.h"

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include <absl/strings/ascii.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "gate/base/limits.h"

namespace slogate {
namespace {

constexpr std::array<std::pair<absl::string_view, int64_t>, 5> kUnits = {
    {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1000}, {"ms", 1}}};
constexpr int64_t kWeek = 7 * 86'400'000;
constexpr int64_t kMost = int64_t{limits::kWindowDays} * 86'400'000;

std::string Join(absl::Duration duration, absl::string_view before_unit,
                 absl::string_view between) {
  int64_t rest = absl::ToInt64Milliseconds(duration);
  std::vector<std::string> parts;
  for (const auto& [unit, milliseconds] : kUnits) {
    if (rest < milliseconds) continue;
    parts.push_back(absl::StrCat(rest / milliseconds, before_unit, unit));
    rest %= milliseconds;
  }
  if (parts.empty()) return absl::StrCat("0", before_unit, "s");
  return absl::StrJoin(parts, between);
}

// Takes a text that looks like `shape`, where a 0 stands for any digit, from the front of `text`.
bool TakeShape(absl::string_view shape, absl::string_view& text) {
  if (text.size() < shape.size()) return false;
  for (size_t i = 0; i < shape.size(); ++i) {
    const bool digit = absl::ascii_isdigit(static_cast<unsigned char>(text[i]));
    if (shape[i] == '0' ? !digit : text[i] != shape[i]) return false;
  }
  text.remove_prefix(shape.size());
  return true;
}

// absl reads much more than RFC 3339, and takes the second 60 for the next minute.
bool IsTimeByShape(absl::string_view text) {
  const absl::string_view second = absl::ClippedSubstr(text, 17, 2);
  if (!TakeShape("0000-00-00T00:00:00", text) || second == "60") return false;
  if (TakeShape(".0", text)) {
    while (TakeShape("0", text)) continue;
  }
  return text == "Z" || ((TakeShape("+00:00", text) || TakeShape("-00:00", text)) && text.empty());
}

}  // namespace

std::optional<absl::Duration> ParseDuration(absl::string_view text) {
  int64_t total = 0;
  int64_t last_unit = kWeek + 1;
  while (!text.empty()) {
    size_t digits = 0;
    while (digits < text.size() && absl::ascii_isdigit(static_cast<unsigned char>(text[digits])))
      ++digits;
    size_t letters = digits;
    while (letters < text.size() && absl::ascii_isalpha(static_cast<unsigned char>(text[letters])))
      ++letters;
    int64_t count = 0;
    if (digits == 0 || digits > 12 || !absl::SimpleAtoi(text.substr(0, digits), &count))
      return std::nullopt;
    const absl::string_view unit = text.substr(digits, letters - digits);
    int64_t milliseconds = 0;
    if (unit == "w") {
      if (letters != text.size() || total != 0) return std::nullopt;  // weeks stand alone
      milliseconds = kWeek;
    }
    for (const auto& [name, size] : kUnits) {
      if (name == unit) milliseconds = size;
    }
    if (milliseconds == 0 || milliseconds >= last_unit || count > kMost / milliseconds)
      return std::nullopt;
    last_unit = milliseconds;
    total += count * milliseconds;
    text.remove_prefix(letters);
  }
  if (total <= 0 || total > kMost) return std::nullopt;
  return absl::Milliseconds(total);
}

std::string PrintDuration(absl::Duration duration) { return Join(duration, "", ""); }

std::string SpeakDuration(absl::Duration duration) { return Join(duration, " ", " "); }

std::optional<absl::Time> ParseTime(absl::string_view text) {
  if (!IsTimeByShape(text)) return std::nullopt;
  absl::Time time;
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, text, &time, &error)) return std::nullopt;
  if (time < absl::UnixEpoch() || time >= absl::FromUnixSeconds(253402300800)) return std::nullopt;
  return time;
}

std::string PrintTime(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", time, absl::UTCTimeZone());
}

}  // namespace slogate
