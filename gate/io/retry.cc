#include "gate/io/retry.h"

#include <stdlib.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

#include "gate/base/limits.h"

namespace slogate {
namespace {

// The longest wait before the second try; doubled before each further one.
constexpr absl::Duration kFirstPause = absl::Milliseconds(200);

bool IsNumber(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c));
  });
}

// A server whose time was up says so in JSON, and would do the same work again; one that starts,
// and whatever stands before it, speaks plain text.
bool SaysTimeout(const HttpExchange& exchange) {
  if (!absl::StrContains(absl::AsciiStrToLower(exchange.content_type), "json")) return false;
  const std::string body = absl::AsciiStrToLower(exchange.body);
  constexpr std::array<absl::string_view, 3> kWords = {"timeout", "timed out", "deadline"};
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](absl::string_view words) { return absl::StrContains(body, words); });
}

// "https://host:1" of "https://host:1/path".
std::string ServerOf(const std::string& url) {
  const size_t scheme = url.find("://");
  return scheme == std::string::npos ? url : url.substr(0, url.find('/', scheme + 3));
}

}  // namespace

Jitter FullJitter() {
  return [](absl::Duration most) { return most * (arc4random() / 4294967296.0); };
}

bool MayPass(const HttpExchange& exchange) {
  if (exchange.end == HttpEnd::kFailed) return exchange.may_pass;
  if (exchange.end != HttpEnd::kAnswered) return false;
  switch (exchange.status) {
    case 429:
    case 502:
    case 504:
      return true;
    case 503:
      return !SaysTimeout(exchange);
    default:
      return false;
  }
}

std::optional<absl::Duration> ReadRetryAfter(absl::string_view text, absl::Time now) {
  text = absl::StripAsciiWhitespace(text);
  if (IsNumber(text)) {
    int64_t seconds = 0;  // what does not fit in is longer than anybody waits
    return absl::SimpleAtoi(text, &seconds) ? absl::Seconds(seconds) : absl::InfiniteDuration();
  }
  absl::Time date;
  // RFC 9110, 5.6.7; the two obsolete forms of a date are not sent any more.
  if (!absl::ParseTime("%a, %d %b %Y %H:%M:%S GMT", text, &date, nullptr)) return std::nullopt;
  return std::max(absl::ZeroDuration(), date - now);
}

Tries::Tries(absl::Span<const HttpRequest> requests, std::set<std::string>& given_up, Jitter jitter)
    : requests_(requests),
      given_up_(given_up),
      jitter_(std::move(jitter)),
      tries_(requests.size(), 0) {}

std::optional<size_t> Tries::Next(absl::Duration now) {
  const auto due = std::find_if(pauses_.begin(), pauses_.end(),
                                [&](const Pause& pause) { return pause.until <= now; });
  size_t request = first_unsent_;
  if (due != pauses_.end()) {
    request = due->request;
    pauses_.erase(due);
  } else if (first_unsent_ < requests_.size()) {
    ++first_unsent_;
  } else {
    return std::nullopt;
  }
  ++tries_[request];
  return request;
}

absl::Duration Tries::Wait(absl::Duration now) const {
  if (first_unsent_ < requests_.size()) return absl::ZeroDuration();
  absl::Duration shortest = absl::InfiniteDuration();
  for (const Pause& pause : pauses_) shortest = std::min(shortest, pause.until - now);
  return std::max(shortest, absl::ZeroDuration());
}

void Tries::End(size_t request, absl::Duration now, absl::Time wall, absl::Duration left,
                HttpExchange& exchange) {
  const std::string server = ServerOf(requests_[request].url);
  if (!MayPass(exchange)) {
    if (exchange.end == HttpEnd::kAnswered) given_up_.erase(server);
    return EndForGood();
  }
  const absl::Duration asked =
      ReadRetryAfter(exchange.retry_after, wall).value_or(absl::ZeroDuration());
  if (asked >= left) {
    // A date is the server's clock, and no decision records that.
    exchange.given_up =
        IsNumber(exchange.retry_after) && exchange.retry_after.size() < 10
            ? absl::StrCat("Retry-After (", exchange.retry_after, " s) is beyond the deadline")
            : "Retry-After is beyond the deadline";
  }
  if (asked >= left || tries_[request] >= limits::kTries) given_up_.insert(server);
  if (given_up_.count(server) > 0) return EndForGood();
  const absl::Duration most = kFirstPause * (int64_t{1} << (tries_[request] - 1));
  pauses_.push_back({now + asked + jitter_(std::min(most, left - asked)), request});
}

}  // namespace slogate
