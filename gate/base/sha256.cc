#include "gate/base/sha256.h"

#include <openssl/evp.h>

#include <cstdlib>
#include <memory>

#include <absl/strings/escaping.h>

namespace slogate {
namespace {

// Everything here fails only without memory or with a broken OpenSSL; a wrong digest must never be
// recorded or compared.
void Require(bool holds) {
  if (!holds) std::abort();
}

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

// EVP_sha256() would look the algorithm up for each digest, which costs four times as much as a
// small digest itself.
const EVP_MD* Algorithm() {
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  Require(algorithm != nullptr);
  return algorithm;
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

Digest Sha256(std::initializer_list<absl::string_view> parts) {
  thread_local const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  Require(context && EVP_DigestInit_ex2(context.get(), Algorithm(), nullptr) == 1);
  for (const absl::string_view part : parts)
    Require(EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1);
  Digest digest;
  Require(EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) == 1);
  return digest;
}

struct Sha256Stream::Context {
  std::unique_ptr<EVP_MD_CTX, FreeContext> evp{EVP_MD_CTX_new()};
};

Sha256Stream::Sha256Stream() : context_(std::make_unique<Context>()) {
  Require(context_->evp && EVP_DigestInit_ex2(context_->evp.get(), Algorithm(), nullptr) == 1);
}
Sha256Stream::~Sha256Stream() = default;
Sha256Stream::Sha256Stream(Sha256Stream&&) noexcept = default;

void Sha256Stream::Add(absl::string_view bytes) {
  Require(EVP_DigestUpdate(context_->evp.get(), bytes.data(), bytes.size()) == 1);
}

Digest Sha256Stream::Finish() {
  Digest digest;
  Require(EVP_DigestFinal_ex(context_->evp.get(), digest.data(), nullptr) == 1);
  return digest;
}

Digest Sha256(absl::string_view bytes) { return Sha256({bytes}); }

absl::string_view Bytes(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

std::string Hex(const Digest& digest) { return absl::BytesToHexString(Bytes(digest)); }

std::string Sha256Hex(absl::string_view bytes) { return Hex(Sha256(bytes)); }

std::optional<Digest> DigestFromHex(absl::string_view text) {
  Digest digest;
  if (text.size() != 2 * digest.size()) return std::nullopt;
  for (size_t i = 0; i < digest.size(); ++i) {
    const int high = HexDigit(text[2 * i]);
    const int low = HexDigit(text[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    digest[i] = static_cast<uint8_t>(16 * high + low);
  }
  return digest;
}

}  // namespace slogate
