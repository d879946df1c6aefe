#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

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

bool CheckTwo(const EventsSli& events, Report& report) {
  const int given = (events.good ? 1 : 0) + (events.bad ? 1 : 0) + (events.total ? 1 : 0);
  if (given == 2) return true;
  report.Error("sli_pair", events.at, "events needs two of good, bad and total",
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

// One check a kind of SLI. `doubtful`: there is a mistake in it already.
struct SliCheck {
  bool doubtful;
  Report& report;

  bool operator()(const EventsSli& events) const {
    if (!CheckNotAll(events, report)) return false;  // however the three are written
    if (doubtful) return false;
    if (!CheckTwo(events, report) || !CheckMetricNames(events, report)) return false;
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
};

}  // namespace

bool CheckSli(const SloInFile& slo, const Doubts& doubts, std::vector<Diagnostic>& diagnostics) {
  Report report(*slo.file, diagnostics);
  const bool doubtful = doubts.About(*slo.file, slo.slo->at, "sli");
  return std::visit(SliCheck{doubtful, report}, slo.slo->sli);
}

void CheckEnvironmentMatchers(const ReleasePolicy& policy, absl::Span<const SloInFile> slos,
                              const Doubts& doubts, std::vector<Diagnostic>& diagnostics) {
  const bool has_all_environments = !doubts.About(policy.file, policy.at, "environments");
  for (const SloInFile& slo : slos) {
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
