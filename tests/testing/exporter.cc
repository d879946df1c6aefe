#include "tests/testing/exporter.h"

#include <chrono>
#include <utility>

#include <absl/strings/str_cat.h>

namespace slogate::fake {

std::string Exporter::ScrapeConfig(absl::Duration interval) const {
  const int64_t ms = absl::ToInt64Milliseconds(interval);
  return absl::StrCat("- job_name: exporter\n  scrape_interval: ", ms, "ms\n  scrape_timeout: ", ms,
                      "ms\n  static_configs: [{targets: ['127.0.0.1:", server_.port(), "']}]\n");
}

void Exporter::Set(std::string metrics) {
  const std::lock_guard lock(mutex_);
  metrics_ = std::move(metrics);
  failing_ = false;
}

void Exporter::Fail() {
  const std::lock_guard lock(mutex_);
  failing_ = true;
}

bool Exporter::WaitForScrapes(int count) {
  std::unique_lock lock(mutex_);
  const int wanted = scrapes_ + count;
  return scraped_.wait_for(lock, std::chrono::minutes(1), [&] { return scrapes_ >= wanted; });
}

Reply Exporter::Scraped(const Request& request) {
  if (request.path != "/metrics") return Answer(404, "text/plain", "only /metrics is here");
  const std::lock_guard lock(mutex_);
  ++scrapes_;
  scraped_.notify_all();
  if (failing_) return Answer(500, "text/plain", "told to fail");
  return Answer(200, "text/plain; version=0.0.4", metrics_);
}

}  // namespace slogate::fake
