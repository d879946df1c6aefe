#include "gate/ledger/schema.h"

#include <absl/strings/str_cat.h>

namespace slogate::schema {
namespace {

// What a record is about, in one column: of what belongs to an override, that; else a decision.
constexpr absl::string_view kId =
    "CASE WHEN bytes ->> 'kind' IN ('decision', 'release') THEN bytes ->> 'decision' "
    "ELSE bytes ->> 'override' END";

constexpr Column kColumns[] = {
    {"log_id", "bytes ->> 'log_id'", true},
    {"prev", "bytes ->> 'prev'", true},
    {"nonce", "bytes ->> 'nonce'", true},
    {"kind", "bytes ->> 'kind'", true},
    {"time", "bytes ->> 'time'", true},
    // Never NULL: "no environment" is searched for like any other.
    {"service", "coalesce(bytes -> 'subject' ->> 'service', '')", true},
    {"environment", "coalesce(bytes -> 'subject' ->> 'environment', '')", true},
    {"artifact", "bytes -> 'subject' ->> 'artifact'", false},
    {"actor", "bytes -> 'actor' ->> 'account'", true},
    {"id", kId, false},
    {"verdict", "bytes ->> 'verdict'", false},
    {"change", "bytes ->> 'change'", false},
};

constexpr Check kChecks[] = {
    {"seq_counts_from_0", "seq >= 0"},
    {"seq_is_in_bytes", "CAST(bytes ->> 'seq' AS BIGINT) = seq"},
    {"v_is_1", "CAST(bytes ->> 'v' AS BIGINT) = 1"},
    {"log_id_is_some", "length(log_id) > 0"},
    {"prev_is_a_hash", "length(prev) = 64"},
    {"nonce_is_some", "length(nonce) > 0"},
    // Texts that sort as times do.
    {"time_has_whole_seconds", "length(time) = 20"},
};

// Each ends with what orders the answer, so that the newest 20 are 20 steps away.
constexpr Index kIndexes[] = {
    {"records_prev", "prev", true},
    {"records_nonce", "nonce", true},
    {"records_by_kind", "kind, seq", false},
    {"records_by_time", "time, seq", false},
    {"records_by_service", "service, seq", false},
    {"records_by_environment", "service, environment, seq", false},
    {"records_by_environment_and_kind", "service, environment, kind, seq", false},
    {"records_by_artifact", "artifact, seq", false},
    {"records_by_actor", "actor, seq", false},
    {"records_by_verdict", "verdict, seq", false},
    {"records_by_id", "id, seq", false},
};

}  // namespace

absl::Span<const Column> GeneratedColumns() { return kColumns; }
absl::Span<const Index> Indexes() { return kIndexes; }
absl::Span<const Check> Checks() { return kChecks; }

std::string CheckSql(const Check& check) {
  return absl::StrCat("CONSTRAINT ", check.name, " CHECK (", check.expression, ")");
}

std::string CreateIndex(const Index& index, absl::string_view table) {
  return absl::StrCat("CREATE ", index.unique ? "UNIQUE " : "", "INDEX ", index.name, " ON ", table,
                      "(", index.columns, ")");
}

}  // namespace slogate::schema
