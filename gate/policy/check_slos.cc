#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include "gate/base/duration.h"
#include "gate/policy/check_parts.h"
#include "gate/policy/effective.h"

namespace slogate {
namespace {

using Half = std::optional<Placed<Selector>>;

bool CheckNotAll(const EventsSli& events, Report& report) {
  if (!events.good || !events.bad || !events.total) return true;
  report.Error("sli_pair", events.at,
               "good, bad and total are all given, and any two define the third",
               "leave out one of them; total and bad are the usual pair");
  return false;
}

bool CheckTwo(const char* kind, const EventsSli& events, Report& report) {
  const int given = (events.good ? 1 : 0) + (events.bad ? 1 : 0) + (events.total ? 1 : 0);
  if (given == 2) return true;
  report.Error("sli_pair", events.at, absl::StrCat(kind, " needs two of good, bad and total"),
               "give total and bad, such as bad: '{code=~\"5..\"}'");
  return false;
}

bool CheckMetricNames(const EventsSli& events, Report& report) {
  if (events.total) {
    if (!events.total->value.matchers_only()) return true;
    report.Error("no_metric_name", events.total->at, "'total' has matchers but no metric name",
                 "write the counter's name before '{'");
    return false;
  }
  bool named = true;
  for (const auto& [name, half] :
       {std::pair("good", &events.good), std::pair("bad", &events.bad)}) {
    if (!(*half)->value.matchers_only()) continue;
    report.Error("no_metric_name", (*half)->at,
                 absl::StrCat("'", name,
                              "' has no metric name, and there is no total to add its matchers to"),
                 "write the counter's name before '{', or give total in place of the other half");
    named = false;
  }
  return named;
}

// Two halves that are the same selection: nothing, or everything, would be bad.
bool CheckDifferent(const EventsSli& events, const EventsSli& completed, Report& report) {
  const std::pair<const char*, const Half*> halves[] = {
      {"total", &completed.total}, {"good", &completed.good}, {"bad", &completed.bad}};
  for (size_t i = 0; i < std::size(halves); ++i) {
    for (size_t j = i + 1; j < std::size(halves); ++j) {
      const Half& first = *halves[i].second;
      const Half& second = *halves[j].second;
      if (!first || !second || !SameSelection(first->value, second->value)) continue;
      report.Error(
          "same_selection", second->at,
          absl::StrCat("'", halves[j].first, "' selects the same as '", halves[i].first, "'"),
          events.total ? "add the matcher that tells these events from all, such as {code=~\"5..\"}"
                       : "add the matchers that tell good events from bad");
      return false;
    }
  }
  return true;
}

bool CheckHistogramName(const Placed<Selector>& histogram, Report& report) {
  const std::string& metric = histogram.value.metric;
  if (metric.empty()) {
    report.Error("no_metric_name", histogram.at, "'histogram' has matchers but no metric name",
                 "write the histogram's name before '{'");
    return false;
  }
  for (const absl::string_view part : {"_bucket", "_count", "_sum"}) {
    if (!absl::EndsWith(metric, part)) continue;
    const std::string base = metric.substr(0, metric.size() - part.size());
    report.Error("histogram_part", histogram.at,
                 absl::StrCat("'", metric, "' is only a part of a histogram"),
                 absl::StrCat("name the whole, '", base, "'; slogate adds _bucket itself"));
    return false;
  }
  return true;
}

bool CheckNoBound(const Placed<Selector>& histogram, Report& report) {
  const std::vector<Matcher>& matchers = histogram.value.matchers;
  const auto bound = std::find_if(matchers.begin(), matchers.end(),
                                  [](const Matcher& matcher) { return matcher.label == "le"; });
  if (bound == matchers.end()) return true;
  report.Error("bound_matcher", histogram.at,
               absl::StrCat("'histogram' chooses buckets itself: ", Print(*bound)),
               "remove it; slogate takes the buckets that 'within' needs");
  return false;
}

bool CheckDead(const Sli& completed, const char* hint, Report& report) {
  const std::optional<DeadSelector> dead = FindDeadSelector(completed);
  if (!dead) return true;
  report.Error("never_matches", dead->at,
               absl::StrCat("'", dead->half, "' can match nothing: ", Print(dead->one), " and ",
                            Print(dead->other), " exclude each other"),
               hint);
  return false;
}

bool CheckNamed(const char* key, const Selector& selector, Position at, Report& report) {
  if (!selector.matchers_only()) return true;
  report.Error("no_metric_name", at, absl::StrCat("'", key, "' has matchers but no metric name"),
               "write the metric's name before '{'");
  return false;
}

bool CheckWatch(const ThresholdSli& threshold, Report& report) {
  if (threshold.watch)
    return CheckNamed("watch", threshold.watch->value, threshold.watch->at, report);
  if (!std::holds_alternative<Promql>(threshold.value.value)) return true;
  report.Error("no_watch", threshold.value.at,
               "'value' is PromQL, and only the samples of a series tell how fresh its data is",
               "add watch: with the selector of a series that the PromQL needs");
  return false;
}

bool CheckWindowPlace(const char* key, const Placed<Promql>& promql, Report& report) {
  if (Mentions(promql.value, kWindowPlaceholder)) return true;
  report.Error("no_window", promql.at,
               absl::StrCat("'", key, "' counts the same whatever the window: it has no $window"),
               "write $window for the range: sum(increase(orders_total[$window]))");
  return false;
}

// Whether slices can be told apart as good and bad by a share of `ratio`.
bool CheckRatio(const SlicesSli& slices, Report& report) {
  if (slices.ratio.value < Rational(1) || slices.events.bad) return true;
  // The shares of counters that are extrapolated each by itself are never surely 1.
  report.Error("whole_ratio", slices.ratio.at,
               "a ratio of 100% cannot be told from good and total, which are estimates",
               "give bad in place of good, or a lower ratio");
  return false;
}

// One check a kind of SLI. `doubtful`: there is a mistake in it already.
struct SliCheck {
  bool doubtful;
  Report& report;

