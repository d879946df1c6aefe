// Asking less: one answer serves several asks. Prometheus pays for a query mostly by the samples
// and the series that it looks up, so a sum divided by labels costs what the sum costs, and the
// parts are put together here. Two ways, which add up:
//  - a counter whose selector is another's with more matchers on one label is a part of it: of
//    `sum by (code)` the bad are those whose code matches 5..;
//  - selectors that differ in the value of one label go into one query: {service=~"a|b"}.
// Only where what comes back is exactly what each ask alone would have got. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gate/policy/selector.h"
#include "gate/prometheus/api.h"
#include "gate/prometheus/promql.h"

namespace slogate {

// What one of the asks that a request serves has of the answer.
struct Share {
  size_t ask = 0;                   // its index among the asks
  std::vector<Matcher> where = {};  // on labels of Group::by; all must match, none: the whole
};

// One request.
struct Group {
  Ask ask;                           // what is sent
  std::vector<std::string> by = {};  // the labels that divide the answer; none: one number
  std::vector<Share> shares;         // never empty
};

// The requests that answer `asks`, of which no two are the same: each ask has one share of one
// request. In the order of their first asks.
std::vector<Group> GroupAsks(const std::vector<Ask>& asks);

// What the parts of an answer to `group` say to each share, in their order: no value and no finding
// where it has no part; nullopt where that cannot be told exactly, so that it must be asked apart.
std::vector<std::optional<Heard>> Distribute(const Group& group, const std::vector<Part>& parts);

}  // namespace slogate
