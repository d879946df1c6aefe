// AWS Signature Version 4 worked out anew from a request as it came, as the server at the other end does.
#pragma once

#include <string>

#include "tests/testing/fake_server.h"

namespace slogate::fake {

// The signature that a request with these headers should have, by its own Authorization header's scope
// and list of headers; "" where it has none of the kind.
std::string SigV4Signature(const Request& request, const std::string& secret_key);

// The one it has.
std::string SigV4Claim(const Request& request);

}  // namespace slogate::fake
