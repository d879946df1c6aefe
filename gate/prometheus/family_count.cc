#include "gate/prometheus/family_count.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "gate/base/duration.h"
#include "gate/base/limits.h"
#include "gate/prometheus/plain_matcher.h"

namespace slogate {
namespace {

std::vector<ReadQuery> QueriesOf(const CounterFamily& family, absl::Time at) {
  const absl::Time start = at - family.windows.front() - family.max_age;
  std::vector<ReadQuery> queries;
  for (const Selector& selector : family.reads)
    queries.push_back({selector, absl::ToUnixMillis(start), absl::ToUnixMillis(at)});
  return queries;
}

const std::string& ValueOf(const SeriesLabels& labels, const std::string& name) {
  static const std::string none;
  const auto found = std::find_if(labels.begin(), labels.end(),
                                  [&](const auto& label) { return label.first == name; });
  return found == labels.end() ? none : found->second;
}

// Exact: what was counted is a decimal.
std::string Text(const Rational& value) {
  return value.ExactDecimal().value_or(value.Significant(40, Rounding::kDown));
}

json::Value SeriesValue(const SeriesCount& series, const std::vector<absl::Duration>& windows) {
  json::Object labels, counted;
  for (const auto& [name, value] : series.labels) labels[name] = value;
  for (size_t i = 0; i < windows.size(); ++i) {
    const WindowCount& window = series.windows[i];
    if (!window.after_ms) continue;
    counted[PrintDuration(windows[i])] =
        json::Object{{"events", Text(window.inside)}, {"across_start", Text(window.across)}};
  }
  json::Value first;
  if (series.first && !series.impossible) {
    first = json::Object{{"at", PrintTime(absl::FromUnixMillis(series.first->ms))},
                         {"value", Text(*Rational::FromDouble(series.first->value))}};
  }
  return json::Object{
      {"labels", std::move(labels)}, {"counted", std::move(counted)}, {"first", std::move(first)}};
}

}  // namespace

FamilyCount::FamilyCount(CounterFamily family, absl::Time at)
    : family_(std::move(family)),
      queries_(QueriesOf(family_, at)),
      tally_({family_.windows, at, family_.max_age, {}}) {}

absl::Status FamilyCount::Begin(size_t query, const SeriesLabels& labels) {
  const auto [place, is_new] = came_by_.try_emplace(labels);
  place->second.insert(query);
  known_ = !is_new;
  if (!known_) tally_.Begin(labels);
  return absl::OkStatus();
}

absl::Status FamilyCount::Add(absl::Span<const Sample> samples) {
  if (!known_) tally_.Add(samples);
  return absl::OkStatus();
}

absl::Status FamilyCount::End() {
  if (!known_) tally_.End();
  return absl::OkStatus();
}

std::optional<bool> FamilyCount::IsOf(const CountedSelector& selector,
                                      const SeriesLabels& labels) const {
  const auto came = came_by_.find(labels);
  if (came == came_by_.end() || came->second.count(selector.read) == 0) return false;
  std::optional<bool> all = true;
  for (const Matcher& matcher : selector.where) {
    const std::optional<bool> accepts = Accepts(matcher, ValueOf(labels, matcher.label));
    if (!accepts) all.reset();
    if (accepts == std::optional(false)) return false;
  }
  return all;
}

std::optional<Tallied> FamilyCount::CountBy(
    const std::function<std::optional<int>(const SeriesLabels&)>& sign,
    const StartTimes& starts) const {
  bool exact = true;
  Tallied tallied = tally_.Count(
      [&](const SeriesLabels& labels) {
        const std::optional<int> of_this = sign(labels);
        if (!of_this) exact = false;
        return of_this.value_or(0);
      },
      starts);
  return exact ? std::optional(std::move(tallied)) : std::nullopt;
}

void FamilyCount::Count(const StartTimes& starts) {
  tallied_.clear();
  rests_.clear();
  const auto counts = [&](size_t index, const SeriesLabels& labels) -> std::optional<int> {
    return IsOf(family_.counted[index], labels);
  };
  for (size_t i = 0; i < family_.counted.size(); ++i) {
    tallied_.push_back(CountBy([&](const auto& labels) { return counts(i, labels); }, starts));
    const std::optional<size_t> whole = WholeOf(i, family_);
    const auto rest = [&](const SeriesLabels& labels) -> std::optional<int> {
      const std::optional<int> all = counts(*whole, labels), part = counts(i, labels);
      return all && part ? std::optional(*all - *part) : std::nullopt;
    };
    rests_.push_back(whole ? CountBy(rest, starts) : std::nullopt);
  }
}

const Tallied* FamilyCount::RestOf(size_t index) const {
  return rests_[index] ? &*rests_[index] : nullptr;
}

const Tallied* FamilyCount::Of(size_t index) const {
  return tallied_[index] ? &*tallied_[index] : nullptr;
}

std::set<SeriesLabels> FamilyCount::Unexplained() const {
  std::set<SeriesLabels> targets;
  for (const std::optional<Tallied>& one : tallied_) {
    if (one) targets.insert(one->unexplained.begin(), one->unexplained.end());
  }
  return targets;
}

json::Object FamilyCount::Kept() const {
  struct Ranked {
    int64_t asked_by = 0;
    Rational events;
    const SeriesCount* series = nullptr;
  };
  std::vector<Ranked> ranked;
  for (const SeriesCount& series : tally_.series()) {
    const auto asked_by =
        std::count_if(family_.counted.begin(), family_.counted.end(),
                      [&](const auto& selector) { return IsOf(selector, series.labels) == true; });
    ranked.push_back({asked_by, series.windows.front().inside, &series});
  }
  const size_t kept = std::min(ranked.size(), limits::kKeptSeries);
  std::sort(ranked.begin(), ranked.end(), [](const Ranked& a, const Ranked& b) {
    return std::tie(b.asked_by, b.events, a.series->labels) <
           std::tie(a.asked_by, a.events, b.series->labels);
  });
  json::Array list;
  for (size_t i = 0; i < kept; ++i) {
    list.push_back(SeriesValue(*ranked[i].series, family_.windows));
  }
  return {{"series", std::move(list)},
          {"series_left_out", json::Value::Number(static_cast<int64_t>(ranked.size() - kept))}};
}

}  // namespace slogate
