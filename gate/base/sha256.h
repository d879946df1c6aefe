// SHA-256 of bytes, by OpenSSL.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>

#include <absl/strings/string_view.h>

namespace slogate {

using Digest = std::array<uint8_t, 32>;

Digest Sha256(absl::string_view bytes);

// Of the parts one after another, without joining them first.
Digest Sha256(std::initializer_list<absl::string_view> parts);

// Of bytes that come piece by piece and are not kept.
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(Sha256Stream&&) noexcept;

  void Add(absl::string_view bytes);
  Digest Finish();  // once, and nothing after it

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

// The digest as bytes, to be hashed or encoded. Valid as long as `digest`.
absl::string_view Bytes(const Digest& digest);

// 64 lower-case hex digits.
std::string Hex(const Digest& digest);
std::string Sha256Hex(absl::string_view bytes);

// nullopt for anything but 64 lower-case hex digits: one digest has one text.
std::optional<Digest> DigestFromHex(absl::string_view text);

}  // namespace slogate
