#include "tests/testing/prometheus_server.h"

#include <stdlib.h>
#include <algorithm>

#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

#include "tests/testing/child_process.h"

namespace slogate {
namespace {

std::string ProgramFolder() {
  const char* named = getenv("SLOGATE_PROMETHEUS_DIR");
  return named != nullptr ? named : SLOGATE_PROMETHEUS_DIR;
}

// The port in `msg="Listening on" address=127.0.0.1:46011`, once its whole line is there; Prometheus 3 has
// more between the two.
std::optional<int> ListeningPort(absl::string_view log) {
  constexpr absl::string_view kLine = "msg=\"Listening on\" ", kMark = "address=127.0.0.1:";
  const size_t at = log.find(kMark, std::min(log.find(kLine), log.size()));
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
  fake::Child child(promtool,
                    {"tsdb", "create-blocks-from", "openmetrics", "--quiet",
                     "--max-block-duration=486h", input.Write("data.om", openmetrics), folder},
                    {});
  if (child.Wait() == 0) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat(promtool, " failed: ", child.Out(), child.Err()));
}

absl::StatusOr<std::unique_ptr<PrometheusServer>> PrometheusServer::Start(
    const PrometheusOptions& options) {
  std::unique_ptr<PrometheusServer> server(new PrometheusServer);
  std::string config = "global: {scrape_interval: 1m}\n";
  if (!options.scrape_configs.empty()) {
    absl::StrAppend(&config, "scrape_configs:\n", options.scrape_configs);
  }
  std::vector<std::string> arguments = {
      "--config.file=" + server->folder_.Write("prometheus.yml", config),
      "--web.listen-address=127.0.0.1:0",
      "--storage.tsdb.path=" + (options.data.empty() ? server->folder_.Path("data") : options.data),
      // Tests bring their own dates; nothing may expire.
      "--storage.tsdb.retention.time=100y",
  };
  arguments.insert(arguments.end(), options.flags.begin(), options.flags.end());
  server->process_ = std::make_unique<ServerProcess>(ProgramFolder() + "/prometheus", arguments);
  if (absl::Status ready = server->WaitUntilReady(); !ready.ok()) return ready;
  server->process_->DrainLog();
  return server;
}

absl::Status PrometheusServer::WaitUntilReady() {
  // The two lines come from two goroutines, in whatever order.
  const std::string& log = process_->log();
  std::optional<int> port;
  while (!port || !absl::StrContains(log, "Server is ready to receive web requests.")) {
    if (!process_->ReadLog()) {
      return absl::UnavailableError(
          absl::StrCat(ProgramFolder(), "/prometheus did not start: ", log));
    }
    port = ListeningPort(log);
  }
  url_ = absl::StrCat("http://127.0.0.1:", *port);
  return absl::OkStatus();
}

}  // namespace slogate
