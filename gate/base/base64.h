// Base 64 (RFC 4648 §4), read strictly: absl::Base64Unescape also takes blanks, missing padding and
// bits that no encoder writes, so that one value would have many texts.
#pragma once

#include <optional>
#include <string>

#include <absl/strings/string_view.h>

namespace slogate {

// nullopt unless `text` is just what absl::Base64Escape writes for some bytes.
std::optional<std::string> DecodeBase64(absl::string_view text);

}  // namespace slogate
