// Each struct of policy.h described once: the description decodes files, writes the JSON Schema and
// writes the reference page (gate/text/type.h says how).
#pragma once

#include "gate/policy/policy.h"
#include "gate/text/type.h"

namespace slogate {

Type<ReleasePolicy> ReleasePolicyType();
Type<ServiceObjectives> ServiceObjectivesType();

}  // namespace slogate
