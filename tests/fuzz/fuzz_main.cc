// libFuzzer's way in, compiled once for each target.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "tests/fuzz/fuzz.h"

namespace slogate {

void Require(bool holds, absl::string_view what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", std::string(what).c_str());
  std::abort();
}

}  // namespace slogate

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  slogate::SLOGATE_FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
  return 0;
}
