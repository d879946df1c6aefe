#include "gate/base/crc32c.h"

#include <cstddef>
#include <string>

#include <absl/strings/string_view.h>
#include <gtest/gtest.h>

namespace slogate {
namespace {

std::string Bytes(size_t count, int first, int step) {
  std::string bytes;
  for (size_t i = 0; i < count; ++i) bytes += static_cast<char>(first + step * static_cast<int>(i));
  return bytes;
}

// The vectors of RFC 3720, appendix B.4, and the check value that catalogues of checksums give.
TEST(Crc32c, GivesThePublishedChecksums) {
  for (const auto checksum : {Crc32c, Crc32cByTables}) {
    EXPECT_EQ(checksum(""), 0U);
    EXPECT_EQ(checksum("123456789"), 0xe3069283U);
    EXPECT_EQ(checksum(Bytes(32, 0, 0)), 0x8a9136aaU);
    EXPECT_EQ(checksum(Bytes(32, 0xff, 0)), 0x62a8ab43U);
    EXPECT_EQ(checksum(Bytes(32, 0, 1)), 0x46dd794eU);
    EXPECT_EQ(checksum(Bytes(32, 31, -1)), 0x113fdb5cU);
  }
}

TEST(Crc32c, InstructionAndTablesAgreeAtEveryLengthAndPlace) {
  const std::string bytes = Bytes(80, 17, 37);
  for (size_t begin = 0; begin < 9; ++begin) {
    for (size_t length = 0; length <= 70; ++length) {
      const absl::string_view part = absl::string_view(bytes).substr(begin, length);
      ASSERT_EQ(Crc32c(part), Crc32cByTables(part)) << begin << " " << length;
    }
  }
}

TEST(Crc32c, EveryBitCounts) {
  std::string bytes = Bytes(21, 3, 11);
  const uint32_t whole = Crc32c(bytes);
  for (size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_NE(Crc32c(bytes), whole) << bit;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
  }
}

}  // namespace
}  // namespace slogate
