// Ledgers to measure with.
#pragma once

#include <cstdint>
#include <string>

namespace slogate::bench {

// A new ledger in SQLite of so many records: decisions about 50 services, with a checkpoint record in every 256.
// Ends this program where it cannot be made.
void MakeLedger(const std::string& file, int64_t records);

}  // namespace slogate::bench
