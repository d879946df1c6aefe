#include <cstring>
#include <string>
#include <vector>

#include "gate/prometheus/xor_chunk.h"
#include "tests/fuzz/fuzz.h"
#include "tests/testing/xor_chunk_writer.h"

namespace slogate {
namespace {

bool Same(const std::vector<Sample>& a, const std::vector<Sample>& b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i].ms != b[i].ms || std::memcmp(&a[i].value, &b[i].value, sizeof(double)) != 0)
      return false;
  }
  return true;
}

}  // namespace

bool FuzzChunk(absl::string_view input) {
  // On the heap and no longer than it is, so that a byte read beyond it is noticed.
  const std::vector<char> chunk(input.begin(), input.end());
  std::vector<Sample> samples;
  const absl::Status status = DecodeXorChunk({chunk.data(), chunk.size()}, samples);
  if (!status.ok()) {
    Require(status.code() == absl::StatusCode::kDataLoss, "a broken chunk is lost data");
    RequirePrintable(std::string(status.message()), "a refusal is printable");
    return false;
  }
  Require(!samples.empty() && samples.size() <= 65'535, "a chunk holds samples");
  for (size_t i = 1; i < samples.size(); ++i)
    Require(samples[i - 1].ms < samples[i].ms, "times ascend");
  std::vector<Sample> again;
  Require(DecodeXorChunk(fake::XorChunk(samples), again).ok(), "what was read can be written");
  Require(Same(samples, again), "and is the same then");
  return true;
}

}  // namespace slogate
