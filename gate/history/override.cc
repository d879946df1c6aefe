#include "gate/history/override.h"

#include <map>
#include <utility>
#include <variant>

#include <absl/strings/str_cat.h>

namespace slogate {
namespace {

bool SameRelease(const Subject& a, const Subject& b) {
  return a.service == b.service && a.environment == b.environment && a.artifact == b.artifact;
}

// A record of each kind, added to the override that it speaks of.
class Assembly {
 public:
  void Add(const Record& record) {
    if (!record.refused.empty()) return;
    if (const auto* request = std::get_if<OverrideRequested>(&record.payload)) {
      // The first request of an id is its only one.
      if (!index_.emplace(request->id, overrides_.size()).second) return;
      overrides_.push_back(
          {*request, record.subject, record.actor, record.time, record.seq, {}, {}, {}, {}, {}});
    } else if (const auto* judged = std::get_if<OverrideJudged>(&record.payload)) {
      if (Override* one = Find(judged->id, record)) AddWord(*one, record, judged->text);
    } else if (const auto* used = std::get_if<OverrideUsed>(&record.payload)) {
      if (Override* one = Find(used->id, record)) {
        one->uses.push_back(
            {used->decision, record.time, record.seq, used->again, used->review_due, {}});
      }
    } else if (const auto* release = std::get_if<ReleaseReported>(&record.payload)) {
      AddRelease(record, *release);
    }
  }

  std::vector<Override> Take() { return std::move(overrides_); }

 private:
  Override* Find(const std::string& id, const Record& record) {
    const auto found = index_.find(id);
    if (found == index_.end()) return nullptr;
    Override& one = overrides_[found->second];
    return SameRelease(one.subject, record.subject) ? &one : nullptr;
  }

  static void AddWord(Override& one, const Record& record, const std::string& text) {
    OverrideWord word{record.actor, record.time, record.seq, text};
    if (record.kind == RecordKind::kOverrideApprove) {
      one.approvals.push_back(std::move(word));
    } else if (record.kind == RecordKind::kOverrideReview) {
      one.reviews.push_back(std::move(word));
    } else if (record.kind == RecordKind::kOverrideReject && !one.rejected) {
      one.rejected = std::move(word);
    } else if (record.kind == RecordKind::kOverrideRevoke && !one.revoked) {
      one.revoked = std::move(word);
    }
  }

  // The newest report of a release counts: what failed first and was deployed then did not fail.
  void AddRelease(const Record& record, const ReleaseReported& release) {
    for (Override& one : overrides_) {
      if (!SameRelease(one.subject, record.subject)) continue;
      for (OverrideUse& use : one.uses) {
        if (use.decision != release.decision) continue;
        use.failed_at.reset();
        if (release.result == ReleaseReported::Result::kFailed) use.failed_at = record.time;
      }
    }
  }

  std::vector<Override> overrides_;
  std::map<std::string, size_t> index_;  // by id
};

}  // namespace

std::vector<Override> OverridesIn(absl::Span<const Record> records) {
  Assembly assembly;
  for (const Record& record : records) assembly.Add(record);
  return assembly.Take();
}

std::string OverrideId(absl::string_view token) { return absl::StrCat("ov-", token.substr(0, 12)); }

}  // namespace slogate
