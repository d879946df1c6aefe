// The answer to a remote read, taken apart as it comes: frames of (length as uvarint, CRC-32C of the data
// in 4 bytes, big-endian, data). One frame is held at a time, whatever the window. Pure.
//
// Only what we send is compressed by snappy, never what comes: nothing can unpack to more than was
// received, but for one chunk at a time (chunk_response.h). A server that fails in the middle of an
// answer writes its words behind the frames, under the status 200: they are no frame, and the answer
// is refused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include <absl/status/status.h>
#include <absl/strings/string_view.h>
#include <absl/types/span.h>

#include "gate/prometheus/chunk_response.h"
#include "gate/prometheus/remote_read_request.h"

namespace slogate {

// What is wrong with an answer is a DataLoss, ResourceExhausted or Unimplemented (chunk_response.h)
// that begins with where: "frame 3: …". Nothing that the sink was given before may then be counted.
class ChunkFrames {
 public:
  // Both must outlive this.
  ChunkFrames(absl::Span<const ReadQuery> queries, SampleSink& sink) : response_(queries, sink) {}

  // The next bytes, in pieces of any size. After a failure nothing more is decoded, and it is
  // returned again.
  absl::Status Feed(absl::string_view bytes);

  // There are no more bytes. Only when this is OK the answer was whole, as far as it can tell: an end
  // between two frames looks like the end of all, so whoever brings the bytes must know that they
  // came to their end (HttpSink does).
  absl::Status Finish();

 private:
  absl::Status Take(absl::string_view& bytes);
  absl::Status TakeHeader(char byte);

  ChunkResponse response_;
  absl::Status status_;
  size_t number_ = 1;                 // of the frame that is coming
  std::string header_;                // its length and checksum, as far as they have come
  std::optional<size_t> data_bytes_;  // once all of its header has come
  uint32_t checksum_ = 0;
  std::string data_;
};

}  // namespace slogate
