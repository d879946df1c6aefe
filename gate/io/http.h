// HTTP requests, all of a batch at once on few connections. The only seam through which slogate
// talks to anybody. No redirects, no proxies, http and https only, nothing taken from the
// environment.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <absl/time/time.h>
#include <absl/types/span.h>

namespace slogate {

struct HttpRequest {
  std::string url;
  // Sent as POST with content type application/x-www-form-urlencoded; encoded here.
  std::vector<std::pair<std::string, std::string>> form;
  std::vector<std::pair<std::string, std::string>> headers;
  // Basic authentication, where `username` or `password` is not empty.
  std::string username, password;
};

// How a request ended. Zero is a failure, so that an exchange nobody filled in is no answer.
enum class HttpEnd : uint8_t {
  kFailed,    // no complete answer: name not found, refused, reset, TLS, torn; `failure` says which
  kTimedOut,  // the time was up
  kTooLarge,  // more than limits::kAnswerBytes after decoding
  kAnswered,  // a complete answer, of whatever status
};

struct HttpExchange {
  HttpEnd end = HttpEnd::kFailed;
  std::string failure;       // in plain words, without secrets; empty where answered
  int status = 0;            // 200, 503, …; 0 where no status line came
  std::string content_type;  // as the server wrote it
  std::string location;      // of a redirect, which is not followed
  std::string body;          // decoded; partial where `end` is not kAnswered
};

class Http {
 public:
  virtual ~Http() = default;

  // Sends all requests, at most `concurrency` at once, and returns one exchange for each, in their
  // order, when all have ended or `time_left` is over. `on_progress` (may be empty) hears how many
  // have ended, several times a second even while nothing ends.
  virtual std::vector<HttpExchange> Perform(
      absl::Span<const HttpRequest> requests, int concurrency, absl::Duration time_left,
      const std::function<void(size_t ended)>& on_progress) = 0;
};

std::unique_ptr<Http> CurlHttp();

}  // namespace slogate
