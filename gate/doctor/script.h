// A text within a pipeline file, such as a `run:` block, and where each of its bytes stands in there.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <absl/strings/string_view.h>

#include "gate/text/diagnostic.h"
#include "gate/text/node.h"

namespace slogate {

struct Script {
  std::string text;
  std::vector<Position> at;  // one a byte, and one behind the last

  Script Part(size_t begin, size_t end) const;
};

// The places of one file's bytes.
class TextPlaces {
 public:
  explicit TextPlaces(absl::string_view text);

  Script Part(size_t begin, size_t end) const;
  // The text of a scalar of this file, whatever its style: its bytes are looked up one after the
  // other. Where an escape hides one, its neighbour's place is taken.
  Script Of(const Node& scalar) const;

 private:
  size_t ByteAt(Position at) const;

  absl::string_view text_;
  std::vector<Position> at_;
};

}  // namespace slogate
