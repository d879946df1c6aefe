#include "tests/testing/fake_server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <list>
#include <mutex>
#include <optional>
#include <thread>

#include <absl/strings/ascii.h>
#include <absl/strings/escaping.h>
#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>

namespace slogate::fake {
namespace {

[[noreturn]] void Die(const char* what) {
  perror(what);
  abort();
}

// A socket bound to a free port of 127.0.0.1.
int BoundSocket(int* port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) Die("socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(fd, generic, size) != 0) Die("bind");
  if (getsockname(fd, generic, &size) != 0) Die("getsockname");
  *port = ntohs(address.sin_port);
  return fd;
}

std::string Unescape(absl::string_view text) {
  std::string bytes;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() &&
        absl::ascii_isxdigit(static_cast<unsigned char>(text[i + 1])) &&
        absl::ascii_isxdigit(static_cast<unsigned char>(text[i + 2]))) {
      bytes += absl::HexStringToBytes(text.substr(i + 1, 2));
      i += 2;
    } else {
      bytes += text[i] == '+' ? ' ' : text[i];
    }
  }
  return bytes;
}

std::vector<std::pair<std::string, std::string>> ParseForm(absl::string_view body) {
  std::vector<std::pair<std::string, std::string>> form;
  for (absl::string_view field : absl::StrSplit(body, '&', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> halves =
        absl::StrSplit(field, absl::MaxSplits('=', 1));
    form.emplace_back(Unescape(halves.first), Unescape(halves.second));
  }
  return form;
}

// Takes one whole request off the front of `in`; nullopt while it is not all there.
std::optional<Request> TakeRequest(std::string* in) {
  const size_t head_end = in->find("\r\n\r\n");
  if (head_end == std::string::npos) return std::nullopt;
  Request request;
  size_t line_number = 0;
  for (absl::string_view line :
       absl::StrSplit(absl::string_view(*in).substr(0, head_end), "\r\n")) {
    if (line_number++ == 0) {
      const std::vector<absl::string_view> words = absl::StrSplit(line, ' ');
      request.method = std::string(words[0]);
      request.target = words.size() > 1 ? std::string(words[1]) : "";
      request.path = request.target.substr(0, request.target.find('?'));
    } else {
      const std::pair<absl::string_view, absl::string_view> halves =
          absl::StrSplit(line, absl::MaxSplits(':', 1));
      request.headers.emplace_back(halves.first, absl::StripAsciiWhitespace(halves.second));
    }
  }
  size_t length = 0;
  if (!absl::SimpleAtoi(request.Header("content-length"), &length)) length = 0;
  const size_t body_start = head_end + 4;
  if (in->size() - body_start < length) return std::nullopt;
  request.body = in->substr(body_start, length);
  if (absl::StartsWith(request.Header("content-type"), "application/x-www-form-urlencoded")) {
    request.form = ParseForm(request.body);
  }
  in->erase(0, body_start + length);
  return request;
}

}  // namespace

std::string Request::Header(absl::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (absl::EqualsIgnoreCase(key, name)) return value;
  }
  return "";
}

std::string Request::Form(absl::string_view key) const {
  for (const auto& [name, value] : form) {
    if (name == key) return value;
  }
  return "";
}

class Server::Loop {
 public:
  explicit Loop(std::function<Reply(const Request&)> answer) : answer_(std::move(answer)) {
    listener_ = BoundSocket(&port_);
    if (listen(listener_, SOMAXCONN) != 0) Die("listen");
    wake_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (wake_ < 0) Die("eventfd");
    thread_ = std::thread([this] { Run(); });
  }

  ~Loop() {
    const uint64_t one = 1;
    if (write(wake_, &one, sizeof one) != sizeof one) Die("eventfd write");
    thread_.join();
    for (const Connection& connection : open_) close(connection.fd);
    close(listener_);
    close(wake_);
  }

  int port() const { return port_; }

