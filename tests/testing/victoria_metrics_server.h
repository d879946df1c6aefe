// A real VictoriaMetrics for tests: on 127.0.0.1 at a port the system picks, killed with its test.
// The program comes from the folder that the variable SLOGATE_VICTORIA_METRICS_DIR names, or else
// the CMake cache entry of that name. `./dev test` unpacks it and sets the variable.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/strings/string_view.h>

#include "tests/testing/server_process.h"
#include "tests/testing/temp_folder.h"

namespace slogate {

// Why a test of a real VictoriaMetrics must be skipped here; nullopt where it must run, as
// NoPrometheus says (prometheus_server.h).
std::optional<std::string> NoVictoriaMetrics();

class VictoriaMetricsServer {
 public:
  // Returns when it listens. `flags` are more of the command line: "-search.latencyOffset=0s". Call
  // it on a thread that outlives the server. Unavailable, with the server's log, where it does not
  // start.
  static absl::StatusOr<std::unique_ptr<VictoriaMetricsServer>> Start(
      const std::vector<std::string>& flags = {});

  // Stores OpenMetrics text (series_generator.h), every sample with its time; it can be queried at
  // once. InvalidArgument for a line that ends in no time.
  absl::Status Import(absl::string_view openmetrics);

  const std::string& url() const { return url_; }  // "http://127.0.0.1:PORT"

  // Kills it at once; from then on the port refuses connections. Stopping twice does nothing.
  void Stop() { process_->Stop(); }

 private:
  VictoriaMetricsServer() = default;
  absl::Status WaitUntilReady();

  fake::TempFolder folder_;
  std::unique_ptr<ServerProcess> process_;
  int port_ = 0;
  std::string url_;
};

}  // namespace slogate
