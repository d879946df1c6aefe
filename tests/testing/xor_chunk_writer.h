// Writes chunks of samples bit by bit, as gate/prometheus/xor_chunk.h describes them. Slow, and apart
// from the decoder, so that both can be held against each other.
#pragma once

#include <cstdint>
#include <string>

#include <absl/strings/string_view.h>
#include <absl/types/span.h>

#include "gate/evidence/samples.h"

namespace slogate::fake {

// At most 65,535 samples; their times may be in any order.
std::string XorChunk(absl::Span<const Sample> samples);

// Bits for tests of chunks that nobody would write: "0010 1" with any blanks; the rest of the last
// byte is zeros.
std::string FromBits(absl::string_view bits);

}  // namespace slogate::fake
