// Records and overrides in words, for people. Everything that somebody wrote is shown printable, with
// escapes for what a terminal would obey or hide.
#pragma once

#include <string>

#include <absl/time/time.h>

#include "gate/history/override.h"
#include "gate/history/record.h"

namespace slogate {

// One line, without its end: number, time, what it is, about what, by whom, id.
std::string RecordLine(const Record& record);

// "asked", "approved by github:bob", "used", "expired", "rejected", "revoked": what became of it so far.
std::string StateOf(const Override& override, absl::Time now);

// One line: id, time, state, about what, by whom, why.
std::string OverrideLine(const Override& override, absl::Time now);

// The audit note: who asked and approved and how each is known, why, for what, the budgets at that moment,
// what became of it. Lines with their ends.
std::string AuditNote(const Override& override, absl::Time now);

}  // namespace slogate