  bool operator()(const EventsSli& events) const { return Counters("events", events); }

  bool Counters(const char* kind, const EventsSli& events) const {
    if (!CheckNotAll(events, report)) return false;  // however the three are written
    if (doubtful) return false;
    if (!CheckTwo(kind, events, report) || !CheckMetricNames(events, report)) return false;
    const EventsSli completed = Completed(events, {});
    return CheckDifferent(events, completed, report) &&
           CheckDead(completed,
                     "remove one of the two; a half without a metric name has the matchers of "
                     "total, too",
                     report);
  }

  bool operator()(const LatencySli& latency) const {
    return !doubtful && CheckHistogramName(latency.histogram, report) &&
           CheckNoBound(latency.histogram, report) &&
           CheckDead(latency, "remove one of the two", report);
  }

  bool operator()(const ThresholdSli& threshold) const {
    if (doubtful) return false;
    const auto* gauge = std::get_if<Selector>(&threshold.value.value);
    return (gauge == nullptr || CheckNamed("value", *gauge, threshold.value.at, report)) &&
           CheckWatch(threshold, report) && CheckDead(threshold, "remove one of the two", report);
  }

  bool operator()(const SlicesSli& slices) const {
    return Counters("slices", slices.events) && CheckRatio(slices, report);
  }

