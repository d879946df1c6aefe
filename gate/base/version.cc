#include "gate/base/version.h"

namespace slogate {

absl::string_view Version() { return SLOGATE_VERSION; }

}  // namespace slogate
