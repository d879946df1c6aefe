// Thirty-five days of four made-up web services, one for each thing slogate can say: what ./dev
// demo shows and what end-to-end tests measure. Daily curve, quieter weekends, one nearly silent
// night, deploys that restart every process. All traffic and noise come from one seed; nothing in
// it was ever real.
#pragma once

#include <cstdint>
#include <vector>

#include <absl/time/time.h>

#include "tests/testing/series_generator.h"

namespace slogate::fake {

// The data is true for every instant from `now` to `now + kDemoGood`: the last hour always looks as
// the story says, and samples go on until `now + kDemoAhead`.
inline constexpr absl::Duration kDemoBack = absl::Hours(35 * 24);
inline constexpr absl::Duration kDemoGood = absl::Hours(5);
inline constexpr absl::Duration kDemoAhead = absl::Hours(6);

// http_requests_total{code,env="prod",instance,service} once a minute, from `now - kDemoBack` on.
// Against an objective of 99.9 % over 30 d:
//   checkout   healthy, about a third of its budget used: allow
//   search     burns 2.5 times its budget for four days, half of it left: warn
//   payments   a bad deploy nine days ago failed almost half of all requests for two hours: deny
//   catalogue  3 % of all requests fail since 70 minutes before `now`, so 4 % of its budget an
//   hour: hold
std::vector<Series> DemoServices(absl::Time now, uint64_t seed);

}  // namespace slogate::fake
