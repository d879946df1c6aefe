// What to promise of a service, proposed from the series that its Prometheus has: one SLO of
// availability and one of latency at most, by names and labels in common use. Pure.
#pragma once

#include <string>
#include <vector>

#include <absl/strings/string_view.h>

#include "gate/policy/selector.h"
#include "gate/prometheus/series_list.h"

namespace slogate {

// Labels that name a service, the most telling first.
const std::vector<std::string>& ServiceLabels();

// What to list of `service`: one selector for each label that usually names one. With a `metric`
// that alone, whatever its name; else counters and histograms of seconds.
std::vector<Selector> ProposalSelectors(const std::string& service, const std::string& metric);

// By which labels to list it.
std::vector<std::string> ProposalLabels();

// Whether `text` can be a metric's name without quotes.
bool IsMetricName(absl::string_view text);

// All words in it are safe in a comment: no text of a server but names and codes of plain letters.
struct Proposal {
  std::string name;                // "availability"
  std::string objective;           // "99.9%"
  std::string sli;                 // in one line of YAML: "{events: {…}}"
  std::vector<std::string> notes;  // lines without the '#'
};

struct Proposals {
  std::vector<Proposal> slos;  // empty: nothing that could be measured
  // The label that tells the environments apart, with its values; "" where no usual one does.
  std::string environment_label, production, staging;
  std::vector<std::string> seen;  // names of metrics that the service has
};

Proposals ProposeSlos(const std::vector<SeriesGroup>& groups, const std::string& service,
                      const std::string& metric);

}  // namespace slogate
