// What one frame of a remote read's answer says: a prometheus.ChunkedReadResponse, with one or more
// series and some of their chunks each. A series may go on in the next frame. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include <absl/status/status.h>
#include <absl/strings/string_view.h>
#include <absl/types/span.h>

#include "gate/evidence/samples.h"
#include "gate/prometheus/remote_read_request.h"

namespace slogate {

// Takes series one after another. Any status but OK ends the decoding and is what comes out of it.
class SampleSink {
 public:
  virtual ~SampleSink() = default;

  // A series of the answer to query number `query`, from 0; queries come in their order, each series
  // of one comes once.
  virtual absl::Status Begin(size_t query, const SeriesLabels& labels) = 0;

  // Its next samples, in strictly ascending order of time, at least one; at least once for each
  // series. Some may lie outside the times that were asked for. Stale markers are among them.
  virtual absl::Status Add(absl::Span<const Sample> samples) = 0;

  virtual absl::Status End() = 0;  // of that series
};

// DataLoss for what no server would write, chunks that overlap among it (servers merge those);
// ResourceExhausted for labels or series beyond their limits; Unimplemented for native histograms and
// for encodings that are not read here. After a failure it is of no more use.
class ChunkResponse {
 public:
  // Both must outlive this. Series that their query did not ask for, as far as its name and its matchers
  // = and != tell, are refused; regular expressions are not tried.
  ChunkResponse(absl::Span<const ReadQuery> queries, SampleSink& sink)
      : queries_(queries), sink_(sink) {}

  absl::Status Decode(absl::string_view message);  // the next one
  absl::Status Finish();                           // there are no more

 private:
  absl::Status ComeTo(uint64_t query);
  absl::Status TakeSeries(absl::string_view message);
  absl::Status BeginUnlessUnderWay(const std::string& labels);
  absl::Status TakeChunk(absl::string_view message);

  absl::Span<const ReadQuery> queries_;
  SampleSink& sink_;
  size_t query_ = 0;
  bool in_series_ = false;
  std::string labels_;                // of the series under way, as they came
  std::optional<int64_t> newest_ms_;  // its newest sample so far
  std::unordered_set<size_t> begun_;  // hashes of the labels of this query's series
  size_t series_ = 0;                 // of all queries
  std::vector<Sample> samples_;       // of one chunk
};

}  // namespace slogate
