// String literals of PromQL: in "…" and '…' with Go's escapes, in `…` as they stand.
#pragma once

#include <cstddef>
#include <string>

#include <absl/strings/string_view.h>

namespace slogate {

struct PromqlStringMistake {
  size_t offset = 0;  // in bytes from the start of the text
  std::string message;
  std::string hint;
};

// Reads the literal that begins with the quote at `text[at]` and leaves `at` behind its closing
// quote. `text` must be valid UTF-8; so is `value` then. On failure returns false and sets
// `mistake`.
bool TakePromqlString(absl::string_view text, size_t& at, std::string& value,
                      PromqlStringMistake& mistake);

}  // namespace slogate
