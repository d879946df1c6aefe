// The parts of ReleasePolicyType and ServiceObjectivesType, one file a subject.
#pragma once

#include "gate/policy/policy.h"
#include "gate/text/type.h"

namespace slogate {

Type<SourceConfig> SourceType();
Type<Rule> RuleType();
Type<FindingChoices> FindingsType();
Type<Slo> SloType();

}  // namespace slogate
