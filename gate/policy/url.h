// What may stand as a URL in a policy.
#pragma once

#include <cstdint>

#include <absl/strings/string_view.h>

#include "gate/text/decoder.h"

namespace slogate {

enum class UrlUse : uint8_t {
  kSource,  // of a server: no query, no fragment
  kProxy,   // of a proxy: a port, and nothing after it
  kPage,    // for people to open
};

// Whether `text` is an http or https URL with a host, a port in range, no credentials and no
// character that a terminal or a shell would take for something else. On failure sets `why`, which
// never repeats any of it.
bool CheckUrl(absl::string_view text, UrlUse use, BadValue& why);

}  // namespace slogate
