#include "gate/ledger/match.h"

#include <algorithm>
#include <variant>

#include <absl/strings/match.h>

namespace slogate {
namespace {

// What the payload has of the columns `id`, `verdict` and `change`.
struct Columns {
  std::string id, verdict, change;

  void operator()(const std::monostate&) {}
  void operator()(const DecisionMade& made) {
    id = made.id;
    verdict = made.verdict;
    change = made.change;
  }
  void operator()(const OverrideRequested& request) {
    id = request.id;
    change = request.change;
  }
  void operator()(const OverrideJudged& judged) { id = judged.id; }
  void operator()(const OverrideUsed& used) {
    id = used.id;
    change = used.change;
  }
  void operator()(const ReleaseReported& release) { id = release.decision; }
  void operator()(const TreeHead&) {}
  void operator()(const Repaired&) {}
};

bool Is(const std::string& wanted, const std::string& there) {
  return wanted.empty() || wanted == there;
}

bool Is(const std::optional<std::string>& wanted, const std::string& there) {
  return !wanted || *wanted == there;
}

}  // namespace

bool Meets(const Record& record, const RecordQuery& query) {
  Columns columns;
  std::visit(columns, record.payload);
  const Subject& subject = record.subject;
  const bool kind = query.kinds.empty() || std::find(query.kinds.begin(), query.kinds.end(),
                                                     record.kind) != query.kinds.end();
  return kind && Is(query.service, subject.service) && Is(query.environment, subject.environment) &&
         Is(query.artifact, subject.artifact) && Is(query.verdict, columns.verdict) &&
         Is(query.change, columns.change) && Is(query.actor, record.actor.account) &&
         absl::StartsWith(columns.id, query.id) && (!query.since || record.time >= *query.since) &&
         (!query.until || record.time < *query.until) &&
         (!query.from || record.seq >= *query.from) && (!query.to || record.seq < *query.to);
}

}  // namespace slogate
