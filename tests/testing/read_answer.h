// Answers to a remote read, written as a server writes them or otherwise.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <absl/strings/string_view.h>
#include <absl/types/span.h>

#include "gate/evidence/samples.h"

namespace slogate::fake {

struct ReadChunk {
  int64_t min_ms = 0, max_ms = 0;
  int32_t encoding = 1;
  std::string data;
};

// One series of a frame.
struct ReadSeries {
  SeriesLabels labels;
  std::vector<ReadChunk> chunks;
};

// Encoded by XorChunk, with its own times; at least one sample.
ReadChunk ChunkOf(absl::Span<const Sample> samples);

// prometheus.ChunkedReadResponse.
std::string ReadResponse(absl::Span<const ReadSeries> series, int64_t query = 0);

// `data` with its length and checksum before it.
std::string Frame(absl::string_view data);

}  // namespace slogate::fake
