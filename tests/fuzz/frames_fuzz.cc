#include <algorithm>
#include <string>
#include <vector>

#include <absl/strings/str_cat.h>

#include "gate/prometheus/chunk_frames.h"
#include "tests/fuzz/fuzz.h"
#include "tests/testing/read_answer.h"

namespace slogate {
namespace {

const std::vector<ReadQuery> kQueries = {{{"requests_total", {}}, 0, 0},
                                         {{"requests_total", {{"code", "!=", "200"}}}, 0, 0}};

// Requires what a SampleSink is promised, and writes down what it is given.
class Watch : public SampleSink {
 public:
  absl::Status Begin(size_t query, const SeriesLabels& labels) override {
    Require(!in_series_, "one series at a time");
    Require(query < kQueries.size() && query >= query_, "queries come in their order");
    for (size_t i = 1; i < labels.size(); ++i)
      Require(labels[i - 1].first < labels[i].first, "labels are sorted, each name once");
    for (const auto& [name, value] : labels) absl::StrAppend(&text, name, "=", value, " ");
    in_series_ = true;
    query_ = query;
    has_samples_ = false;
    return absl::OkStatus();
  }
  absl::Status Add(absl::Span<const Sample> samples) override {
    Require(in_series_ && !samples.empty(), "samples belong to a series");
    for (const Sample& sample : samples) {
      Require(!has_samples_ || newest_ms_ < sample.ms, "times ascend");
      newest_ms_ = sample.ms;
      has_samples_ = true;
    }
    absl::StrAppend(&text, samples.size(), " until ", newest_ms_, "\n");
    return absl::OkStatus();
  }
  absl::Status End() override {
    Require(in_series_ && has_samples_, "a series has samples");
    in_series_ = false;
    return absl::OkStatus();
  }

  std::string text;

 private:
  bool in_series_ = false, has_samples_ = false;
  size_t query_ = 0;
  int64_t newest_ms_ = 0;
};

struct Outcome {
  std::string text;
  absl::Status status;
};

Outcome Read(absl::string_view answer, size_t piece) {
  Watch watch;
  ChunkFrames frames(kQueries, watch);
  for (; !answer.empty(); answer.remove_prefix(std::min(piece, answer.size())))
    (void)frames.Feed(answer.substr(0, piece));
  const absl::Status status = frames.Finish();
  if (!status.ok()) Require(frames.Feed("\1") == status, "a failure stays one");
  return {watch.text, status};
}

// However it comes, it means the same.
bool Holds(absl::string_view answer) {
  const Outcome whole = Read(answer, answer.size() + 1);
  for (const size_t piece : {size_t{1}, size_t{13}}) {
    const Outcome pieces = Read(answer, piece);
    Require(pieces.text == whole.text && pieces.status == whole.status, "pieces change nothing");
  }
  RequirePrintable(std::string(whole.status.message()), "a refusal is printable");
  return whole.status.ok() && !whole.text.empty();
}

}  // namespace

bool FuzzFrames(absl::string_view input) {
  // Also as one frame with the right checksum, or no fuzzer would come past it.
  (void)Holds(fake::Frame(input));
  return Holds(input);
}

}  // namespace slogate
