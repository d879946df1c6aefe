// CRC-32C (Castagnoli), the checksum of iSCSI (RFC 3720, appendix B.4), of ext4 and of Prometheus' frames.
#pragma once

#include <cstdint>

#include <absl/strings/string_view.h>

namespace slogate {

// By the processor's own instruction where it has one (SSE 4.2), else by tables; the same either way.
uint32_t Crc32c(absl::string_view bytes);

// By tables alone, eight bytes at a time. For processors without the instruction, and for tests.
uint32_t Crc32cByTables(absl::string_view bytes);

}  // namespace slogate
