// One remote read, from the request to what came of it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "gate/base/sha256.h"
#include "gate/evidence/evidence.h"
#include "gate/io/http.h"
#include "gate/policy/policy.h"
#include "gate/prometheus/chunk_frames.h"
#include "gate/prometheus/credentials.h"
#include "gate/text/json.h"

namespace slogate {

// How a read ended. Only kRead is an answer: of all others nothing may be counted.
struct ReadEnd {
  enum class Kind : uint8_t {
    kFailed,
    kRead,
    kNotOffered,   // the server streams no samples
    kUnknownForm,  // it streams these in a form that is not read here, as native histograms are
    kTooLarge,
  };
  Kind kind = Kind::kFailed;
  Finding finding = {};  // what is wrong; nothing where it was read
};

// Must stay where it is while its request is under way.
class SampleRead {
 public:
  // `sink` must outlive this. More than `most_bytes` are not read.
  SampleRead(std::vector<ReadQuery> queries, SampleSink& sink, size_t most_bytes);
  SampleRead(const SampleRead&) = delete;
  SampleRead& operator=(const SampleRead&) = delete;

  HttpRequest RequestTo(const SourceConfig& source, const Credentials& credentials);

  // Once, when the request has come to this end.
  ReadEnd Finish(const HttpExchange& exchange, const Credentials& credentials);

  // The read as it is recorded: its queries, and of what came the SHA-256 and `kept`; where it was not
  // read, the words of the server.
  Answer Record(const std::string& source, const HttpExchange& exchange, const ReadEnd& end,
                json::Object kept, const Credentials& credentials);

 private:
  bool Take(absl::string_view bytes);

  std::vector<ReadQuery> queries_;
  size_t most_bytes_;
  ChunkFrames frames_;
  absl::Status status_;
  Sha256Stream sha256_;
  size_t bytes_ = 0;
};

}  // namespace slogate
