// A SQLite file in the hands of somebody with the sqlite3 program: nothing of the ledger's own care.
#pragma once

#include <string>

namespace slogate::fake {

// Runs `sql`, whose statements may be several. "" or the last statement's rows, their columns joined by '|' and
// each row ended by LF; where it fails, "ERROR " with SQLite's message. `vfs`: "" is the system's.
std::string RunSqlite(const std::string& path, const std::string& sql, const std::string& vfs = "");

}  // namespace slogate::fake
