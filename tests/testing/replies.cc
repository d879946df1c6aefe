// The ready-made replies of fake_server.h.
#include <absl/strings/str_cat.h>

#include "tests/testing/fake_server.h"

namespace slogate::fake {
namespace {

constexpr absl::string_view kJsonHead = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

}  // namespace

Reply Answer(int status, absl::string_view content_type, absl::string_view body,
             const Headers& headers) {
  std::string head = absl::StrCat("HTTP/1.1 ", status, status == 200 ? " OK" : " Not OK", "\r\n");
  if (!content_type.empty()) absl::StrAppend(&head, "Content-Type: ", content_type, "\r\n");
  for (const auto& [name, value] : headers) absl::StrAppend(&head, name, ": ", value, "\r\n");
  return {absl::StrCat(head, "Content-Length: ", body.size(), "\r\n\r\n", body),
          Reply::Then::kKeepOpen, ""};
}

Reply Json(absl::string_view body) { return Answer(200, "application/json", body); }

Reply ChunkedJson(absl::string_view body, size_t size) {
  std::string bytes = absl::StrCat(kJsonHead, "Transfer-Encoding: chunked\r\n\r\n");
  for (size_t i = 0; i < body.size(); i += size) {
    const absl::string_view chunk = body.substr(i, size);
    absl::StrAppend(&bytes, absl::Hex(chunk.size()), "\r\n", chunk, "\r\n");
  }
  return {absl::StrCat(bytes, "0\r\n\r\n"), Reply::Then::kKeepOpen, ""};
}

Reply Raw(absl::string_view bytes, Reply::Then then) { return {std::string(bytes), then, ""}; }
Reply CloseWithoutAnswer() { return Raw("", Reply::Then::kClose); }
Reply ResetWithoutAnswer() { return Raw("", Reply::Then::kReset); }
Reply Hang() { return Raw("", Reply::Then::kHold); }

Reply HalfOf(const Reply& whole, Reply::Then then) {
  return {whole.bytes.substr(0, whole.bytes.size() / 2), then, ""};
}

Reply WrongLength(absl::string_view body, size_t announced) {
  return Raw(absl::StrCat(kJsonHead, "Content-Length: ", announced, "\r\n\r\n", body));
}

Reply EndlessChunks() {
  return {absl::StrCat(kJsonHead, "Transfer-Encoding: chunked\r\n\r\n"), Reply::Then::kClose,
          absl::StrCat("4000\r\n", std::string(0x4000, 'x'), "\r\n")};
}

Reply EndlessHeaders() {
  return {"HTTP/1.1 200 OK\r\n", Reply::Then::kClose,
          absl::StrCat("X-Filler: ", std::string(1000, 'x'), "\r\n")};
}

}  // namespace slogate::fake
