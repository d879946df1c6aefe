#include "gate/evidence/births.h"

#include <algorithm>

#include <absl/strings/string_view.h>

namespace slogate {
namespace {

// Labels that say where a series was scraped, not what it counts. One too many only means fewer
// witnesses.
constexpr absl::string_view kOfTargets[] = {"cluster", "container", "instance",
                                            "job",     "namespace", "pod"};
constexpr absl::string_view kOfProcesses[] = {"instance", "pod"};

template <class List>
bool Has(const List& list, absl::string_view name) {
  return std::find(std::begin(list), std::end(list), name) != std::end(list);
}

// Whether two different series are the same but for the way in which a bucket's bound is written:
// "1" and "1.0".
bool SameBucket(const SeriesLabels& a, const SeriesLabels& b) {
  bool other_spelling = false;
  const bool same =
      std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](const auto& x, const auto& y) {
        if (x == y) return true;
        if (x.first != "le" || y.first != "le") return false;
        const std::optional<Rational> one = Rational::FromDecimal(x.second);
        other_spelling = one && one == Rational::FromDecimal(y.second);
        return other_spelling;
      });
  return same && other_spelling;
}

// Raises `latest` to `ms`, where that is before `first`.
void Raise(std::optional<int64_t>& latest, std::optional<int64_t> ms, int64_t first) {
  if (ms && *ms < first) latest = std::max(latest.value_or(*ms), *ms);
}

}  // namespace

SeriesLabels TargetOf(const SeriesLabels& labels, const std::vector<std::string>& replicas) {
  SeriesLabels target;
  bool known = false;
  for (const auto& label : labels) {
    if (!Has(kOfTargets, label.first) && !Has(replicas, label.first)) continue;
    known = known || Has(kOfProcesses, label.first);
    target.push_back(label);
  }
  return known ? target : SeriesLabels();
}

Births::Births(absl::Span<const SeriesCount> series, const std::vector<std::string>& replicas,
               const StartTimes& starts, absl::Duration max_age)
    : replicas_(replicas), starts_(starts), max_age_(absl::ToInt64Milliseconds(max_age)) {
  for (const SeriesCount& one : series) {
    SeriesLabels target = TargetOf(one.labels, replicas);
    if (one.first && !target.empty()) targets_[std::move(target)].push_back(&one);
  }
}

std::optional<int64_t> Births::ZeroSince(const SeriesCount& series) const {
  const SeriesLabels target = TargetOf(series.labels, replicas_);
  if (target.empty() || WasSpeltOtherwise(series, target)) return std::nullopt;
  const std::optional<int64_t> seen = LastSeen(series, target);
  return seen ? seen : LastStart(series, target);
}

bool Births::WasSpeltOtherwise(const SeriesCount& series, const SeriesLabels& target) const {
  const auto found = targets_.find(target);
  if (found == targets_.end()) return false;
  return std::any_of(found->second.begin(), found->second.end(), [&](const SeriesCount* other) {
    return other->last->ms < series.first->ms && SameBucket(other->labels, series.labels);
  });
}

// Of a witness only the samples around the windows' starts are kept. That is enough: where the latest
// of those before the first sample is not the latest of all, no window begins between the two.
std::optional<int64_t> Births::LastSeen(const SeriesCount& series,
                                        const SeriesLabels& target) const {
  const int64_t first = series.first->ms;
  std::optional<int64_t> latest;
  const auto found = targets_.find(target);
  if (found == targets_.end()) return latest;
  for (const SeriesCount* witness : found->second) {
    if (witness->last->ms < first) continue;
    for (const WindowCount& window : witness->windows) {
      Raise(latest, window.before_ms, first);
      Raise(latest, window.after_ms, first);
    }
  }
  return latest;
}

std::optional<int64_t> Births::LastStart(const SeriesCount& series,
                                         const SeriesLabels& target) const {
  std::optional<int64_t> latest;
  const auto found = starts_.find(target);
  if (found == starts_.end()) return latest;
  for (const absl::Time start : found->second) {
    Raise(latest, absl::ToUnixMillis(start), series.first->ms);
  }
  if (latest && series.first->ms - *latest > max_age_) return std::nullopt;
  return latest;
}

}  // namespace slogate
