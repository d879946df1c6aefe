#include "gate/text/mask.h"

#include <algorithm>
#include <optional>
#include <string>

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <re2/re2.h>

#include "gate/base/suggest.h"

namespace slogate {
namespace {

// One `key:` or `key=` of a line.
struct Key {
  absl::string_view name;
  size_t value = 0;  // where its value begins, in bytes of the line
  char separator = ':';
};

enum class Secrecy : uint8_t {
  kNone,
  kScalar,  // a secret where the value is a text: `auth: hunter2`
  kWhole,   // a secret whatever it is, but for {file: PATH} and {env: NAME}
};

Secrecy SecrecyOf(absl::string_view name) {
  std::string letters;
  for (const char c : name) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c)))
      letters += absl::ascii_tolower(static_cast<unsigned char>(c));
  }
  if (letters == "tokenurl") return Secrecy::kNone;  // where a token is to be had
  for (const absl::string_view part :
       {"token", "password", "passwd", "passphrase", "secret", "authorization", "apikey",
        "accesskey", "cookie", "credential"}) {
    if (absl::StrContains(letters, part)) return Secrecy::kWhole;
  }
  // A misspelt key is shown in a diagnostic of its own, with its value beside it.
  static const auto& kNames =
      *new std::vector<std::string>{"bearertoken", "password", "authorization"};
  if (letters == "pass" || letters == "pwd" || Nearest(letters, kNames)) return Secrecy::kWhole;
  for (const absl::string_view whole : {"auth", "basic", "sigv4", "oauth2"}) {
    if (letters == whole) return Secrecy::kScalar;
  }
  if (absl::StrContains(letters, "bearer")) return Secrecy::kScalar;
  return Secrecy::kNone;
}

RE2::Options Bytes() {
  RE2::Options options;
  options.set_encoding(RE2::Options::EncodingLatin1);
  return options;
}

// The keys of a line, quoted or not, in order.
std::vector<Key> KeysOf(absl::string_view line) {
  static const RE2& kKey = *new RE2(R"re(([\w.-]+)["']?[ \t]*([:=]))re", Bytes());
  std::vector<Key> keys;
  re2::StringPiece rest(line.data(), line.size());
  re2::StringPiece name;
  re2::StringPiece separator;
  while (RE2::FindAndConsume(&rest, kKey, &name, &separator)) {
    size_t value = static_cast<size_t>(rest.data() - line.data());
    while (value < line.size() && absl::ascii_isspace(static_cast<unsigned char>(line[value])))
      ++value;
    keys.push_back({{name.data(), name.size()}, value, separator[0]});
  }
  return keys;
}

// Whether `text` begins with file: or env: and a value that is no secret itself.
bool NamesAPlace(absl::string_view text) {
  static const RE2& kPlace = *new RE2(
      R"re(^(\{\s*)?["']?(file["']?\s*:|env["']?\s*:\s*["']?[A-Za-z_]\w*["']?\s*([},#]|$)))re",
      Bytes());
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), kPlace);
}

// Whether the mapping that begins with `text` has a key with a value, or goes on below.
bool HoldsKeys(absl::string_view text) {
  static const RE2& kKeyed = *new RE2(R"re(^\{\s*(["']?[\w-]+["']?\s*:|$))re", Bytes());
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), kKeyed);
}

// The end of the text that begins at `begin`: its closing quote, or in a flow mapping the next
// comma or brace.
size_t EndOfValue(absl::string_view line, size_t begin, char separator) {
  const char quote = line[begin];
  if (quote == '"' || quote == '\'') {
    for (size_t i = begin + 1; i < line.size(); ++i) {
      if (quote == '"' && line[i] == '\\') {
        ++i;
      } else if (line[i] == quote) {
        if (quote == '"' || i + 1 == line.size() || line[i + 1] != '\'') return i + 1;
        ++i;
      }
    }
    return line.size();
  }
  if (separator == '=') return std::min(line.find_first_of("&'\",} ", begin), line.size());
  // Outside of braces a comma is part of the text.
  const bool flow = line.substr(0, begin).find('{') != absl::string_view::npos;
  return flow ? std::min(line.find_first_of(",}", begin), line.size()) : line.size();
}

// What stands before an @ and may be a user's name and password.
std::optional<ByteRange> UserInformation(absl::string_view line) {
  const size_t at = line.rfind('@');
  if (at == absl::string_view::npos) return std::nullopt;
  const size_t scheme = line.substr(0, at).find("://");
  if (scheme != absl::string_view::npos) return ByteRange{scheme + 3, at};
  const size_t before = line.substr(0, at).find_last_of(" \t'\"");
  const size_t word = before == absl::string_view::npos ? 0 : before + 1;
  if (line.substr(word, at - word).find(':') == absl::string_view::npos) return std::nullopt;
  return ByteRange{word, at};
}

}  // namespace

std::vector<ByteRange> SecretRanges(absl::string_view line) {
  std::vector<ByteRange> found;
  for (const Key& key : KeysOf(line)) {
    if (key.value >= line.size()) continue;
    const Secrecy secrecy = SecrecyOf(key.name);
    const bool mapping = line[key.value] == '{';
    const absl::string_view value = line.substr(key.value);
    if (secrecy == Secrecy::kNone) continue;
    if (mapping && secrecy == Secrecy::kScalar && HoldsKeys(value)) continue;
    if (mapping && NamesAPlace(value)) continue;
    found.push_back(
        {key.value, mapping ? line.size() : EndOfValue(line, key.value, key.separator)});
  }
  if (const auto user = UserInformation(line)) found.push_back(*user);
  std::sort(found.begin(), found.end(),
            [](const ByteRange& a, const ByteRange& b) { return a.begin < b.begin; });
  std::vector<ByteRange> merged;
  for (const ByteRange& range : found) {
    if (range.begin == range.end) continue;
    if (!merged.empty() && range.begin <= merged.back().end) {
      merged.back().end = std::max(merged.back().end, range.end);
    } else {
      merged.push_back(range);
    }
  }
  return merged;
}

std::vector<bool> SecretLines(absl::Span<const absl::string_view> lines) {
  std::vector<bool> secret(lines.size());
  Secrecy secrecy = Secrecy::kNone;  // of the key whose value may go on
  size_t indent_of_key = 0;
  for (size_t i = 0; i < lines.size(); ++i) {
    const absl::string_view text = absl::StripAsciiWhitespace(lines[i]);
    if (text.find_first_not_of("{}[],") == absl::string_view::npos) continue;
    const size_t indent = lines[i].find_first_not_of(" \t");
    const std::vector<Key> keys = KeysOf(lines[i]);
    // A mapping below `auth:` has keys of its own to go by; below `password:` nothing but a place
    // may stand.
    const bool new_key = !keys.empty() && (indent <= indent_of_key || secrecy == Secrecy::kScalar);
    if (new_key) secrecy = Secrecy::kNone;
    if (secrecy != Secrecy::kNone) {
      secret[i] = !NamesAPlace(text);
      continue;
    }
    for (const Key& key : keys) {
      const absl::string_view value = absl::StripAsciiWhitespace(lines[i].substr(key.value));
      const Secrecy of_key = SecrecyOf(key.name);
      if (of_key == Secrecy::kNone) continue;
      if (NamesAPlace(value) && absl::StrContains(value, '}')) continue;
      if (of_key == Secrecy::kScalar && !value.empty()) continue;
      secrecy = of_key;
      indent_of_key = indent;
    }
  }
  return secret;
}

}  // namespace slogate
