#include "gate/text/utf8.h"

namespace slogate {

Utf8Character FirstCharacter(absl::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  const Utf8Character invalid = {first, 1, false};
  if (first < 0x80) return {first, 1, true};
  size_t bytes = 0;
  char32_t least = 0;
  char32_t code = 0;
  if (first >= 0xc2 && first < 0xe0) {
    bytes = 2, least = 0x80, code = first & 0x1fU;
  } else if (first >= 0xe0 && first < 0xf0) {
    bytes = 3, least = 0x800, code = first & 0x0fU;
  } else if (first >= 0xf0 && first < 0xf5) {
    bytes = 4, least = 0x10000, code = first & 0x07U;
  } else {
    return invalid;
  }
  if (text.size() < bytes) return invalid;
  for (size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xc0U) != 0x80) return invalid;
    code = (code << 6U) | (byte(i) & 0x3fU);
  }
  if (code < least || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return invalid;
  return {code, bytes, true};
}

size_t CountCharacters(absl::string_view text) {
  size_t count = 0;
  for (; !text.empty(); ++count) text.remove_prefix(FirstCharacter(text).bytes);
  return count;
}

}  // namespace slogate
