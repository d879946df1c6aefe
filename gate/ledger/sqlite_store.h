// A ledger in one file, for one machine.
#pragma once

#include <memory>
#include <string>

#include <absl/status/statusor.h>

#include "gate/ledger/store.h"

namespace slogate {

// As OpenStore and CreateStore. `name` is what messages call it.
absl::StatusOr<std::unique_ptr<Store>> OpenSqlite(const std::string& path, const std::string& name,
                                                  Clock& clock, const std::string& vfs);
absl::StatusOr<std::unique_ptr<Store>> CreateSqlite(const std::string& path,
                                                    const std::string& name, Clock& clock,
                                                    const std::string& vfs);

}  // namespace slogate
