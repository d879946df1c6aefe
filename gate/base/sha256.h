// SHA-256 of bytes, by OpenSSL.
#pragma once

#include <string>

#include <absl/strings/string_view.h>

namespace slogate {

// 64 lower-case hex digits.
std::string Sha256Hex(absl::string_view bytes);

}  // namespace slogate
