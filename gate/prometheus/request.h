// Requests to a Prometheus' HTTP API, each with everything that its source wants: credentials, TLS,
// proxy.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <absl/time/time.h>

#include "gate/io/http.h"
#include "gate/policy/policy.h"
#include "gate/prometheus/credentials.h"

namespace slogate {

// A POST of `form` to `path`, which begins with a slash, below the source's URL.
HttpRequest RequestTo(const SourceConfig& source, const Credentials& credentials,
                      const std::string& path,
                      std::vector<std::pair<std::string, std::string>> form);

// An instant query, evaluated at `at` (cut to whole seconds), or at the server's own time; the server
// is told to end within `left`, in whole seconds and at least one.
HttpRequest QueryRequest(const SourceConfig& source, const Credentials& credentials,
                         const std::string& query, std::optional<absl::Time> at,
                         absl::Duration left);

}  // namespace slogate
