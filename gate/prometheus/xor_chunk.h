// Chunks of float samples as Prometheus stores and sends them (encoding 1, "XOR"): after the Gorilla
// paper (Pelkonen et al., VLDB 2015), with milliseconds and other bit widths. Pure.
//
//   2 bytes   how many samples, big-endian
//   varint    time of the first, zigzag, milliseconds; then 8 bytes, its float64, big-endian
//   uvarint   from the first time to the second; then the second value, as below
//   bits      for each further sample, how much its step differs from the step before:
//               0                   not at all
//               10, 110 or 1110     by the 14, 17 or 20 bits that follow: n bits stand for
//                                   -2^(n-1)+1 to 2^(n-1), so that 1 and n-1 zeros are positive
//               1111                by the 64 bits that follow
//             then how its value's bits differ from those of the value before:
//               0                   not at all
//               10                  in the window that was used last
//               11                  in a new window: 5 bits say how many zeros are before it, 6 bits
//                                   how wide it is (0 stands for 64); then its bits
#pragma once

#include <vector>

#include <absl/status/status.h>
#include <absl/strings/string_view.h>

#include "gate/evidence/samples.h"

namespace slogate {

// Sets `samples` to what `chunk` holds, in strictly ascending order of time; it is for use again, so
// that nothing is allocated for the next. DataLoss where the chunk is cut short, holds more than it
// says, nothing, times that do not ascend, or what no writer writes; `samples` is then unspecified.
absl::Status DecodeXorChunk(absl::string_view chunk, std::vector<Sample>& samples);

}  // namespace slogate
