#include "gate/history/history.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace slogate {
namespace {

constexpr RecordKind kOverrideWords[] = {RecordKind::kOverrideRequest, RecordKind::kOverrideApprove,
                                         RecordKind::kOverrideReject, RecordKind::kOverrideRevoke};

bool IsThere(const Record& record, const Subject& subject) {
  return record.refused.empty() && record.subject.service == subject.service &&
         record.subject.environment == subject.environment;
}

RecordQuery There(const Subject& subject, std::vector<RecordKind> kinds) {
  RecordQuery query;
  query.kinds = std::move(kinds);
  query.service = subject.service;
  query.environment = subject.environment;
  return query;
}

RecordQuery Since(RecordQuery query, absl::Time since) {
  query.since = since;
  return query;
}

// How far back the ledger is asked for overrides: nothing older opens a gate.
std::optional<absl::Duration> ReachOfOverrides(const EffectivePolicy& policy) {
  const bool consent = std::any_of(
      policy.changes.begin(), policy.changes.end(),
      [](const auto& change) { return change.second.proof && change.second.proof->consent; });
  if (!policy.overrides && !consent) return std::nullopt;
  return policy.overrides.value_or(OverrideRules()).expires + kExpiredMemory;
}

template <class T>
const T* About(const Record& record, const Subject& subject) {
  return IsThere(record, subject) ? std::get_if<T>(&record.payload) : nullptr;
}

bool SaysDeployed(const Record& record, const Subject& subject) {
  const auto* release = About<ReleaseReported>(record, subject);
  return release != nullptr && release->result == ReleaseReported::Result::kDeployed;
}

}  // namespace

std::vector<RecordQuery> HistoryQueries(const EffectivePolicy& policy, const Subject& subject,
                                        absl::Time now) {
  std::vector<RecordQuery> queries;
  RecordQuery newest = There(subject, {RecordKind::kDecision});
  newest.newest_first = true;
  newest.most = 1;
  queries.push_back(std::move(newest));
  for (const Rule& rule : policy.rules) {
    const auto* last = std::get_if<LastRelease>(&rule.when);
    if (last == nullptr) continue;
    queries.push_back(
        Since(There(subject, {RecordKind::kRelease}), now - last->younger_than.value));
  }
  if (const auto reach = ReachOfOverrides(policy)) {
    const std::vector<RecordKind> words(std::begin(kOverrideWords), std::end(kOverrideWords));
    queries.push_back(Since(There(subject, words), now - *reach));
    queries.push_back(Since(
        There(subject, {RecordKind::kOverrideUse}),
        now - std::max({*reach, kTicketMemory,
                        policy.overrides && policy.overrides->limit ? policy.overrides->limit->per
                                                                    : absl::ZeroDuration()})));
    // Whether the release that an override let out failed.
    RecordQuery releases = Since(There(subject, {RecordKind::kRelease}), now - *reach);
    releases.artifact = subject.artifact;
    if (!subject.artifact.empty()) queries.push_back(std::move(releases));
  }
  for (const auto& [name, change] : policy.changes) {
    if (change.limit) {
      RecordQuery uses = Since(There(subject, {RecordKind::kDecision}), now - change.limit->per);
      uses.change = name;
      queries.push_back(std::move(uses));
    }
    if (change.proof && change.proof->released_before && !subject.artifact.empty()) {
      RecordQuery releases =
          Since(There(subject, {RecordKind::kRelease}), now - *change.proof->released_before);
      releases.artifact = subject.artifact;
      queries.push_back(std::move(releases));
    }
  }
  return queries;
}

std::optional<absl::Time> DeployedAt(const History& history, const Subject& subject) {
  std::optional<absl::Time> newest;
  for (const Record& record : history.records) {
    const bool same = !subject.artifact.empty() && record.subject.artifact == subject.artifact;
    if (same && SaysDeployed(record, subject)) {
      newest = std::max(newest.value_or(record.time), record.time);
    }
  }
  return newest;
}

std::optional<absl::Time> LastDeployedAt(const History& history, const Subject& subject) {
  std::optional<absl::Time> newest;
  for (const Record& record : history.records) {
    if (SaysDeployed(record, subject)) {
      newest = std::max(newest.value_or(record.time), record.time);
    }
  }
  return newest;
}

const Record* LastDecision(const History& history, const Subject& subject) {
  const Record* last = nullptr;
  for (const Record& record : history.records) {
    if (About<DecisionMade>(record, subject) != nullptr) last = &record;
  }
  return last;
}

int OverridesUsed(const History& history, const Subject& subject, absl::Time since) {
  return static_cast<int>(
      std::count_if(history.records.begin(), history.records.end(), [&](const Record& record) {
        const auto* used = About<OverrideUsed>(record, subject);
        return used != nullptr && !used->again && used->change.empty() && record.time >= since;
      }));
}

int ClassUses(const History& history, const Subject& subject, const std::string& change,
              absl::Time since) {
  return static_cast<int>(
      std::count_if(history.records.begin(), history.records.end(), [&](const Record& record) {
        const auto* made = About<DecisionMade>(record, subject);
        return made != nullptr && made->change == change && made->outcome == "proceed" &&
               made->basis == "class" && record.time >= since;
      }));
}

}  // namespace slogate
