#include "gate/base/sha256.h"

#include <openssl/evp.h>

#include <cstdlib>

#include <absl/strings/escaping.h>

namespace slogate {

std::string Sha256Hex(absl::string_view bytes) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  // Fails only without memory or a broken OpenSSL; a wrong digest must never be recorded.
  if (EVP_Digest(bytes.data(), bytes.size(), digest, &size, EVP_sha256(), nullptr) != 1)
    std::abort();
  return absl::BytesToHexString(absl::string_view(reinterpret_cast<const char*>(digest), size));
}

}  // namespace slogate
