// What is measured: services in one Prometheus, a policy with an SLO for each, and the plain queries
// that such a policy needs at least. Pure.
#pragma once

#include <string>

#include <absl/strings/string_view.h>
#include <absl/time/time.h>

namespace slogate::bench {

inline constexpr int kServices = 200;  // in the data; a policy may have more SLOs where nobody asks
inline constexpr char kMetric[] = "http_requests_total";

std::string ServiceName(int service);  // "service-007"

// 30 day windows, six rules that read 3d, 6h, 1h, 30m and 5m, and every finding measured. Nothing is
// wrong with the services: the verdict is allow.
std::string PolicyText(absl::string_view url, int slos);

// For `curl --config`: bad and total of each SLO in each of the six windows, asked apart.
std::string CurlConfig(absl::string_view url, int slos, absl::Time at);

// As many alerts as SLOs, for `promtool check rules`.
std::string RulesText(int slos);

}  // namespace slogate::bench
