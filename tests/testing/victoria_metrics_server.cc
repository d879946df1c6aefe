#include "tests/testing/victoria_metrics_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <system_error>

#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <absl/strings/strip.h>
#include <absl/time/clock.h>
#include <absl/time/time.h>

namespace slogate {
namespace {

std::string ProgramFolder() {
  const char* named = getenv("SLOGATE_VICTORIA_METRICS_DIR");
  return named != nullptr ? named : SLOGATE_VICTORIA_METRICS_DIR;
}

// The inodes of the sockets a process has open.
std::set<std::string> Sockets(pid_t pid) {
  std::set<std::string> inodes;
  std::error_code gone;  // what is open changes meanwhile
  for (const auto& entry :
       std::filesystem::directory_iterator(absl::StrCat("/proc/", pid, "/fd"), gone)) {
    const std::string target = std::filesystem::read_symlink(entry.path(), gone).string();
    absl::string_view inode = target;
    if (absl::ConsumePrefix(&inode, "socket:[") && absl::ConsumeSuffix(&inode, "]")) {
      inodes.emplace(inode);
    }
  }
  return inodes;
}

// The port of the socket on which a process listens. What the server logs is only the 0 that it was
// given, so the system must say.
std::optional<int> ListeningPort(pid_t pid) {
  const std::set<std::string> inodes = Sockets(pid);
  std::ifstream table(absl::StrCat("/proc/", pid, "/net/tcp"));
  for (std::string line; std::getline(table, line);) {
    // 0: 0100007F:A2C4 00000000:0000 0A 00000000:00000000 00:00000000 00000000  0  0 123456 …
    const std::vector<std::string> words = absl::StrSplit(line, ' ', absl::SkipEmpty());
    if (words.size() < 10 || words[3] != "0A" || inodes.count(words[9]) == 0) continue;
    int port = 0;
    if (absl::SimpleHexAtoi(words[1].substr(words[1].find(':') + 1), &port)) return port;
  }
  return std::nullopt;
}

// The same text with times in milliseconds, as this server reads them.
absl::StatusOr<std::string> InMilliseconds(absl::string_view openmetrics) {
  std::string text;
  text.reserve(openmetrics.size() + openmetrics.size() / 8);
  for (absl::string_view line : absl::StrSplit(openmetrics, '\n', absl::SkipEmpty())) {
    if (absl::StartsWith(line, "#")) continue;
    const std::pair<absl::string_view, absl::string_view> time =
        absl::StrSplit(line.substr(line.rfind(' ') + 1), '.');
    int64_t seconds = 0;
    if (!absl::SimpleAtoi(time.first, &seconds) ||
        (!time.second.empty() && time.second.size() != 3)) {
      return absl::InvalidArgumentError(absl::StrCat("no time at the end of: ", line));
    }
    absl::StrAppend(&text, line.substr(0, line.rfind(' ') + 1), time.first,
                    time.second.empty() ? "000" : time.second, "\n");
  }
  return text;
}

// What a server on 127.0.0.1 answers to a POST, up to the end of the connection.
std::string Post(int port, absl::string_view path, absl::string_view body) {
  const int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string reply;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): the socket API's own way
  if (connect(connection, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
    const std::string request =
        absl::StrCat("POST ", path, " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n",
                     "Content-Length: ", body.size(), "\r\n\r\n", body);
    absl::string_view rest = request;
    ssize_t moved = 0;
    while (!rest.empty() &&
           (moved = send(connection, rest.data(), rest.size(), MSG_NOSIGNAL)) > 0) {
      rest.remove_prefix(static_cast<size_t>(moved));
    }
    char buffer[4096];
    while ((moved = recv(connection, buffer, sizeof buffer, 0)) > 0) {
      reply.append(buffer, static_cast<size_t>(moved));
    }
  }
  close(connection);
  return reply;
}

}  // namespace

std::optional<std::string> NoVictoriaMetrics() {
  if (!ProgramFolder().empty()) return std::nullopt;
  return "no VictoriaMetrics named: run ./dev test, or set SLOGATE_VICTORIA_METRICS_DIR to the "
         "folder of victoria-metrics";
}

absl::StatusOr<std::unique_ptr<VictoriaMetricsServer>> VictoriaMetricsServer::Start(
    const std::vector<std::string>& flags) {
  std::unique_ptr<VictoriaMetricsServer> server(new VictoriaMetricsServer);
  std::vector<std::string> arguments = {
      "-httpListenAddr=127.0.0.1:0",
      "-storageDataPath=" + server->folder_.Path("data"),
      // Tests bring their own dates; nothing may expire.
      "-retentionPeriod=100y",
      // Or its caches are made for most of the machine's memory.
      "-memory.allowedBytes=256MB",
  };
  arguments.insert(arguments.end(), flags.begin(), flags.end());
  server->process_ =
      std::make_unique<ServerProcess>(ProgramFolder() + "/victoria-metrics", arguments);
  if (absl::Status ready = server->WaitUntilReady(); !ready.ok()) return ready;
  server->process_->DrainLog();
  return server;
}

absl::Status VictoriaMetricsServer::WaitUntilReady() {
  // It says that it starts to listen, never that it does: nothing else to do than look often.
  const absl::Time deadline = absl::Now() + absl::Minutes(1);
  std::optional<int> port;
  while (!port) {
    if (!process_->ReadLog(absl::Milliseconds(5)) || absl::Now() > deadline) {
      return absl::UnavailableError(
          absl::StrCat(ProgramFolder(), "/victoria-metrics did not start: ", process_->log()));
    }
    port = ListeningPort(process_->pid());
  }
  port_ = *port;
  url_ = absl::StrCat("http://127.0.0.1:", port_);
  return absl::OkStatus();
}

absl::Status VictoriaMetricsServer::Import(absl::string_view openmetrics) {
  const absl::StatusOr<std::string> text = InMilliseconds(openmetrics);
  if (!text.ok()) return text.status();
  // What was stored is only found when it has left the memory of its inserter.
  for (const auto& [path, body, success] :
       {std::tuple<absl::string_view, absl::string_view, absl::string_view>{
            "/api/v1/import/prometheus", *text, "HTTP/1.1 204 "},
        {"/internal/force_flush", "", "HTTP/1.1 200 "}}) {
    const std::string reply = Post(port_, path, body);
    if (!absl::StartsWith(reply, success)) {
      return absl::UnavailableError(absl::StrCat(url_, path, " answered: ", reply));
    }
  }
  return absl::OkStatus();
}

}  // namespace slogate