  bool operator()(const QuerySli& query) const {
    if (doubtful || !CheckNamed("watch", query.watch.value, query.watch.at, report)) return false;
    const auto& [key, half] =
        query.bad ? std::pair("bad", *query.bad) : std::pair("good", *query.good);
    if (!CheckWindowPlace("total", query.total, report) || !CheckWindowPlace(key, half, report)) {
      return false;
    }
    if (half.value == query.total.value) {
      report.Error("same_selection", half.at,
                   absl::StrCat("'", key, "' counts the same as 'total'"),
                   "choose the events that it is about");
      return false;
    }
    return CheckDead(query, "remove one of the two", report);
  }
};

// More points than that a server need not be asked for at once.
constexpr int64_t kMostSlices = 50'000;

bool CheckSliceLength(const Slo& slo, Report& report) {
  const Placed<absl::Duration>* slice = SliceOf(slo.sli);
  if (slice == nullptr) return true;
  absl::Duration rest;
  if (slice->value > ShortestOf(slo.window)) {
    report.Error("slice_too_long", slice->at,
                 absl::StrCat("a slice of ", PrintDuration(slice->value),
                              " does not fit into the SLO's window of ", PrintWindow(slo.window)),
                 "shorten the slice; 5m is usual");
    return false;
  }
  if (absl::IDivDuration(LongestOf(slo.window), slice->value, &rest) > kMostSlices) {
    report.Error("too_many_slices", slice->at,
                 absl::StrCat("the SLO's window of ", PrintWindow(slo.window), " has more than ",
                              kMostSlices, " slices"),
                 "lengthen the slice; 5m is usual");
    return false;
  }
  return true;
}

// Whether PromQL of the SLO has a place for the matchers that environments add.
void CheckMatchersPlace(const ReleasePolicy& policy, const SloInFile& slo,
                        bool has_all_environments, const Doubts& doubts,
                        std::vector<Diagnostic>& diagnostics) {
  const std::optional<Position> without = FindWithoutMatchers(slo.slo->sli);
  if (!without) return;
  std::vector<std::string> adding;
  for (const auto& [name, environment] : policy.environments) {
    const bool sure = !doubts.About(policy.file, environment.at, "matchers");
    if (sure && !environment.matchers.empty()) adding.push_back(name);
  }
  if (adding.empty()) return;
  const bool everywhere = has_all_environments && adding.size() == policy.environments.size();
  Report(*slo.file, diagnostics)
      .Add(everywhere ? Severity::kError : Severity::kWarning, "no_matchers_place", *without,
           absl::StrCat("this PromQL has no place for the matchers of environment",
                        adding.size() > 1 ? "s " : " ", Listed(adding)),
           kMatchersHint);
}

}  // namespace

bool CheckSli(const SloInFile& slo, const Doubts& doubts, std::vector<Diagnostic>& diagnostics) {
  Report report(*slo.file, diagnostics);
  const bool doubtful = doubts.About(*slo.file, slo.slo->at, "sli");
  if (!std::visit(SliCheck{doubtful, report}, slo.slo->sli)) return false;
  return !slo.has_target || CheckSliceLength(*slo.slo, report);
}

void CheckEnvironmentMatchers(const ReleasePolicy& policy, absl::Span<const SloInFile> slos,
                              const Doubts& doubts, std::vector<Diagnostic>& diagnostics) {
  const bool has_all_environments = !doubts.About(policy.file, policy.at, "environments");
  for (const SloInFile& slo : slos) {
    CheckMatchersPlace(policy, slo, has_all_environments, doubts, diagnostics);
    std::optional<DeadSelector> first;
    std::vector<std::string> dead_in;
    for (const auto& [name, environment] : policy.environments) {
      if (doubts.About(policy.file, environment.at, "matchers")) continue;
      std::optional<DeadSelector> dead =
          FindDeadSelector(Completed(slo.slo->sli, environment.matchers));
      if (!dead) continue;
      if (!first) first = std::move(dead);
      dead_in.push_back(name);
    }
    if (!first) continue;
    // A team may release to some of a platform's environments only; Combine refuses the others.
    const bool everywhere = has_all_environments && dead_in.size() == policy.environments.size();
    Report(*slo.file, diagnostics)
        .Add(everywhere ? Severity::kError : Severity::kWarning, "never_matches", first->at,
             absl::StrCat("'", first->half, "' can match nothing in environment",
                          dead_in.size() > 1 ? "s " : " ", Listed(dead_in), ": ", Print(first->one),
                          " and ", Print(first->other), " exclude each other"),
             "leave this label to the environment's matchers");
  }
}

}  // namespace slogate
