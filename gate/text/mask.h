// Where credentials may stand in the lines of a policy, so that no diagnostic ever shows one.
#pragma once

#include <cstddef>
#include <vector>

#include <absl/strings/string_view.h>
#include <absl/types/span.h>

namespace slogate {

// Bytes [begin, end) of a line.
struct ByteRange {
  size_t begin = 0, end = 0;
};

// What MaskSecrets (diagnostic.h) hides of `line`: in order, without overlaps.
std::vector<ByteRange> SecretRanges(absl::string_view line);

// For each line of a file, whether all of it may belong to a secret whose key stands on an earlier
// line: the lines of a block scalar, of a text that goes on, or of a mapping that is neither {file:
// …} nor {env: …}.
std::vector<bool> SecretLines(absl::Span<const absl::string_view> lines);

}  // namespace slogate
