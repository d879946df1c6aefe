// The parts of a decision document that tell of the past: what the ledger said, and the override that
// opened the gate.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "gate/decision/decision.h"
#include "gate/text/json.h"

namespace slogate {

json::Value TextsValue(const std::vector<std::string>& texts);

// The audit note of what the release uses up; null where it uses nothing.
json::Value OverrideValue(const Ruling& ruling);
json::Value RefusedValue(const Ruling& ruling);

// The records by their bytes, whole, so that replay judges by them again; null without history.
json::Value HistoryValue(const std::optional<History>& history);

// What HistoryValue wrote. InvalidArgument, in one printable line, for anything else.
absl::StatusOr<std::optional<History>> ReadHistory(const json::Value& value);

}  // namespace slogate
