#include "gate/prometheus/plain_matcher.h"

#include <algorithm>

#include <absl/strings/ascii.h>
#include <absl/strings/str_split.h>

namespace slogate {
namespace {

bool IsRegex(const Matcher& matcher) { return matcher.op == "=~" || matcher.op == "!~"; }

}  // namespace

bool IsPrintableAscii(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return absl::ascii_isprint(c); });
}

bool IsPlain(const Matcher& matcher) {
  constexpr absl::string_view kPlain = "_-/:,@%= .|";
  return !IsRegex(matcher) || std::all_of(matcher.value.begin(), matcher.value.end(), [&](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || kPlain.find(c) != kPlain.npos;
  });
}

std::optional<bool> Accepts(const Matcher& matcher, absl::string_view value) {
  if (!IsRegex(matcher)) return (value == matcher.value) == (matcher.op == "=");
  if (!IsPrintableAscii(value)) return std::nullopt;
  const std::vector<absl::string_view> alternatives = absl::StrSplit(matcher.value, '|');
  const bool matches =
      std::any_of(alternatives.begin(), alternatives.end(), [&](absl::string_view alternative) {
        return alternative.size() == value.size() &&
               std::equal(value.begin(), value.end(), alternative.begin(),
                          [](char have, char want) { return want == '.' || have == want; });
      });
  return matches == (matcher.op == "=~");
}

std::string Escaped(absl::string_view literal) {
  constexpr absl::string_view kSpecial = "\\.+*?()|[]{}^$";
  std::string escaped;
  for (const char c : literal) {
    if (kSpecial.find(c) != kSpecial.npos) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::vector<Matcher> SortedMatchers(std::vector<Matcher> matchers) {
  std::sort(matchers.begin(), matchers.end());
  matchers.erase(std::unique(matchers.begin(), matchers.end()), matchers.end());
  return matchers;
}

}  // namespace slogate
