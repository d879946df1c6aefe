// Ed25519 signatures (RFC 8032), by OpenSSL.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include <absl/status/statusor.h>
#include <absl/strings/string_view.h>

struct evp_pkey_st;  // OpenSSL's EVP_PKEY

namespace slogate {

using Ed25519PublicKey = std::array<uint8_t, 32>;
using Ed25519Signature = std::array<uint8_t, 64>;

// Valid as long as `signature`.
absl::string_view Bytes(const Ed25519Signature& signature);

// A private key. What it holds is wiped when it goes.
class Ed25519Key {
 public:
  // From PKCS#8 in PEM, as `openssl genpkey -algorithm ed25519` writes it. Takes the text to wipe it;
  // a copy that the caller keeps is the caller's to wipe. InvalidArgument, which quotes nothing, for
  // other text, other kinds of key and keys under a passphrase.
  static absl::StatusOr<Ed25519Key> FromPem(std::string pem);

  const Ed25519PublicKey& public_key() const { return public_key_; }
  Ed25519Signature Sign(absl::string_view message) const;

 private:
  struct Free {
    void operator()(evp_pkey_st* key) const;
  };
  std::unique_ptr<evp_pkey_st, Free> key_;
  Ed25519PublicKey public_key_{};
};

// Whether `signature` is the signature of `message` by `key`. One that is not 64 bytes long, or whose
// S is not less than the group's order (so that it could be made of another one), is none.
bool VerifyEd25519(const Ed25519PublicKey& key, absl::string_view message,
                   absl::string_view signature);

}  // namespace slogate
