#include "tests/testing/read_answer.h"

#include <protozero/pbf_writer.hpp>

#include "gate/base/crc32c.h"
#include "tests/testing/xor_chunk_writer.h"

namespace slogate::fake {

ReadChunk ChunkOf(absl::Span<const Sample> samples) {
  return {samples.front().ms, samples.back().ms, 1, XorChunk(samples)};
}

std::string ReadResponse(absl::Span<const ReadSeries> series, int64_t query) {
  std::string bytes;
  protozero::pbf_writer response(bytes);
  for (const ReadSeries& one : series) {
    protozero::pbf_writer writer(response, 1);
    for (const auto& [name, value] : one.labels) {
      protozero::pbf_writer label(writer, 1);
      label.add_string(1, name);
      label.add_string(2, value);
    }
    for (const ReadChunk& chunk : one.chunks) {
      protozero::pbf_writer part(writer, 2);
      part.add_int64(1, chunk.min_ms);
      part.add_int64(2, chunk.max_ms);
      part.add_enum(3, chunk.encoding);
      part.add_bytes(4, chunk.data);
    }
  }
  if (query != 0) response.add_int64(2, query);
  return bytes;
}

std::string Frame(absl::string_view data) {
  std::string frame;
  for (size_t length = data.size(); length > 0 || frame.empty(); length >>= 7)
    frame += static_cast<char>((length & 0x7f) | (length >= 0x80 ? 0x80 : 0));
  const uint32_t checksum = Crc32cByTables(data);
  for (int shift = 24; shift >= 0; shift -= 8) frame += static_cast<char>(checksum >> shift);
  frame.append(data.data(), data.size());
  return frame;
}

}  // namespace slogate::fake
