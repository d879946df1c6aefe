#include "gate/starter/proposals.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_replace.h>
#include <absl/strings/strip.h>

#include "gate/base/duration.h"
#include "gate/starter/status.h"

namespace slogate {
namespace {

using Words = std::vector<std::string>;

constexpr char kName[] = "__name__";

// Labels that name a service, and environments, the most telling first.
const Words kServiceLabels = {"service",     "service_name", "app", "app_kubernetes_io_name",
                              "application", "job"};
const Words kEnvironmentLabels = {"env", "environment", "deployment_environment"};
const Words kProduction = {"prod", "production", "prd", "live"};
const Words kStaging = {"staging", "stage", "stg"};

// How many names, values or bounds a comment lists.
constexpr size_t kListed = 12;

// All series of one metric that bear the service's name in one label.
struct Metric {
  std::string name, service_label;
  std::map<std::string, std::set<std::string>> values;  // by label
  std::map<Rational, Rational> bounds;                  // how many series have a bucket there
  Rational whole;                                       // and at +Inf
};

// The metrics by name, then by service label.
std::vector<Metric> MetricsOf(const std::vector<SeriesGroup>& groups, const std::string& service) {
  std::map<std::pair<std::string, std::string>, Metric> metrics;
  for (const SeriesGroup& group : groups) {
    const auto name = group.labels.find(kName);
    if (name == group.labels.end() || !IsMetricName(name->second)) continue;
    const auto label =
        std::find_if(kServiceLabels.begin(), kServiceLabels.end(), [&](const std::string& known) {
          const auto found = group.labels.find(known);
          return found != group.labels.end() && found->second == service;
        });
    if (label == kServiceLabels.end()) continue;
    Metric& metric = metrics[{name->second, *label}];
    metric.name = name->second;
    metric.service_label = *label;
    for (const auto& [known, value] : group.labels) metric.values[known].insert(value);
    const auto le = group.labels.find("le");
    if (le == group.labels.end()) continue;
    if (le->second == "+Inf") metric.whole = metric.whole + group.count;
    if (const auto bound = Rational::FromDecimal(le->second)) {
      metric.bounds[*bound] = metric.bounds[*bound] + group.count;
    }
  }
  std::vector<Metric> result;
  for (auto& [key, metric] : metrics) result.push_back(std::move(metric));
  return result;
}

// How likely `name` is what users see of a service; below zero where it is somebody else's: its own
// calls to others, or what libraries count of themselves.
int Fitness(const std::string& name) {
  for (const char* foreign :
       {"client", "promhttp", "prometheus_", "outgoing", "egress", "upstream"}) {
    if (absl::StrContains(name, foreign)) return -1;
  }
  int fitness = 0;
  if (absl::StrContains(name, "request") || absl::StrContains(name, "_server_")) fitness += 4;
  if (absl::StrContains(name, "http") || absl::StrContains(name, "grpc")) fitness += 2;
  if (absl::EndsWith(name, "_total")) fitness += 1;
  return fitness;
}

// The fittest first; equals by the label that names the service, then by name.
void Rank(std::vector<std::pair<const Metric*, Proposal>>& proposals) {
  const auto key = [](const auto& entry) {
    const Metric& metric = *entry.first;
    return std::make_tuple(
        -Fitness(metric.name),
        std::find(kServiceLabels.begin(), kServiceLabels.end(), metric.service_label) -
            kServiceLabels.begin(),
        metric.name);
  };
  std::sort(proposals.begin(), proposals.end(),
            [&](const auto& a, const auto& b) { return key(a) < key(b); });
}

std::string Listed(Words words) {
  const bool more = words.size() > kListed;
  if (more) words.resize(kListed);
  return absl::StrCat(absl::StrJoin(words, ", "), more ? ", …" : "");
}

// Those of a server's words that can say nothing but themselves, wherever they are shown.
Words Plain(const std::set<std::string>& values) {
  Words plain;
  for (const std::string& value : values) {
    const bool is_plain = value.size() <= 40 && std::all_of(value.begin(), value.end(), [](char c) {
                            return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' ||
                                   c == '-' || c == '.';
                          });
    if (is_plain) plain.push_back(value);
  }
  return plain;
}

// A text in YAML, where only a quote can end it.
std::string InQuotes(const std::string& text) {
  return absl::StrCat("'", absl::StrReplaceAll(text, {{"'", "''"}}), "'");
}

std::optional<Proposal> Availability(const Metric& metric, const std::string& service) {
  for (const std::string& label : StatusLabels()) {
    const auto values = metric.values.find(label);
    if (values == metric.values.end()) continue;
    const std::optional<Matcher> bad = BadEvents(label, values->second);
    if (!bad) continue;
    const Selector total{metric.name, {{metric.service_label, "=", service}}};
    return Proposal{"availability",
                    "99.9%",
                    absl::StrCat("{events: {total: ", InQuotes(Print(total)),
                                 ", bad: ", InQuotes(Print(Selector{"", {*bad}})), "}}"),
                    {absl::StrCat("Of `", label, "` there is now: ", Listed(Plain(values->second)),
                                  ". Change `bad` where it means other failures.")}};
  }
  return std::nullopt;
}

// The bounds that the buckets of all processes have, as `within` wants them: in whole milliseconds,
// and below a day.
std::vector<absl::Duration> Bounds(const Metric& metric) {
  std::vector<absl::Duration> bounds;
  for (const auto& [bound, count] : metric.bounds) {
    const std::string text = (bound * Rational(1000)).ExactDecimal().value_or("");
    const std::optional<absl::Duration> duration = ParseDuration(absl::StrCat(text, "ms"));
    if (duration && *duration < absl::Hours(24) && count == metric.whole)
      bounds.push_back(*duration);
  }
  return bounds;
}

std::optional<Proposal> Latency(const Metric& metric, const std::string& service) {
  const std::vector<absl::Duration> bounds = Bounds(metric);
  if (bounds.empty()) return std::nullopt;
  const auto enough = std::find_if(bounds.begin(), bounds.end(), [](absl::Duration bound) {
    return bound >= absl::Milliseconds(300);
  });
  const absl::Duration within = enough == bounds.end() ? bounds.back() : *enough;
  Words spoken;
  for (const absl::Duration bound : bounds) spoken.push_back(PrintDuration(bound));
  const Selector histogram{std::string(absl::StripSuffix(metric.name, "_bucket")),
                           {{metric.service_label, "=", service}}};
  return Proposal{"latency",
                  "99%",
                  absl::StrCat("{latency: {histogram: ", InQuotes(Print(histogram)),
                               ", within: ", PrintDuration(within), "}}"),
                  {absl::StrCat("Bounds to choose from: ", Listed(spoken),
                                ". Take the one that users call fast enough.")}};
}

// Takes the best of `proposals`, with a word on the others.
void TakeBest(std::vector<std::pair<const Metric*, Proposal>> proposals, Proposals& result,
              std::vector<const Metric*>& chosen) {
  if (proposals.empty()) return;
  Rank(proposals);
  Proposal best = std::move(proposals.front().second);
  Words others;
  for (size_t i = 1; i < proposals.size(); ++i) {
    const std::string& name = proposals[i].first->name;
    if (name != proposals.front().first->name &&
        std::find(others.begin(), others.end(), name) == others.end())
      others.push_back(name);
  }
  if (!others.empty()) {
    best.notes.push_back(absl::StrCat("Would do as well: ", Listed(others)));
  }
  chosen.push_back(proposals.front().first);
  result.slos.push_back(std::move(best));
}

// The first of `words` that all chosen metrics have as a value of `label`; "" where none is.
std::string InAll(const std::vector<const Metric*>& chosen, const std::string& label,
                  const Words& words) {
  for (const std::string& word : words) {
    const bool in_all = std::all_of(chosen.begin(), chosen.end(), [&](const Metric* metric) {
      const auto values = metric->values.find(label);
      return values != metric->values.end() && values->second.count(word) > 0;
    });
    if (in_all) return word;
  }
  return "";
}

}  // namespace

const std::vector<std::string>& ServiceLabels() { return kServiceLabels; }

std::vector<Selector> ProposalSelectors(const std::string& service, const std::string& metric) {
  const std::string names =
      metric.empty() ? ".+_total|.+_seconds_count|.+_seconds_bucket"
                     : absl::StrCat(metric, "|", absl::StripSuffix(metric, "_bucket"), "_bucket");
  std::vector<Selector> selectors;
  for (const std::string& label : kServiceLabels) {
    selectors.push_back({"", {{kName, "=~", names}, {label, "=", service}}});
  }
  return selectors;
}

std::vector<std::string> ProposalLabels() {
  Words labels = {kName, "le"};
  labels.insert(labels.end(), StatusLabels().begin(), StatusLabels().end());
  labels.insert(labels.end(), kEnvironmentLabels.begin(), kEnvironmentLabels.end());
  return labels;
}

bool IsMetricName(absl::string_view text) {
  Selector selector;
  SelectorMistake mistake;
  return ParseSelector(text, selector, mistake) && selector.matchers.empty() &&
         selector.metric == text;
}

Proposals ProposeSlos(const std::vector<SeriesGroup>& groups, const std::string& service,
                      const std::string& metric) {
  const std::vector<Metric> metrics = MetricsOf(groups, service);
  std::vector<std::pair<const Metric*, Proposal>> availability, latency;
  Proposals result;
  for (const Metric& one : metrics) {
    if (result.seen.empty() || result.seen.back() != one.name) result.seen.push_back(one.name);
    if (metric.empty() && Fitness(one.name) < 0) continue;
    const bool buckets = absl::EndsWith(one.name, "_bucket") && !one.bounds.empty();
    std::optional<Proposal> proposal = buckets ? Latency(one, service) : Availability(one, service);
    if (!proposal) continue;
    (buckets ? latency : availability).emplace_back(&one, *std::move(proposal));
  }
  std::vector<const Metric*> chosen;
  TakeBest(std::move(availability), result, chosen);
  TakeBest(std::move(latency), result, chosen);
  for (const std::string& label : chosen.empty() ? Words{} : kEnvironmentLabels) {
    result.production = InAll(chosen, label, kProduction);
    if (result.production.empty()) continue;
    result.environment_label = label;
    result.staging = InAll(chosen, label, kStaging);
    break;
  }
  return result;
}

}  // namespace slogate
