#include "tests/testing/cutting_proxy.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

namespace slogate::fake {
namespace {

constexpr char kSocket[] = "/.s.PGSQL.5432";

sockaddr_un AddressOf(const std::string& folder) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = absl::StrCat(folder, kSocket);
  if (path.size() >= sizeof address.sun_path) std::abort();
  std::copy(path.begin(), path.end(), address.sun_path);
  return address;
}

int NewSocket() {
  const int made = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (made < 0) std::abort();
  return made;
}

void SendAll(int to, const std::string& bytes) {
  for (size_t sent = 0; sent < bytes.size();) {
    const ssize_t some = send(to, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (some <= 0) return;  // the other side shows that it is gone when it is read from
    sent += static_cast<size_t>(some);
  }
}

// What comes next; "" at the end.
std::string Receive(int from) {
  char buffer[8192];
  const ssize_t some = recv(from, buffer, sizeof buffer, 0);
  return some > 0 ? std::string(buffer, static_cast<size_t>(some)) : "";
}

}  // namespace

CuttingProxy::CuttingProxy(const std::string& folder) : behind_(folder), listening_(NewSocket()) {
  const sockaddr_un address = AddressOf(folder_.path());
  if (bind(listening_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(listening_, 16) != 0 || pipe(stop_) != 0) {
    std::abort();
  }
  thread_ = std::thread([this] { Serve(); });
}

CuttingProxy::~CuttingProxy() {
  close(stop_[1]);
  thread_.join();
  close(stop_[0]);
  close(listening_);
}

// One client after the other.
void CuttingProxy::Serve() {
  while (true) {
    pollfd waiting[] = {{stop_[0], POLLIN, 0}, {listening_, POLLIN, 0}};
    if (poll(waiting, 2, -1) < 0 || waiting[0].revents != 0) return;
    const int client = accept(listening_, nullptr, nullptr);
    const int server = NewSocket();
    const sockaddr_un address = AddressOf(behind_);
    if (!refusing_ &&
        connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
      Pump(client, server);
    }
    close(client);
    close(server);
  }
}

void CuttingProxy::Pump(int client, int server) {
  bool swallow = false;
  while (true) {
    pollfd waiting[] = {{stop_[0], POLLIN, 0}, {client, POLLIN, 0}, {server, POLLIN, 0}};
    if (poll(waiting, 3, -1) < 0 || waiting[0].revents != 0) return;
    if (waiting[1].revents != 0) {
      const std::string said = Receive(client);
      if (said.empty()) return;
      if (absl::StrContains(said, absl::string_view("COMMIT\0", 7))) {
        const Cut cut = cut_.exchange(Cut::kNever);
        if (cut == Cut::kBeforeCommit) return;
        swallow = cut != Cut::kNever;
        refusing_ = cut == Cut::kForGood;
      }
      SendAll(server, said);
    }
    if (waiting[2].revents != 0) {
      const std::string answer = Receive(server);
      if (answer.empty() || swallow) return;
      SendAll(client, answer);
    }
  }
}

}  // namespace slogate::fake
