#include "tests/testing/server_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace slogate {
namespace {

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

}  // namespace

ServerProcess::Pipe::Pipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) std::abort();
  reading = ends[0];
  writing = ends[1];
}

ServerProcess::ServerProcess(const std::string& program, const std::vector<std::string>& arguments)
    : child_(program, arguments,
             {.folder = {},
              .environment = {},
              .descriptors = {{STDOUT_FILENO, pipe_.writing}, {STDERR_FILENO, pipe_.writing}},
              .limits = {}}) {
  close(pipe_.writing);  // or the end of the log would never come
}

ServerProcess::~ServerProcess() {
  Stop();
  close(pipe_.reading);
}

bool ServerProcess::ReadLog(absl::Duration most) {
  const int wait =
      most == absl::InfiniteDuration() ? -1 : static_cast<int>(absl::ToInt64Milliseconds(most));
  pollfd log = {pipe_.reading, POLLIN, 0};
  if (poll(&log, 1, wait) <= 0) return true;
  return ReadSome(pipe_.reading, log_);
}

void ServerProcess::DrainLog() {
  drain_ = std::thread([fd = pipe_.reading] {
    std::string log;
    while (ReadSome(fd, log)) log.clear();
  });
}

void ServerProcess::Stop() {
  child_.Stop();
  if (drain_.joinable()) drain_.join();
}

}  // namespace slogate
