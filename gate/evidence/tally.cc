#include "gate/evidence/tally.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "gate/evidence/replicas.h"

namespace slogate {
namespace {

// The share of (before, after] that lies after `start`. In millionths, so that every count stays a
// decimal.
Rational Share(int64_t before, int64_t start, int64_t after) {
  constexpr int64_t kParts = 1'000'000;
  return *Quotient((after - start) * kParts / (after - before), kParts);
}

// A series that was asked for, with what all windows need to know of it.
struct Counted {
  const SeriesCount* series = nullptr;
  bool born_with_events = false;  // inside the longest window, if in any
  std::optional<int64_t> zero_since;
  size_t group = 0;  // the same for all replicas
};

// When the series of a window were there, and which of them began with events of unknown times.
struct Lives {
  std::vector<int64_t> begins, ends, uncertain;
};

// Whether at some time at least half of the series there were uncertain newcomers. Half: a rolling
// deployment replaces fewer at once, a move all of them, but for some that come later.
bool MostAreNew(Lives lives, int64_t max_age) {
  std::sort(lives.begins.begin(), lives.begins.end());
  std::sort(lives.ends.begin(), lives.ends.end());
  std::sort(lives.uncertain.begin(), lives.uncertain.end());
  const auto up_to = [](const std::vector<int64_t>& times, int64_t ms) {
    return std::upper_bound(times.begin(), times.end(), ms) - times.begin();
  };
  for (const int64_t from : lives.uncertain) {
    const int64_t to = from + max_age;
    const auto newcomers = up_to(lives.uncertain, to) - up_to(lives.uncertain, from - 1);
    const auto there = up_to(lives.begins, to) - up_to(lives.ends, from - 1);
    if (2 * newcomers >= there) return true;
  }
  return false;
}

// One window of all series that were asked for.
class WindowSum {
 public:
  WindowSum(const Instants& instants, size_t window)
      : start_(instants.starts[window]), window_(window), max_age_(instants.max_age) {}

  void Add(const Counted& counted) {
    const SeriesCount& series = *counted.series;
    const WindowCount& window = series.windows[window_];
    if (!window.after_ms) return;
    ++tally_.series;
    tally_.resets += window.resets;
    PartCount part{Bounds::Exactly(window.inside), 0, window.before_ms ? start_ : *window.after_ms,
                   series.last->ms};
    lives_.begins.push_back(part.first_ms);
    lives_.ends.push_back(part.last_ms);
    if (window.before_ms) {
      Take(part, window.across, *window.before_ms, *window.after_ms);
    } else if (counted.born_with_events) {
      AddBirth(part, counted);
    }
    groups_[counted.group].push_back(std::move(part));
  }

  WindowTally Finish() && {
    for (const auto& [group, parts] : groups_) {
      const PartCount worst = Worst(parts, absl::Milliseconds(max_age_));
      tally_.events = tally_.events + worst.events;
      tally_.across = tally_.across + worst.across;
    }
    const bool more_than_counted = tally_.events.high - tally_.events.low > tally_.events.low;
    tally_.step = more_than_counted && MostAreNew(std::move(lives_), max_age_);
    return std::move(tally_);
  }

 private:
  void AddBirth(PartCount& part, const Counted& counted) {
    const Rational held = *Rational::FromDouble(counted.series->first->value);
    if (counted.zero_since) {
      ++tally_.births;
      Take(part, held, *counted.zero_since, part.first_ms);
    } else {
      ++tally_.uncertain;
      lives_.uncertain.push_back(part.first_ms);
      part.events.high = part.events.high + held;
    }
  }

  // Events in (before, after], of which some may be older than the window.
  void Take(PartCount& part, const Rational& events, int64_t before, int64_t after) const {
    if (before >= start_) {
      part.events = part.events + Bounds::Exactly(events);
    } else {
      const Rational share = Share(before, start_, after);
      part.events = part.events + Bounds::Exactly(events * share);
      part.across = events;
    }
  }

  int64_t start_;
  size_t window_;
  int64_t max_age_;
  WindowTally tally_;
  Lives lives_;
  std::map<size_t, std::vector<PartCount>> groups_;
};

// When the samples of all series began and ended, and which slots one of them covers.
void See(const SeriesCount& series, Tallied& tallied, std::vector<bool>& covered) {
  const absl::Time first = absl::FromUnixMillis(series.first->ms);
  const absl::Time last = absl::FromUnixMillis(series.last->ms);
  tallied.oldest = std::min(tallied.oldest.value_or(first), first);
  tallied.newest = std::max(tallied.newest.value_or(last), last);
  for (size_t i = 0; i < covered.size(); ++i) covered[i] = covered[i] || series.covered[i];
}

}  // namespace

Tally::Tally(TallyPlan plan)
    : plan_(std::move(plan)), instants_(InstantsOf(plan_.windows, plan_.at, plan_.max_age)) {}

void Tally::Begin(SeriesLabels labels) { open_.emplace(instants_, std::move(labels)); }

void Tally::Add(absl::Span<const Sample> samples) { open_->Add(samples); }

void Tally::End() {
  series_.push_back(std::move(*open_).Finish());
  open_.reset();
}

Tallied Tally::Count(const std::function<bool(const SeriesLabels&)>& counted,
                     const StartTimes& starts) const {
  Tallied tallied;
  const Births births(series_, plan_.replicas, starts, plan_.max_age);
  std::vector<Counted> all;
  std::map<SeriesLabels, size_t> groups;
  std::set<SeriesLabels> unexplained;
  std::vector<bool> covered(instants_.slot_ends.size());
  for (const SeriesCount& series : series_) {
    if (!counted(series.labels)) continue;
    if (series.impossible) tallied.impossible = series.impossible;
    if (series.impossible || !series.first) continue;
    See(series, tallied, covered);
    Counted& one = all.emplace_back();
    one.series = &series;
    one.group =
        groups.emplace(WithoutReplicas(series.labels, plan_.replicas), groups.size()).first->second;
    one.born_with_events = series.first->ms > instants_.starts[0] && series.first->value > 0;
    if (!one.born_with_events) continue;
    one.zero_since = births.ZeroSince(series);
    if (one.zero_since) continue;
    SeriesLabels target = TargetOf(series.labels, plan_.replicas);
    if (!target.empty() && starts.count(target) == 0) unexplained.insert(std::move(target));
  }
  tallied.covered = std::count(covered.begin(), covered.end(), true);
  tallied.unexplained.assign(unexplained.begin(), unexplained.end());
  for (size_t i = 0; i < plan_.windows.size(); ++i) {
    WindowSum sum(instants_, i);
    for (const Counted& one : all) sum.Add(one);
    tallied.windows.push_back(std::move(sum).Finish());
  }
  return tallied;
}

}  // namespace slogate
