// Asking a Prometheus for raw samples: remote read, https://prometheus.io/docs/specs/prw/remote_read_spec/
// (POST /api/v1/read; servers since 2.13 can stream their stored chunks as they are). What comes back
// is for ChunkFrames.
#pragma once

#include <cstdint>
#include <string>

#include <absl/types/span.h>

#include "gate/io/http.h"
#include "gate/policy/policy.h"
#include "gate/policy/selector.h"
#include "gate/prometheus/credentials.h"

namespace slogate {

// Of a streamed answer. A server that does not stream answers in "application/x-protobuf", compressed;
// that is not asked for and not read.
inline constexpr char kStreamType[] = "application/x-streamed-protobuf";

// All samples of the series that `selector` selects, from `start_ms` to `end_ms`, both included.
// Neighbours in the same chunks may come with them.
struct ReadQuery {
  Selector selector;  // with a metric name
  int64_t start_ms = 0, end_ms = 0;
};

// prometheus.ReadRequest for streamed chunks and nothing else, as a snappy block.
std::string EncodeReadRequest(absl::Span<const ReadQuery> queries);

// The whole request; its sink is for the caller to set.
HttpRequest RemoteReadRequest(const SourceConfig& source, const Credentials& credentials,
                              absl::Span<const ReadQuery> queries);

}  // namespace slogate
