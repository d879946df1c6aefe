#include "gate/prometheus/series_list.h"

#include <cstddef>
#include <utility>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "gate/prometheus/api.h"
#include "gate/prometheus/request.h"

namespace slogate {
namespace {

Labels LabelsOf(const Selector& selector, const std::vector<std::string>& by, const Part& part) {
  Labels labels;
  for (const Matcher& matcher : selector.matchers) {
    if (matcher.op == "=") labels[matcher.label] = matcher.value;
  }
  for (size_t i = 0; i < by.size(); ++i) {
    if (!part.labels[i].empty()) labels[by[i]] = part.labels[i];
  }
  return labels;
}

}  // namespace

std::string CountQuery(const Selector& selector, const std::vector<std::string>& by) {
  return absl::StrCat("count by (", absl::StrJoin(by, ", "), ") (", Print(selector), ")");
}

std::variant<std::vector<SeriesGroup>, Finding> ListSeries(const std::vector<Selector>& selectors,
                                                           const std::vector<std::string>& by,
                                                           const SourceConfig& source,
                                                           const Credentials& credentials,
                                                           absl::Time at, absl::Duration time_left,
                                                           Http& http) {
  const absl::Time asked = absl::FromUnixSeconds(absl::ToUnixSeconds(at));
  std::vector<HttpRequest> requests;
  for (const Selector& selector : selectors) {
    requests.push_back(
        QueryRequest(source, credentials, CountQuery(selector, by), asked, time_left));
  }
  std::vector<HttpExchange> exchanges =
      http.Perform(requests, source.concurrency.value_or(2), time_left, {});
  exchanges.resize(selectors.size());
  std::vector<SeriesGroup> groups;
  for (size_t i = 0; i < selectors.size(); ++i) {
    auto read = ReadParts(exchanges[i], asked, by, credentials);
    if (auto* finding = std::get_if<Finding>(&read)) return std::move(*finding);
    for (Part& part : std::get<std::vector<Part>>(read)) {
      if (part.heard.finding) return *std::move(part.heard.finding);
      groups.push_back({LabelsOf(selectors[i], by, part), part.heard.value.value_or(Rational(0))});
    }
  }
  return groups;
}

}  // namespace slogate
