#include "gate/io/http_text.h"

#include <algorithm>

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

namespace slogate {
namespace {

bool IsAlphanumericOr(absl::string_view others, char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
         others.find(c) != absl::string_view::npos;
}

std::string PercentEncoded(absl::string_view text) {
  std::string encoded;
  for (char c : text) {
    if (IsAlphanumericOr("-._~", c)) {
      encoded += c;
    } else {
      absl::StrAppendFormat(&encoded, "%%%02X", static_cast<unsigned char>(c));
    }
  }
  return encoded;
}

}  // namespace

std::string EncodeForm(const TextPairs& form) {
  std::string encoded;
  for (const auto& [key, value] : form) {
    absl::StrAppend(&encoded, encoded.empty() ? "" : "&", PercentEncoded(key), "=",
                    PercentEncoded(value));
  }
  return encoded;
}

std::string HeadersRefusal(const TextPairs& headers) {
  for (const auto& [name, value] : headers) {
    // RFC 9110, 5.6.2: a token.
    if (name.empty() || !std::all_of(name.begin(), name.end(), [](char c) {
          return IsAlphanumericOr("!#$%&'*+-.^_`|~", c);
        })) {
      return "a header has a name that no header may have";
    }
    if (value.find_first_of("\r\n\0", 0, 3) != std::string::npos) {
      return absl::StrCat("the value of the header ", name, " has a line break or a NUL byte");
    }
  }
  return "";
}

bool SaysCompressed(absl::string_view line) {
  const size_t colon = line.find(':');
  if (colon == absl::string_view::npos) return false;
  const absl::string_view name = line.substr(0, colon);
  const absl::string_view value = absl::StripAsciiWhitespace(line.substr(colon + 1));
  if (value.empty() || absl::EqualsIgnoreCase(value, "identity")) return false;
  if (absl::EqualsIgnoreCase(name, "content-encoding")) return true;
  return absl::EqualsIgnoreCase(name, "transfer-encoding") &&
         !absl::EqualsIgnoreCase(value, "chunked");
}

}  // namespace slogate
