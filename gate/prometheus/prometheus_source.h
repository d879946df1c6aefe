// A Prometheus server as a source: questions become PromQL, instant queries by POST, all at one
// pinned instant and as few as will do (grouping.h); answers become readings, defects become
// findings. What goes wrong with a query that serves several questions is the finding of them all;
// only where the server refuses it or its answer is too large is each asked apart.
#pragma once

#include <cstdint>
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

// Apart: each question by queries of its own, as a person would ask it. The same readings come of
// both but for the noise of float64, which is for tests to show.
enum class Asking : uint8_t { kTogether, kApart };

// `http` must outlive the source. `progress` may be empty.
std::unique_ptr<Source> PrometheusSource(std::string name, const SourceConfig& config,
                                         Credentials credentials, Http& http, Deadline deadline,
                                         Progress progress, Asking asking = Asking::kTogether);

}  // namespace slogate
