// An HTTP/1.1 server for tests, on raw sockets, so that it can also do what no server should. It
// listens on 127.0.0.1 at a port the system picks, serves any number of connections from one thread
// of its own, and stops in its destructor whatever its clients do.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/string_view.h>

namespace slogate::fake {

struct Request {
  std::string method;
  std::string target;                                        // as sent: "/api/v1/query?x=1"
  std::string path;                                          // the target without its query part
  std::vector<std::pair<std::string, std::string>> headers;  // as sent, in order
  std::string body;
  std::vector<std::pair<std::string, std::string>> form;  // the body decoded, where it is a form

  std::string Header(absl::string_view name) const;  // case ignored; "" where there is none
  std::string Form(absl::string_view key) const;     // "" where there is none
};

// What goes over the wire, and what happens then.
struct Reply {
  enum class Then { kKeepOpen, kClose, kReset, kHold };

  std::string bytes;
  Then then = Then::kKeepOpen;
  std::string
      endless;  // after `bytes`, sent again and again until the peer closes; `then` is not reached
};

using Headers = std::vector<std::pair<std::string, std::string>>;

// A well-formed answer; Content-Length is added.
Reply Answer(int status, absl::string_view content_type, absl::string_view body,
             const Headers& headers = {});
Reply Json(absl::string_view body);  // 200 application/json

// The same body as Json, in chunks of `size` bytes.
Reply ChunkedJson(absl::string_view body, size_t size);

// Misbehaviour.
Reply Raw(absl::string_view bytes, Reply::Then then = Reply::Then::kClose);
Reply CloseWithoutAnswer();
Reply ResetWithoutAnswer();
Reply Hang();                                                 // the connection stays open, silent
Reply HalfOf(const Reply& whole, Reply::Then then);           // the first half of its bytes
Reply WrongLength(absl::string_view body, size_t announced);  // 200; closes after `body`
Reply EndlessChunks();                                        // 200; "x" without end
Reply EndlessHeaders();

class Server {
 public:
  // `answer` is called on the server's thread, one request at a time; it must not wait.
  explicit Server(std::function<Reply(const Request&)> answer);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  int port() const;
  std::string url() const;  // "http://127.0.0.1:PORT"

  std::vector<Request> requests() const;  // all so far that came whole, in the order they came
  size_t connections() const;             // accepted so far

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

// A port on 127.0.0.1 that was free a moment ago and refuses connections as long as this lives.
class RefusingPort {
 public:
  RefusingPort();
  ~RefusingPort();
  RefusingPort(const RefusingPort&) = delete;
  RefusingPort& operator=(const RefusingPort&) = delete;
  std::string url() const;

 private:
  int socket_;  // bound, so that nobody else gets the port, and never listening
  int port_;
};

}  // namespace slogate::fake
