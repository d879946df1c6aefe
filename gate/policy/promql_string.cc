#include "gate/policy/promql_string.h"

#include <cstdint>

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/string_view.h>

#include "gate/policy/selector.h"
#include "gate/text/diagnostic.h"
#include "gate/text/utf8.h"

namespace slogate {
namespace {

constexpr char kEscapeHint[] = "write a backslash as \\\\, or put the value in backquotes: `…`";

constexpr char kLetters[] = "abfnrtv\\";
constexpr char kMeanings[] = "\a\b\f\n\r\t\v\\";

int DigitValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = absl::ascii_tolower(static_cast<unsigned char>(c));
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : 16;
}

void AppendUtf8(uint32_t code, std::string& out) {
  const auto byte = [&](uint32_t bits) {
    out += static_cast<char>(static_cast<unsigned char>(bits));
  };
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xC0 | (code >> 6));
    byte(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    byte(0xE0 | (code >> 12));
    byte(0x80 | ((code >> 6) & 0x3F));
    byte(0x80 | (code & 0x3F));
  } else {
    byte(0xF0 | (code >> 18));
    byte(0x80 | ((code >> 12) & 0x3F));
    byte(0x80 | ((code >> 6) & 0x3F));
    byte(0x80 | (code & 0x3F));
  }
}

// Reads the escape whose backslash is text[at]; leaves `at` behind it. False where it is none of
// Go's.
bool TakeEscape(absl::string_view text, size_t& at, char quote, std::string& value) {
  if (at + 1 >= text.size()) return false;
  const char letter = text[at + 1];
  const absl::string_view letters = kLetters;
  if (letter == quote) {
    value += letter;
    at += 2;
    return true;
  }
  if (const size_t known = letters.find(letter); known != absl::string_view::npos) {
    value += kMeanings[known];
    at += 2;
    return true;
  }
  const bool octal = letter >= '0' && letter <= '7';
  size_t digits = 3;
  if (letter == 'x')
    digits = 2;
  else if (letter == 'u')
    digits = 4;
  else if (letter == 'U')
    digits = 8;
  else if (!octal)
    return false;
  const size_t first = at + (octal ? 1 : 2);
  if (text.size() < first + digits) return false;
  uint64_t code = 0;
  for (size_t i = first; i < first + digits; ++i) {
    const int digit = DigitValue(text[i]);
    const int base = octal ? 8 : 16;
    if (digit >= base) return false;
    code = code * static_cast<uint64_t>(base) + static_cast<uint64_t>(digit);
  }
  if (octal || letter == 'x') {  // a byte, not a character
    if (code > 0xFF) return false;
    value += static_cast<char>(static_cast<unsigned char>(code));
  } else {
    if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return false;
    AppendUtf8(static_cast<uint32_t>(code), value);
  }
  at = first + digits;
  return true;
}

}  // namespace

bool TakePromqlString(absl::string_view text, size_t& at, std::string& value,
                      PromqlStringMistake& mistake) {
  const size_t open = at;
  const char quote = text[at++];
  value.clear();
  while (at < text.size() && text[at] != quote) {
    if (quote != '`' && text[at] == '\n') break;
    if (quote == '`' || text[at] != '\\') {
      value += text[at++];
    } else if (const size_t escape = at; !TakeEscape(text, at, quote, value)) {
      const size_t next =
          escape + 1 < text.size() ? FirstCharacter(text.substr(escape + 1)).bytes : 0;
      mistake = {
          escape,
          absl::StrCat("'", text.substr(escape, 1 + next), "' begins no escape that PromQL knows"),
          kEscapeHint};
      return false;
    }
  }
  if (at >= text.size() || text[at] != quote) {
    mistake = {open, absl::StrCat("the quote ", absl::string_view(&quote, 1), " is not closed"),
               "end the value with the same quote, on the same line"};
    return false;
  }
  ++at;
  for (absl::string_view rest = value; !rest.empty();
       rest.remove_prefix(FirstCharacter(rest).bytes)) {
    if (FirstCharacter(rest).valid) continue;
    mistake = {open, "the escapes of this value make no valid UTF-8",
               "write the character itself, or \\u00e9 for é"};
    return false;
  }
  return true;
}

std::string QuotePromql(absl::string_view value) {
  std::string out = "\"";
  while (!value.empty()) {
    const Utf8Character character = FirstCharacter(value);
    const char c = value[0];
    if (c == '"' || c == '\\') {
      absl::StrAppend(&out, "\\", absl::string_view(&c, 1));
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\r') {
      out += "\\r";
    } else {  // what a terminal would hide or obey has the same escapes in Go
      absl::StrAppend(&out, Printable(value.substr(0, character.bytes)));
    }
    value.remove_prefix(character.bytes);
  }
  return out + "\"";
}

}  // namespace slogate
