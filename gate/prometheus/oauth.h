// Tokens by OAuth 2.0, client credentials (RFC 6749 §4.4), for a source that wants one.
#pragma once

#include <optional>

#include <absl/time/time.h>

#include "gate/evidence/evidence.h"
#include "gate/io/http.h"
#include "gate/policy/policy.h"
#include "gate/prometheus/credentials.h"

namespace slogate {

// Asks for the token that `credentials.token` describes, through the source's proxy and with its TLS, and makes it
// a header of `credentials`, which then mask it as well. Otherwise the finding that stands for every
// answer of the source: `unauthorized`, `unreachable` or `timed_out`. What the server says is quoted
// of its errors alone, and never recorded.
std::optional<Finding> FetchToken(const SourceConfig& source, Credentials& credentials, Http& http,
                                  absl::Duration time_left);

}  // namespace slogate
