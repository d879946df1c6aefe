// What a ledger says of one service in one environment: all that a ruling needs to know of the past.
// A decision carries it like its evidence, so that it can be made again.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <absl/time/time.h>

#include "gate/history/record.h"
#include "gate/policy/effective.h"

namespace slogate {

// Which records are wanted: those that meet everything that is set.
struct RecordQuery {
  std::vector<RecordKind> kinds;                    // empty: all
  std::optional<std::string> service, environment;  // "" is none: not the same as unset
  std::string artifact, verdict, change, actor;     // of `change`: the class that counted
  // What the record is about: a decision's id or an override's; its beginning is enough.
  std::string id;
  std::optional<absl::Time> since, until;  // [since, until)
  std::optional<int64_t> from, to;         // seq, [from, to)
  bool newest_first = false;
  std::optional<int64_t> most;
};

struct History {
  std::string log_id;
  absl::Time now;               // by the ledger's clock, and never before its newest record
  std::vector<Record> records;  // in the ledger's order, each once
  // The ledger's clock itself, which may have stepped back; unset: it is `now`.
  std::optional<absl::Time> clock = std::nullopt;
};

// A spent ticket is remembered for that long: nobody keeps an incident open for longer.
inline constexpr absl::Duration kTicketMemory = absl::Hours(90 * 24);

// For that long after it expired an override is still looked up, so that a ruling can say so.
inline constexpr absl::Duration kExpiredMemory = absl::Hours(24);

// What has to be looked up for a ruling about `subject`, and for a request made for it. Each query ends at a
// number of records or at a time before `now` that the policy's own limits set, whatever the size of the
// ledger.
std::vector<RecordQuery> HistoryQueries(const EffectivePolicy& policy, const Subject& subject,
                                        absl::Time now);

// "There" is the subject's service in its environment. What was refused counts nowhere.

// The newest time at which the pipeline reported this artifact deployed there; none without an
// artifact.
std::optional<absl::Time> DeployedAt(const History& history, const Subject& subject);

// The newest time at which any release of the service was reported deployed there.
std::optional<absl::Time> LastDeployedAt(const History& history, const Subject& subject);

// The newest decision there; nullptr where there is none.
const Record* LastDecision(const History& history, const Subject& subject);

// Uses of overrides there since then. Those again after a failed release do not count, nor those that
// proved a change class, which has a limit of its own.
int OverridesUsed(const History& history, const Subject& subject, absl::Time since);

// Decisions there since then that proceeded because of the change class.
int ClassUses(const History& history, const Subject& subject, const std::string& change,
              absl::Time since);

}  // namespace slogate
