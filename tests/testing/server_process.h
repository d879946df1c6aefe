// A server program run beside a test: what it logs is read until it is ready, then thrown away, and
// it is killed with its test.
#pragma once

#include <sys/types.h>

#include <string>
#include <thread>
#include <vector>

#include <absl/time/time.h>

#include "tests/testing/child_process.h"

namespace slogate {

class ServerProcess {
 public:
  ServerProcess(const std::string& program, const std::vector<std::string>& arguments);
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  pid_t pid() const { return child_.pid(); }

  // What it wrote to standard output and error, as far as ReadLog has read.
  const std::string& log() const { return log_; }
  // Waits for more of it, for `most` at most; false where it has ended and no more will come.
  bool ReadLog(absl::Duration most = absl::InfiniteDuration());
  // Once the server is ready: reads on, or a full pipe would stop it. No more ReadLog after it.
  void DrainLog();

  // Kills it at once; from then on its port refuses connections. Stopping twice does nothing.
  void Stop();

 private:
  struct Pipe {
    Pipe();
    int reading, writing;
  };

  Pipe pipe_;
  fake::Child child_;
  std::string log_;
  std::thread drain_;
};

}  // namespace slogate