  std::vector<Request> requests() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return requests_;
  }

  size_t connections() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return connections_;
  }

 private:
  struct Connection {
    int fd = -1;
    std::string in, out;
    Reply reply;           // under way or done: where it is no kKeepOpen, nothing more is answered
    bool replied = false;  // one came that is no kKeepOpen
  };

  // All sockets are non-blocking, and this thread waits nowhere but in poll, so `wake_` always ends
  // it.
  void Run() {
    while (true) {
      std::vector<pollfd> watched{{wake_, POLLIN, 0}, {listener_, POLLIN, 0}};
      for (const Connection& connection : open_) {
        const bool sending = !connection.out.empty() || !connection.reply.endless.empty();
        watched.push_back(
            {connection.fd, static_cast<int16_t>(sending ? POLLIN | POLLOUT : POLLIN), 0});
      }
      if (poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR) Die("poll");
      if (watched[0].revents != 0) return;
      size_t index = 2;
      for (auto connection = open_.begin(); connection != open_.end(); ++index) {
        if (watched[index].revents == 0 || Serve(*connection)) {
          ++connection;
        } else {
          close(connection->fd);
          connection = open_.erase(connection);
        }
      }
      Accept();
    }
  }

  void Accept() {
    int fd;
    while ((fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0) {
      const int on = 1;
      setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      open_.emplace_back().fd = fd;
      const std::lock_guard<std::mutex> lock(mutex_);
      ++connections_;
    }
  }

  // Reads, answers and sends what it can without waiting. False: the connection is to be closed.
  bool Serve(Connection& connection) {
    char buffer[16384];
    ssize_t got;
    while ((got = recv(connection.fd, buffer, sizeof buffer, 0)) > 0) {
      connection.in.append(buffer, static_cast<size_t>(got));
    }
    if (got == 0 || (errno != EAGAIN && errno != EINTR)) return false;
    while (true) {
      if (!Send(connection)) return false;
      if (!connection.out.empty() || !connection.reply.endless.empty()) return true;
      if (connection.replied) return Finish(connection);
      // TLS, mostly, which would never come to the end of a request.
      if (!connection.in.empty() &&
          !absl::ascii_isupper(static_cast<unsigned char>(connection.in[0]))) {
        connection.reply = Raw("HTTP/1.1 400 Bad Request\r\n\r\n");
        connection.out = connection.reply.bytes;
        connection.replied = true;
        continue;
      }
      std::optional<Request> request = TakeRequest(&connection.in);
      if (!request) return true;
      connection.reply = answer_(*request);
      connection.out = connection.reply.bytes;
      if (absl::EqualsIgnoreCase(request->Header("connection"), "close") &&
          connection.reply.then == Reply::Then::kKeepOpen) {
        connection.reply.then = Reply::Then::kClose;
      }
      connection.replied = connection.reply.then != Reply::Then::kKeepOpen;
      const std::lock_guard<std::mutex> lock(mutex_);
      requests_.push_back(*std::move(request));
    }
  }

  // False: the peer is gone.
  bool Send(Connection& connection) {
    while (true) {
      if (connection.out.empty()) {
        if (connection.reply.endless.empty()) return true;
        while (connection.out.size() < size_t{1} << 16) connection.out += connection.reply.endless;
      }
      const ssize_t sent =
          send(connection.fd, connection.out.data(), connection.out.size(), MSG_NOSIGNAL);
      if (sent < 0) return errno == EAGAIN || errno == EINTR;
      connection.out.erase(0, static_cast<size_t>(sent));
    }
  }

  // What comes after the bytes of the last reply of a connection. False: close it.
  bool Finish(const Connection& connection) {
    if (connection.reply.then == Reply::Then::kReset) {
      const linger at_once{1, 0};  // makes close() send a reset
      setsockopt(connection.fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
    return connection.reply.then == Reply::Then::kHold;
  }

  const std::function<Reply(const Request&)> answer_;
  int listener_ = -1, wake_ = -1, port_ = 0;
  std::list<Connection> open_;  // of the thread alone
  mutable std::mutex mutex_;    // guards the two below
  std::vector<Request> requests_;
  size_t connections_ = 0;
  std::thread thread_;
};

Server::Server(std::function<Reply(const Request&)> answer)
    : loop_(std::make_unique<Loop>(std::move(answer))) {}
Server::~Server() = default;
int Server::port() const { return loop_->port(); }
std::string Server::url() const { return absl::StrCat("http://127.0.0.1:", port()); }
std::vector<Request> Server::requests() const { return loop_->requests(); }
size_t Server::connections() const { return loop_->connections(); }

RefusingPort::RefusingPort() : socket_(BoundSocket(&port_)) {}
RefusingPort::~RefusingPort() { close(socket_); }
std::string RefusingPort::url() const { return absl::StrCat("http://127.0.0.1:", port_); }

}  // namespace slogate::fake
