#include "tests/testing/sample_records.h"

#include <absl/strings/str_cat.h>

namespace slogate::fake {
namespace {

const absl::Time kTime = absl::FromUnixSeconds(1'764'000'000);

Payload SamplePayload(RecordKind kind) {
  const SloNote slo = {"availability", "0.999", 2'592'000, "41882310", "44107", "-0.0532"};
  const PolicyNote policy = {"acme", std::string(64, 'a')};
  const std::string decision = absl::StrCat("sha256:", std::string(64, 'd'));
  switch (kind) {
    case RecordKind::kGenesis:
      return std::monostate();
    case RecordKind::kDecision: {
      DecisionMade made;
      made.id = decision;
      made.verdict = "deny";
      made.outcome = "blocked";
      made.basis = "budget";
      made.enforcement = "enforce";
      made.exit_code = 1;
      made.instant = kTime;
      made.change = made.change_claimed = "feature";
      made.policy = policy;
      made.slos = {slo};
      made.rules = {{"spent", "availability", Truth::kTrue, Verdict::kDeny, true}};
      made.closed_by = {"spent"};
      return made;
    }
    case RecordKind::kOverrideRequest: {
      OverrideRequested request;
      request.id = "ov-0123456789ab";
      request.decision = decision;
      request.rules = {"spent"};
      request.reason = "The fix for INC-42 — \"now\"\n\t\\ \u202e";
      request.ticket = "INC-42";
      request.expires_at = kTime + absl::Hours(4);
      request.policy = policy;
      request.slos = {slo};
      return request;
    }
    case RecordKind::kOverrideApprove:
    case RecordKind::kOverrideReject:
    case RecordKind::kOverrideRevoke:
    case RecordKind::kOverrideReview:
      return OverrideJudged{"ov-0123456789ab", "seen"};
    case RecordKind::kOverrideUse:
      return OverrideUsed{"ov-0123456789ab", decision, false, kTime + absl::Hours(48), {slo}, "",
                          "INC-42"};
    case RecordKind::kRelease:
      return ReleaseReported{decision, ReleaseReported::Result::kDeployed};
    case RecordKind::kCheckpoint:
      return TreeHead{std::string(64, '0'), {}};
    case RecordKind::kRepair:
      return Repaired{"a disk failed", 7, std::string(64, 'b')};
  }
  return std::monostate();
}

}  // namespace

Record SampleRecord(RecordKind kind) {
  Record record;
  record.kind = kind;
  record.actor = {"github:alice", "GITHUB_TRIGGERING_ACTOR", ""};
  record.subject.service = "checkout";
  record.subject.environment = "production";
  record.subject.artifact = absl::StrCat("sha256:", std::string(64, 'c'));
  record.subject.version = "4.18.2";
  record.payload = SamplePayload(kind);
  return record;
}

std::vector<RecordKind> ReleaseKinds() {
  return {RecordKind::kDecision,       RecordKind::kOverrideRequest, RecordKind::kOverrideApprove,
          RecordKind::kOverrideReject, RecordKind::kOverrideUse,     RecordKind::kOverrideRevoke,
          RecordKind::kOverrideReview, RecordKind::kRelease};
}

}  // namespace slogate::fake
