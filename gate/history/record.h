// The ledger's records as plain values, and their one written form: JSON in one line, keys sorted,
// exactly as json::Dump writes it. gate/ledger/README.md tells the format to others. A record is
// hashed as the bytes it was written with and never written again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <absl/status/statusor.h>
#include <absl/strings/string_view.h>
#include <absl/time/time.h>

#include "gate/base/bounds.h"
#include "gate/policy/vocabulary.h"

namespace slogate {

// What is to be released, as the caller claims it. "" is not given.
struct Subject {
  std::string service, environment, artifact, version, commit, run_url;
  std::string actor;  // not written into records: they have an Actor of their own
};

enum class RecordKind : uint8_t {
  kGenesis,
  kDecision,
  kOverrideRequest,
  kOverrideApprove,
  kOverrideReject,
  kOverrideUse,
  kOverrideRevoke,
  kOverrideReview,
  kRelease,
  kCheckpoint,
  kRepair,
};

absl::string_view Word(RecordKind kind);  // "genesis", "override_request", …
std::optional<RecordKind> RecordKindFromWord(absl::string_view word);
std::vector<RecordKind> AllRecordKinds();
std::vector<RecordKind> OverrideKinds();  // those that speak of an override

// Who did something, and how that is known.
struct Actor {
  std::string account;  // "github:alice", "jenkins:asmith", "postgresql:alice", "local:alice"
  std::string
      known_by;      // the variable that claimed it, or "operating system", "database", "CI system"
  std::string role;  // the database role that wrote the record, "" where there are none
};

// An SLO and its budget at that moment. Numbers are decimals as the decision document has them; ""
// is not known.
struct SloNote {
  std::string name;
  std::string objective;  // a ratio: "0.999"
  int64_t window_seconds = 0;
  std::string total, bad;  // events
  std::string remaining_ratio;
  // Set where the SLO was weakened since, and this is what it was: when it was last decided by.
  std::optional<absl::Time> until = std::nullopt;
  // Of a calendar window: when its period began. `window_seconds` is then the whole period's length.
  std::optional<absl::Time> since = std::nullopt;
};

// A rule that is true or unknown for an SLO ("": it looks at none).
struct RuleNote {
  std::string rule, slo;
  Truth truth = Truth::kUnknown;
  Verdict verdict = Verdict::kDeny;
  // For reopens_above: true now, or not known now and closed in the decision before.
  bool closed = false;
};

// `sha256` is of the lines that sha256sum prints for the policy's files, in their order.
struct PolicyNote {
  std::string name, sha256;
};

// An override that stood ready for this release and did not open the gate.
struct RefusedOverride {
  std::string id, why;
};

struct DecisionMade {
  std::string id;  // the decision document's: "sha256:…"
  std::string verdict, outcome, basis, enforcement;
  int exit_code = 5;
  absl::Time instant;
  std::string change, change_claimed, ticket;  // the class that counted, and the one claimed
  PolicyNote policy;
  std::vector<SloNote> slos;
  std::vector<RuleNote> rules;
  std::vector<std::string> findings;   // kinds that decided
  std::vector<std::string> closed_by;  // ids of the rules that keep the gate closed
  std::string override_id;             // what opened it, or ""
  std::vector<RefusedOverride> refused_overrides;
};

struct OverrideRequested {
  std::string id;        // "ov-" and 12 hex digits
  std::string decision;  // the id of the decision it is about; "" where both came in one step
  std::string change;    // the change class that it is to prove; "": it opens a closed gate
  std::vector<std::string> rules;  // ids of the rules that it opens; none where it proves a class
  std::string reason, ticket;      // as given
  absl::Time expires_at;
  int uses = 1;
  PolicyNote policy;
  std::vector<SloNote> slos;
};

// What override_approve, override_reject, override_revoke and override_review say.
struct OverrideJudged {
  std::string id;
  std::string text;  // why, or what the review found; may be "" where it approves
};

struct OverrideUsed {
  std::string id, decision;
  bool again = false;  // after a failed release, without using it up anew
  std::optional<absl::Time> review_due;
  std::vector<SloNote> slos;
  // The request's: so that a use says by itself what it counts for, and which ticket is spent.
  std::string change, ticket;
};

// What the pipeline said after deploying.
struct ReleaseReported {
  enum class Result : uint8_t { kFailed, kDeployed, kRolledBack };
  std::string decision;
  Result result = Result::kFailed;
};

absl::string_view Word(ReleaseReported::Result result);  // "deployed", "failed", "rolled_back"
std::optional<ReleaseReported::Result> ResultFromWord(absl::string_view word);

// The tree of all records before this one: its size is this record's seq.
struct TreeHead {
  std::string root;                   // 64 hex digits
  std::vector<std::string> frontier;  // the hashes of its complete subtrees, largest first
};

// After damage: what could not be carried over from the ledger that this one continues.
struct Repaired {
  std::string reason;
  int64_t lost_lines = 0;  // of the export that was not taken
  std::string lost_root;   // the root of the tree over those lines, 64 hex digits
};

using Payload = std::variant<std::monostate, DecisionMade, OverrideRequested, OverrideJudged,
                             OverrideUsed, ReleaseReported, TreeHead, Repaired>;

struct Record {
  // The ledger gives these when it appends.
  int64_t seq = 0;  // from 0 on: the leaf's index in the tree
  std::string log_id;
  std::string prev;   // the hash of the record before, 64 hex digits
  std::string nonce;  // 32 hex digits; finds a record whose commit nobody confirmed
  std::string gate;   // the version of the slogate that wrote it
  absl::Time time;    // by the ledger's clock; may step back, seq never does

  RecordKind kind = RecordKind::kGenesis;
  Actor actor;
  Subject subject;      // service and environment at least, where the kind is about a release
  std::string refused;  // why what was tried had no effect; "" where it had
  Payload payload;

  std::string bytes;  // as stored; not part of what is written
};

// The version of the format: `v` of every record.
inline constexpr int64_t kRecordVersion = 1;

// One line without its end.
std::string WriteRecord(const Record& record);

// InvalidArgument for bytes that WriteRecord would not have written: another form, a member missing,
// of the wrong type, or unknown. FailedPrecondition for a newer version.
absl::StatusOr<Record> ReadRecord(absl::string_view bytes);

}  // namespace slogate
