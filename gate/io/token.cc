#include "gate/io/token.h"

#include <stdlib.h>
#include <sys/random.h>

#include <absl/strings/escaping.h>

namespace slogate {

std::string RandomToken() {
  char bytes[16];
  // So few bytes come whole, or the kernel has no randomness at all: then nothing here is safe.
  if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes) abort();
  return absl::BytesToHexString(absl::string_view(bytes, sizeof bytes));
}

}  // namespace slogate
