// A small exporter for a real Prometheus to scrape: its /metrics says what the test last told it to
// say. For what backfilled data cannot show: staleness, restarts, series that come and go.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>

#include <absl/time/time.h>

#include "tests/testing/fake_server.h"

namespace slogate::fake {

class Exporter {
 public:
  Exporter() : server_([this](const Request& request) { return Scraped(request); }) {}

  // For PrometheusOptions::scrape_configs: one job that scrapes this exporter every `interval`.
  std::string ScrapeConfig(absl::Duration interval) const;

  // The text of the next scrapes; nothing at first.
  void Set(std::string metrics);
  // The next scrapes fail (HTTP 500) until Set is called again.
  void Fail();

  // The first scrape comes about 5 s after the start: Prometheus gathers targets that long.
  // Waits until `count` more scrapes were asked for; false where that takes over a minute. A scrape
  // is asked for only when the one before is stored, so after Set and WaitForScrapes(2) what was
  // set can be queried.
  bool WaitForScrapes(int count);

 private:
  Reply Scraped(const Request& request);

  std::mutex mutex_;
  std::condition_variable scraped_;
  int scrapes_ = 0;
  bool failing_ = false;
  std::string metrics_;
  Server server_;  // last, so that its thread ends before what it uses
};

}  // namespace slogate::fake
