#include "tests/testing/sigv4.h"

#include <vector>

#include <absl/strings/ascii.h>
#include <absl/strings/escaping.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <re2/re2.h>

#include "gate/base/sha256.h"

namespace slogate::fake {
namespace {

// RFC 2104.
std::string Hmac(absl::string_view key, absl::string_view message) {
  constexpr size_t kBlock = 64;
  std::string block(key);
  if (block.size() > kBlock) block = std::string(Bytes(Sha256(block)));
  block.resize(kBlock, '\0');
  std::string inner = block, outer = block;
  for (char& c : inner) c = static_cast<char>(c ^ 0x36);
  for (char& c : outer) c = static_cast<char>(c ^ 0x5c);
  const Digest digest = Sha256(absl::StrCat(inner, message));
  return std::string(Bytes(Sha256(absl::StrCat(outer, Bytes(digest)))));
}

struct Parts {
  std::string scope, headers,
      signature;  // "20150830/us-east-1/service/aws4_request", "host;x-amz-date"
};

bool Read(const Request& request, Parts& parts) {
  return RE2::FullMatch(request.Header("Authorization"),
                        "AWS4-HMAC-SHA256 Credential=[^/]+/([^,]+), ?SignedHeaders=([^,]+), "
                        "?Signature=([0-9a-f]+)",
                        &parts.scope, &parts.headers, &parts.signature);
}

}  // namespace

std::string SigV4Claim(const Request& request) {
  Parts parts;
  return Read(request, parts) ? parts.signature : "";
}

std::string SigV4Signature(const Request& request, const std::string& secret_key) {
  Parts parts;
  if (!Read(request, parts)) return "";
  std::string canonical = absl::StrCat(request.method, "\n", request.path, "\n\n");
  for (const std::string& name : std::vector<std::string>(absl::StrSplit(parts.headers, ';'))) {
    std::string value = request.Header(name);
    absl::RemoveExtraAsciiWhitespace(&value);
    absl::StrAppend(&canonical, name, ":", value, "\n");
  }
  absl::StrAppend(&canonical, "\n", parts.headers, "\n", Sha256Hex(request.body));
  const std::string to_sign = absl::StrCat("AWS4-HMAC-SHA256\n", request.Header("X-Amz-Date"), "\n",
                                           parts.scope, "\n", Sha256Hex(canonical));
  std::string key = absl::StrCat("AWS4", secret_key);
  for (const std::string& part : std::vector<std::string>(absl::StrSplit(parts.scope, '/'))) {
    key = Hmac(key, part);
  }
  return absl::BytesToHexString(Hmac(key, to_sign));
}

}  // namespace slogate::fake
