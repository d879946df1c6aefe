// HTTP requests, all of a batch at once on few connections. The only seam through which slogate
// talks to anybody. No redirects, http and https only, TLS 1.2 at least, nothing taken from the
// environment. A request that fails in a way that may pass is sent again (retry.h).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/string_view.h>
#include <absl/time/time.h>
#include <absl/types/span.h>

namespace slogate {

// Whom to trust and who we are, in PEM; each may be empty.
struct HttpTls {
  std::string ca;                // trusted in place of the machine's certificates
  std::string certificate, key;  // ours; both or neither. The key is not encrypted.
};

// What is sent as it is.
struct HttpContent {
  std::string type;  // application/x-protobuf
  std::string bytes;
};

// Takes the body of an answer as it comes, so that memory does not grow with it.
struct HttpSink {
  // "type/subtype", in any case. An answer of another type or status than 200 goes into
  // HttpExchange::body as always.
  std::string content_type;
  // Called with the next bytes, never with none. False ends the exchange as kFailed.
  std::function<bool(absl::string_view bytes)> take;
};

struct HttpRequest {
  std::string url;
  // Sent as POST with content type application/x-www-form-urlencoded; encoded here.
  std::vector<std::pair<std::string, std::string>> form;
  std::optional<HttpContent> content;  // sent in place of `form`
  // Bytes of one try only: what breaks off after the first of them is not sent again. An answer
  // that does not say where it ends is a failure, as one that was cut short would look whole.
  std::optional<HttpSink> sink;
  std::vector<std::pair<std::string, std::string>> headers;
  // Basic authentication, where `username` or `password` is not empty.
  std::string username, password;
  // "aws:amz:REGION:SERVICE": signed with AWS Signature Version 4, anew for each try, by the key whose id is
  // `username` and which is `password`, in place of basic authentication; empty: not.
  std::string aws_sigv4;
  std::string proxy;  // "http://host:port" or https, without credentials; empty: none
  std::shared_ptr<const HttpTls> tls;  // null: the machine's certificates, and none of ours
};

// How a request ended. Zero is a failure, so that an exchange nobody filled in is no answer.
enum class HttpEnd : uint8_t {
  kFailed,    // no complete answer: name not found, refused, reset, TLS, torn; `failure` says which
  kTimedOut,  // the time was up
  kTooLarge,  // more than limits::kAnswerBytes, or limits::kStreamBytes into a sink
  kAnswered,  // a complete answer, of whatever status
};

struct HttpExchange {
  HttpEnd end = HttpEnd::kFailed;
  std::string failure;       // in plain words, without secrets; empty where answered
  int status = 0;            // 200, 503, …; 0 where no status line came
  std::string content_type;  // as the server wrote it
  std::string location;      // of a redirect, which is not followed
  std::string retry_after;   // how long to leave the server alone, as it wrote it
  std::string body;          // partial where `end` is not kAnswered; empty where a sink took it
  // Of a failure: refused, reset, closed without a byte or name not found, which may pass.
  bool may_pass = false;
  absl::Duration wait = absl::ZeroDuration();  // from when it could be sent to the first byte
  std::string given_up;  // why it was not sent again although that might help; mostly empty
};

class Http {
 public:
  virtual ~Http() = default;

  // Sends all requests, at most `concurrency` at once, and returns one exchange for each, that of
  // its last try, in their order, when all have ended or `time_left` is over. `on_progress` (may be
  // empty) hears how many have ended for good, several times a second even while nothing ends.
  virtual std::vector<HttpExchange> Perform(
      absl::Span<const HttpRequest> requests, int concurrency, absl::Duration time_left,
      const std::function<void(size_t ended)>& on_progress) = 0;
};

// `jitter` picks the pauses before a request is sent again, from zero up to `most`; empty: at
// random.
std::unique_ptr<Http> CurlHttp(std::function<absl::Duration(absl::Duration most)> jitter = {});

}  // namespace slogate
