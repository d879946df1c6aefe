#include "tests/testing/prometheus_server.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

namespace slogate {
namespace {

std::string ProgramFolder() {
  const char* named = getenv("SLOGATE_PROMETHEUS_DIR");
  return named != nullptr ? named : SLOGATE_PROMETHEUS_DIR;
}

struct Child {
  pid_t pid = -1;
  int output = -1;  // the reading end of its stdout and stderr
};

// Starts a program in a process group of its own, to be killed when the calling thread ends.
absl::StatusOr<Child> Spawn(const std::vector<std::string>& command) {
  // Between fork and exec only the simplest calls are safe, so everything is laid out before.
  std::vector<char*> argv;
  argv.reserve(command.size() + 1);
  for (const std::string& word : command) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return absl::UnavailableError(strerror(errno));
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid == 0) {
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);  // the parent ended before prctl
    dup2(ends[1], STDOUT_FILENO);
    dup2(ends[1], STDERR_FILENO);
    execv(argv[0], argv.data());
    _exit(127);
  }
  close(ends[1]);
  if (pid < 0) {
    close(ends[0]);
    return absl::UnavailableError(strerror(errno));
  }
  setpgid(pid, pid);  // also here, whoever comes first: Stop must never find the group missing
  return Child{pid, ends[0]};
}

// Appends what comes next; false at the end.
bool ReadSome(int fd, std::string& text) {
  char buffer[4096];
  ssize_t got = 0;
  do {
    got = read(fd, buffer, sizeof buffer);
  } while (got < 0 && errno == EINTR);
  if (got <= 0) return false;
  text.append(buffer, static_cast<size_t>(got));
  return true;
}

int Reap(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

// The port in `msg="Listening on" address=127.0.0.1:46011`, once its whole line is there.
std::optional<int> ListeningPort(absl::string_view log) {
  constexpr absl::string_view kMark = "msg=\"Listening on\" address=127.0.0.1:";
  const size_t at = log.find(kMark);
  if (at == absl::string_view::npos) return std::nullopt;
  const absl::string_view rest = log.substr(at + kMark.size());
  const size_t end = rest.find('\n');
  int port = 0;
  if (end == absl::string_view::npos || !absl::SimpleAtoi(rest.substr(0, end), &port)) {
    return std::nullopt;
  }
  return port;
}

}  // namespace

std::optional<std::string> NoPrometheus() {
  if (!ProgramFolder().empty()) return std::nullopt;
  return "no Prometheus named: run ./dev test, or set SLOGATE_PROMETHEUS_DIR to the folder of "
         "prometheus and "
         "promtool";
}

absl::Status Backfill(absl::string_view openmetrics, const std::string& folder) {
  const fake::TempFolder input;
  const std::string promtool = ProgramFolder() + "/promtool";
  absl::StatusOr<Child> child =
      Spawn({promtool, "tsdb", "create-blocks-from", "openmetrics", "--quiet",
             "--max-block-duration=486h", input.Write("data.om", openmetrics), folder});
  if (!child.ok()) return child.status();
  std::string output;
  while (ReadSome(child->output, output)) {
  }
  close(child->output);
  const int status = Reap(child->pid);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat(promtool, " failed: ", output));
}

absl::StatusOr<std::unique_ptr<PrometheusServer>> PrometheusServer::Start(
    const PrometheusOptions& options) {
  std::unique_ptr<PrometheusServer> server(new PrometheusServer);
  std::string config = "global: {scrape_interval: 1m}\n";
  if (!options.scrape_configs.empty()) {
    absl::StrAppend(&config, "scrape_configs:\n", options.scrape_configs);
  }
  std::vector<std::string> command = {
      ProgramFolder() + "/prometheus",
      "--config.file=" + server->folder_.Write("prometheus.yml", config),
      "--web.listen-address=127.0.0.1:0",
      "--storage.tsdb.path=" + (options.data.empty() ? server->folder_.Path("data") : options.data),
      // Tests bring their own dates; nothing may expire.
      "--storage.tsdb.retention.time=100y",
  };
  command.insert(command.end(), options.flags.begin(), options.flags.end());
  const absl::StatusOr<Child> child = Spawn(command);
  if (!child.ok()) return child.status();
  server->pid_ = child->pid;
  server->log_ = child->output;
  if (absl::Status ready = server->WaitUntilReady(); !ready.ok()) return ready;
  server->drain_ = std::thread([fd = server->log_] {
    std::string log;
    while (ReadSome(fd, log)) log.clear();
  });
  return server;
}

absl::Status PrometheusServer::WaitUntilReady() {
  // The two lines come from two goroutines, in whatever order.
  std::string log;
  std::optional<int> port;
  while (!port || !absl::StrContains(log, "Server is ready to receive web requests.")) {
    if (!ReadSome(log_, log)) {
      return absl::UnavailableError(
          absl::StrCat(ProgramFolder(), "/prometheus did not start: ", log));
    }
    port = ListeningPort(log);
  }
  url_ = absl::StrCat("http://127.0.0.1:", *port);
  return absl::OkStatus();
}

void PrometheusServer::Stop() {
  if (pid_ < 0) return;
  kill(-pid_, SIGKILL);
  Reap(pid_);
  pid_ = -1;
  if (drain_.joinable()) drain_.join();
  close(log_);
}

PrometheusServer::~PrometheusServer() { Stop(); }

}  // namespace slogate
