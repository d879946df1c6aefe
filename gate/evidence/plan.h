// From a policy to questions, and from readings to what each SLO's rules may be judged by.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <absl/time/time.h>

#include "gate/evidence/event_count.h"
#include "gate/evidence/evidence.h"
#include "gate/policy/effective.h"

namespace slogate {

// The windows over which an SLO's events are counted, in order: its own, and those of the rules that
// apply to it by `applicability`, which is ApplicabilityOf(policy, slo).
std::vector<absl::Duration> WindowsFor(const EffectivePolicy& policy, const EffectiveSlo& slo,
                                       const std::vector<Applicability>& applicability);

// How far back the questions about an SLO look, given its WindowsFor: its own window, or on a calendar
// period's first days the longest that a rule looks at.
absl::Duration ReachOf(const std::vector<absl::Duration>& windows);

// The question for a source's clock.
Question ClockQuestion(const std::string& source);

// The same for each of the policy's sources, in their order.
std::vector<Question> ClockQuestions(const EffectivePolicy& policy);

// What is asked first: counts, newest samples, history and coverage of every SLO, and of calendar windows the
// total of the period before, of every source; sorted, no question twice. `policy` is PinnedAt the instant of
// the decision, here and below.
std::vector<Question> FirstQuestions(const EffectivePolicy& policy);

// What the first answers leave open; sorted, no question twice; often empty.
std::vector<Question> FollowUpQuestions(const EffectivePolicy& policy, const Evidence& evidence);

// Asks `source` all of that, evaluated at `at`: the way both a check and a replay measure.
Evidence MeasureAll(const EffectivePolicy& policy, Source& source, absl::Time at);

// A finding about one SLO.
struct SloFinding {
  Finding finding;
  std::optional<absl::Duration> window;  // the window whose count it taints; nullopt: all of them
  std::string source = "";  // the source that it is of; "" where it is of several sources' count
};

struct SloEvidence {
  std::map<absl::Duration, EventCount>
      counts;  // by window; missing where a finding prevented the count
  std::vector<SloFinding> findings;
};

// What the readings of all sources come to for one SLO, over `windows`, which are WindowsFor(it): each source is
// weighed by itself, then they are combined (combine.h). Findings of kinds that leave a count usable
// (gap, short_history, no_traffic, few_events) stand beside the count: what they mean for a rule is the
// decision's business.
SloEvidence Weigh(const EffectivePolicy& policy, const EffectiveSlo& slo,
                  const std::vector<absl::Duration>& windows, const Evidence& evidence);

}  // namespace slogate
