#include "tests/bench/delaying_proxy.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <deque>
#include <list>
#include <thread>
#include <vector>

#include <absl/strings/str_cat.h>

namespace slogate::bench {
namespace {

using Time = std::chrono::steady_clock::time_point;
using std::chrono::milliseconds;

void Must(bool ok, const char* what) {
  if (ok) return;
  std::perror(what);
  abort();
}

sockaddr_in Local(int port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  return address;
}

// What one side sent and the other has not got yet. Empty bytes: it closed.
struct Parcel {
  Time due;
  std::string bytes;
};

struct Way {
  int from, to;
  Time open;  // nothing gets on its way before
  std::deque<Parcel> parcels = {};
  bool ended = false;      // nothing more comes
  bool delivered = false;  // nor is anything left
};

struct Connection {
  int client, server;
  Way out, back;
};

}  // namespace

class DelayingProxy::Loop {
 public:
  Loop(int port, milliseconds each_way) : server_(Local(port)), each_way_(each_way) {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    stop_ = eventfd(0, EFD_CLOEXEC);
    sockaddr_in address = Local(0);
    socklen_t size = sizeof address;
    Must(bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0, "bind");
    Must(listen(listener_, 256) == 0, "listen");
    Must(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0, "getsockname");
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Serve(); });
  }
  ~Loop() {
    eventfd_write(stop_, 1);
    thread_.join();
    for (const Connection& connection : connections_) Close(connection);
    close(listener_);
    close(stop_);
  }

  int port() const { return port_; }

 private:
  static void Close(const Connection& connection) {
    close(connection.client);
    close(connection.server);
  }

  void Accept() {
    const int client = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (client < 0) return;
    const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    Must(connect(server, reinterpret_cast<sockaddr*>(&server_), sizeof server_) == 0, "connect");
    fcntl(server, F_SETFL, O_NONBLOCK);
    const int on = 1;
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const Time now = std::chrono::steady_clock::now();
    connections_.push_back(
        {client, server, {client, server, now + 2 * each_way_}, {server, client, now}});
  }

  void Take(Way& way) {
    char buffer[65536];
    const ssize_t count = read(way.from, buffer, sizeof buffer);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    const Time start = std::max(std::chrono::steady_clock::now(), way.open);
    const size_t bytes = count > 0 ? static_cast<size_t>(count) : 0;
    way.parcels.push_back({start + each_way_, std::string(buffer, bytes)});
    way.ended = count <= 0;
  }

  static void Deliver(Way& way, Time now) {
    while (!way.parcels.empty() && way.parcels.front().due <= now) {
      std::string& bytes = way.parcels.front().bytes;
      if (bytes.empty()) {
        shutdown(way.to, SHUT_WR);
        way.delivered = true;
      } else {
        const ssize_t count = send(way.to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (count < 0) way.ended = way.delivered = true;
        if (count > 0 && static_cast<size_t>(count) < bytes.size()) {
          bytes.erase(0, static_cast<size_t>(count));
          return;
        }
      }
      way.parcels.pop_front();
    }
  }

  void Serve() {
    for (;;) {
      std::vector<pollfd> ready = {{stop_, POLLIN, 0}, {listener_, POLLIN, 0}};
      Time next = Time::max();
      const Time now = std::chrono::steady_clock::now();
      for (Connection& connection : connections_) {
        for (Way* way : {&connection.out, &connection.back}) {
          Deliver(*way, now);
          if (!way->parcels.empty()) {
            const Time due = way->parcels.front().due;
            // What is late met a full socket, which may soon be read.
            next = std::min(next, due > now ? due : now + milliseconds(1));
          }
          ready.push_back({way->ended ? -1 : way->from, POLLIN, 0});
        }
      }
      connections_.remove_if([](const Connection& connection) {
        const bool over = connection.out.delivered && connection.back.delivered;
        if (over) Close(connection);
        return over;
      });
      if (ready.size() != 2 + 2 * connections_.size()) continue;
      timespec wait = {};
      if (next != Time::max()) {
        const auto left = std::max(next - now, Time::duration::zero());
        wait.tv_sec = std::chrono::duration_cast<std::chrono::seconds>(left).count();
        wait.tv_nsec = (left % std::chrono::seconds(1)).count();
      }
      ppoll(ready.data(), ready.size(), next == Time::max() ? nullptr : &wait, nullptr);
      if (ready[0].revents != 0) return;
      size_t at = 2;
      for (Connection& connection : connections_) {
        if (ready[at++].revents != 0) Take(connection.out);
        if (ready[at++].revents != 0) Take(connection.back);
      }
      if (ready[1].revents != 0) Accept();
    }
  }

  sockaddr_in server_;
  milliseconds each_way_;
  int listener_ = -1, stop_ = -1, port_ = 0;
  std::list<Connection> connections_;
  std::thread thread_;
};

DelayingProxy::DelayingProxy(int port, milliseconds each_way)
    : loop_(std::make_unique<Loop>(port, each_way)) {}

DelayingProxy::~DelayingProxy() = default;

std::string DelayingProxy::url() const { return absl::StrCat("http://127.0.0.1:", loop_->port()); }

}  // namespace slogate::bench
