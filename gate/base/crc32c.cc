#include "gate/base/crc32c.h"

#include <array>
#include <cstddef>
#include <cstring>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace slogate {
namespace {

// The polynomial 0x1edc6f41, its bits in the order in which they are sent.
constexpr uint32_t kPolynomial = 0x82f63b78;

using Table = std::array<uint32_t, 256>;

// Row n tells what a byte adds to the checksum once n more bytes have followed it, so that eight
// bytes are eight independent look-ups.
constexpr std::array<Table, 8> MakeTables() {
  std::array<Table, 8> tables = {};
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? kPolynomial : 0);
    tables[0][byte] = crc;
  }
  for (size_t n = 1; n < tables.size(); ++n) {
    for (size_t byte = 0; byte < 256; ++byte) {
      const uint32_t before = tables[n - 1][byte];
      tables[n][byte] = (before >> 8) ^ tables[0][before & 0xff];
    }
  }
  return tables;
}

constexpr std::array<Table, 8> kTables = MakeTables();

uint32_t AddByte(uint32_t crc, char byte) {
  return (crc >> 8) ^ kTables[0][(crc ^ static_cast<unsigned char>(byte)) & 0xff];
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) uint32_t Crc32cByInstruction(absl::string_view bytes) {
  uint64_t crc = 0xffffffff;
  for (; bytes.size() >= 8; bytes.remove_prefix(8)) {
    uint64_t eight;
    std::memcpy(&eight, bytes.data(), 8);
    crc = _mm_crc32_u64(crc, eight);
  }
  auto rest = static_cast<uint32_t>(crc);
  for (const char byte : bytes) rest = AddByte(rest, byte);
  return ~rest;
}
#endif

}  // namespace

uint32_t Crc32cByTables(absl::string_view bytes) {
  uint32_t crc = 0xffffffff;
  for (; bytes.size() >= 8; bytes.remove_prefix(8)) {
    uint32_t sum = 0;
    for (size_t i = 0; i < 8; ++i) {
      const uint32_t before = i < 4 ? (crc >> (8 * i)) & 0xff : 0;
      sum ^= kTables[7 - i][before ^ static_cast<unsigned char>(bytes[i])];
    }
    crc = sum;
  }
  for (const char byte : bytes) crc = AddByte(crc, byte);
  return ~crc;
}

uint32_t Crc32c(absl::string_view bytes) {
#if defined(__x86_64__)
  static const bool has_instruction = __builtin_cpu_supports("sse4.2") != 0;
  if (has_instruction) return Crc32cByInstruction(bytes);
#endif
  return Crc32cByTables(bytes);
}

}  // namespace slogate
