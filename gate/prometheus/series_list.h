// What series a server has now, for whoever proposes SLOs: counted by the labels that matter, so that
// the answer stays small however many processes and paths there are.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include <absl/time/time.h>

#include "gate/base/rational.h"
#include "gate/evidence/evidence.h"
#include "gate/io/http.h"
#include "gate/policy/policy.h"
#include "gate/policy/selector.h"
#include "gate/prometheus/credentials.h"

namespace slogate {

// Series that differ only in labels nobody asked about.
struct SeriesGroup {
  Labels labels;  // those asked about that are not empty, and what the selector wants to be equal
  Rational count;
  friend bool operator==(const SeriesGroup&, const SeriesGroup&) = default;
};

// The query that counts what `selector` selects by the labels `by`; it may lack a metric name.
std::string CountQuery(const Selector& selector, const std::vector<std::string>& by);

// Asks one query for each selector, evaluated at `at`, the gate's own time: what a clock that is far
// off would find is nothing. The groups of all of them in their order, or the first finding: a list
// that is not whole is none.
std::variant<std::vector<SeriesGroup>, Finding> ListSeries(const std::vector<Selector>& selectors,
                                                           const std::vector<std::string>& by,
                                                           const SourceConfig& source,
                                                           const Credentials& credentials,
                                                           absl::Time at, absl::Duration time_left,
                                                           Http& http);

}  // namespace slogate
