#include "tests/testing/sample_records.h"

#include <utility>

#include <absl/strings/str_cat.h>

namespace slogate::fake {
namespace {

const absl::Time kTime = kSampleStart;

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

void Chained::Add(Record record) {
  record.seq = static_cast<int64_t>(records_.size());
  record.log_id = "acme";
  record.prev = Hex(last_);
  record.nonce = absl::StrCat("nonce", record.seq);
  record.gate = "0.1.0";
  record.bytes = WriteRecord(record);
  last_ = LeafHash(record.bytes);
  records_.push_back(std::move(record));
}

Record RecordAt(absl::Time time, RecordKind kind, const std::string& service,
                const std::string& environment) {
  Record record = SampleRecord(kind);
  record.time = time;
  record.subject.service = service;
  record.subject.environment = environment;
  return record;
}

Chained SampleChain() {
  Chained chain;
  Record genesis;
  genesis.kind = RecordKind::kGenesis;
  genesis.actor.account = "local:root";
  genesis.time = kSampleStart;
  chain.Add(genesis);
  const auto minute = [](int n) { return kSampleStart + absl::Minutes(n); };
  for (int i = 1; i <= 3; ++i) {
    Record decision = RecordAt(minute(i), RecordKind::kDecision, i == 3 ? "search" : "checkout",
                               i == 2 ? "staging" : "production");
    auto& made = std::get<DecisionMade>(decision.payload);
    made.id = absl::StrCat("sha256:", i, i, i);
    made.verdict = i == 1 ? "allow" : "deny";
    made.change = i == 3 ? "rollback" : "feature";
    made.override_id = "ov-0123456789ab";
    decision.subject.artifact = absl::StrCat("sha256:", i);
    chain.Add(decision);
  }
  for (const RecordKind kind : ReleaseKinds()) {
    if (kind != RecordKind::kDecision) chain.Add(RecordAt(minute(4), kind, "checkout"));
  }
  // Its clock stepped back, and it has no subject to speak of.
  Record odd = RecordAt(minute(2), RecordKind::kRelease, "", "");
  odd.actor.account = "jenkins:\"böb\"";
  odd.subject.artifact = "";
  chain.Add(odd);
  return chain;
}

}  // namespace slogate::fake
