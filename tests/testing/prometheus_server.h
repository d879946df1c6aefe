// A real Prometheus for tests: on 127.0.0.1 at a port the system picks, killed with its test. The
// programs prometheus and promtool come from the folder that the variable SLOGATE_PROMETHEUS_DIR
// names, or else the CMake cache entry of that name. `./dev test` unpacks them and sets the
// variable.
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

// Why a test of a real Prometheus must be skipped here; nullopt where it must run. It must run
// wherever a folder is named, so that under ./dev test a missing program fails the test instead of
// hiding it:
//   if (auto why = NoPrometheus()) GTEST_SKIP() << *why;
std::optional<std::string> NoPrometheus();

// Turns OpenMetrics text (series_generator.h) into blocks in `folder`, with promtool. The samples
// must be no newer than what a server of this folder shall later scrape: Prometheus refuses older
// ones.
absl::Status Backfill(absl::string_view openmetrics, const std::string& folder);

struct PrometheusOptions {
  // A folder with blocks, used and written to; "": a fresh one.
  std::string data = {};
  // The list below `scrape_configs:` (Exporter::ScrapeConfig); "": none.
  std::string scrape_configs = {};
  // More of the command line: "--query.timeout=1s".
  std::vector<std::string> flags = {};
};

class PrometheusServer {
 public:
  // Returns when it is ready to be asked. Call it on a thread that outlives the server: the system
  // kills the server when that thread ends, however it ends. Unavailable, with the server's log,
  // where it does not start.
  static absl::StatusOr<std::unique_ptr<PrometheusServer>> Start(const PrometheusOptions& options);

  const std::string& url() const { return url_; }  // "http://127.0.0.1:PORT"

  // Kills it at once; from then on the port refuses connections. Stopping twice does nothing.
  void Stop() { process_->Stop(); }

 private:
  PrometheusServer() = default;
  absl::Status WaitUntilReady();

  fake::TempFolder folder_;
  std::unique_ptr<ServerProcess> process_;
  std::string url_;
};

}  // namespace slogate
