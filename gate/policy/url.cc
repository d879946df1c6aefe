#include "gate/policy/url.h"

#include <algorithm>
#include <string>

#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <re2/re2.h>

namespace slogate {
namespace {

constexpr size_t kUrlBytes = 2000;

bool Refuse(BadValue& why, absl::string_view message, absl::string_view hint) {
  why.message = std::string(message);
  why.hint = std::string(hint);
  return false;
}

bool Matches(absl::string_view text, const RE2& pattern) {
  return RE2::FullMatch(re2::StringPiece(text.data(), text.size()), pattern);
}

bool CheckPort(absl::string_view port) {
  int number = 0;
  static const RE2& kDigits = *new RE2("[0-9]{1,5}");
  return Matches(port, kDigits) && absl::SimpleAtoi(port, &number) && number > 0 && number < 65536;
}

absl::string_view FormOf(UrlUse use) {
  switch (use) {
    case UrlUse::kSource:
      return "write it like https://prometheus.example:9090";
    case UrlUse::kProxy:
      return "write it like http://proxy.example:3128";
    case UrlUse::kPage:
      break;
  }
  return "write it like https://wiki.example/release-gate";
}

}  // namespace

bool CheckUrl(absl::string_view text, UrlUse use, BadValue& why) {
  static const RE2& kHost =
      *new RE2(R"([A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_.])?|\[[0-9A-Fa-f:.]+\])");
  static const RE2& kRest = *new RE2(R"([A-Za-z0-9/._~%!$&'()*+,;=:?#-]*)");
  const absl::string_view form = FormOf(use);
  const size_t scheme = text.find("://");
  // Anywhere: in a URL that is broken elsewhere, too, what stands before an @ may be a password.
  if (absl::StrContains(text, '@')) {
    why.id = "credential_in_url";
    return Refuse(why, "the URL holds an '@', and with it a user name or password",
                  use == UrlUse::kSource
                      ? "give credentials under auth:, as {file: PATH} or {env: NAME}"
                      : "leave it out of the URL");
  }
  if (text.size() > kUrlBytes) return Refuse(why, "the URL is too long", form);
  const absl::string_view before = text.substr(0, scheme == absl::string_view::npos ? 0 : scheme);
  if (before != "http" && before != "https") {
    return Refuse(why, "the URL does not begin with http:// or https://", form);
  }
  const absl::string_view after = text.substr(scheme + 3);
  const size_t end = std::min(after.find_first_of("/?#"), after.size());
  const absl::string_view authority = after.substr(0, end);
  const size_t bracket = authority.rfind(']');
  const size_t colon = authority.find(':', bracket == absl::string_view::npos ? 0 : bracket);
  const absl::string_view host = authority.substr(0, colon);
  if (host.empty()) return Refuse(why, "the URL has no host", form);
  if (!Matches(host, kHost))
    return Refuse(why, "the URL's host is not a host's name or address", form);
  if (colon != absl::string_view::npos && !CheckPort(authority.substr(colon + 1))) {
    return Refuse(why, "the URL's port is not a number from 1 to 65535", form);
  }
  // libcurl would take 1080, which hardly any proxy listens on.
  if (use == UrlUse::kProxy && colon == absl::string_view::npos) {
    return Refuse(why, "the URL of a proxy needs its port", form);
  }
  const absl::string_view rest = after.substr(end);
  if (use == UrlUse::kProxy && !rest.empty() && rest != "/") {
    return Refuse(why, "the URL of a proxy ends with its port", form);
  }
  if (!Matches(rest, kRest)) {
    return Refuse(why, "the URL holds a character that has no place in one", "encode it as %XX");
  }
  if (use == UrlUse::kSource && rest.find_first_of("?#") != absl::string_view::npos) {
    return Refuse(why, "the URL has a query or a fragment",
                  "leave off what follows '?' or '#'; credentials go under auth: or headers:");
  }
  return true;
}

}  // namespace slogate
