// UTF-8, one character at a time.
#pragma once

#include <cstddef>

#include <absl/strings/string_view.h>

namespace slogate {

// The first character of a text, or what stands in its place.
struct Utf8Character {
  char32_t code = 0;  // the invalid byte's value where `valid` is false
  size_t bytes = 1;   // 1 where `valid` is false
  bool valid = false;
};

// `text` must not be empty. Overlong forms, surrogates and values beyond U+10FFFF are invalid.
Utf8Character FirstCharacter(absl::string_view text);

// How many characters `text` has; an invalid byte counts as one.
size_t CountCharacters(absl::string_view text);

}  // namespace slogate
