// Words that nobody can guess.
#pragma once

#include <string>

namespace slogate {

// 32 hex digits, made of 128 bits of the system's randomness.
std::string RandomToken();

}  // namespace slogate
