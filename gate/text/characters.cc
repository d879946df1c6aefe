#include "gate/text/characters.h"

#include <array>
#include <cstdint>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include "gate/text/utf8.h"

namespace slogate {
namespace {

struct Fault {
  const char* id;
  const char* message;
  const char* hint;
};

enum Kind : uint8_t { kUtf8, kMark, kReturn, kSeparator, kNul, kControl, kKinds };

constexpr std::array<Fault, kKinds> kFaults = {{
    {"invalid_utf8", "this byte is not UTF-8", "save the file as UTF-8"},
    {"byte_order_mark", "the file holds a byte order mark", "save the file as UTF-8 without BOM"},
    {"carriage_return", "a carriage return without a line feed", "end lines with LF or CR LF"},
    {"line_separator", "a Unicode line break, which readers count differently",
     "end lines with LF or CR LF"},
    {"nul_character", "a NUL character", "save the file as UTF-8 text"},
    {"control_character", "a control character",
     "remove it; in double quotes, \\x1b stands for the character"},
}};

Kind KindOf(const Utf8Character& character, bool line_feed_follows) {
  const char32_t code = character.code;
  if (!character.valid) return kUtf8;
  if (code == 0xfeff) return kMark;
  if (code == '\r') return line_feed_follows ? kKinds : kReturn;
  if (code == 0x85 || code == 0x2028 || code == 0x2029) return kSeparator;
  if (code == 0) return kNul;
  if (code < 0x20 && code != '\t' && code != '\n') return kControl;
  if ((code >= 0x7f && code < 0xa0) || code == 0xfffe || code == 0xffff) return kControl;
  return kKinds;
}

}  // namespace

bool CheckCharacters(const SourceFile& file, std::vector<Diagnostic>& diagnostics) {
  const absl::string_view text = file.text;
  if (absl::StartsWith(text, "\xff\xfe") || absl::StartsWith(text, "\xfe\xff")) {
    diagnostics.push_back({.id = "byte_order_mark",
                           .file = file.path,
                           .at = {1, 1},
                           .message = "the file is UTF-16",
                           .hint = "save the file as UTF-8 without BOM"});
    return false;
  }
  std::array<bool, kKinds> told = {};
  bool clean = true;
  Position at = {1, 1};
  for (size_t i = 0; i < text.size();) {
    const Utf8Character character = FirstCharacter(text.substr(i));
    i += character.bytes;
    const Kind kind = KindOf(character, i < text.size() && text[i] == '\n');
    if (kind != kKinds && !told[kind]) {
      told[kind] = true;
      clean = false;
      diagnostics.push_back({.id = kFaults[kind].id,
                             .file = file.path,
                             .at = at,
                             .message = kFaults[kind].message,
                             .hint = kFaults[kind].hint});
    }
    if (character.valid && character.code == '\n') {
      at = {at.line + 1, 1};
    } else {
      ++at.column;
    }
  }
  return clean;
}

}  // namespace slogate
