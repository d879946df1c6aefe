// Private keys made of 32 known bytes.
#pragma once

#include <string>

#include <absl/strings/escaping.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/string_view.h>

namespace slogate::fake {

// PKCS#8 in PEM. What RFC 8410 puts before the key's own bytes is always the same.
inline std::string Ed25519Pem(absl::string_view secret_hex) {
  const std::string der =
      absl::HexStringToBytes(absl::StrCat("302e020100300506032b657004220420", secret_hex));
  return absl::StrCat("-----BEGIN PRIVATE KEY-----\n", absl::Base64Escape(der),
                      "\n-----END PRIVATE KEY-----\n");
}

}  // namespace slogate::fake
