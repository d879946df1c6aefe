// A Prometheus server as a source: questions become PromQL, each its own instant query by POST, all
// at one pinned instant; answers become readings, defects become findings.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "gate/evidence/evidence.h"
#include "gate/io/clock.h"
#include "gate/io/http.h"
#include "gate/policy/policy.h"
#include "gate/prometheus/credentials.h"

namespace slogate {

// Told how many requests have ended of how many sent so far; several times a second while waiting.
using Progress = std::function<void(size_t ended, size_t sent)>;

// `http` must outlive the source. `progress` may be empty.
std::unique_ptr<Source> PrometheusSource(std::string name, const SourceConfig& config,
                                         Credentials credentials, Http& http, Deadline deadline,
                                         Progress progress);

}  // namespace slogate
