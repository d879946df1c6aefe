// The certificates that this machine trusts.
#pragma once

namespace slogate {

// The file that holds them; where none can be read, the one that is missing on Debian. libcurl knows
// the place of the system that it was built on alone, and the program may run on others.
const char* MachineCertificates();

}  // namespace slogate
