// Raw samples of one counter series, as a server stores them: the common ground of what decodes them
// and what counts events from them.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

namespace slogate {

struct Sample {
  int64_t ms = 0;  // since the Unix epoch
  double value = 0;
};

// Names and values, sorted by name, each name once. Two series are the same iff these are equal.
using SeriesLabels = std::vector<std::pair<std::string, std::string>>;

// Whether `value` says "this series ended here": one NaN of particular bits, written by Prometheus
// when a target or a series disappears. Every other NaN is a value that was scraped.
inline bool IsStaleMarker(double value) {
  uint64_t bits;
  static_assert(sizeof bits == sizeof value);
  std::memcpy(&bits, &value, sizeof bits);
  return bits == 0x7ff0000000000002;
}

}  // namespace slogate
