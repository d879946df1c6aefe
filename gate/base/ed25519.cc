#include "gate/base/ed25519.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <cstdlib>
#include <limits>

#include <absl/status/status.h>

namespace slogate {
namespace {

struct FreeOpenSsl {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
template <typename T>
using Owned = std::unique_ptr<T, FreeOpenSsl>;

// Holds unless there is no memory or OpenSSL is broken: then nothing can be signed or verified.
void Require(bool holds) {
  if (!holds) std::abort();
}

// Without this, OpenSSL would ask on the terminal for the passphrase of an encrypted key.
int NoPassphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*data*/) { return -1; }

const unsigned char* Unsigned(absl::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

}  // namespace

absl::string_view Bytes(const Ed25519Signature& signature) {
  return {reinterpret_cast<const char*>(signature.data()), signature.size()};
}

void Ed25519Key::Free::operator()(evp_pkey_st* key) const { FreeOpenSsl()(key); }

absl::StatusOr<Ed25519Key> Ed25519Key::FromPem(std::string pem) {
  Ed25519Key key;
  if (pem.size() <= static_cast<size_t>(std::numeric_limits<int>::max())) {
    const Owned<BIO> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    Require(bio != nullptr);
    key.key_.reset(PEM_read_bio_PrivateKey(bio.get(), nullptr, NoPassphrase, nullptr));
  }
  OPENSSL_cleanse(pem.data(), pem.size());
  ERR_clear_error();
  if (key.key_ == nullptr || EVP_PKEY_get_base_id(key.key_.get()) != EVP_PKEY_ED25519) {
    return absl::InvalidArgumentError(
        "no Ed25519 private key in PEM without a passphrase; "
        "`openssl genpkey -algorithm ed25519 -out FILE` makes one");
  }
  size_t size = key.public_key_.size();
  Require(EVP_PKEY_get_raw_public_key(key.key_.get(), key.public_key_.data(), &size) == 1);
  return key;
}

Ed25519Signature Ed25519Key::Sign(absl::string_view message) const {
  const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
  Ed25519Signature signature;
  size_t size = signature.size();
  Require(context &&
          EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1 &&
          EVP_DigestSign(context.get(), signature.data(), &size, Unsigned(message),
                         message.size()) == 1);
  return signature;
}

bool VerifyEd25519(const Ed25519PublicKey& key, absl::string_view message,
                   absl::string_view signature) {
  const Owned<EVP_PKEY> raw(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()));
  const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
  Require(raw && context &&
          EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, raw.get()) == 1);
  const bool valid = EVP_DigestVerify(context.get(), Unsigned(signature), signature.size(),
                                      Unsigned(message), message.size()) == 1;
  ERR_clear_error();
  return valid;
}

}  // namespace slogate
