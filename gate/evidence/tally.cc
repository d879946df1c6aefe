#include "gate/evidence/tally.h"

#include <algorithm>
#include <limits>
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
  Rational sign;                  // 1 or -1
  bool born_with_events = false;  // inside the longest window, if in any
  std::optional<int64_t> zero_since;
  size_t member = 0;  // the same for all series of one target, by one replica
};

// What the series of one target counted in one window. What is not certain is added up where the
// same doubt is about it, as of the requests and the good ones among them at a process's first scrape.
struct Member {
  Rational certain;
  std::map<int64_t, Rational> uncertain;                   // by the time of the first sample
  std::map<std::pair<int64_t, int64_t>, Rational> across;  // by the times before and after
  int64_t first_ms = std::numeric_limits<int64_t>::max();
  int64_t last_ms = std::numeric_limits<int64_t>::min();

  PartCount Sum() const {
    PartCount sum{Bounds::Exactly(certain), 0, first_ms, last_ms};
    for (const auto& [first, events] : uncertain) {
      Rational& end = events.sign() > 0 ? sum.events.high : sum.events.low;
      end = end + events;
    }
    for (const auto& [times, events] : across) sum.across = sum.across + Abs(events);
    return sum;
  }
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

// One window of all series that were asked for. `groups` says of each member which are its replicas.
class WindowSum {
 public:
  WindowSum(const Instants& instants, size_t window, const std::vector<size_t>& groups)
      : start_(instants.starts[window]),
        window_(window),
        max_age_(instants.max_age),
        groups_(groups) {}

  void Add(const Counted& counted) {
    const SeriesCount& series = *counted.series;
    const WindowCount& window = series.windows[window_];
    if (!window.after_ms) return;
    const int64_t from = window.before_ms ? start_ : *window.after_ms;
    ++tally_.series;
    tally_.resets += window.resets;
    lives_.begins.push_back(from);
    lives_.ends.push_back(series.last->ms);
    Member& member = members_[counted.member];
    member.first_ms = std::min(member.first_ms, from);
    member.last_ms = std::max(member.last_ms, series.last->ms);
    member.certain = member.certain + counted.sign * window.inside;
    if (window.before_ms) {
      Take(member, counted.sign * window.across, *window.before_ms, *window.after_ms);
    } else if (counted.born_with_events) {
      AddBirth(member, counted);
    }
  }

  WindowTally Finish() && {
    std::map<size_t, std::vector<PartCount>> replicas;
    for (const auto& [member, count] : members_) {
      replicas[groups_[member]].push_back(count.Sum());
    }
    for (const auto& [group, parts] : replicas) {
      const PartCount worst = Worst(parts, absl::Milliseconds(max_age_));
      tally_.events = tally_.events + worst.events;
      tally_.across = tally_.across + worst.across;
    }
    const bool more_than_counted = tally_.events.high - tally_.events.low > tally_.events.low;
    tally_.step = more_than_counted && MostAreNew(std::move(lives_), max_age_);
    return std::move(tally_);
  }

 private:
  void AddBirth(Member& member, const Counted& counted) {
    const Sample& first = *counted.series->first;
    const Rational held = counted.sign * *Rational::FromDouble(first.value);
    if (counted.zero_since) {
      ++tally_.births;
      Take(member, held, *counted.zero_since, first.ms);
    } else {
      ++tally_.uncertain;
      lives_.uncertain.push_back(first.ms);
      Rational& doubtful = member.uncertain[first.ms];
      doubtful = doubtful + held;
    }
  }

  // Events in (before, after], of which some may be older than the window.
  void Take(Member& member, const Rational& events, int64_t before, int64_t after) const {
    if (before >= start_) {
      member.certain = member.certain + events;
      return;
    }
    member.certain = member.certain + events * Share(before, start_, after);
    Rational& across = member.across[{before, after}];
    across = across + events;
  }

  int64_t start_;
  size_t window_;
  int64_t max_age_;
  const std::vector<size_t>& groups_;
  WindowTally tally_;
  Lives lives_;
  std::map<size_t, Member> members_;
};

// Numbers the targets, and those that are replicas of one another. A series of no known target
// stands for itself.
class Members {
 public:
  explicit Members(const std::vector<std::string>& replicas) : replicas_(replicas) {}

  size_t NumberOf(const SeriesLabels& labels, const SeriesLabels& target) {
    const SeriesLabels& key = target.empty() ? labels : target;
    const auto [found, is_new] = members_.emplace(key, members_.size());
    if (is_new) {
      const SeriesLabels common = WithoutReplicas(key, replicas_);
      groups_.push_back(numbers_.emplace(common, numbers_.size()).first->second);
    }
    return found->second;
  }

  const std::vector<size_t>& groups() const { return groups_; }

 private:
  const std::vector<std::string>& replicas_;
  std::map<SeriesLabels, size_t> members_, numbers_;
  std::vector<size_t> groups_;
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

Tallied Tally::Count(const std::function<int(const SeriesLabels&)>& sign,
                     const StartTimes& starts) const {
  Tallied tallied;
  const Births births(series_, plan_.replicas, starts, plan_.max_age);
  Members members(plan_.replicas);
  std::vector<Counted> all;
  std::set<SeriesLabels> unexplained;
  std::vector<bool> covered(instants_.slot_ends.size());
  for (const SeriesCount& series : series_) {
    const int of_this = sign(series.labels);
    if (of_this == 0) continue;
    if (series.impossible) tallied.impossible = series.impossible;
    if (series.impossible || !series.first) continue;
    See(series, tallied, covered);
    const SeriesLabels target = TargetOf(series.labels, plan_.replicas);
    Counted one{&series, of_this, false, {}, members.NumberOf(series.labels, target)};
    one.born_with_events = series.first->ms > instants_.starts[0] && series.first->value > 0;
    if (one.born_with_events) one.zero_since = births.ZeroSince(series);
    if (one.born_with_events && !one.zero_since && !target.empty() && starts.count(target) == 0)
      unexplained.insert(target);
    all.push_back(std::move(one));
  }
  tallied.covered = std::count(covered.begin(), covered.end(), true);
  tallied.unexplained.assign(unexplained.begin(), unexplained.end());
  for (size_t i = 0; i < plan_.windows.size(); ++i) {
    WindowSum sum(instants_, i, members.groups());
    for (const Counted& one : all) sum.Add(one);
    tallied.windows.push_back(std::move(sum).Finish());
  }
  return tallied;
}

}  // namespace slogate
