// The parts of ReleasePolicyType and ServiceObjectivesType, one file a subject.
#pragma once

#include "gate/policy/policy.h"
#include "gate/text/type.h"

namespace slogate {

Type<SourceConfig> SourceType();
Type<Rule> RuleType();
Type<Verdict> RuleVerdictType();
Type<FreezeConfig> FreezeType();
Type<FindingChoices> FindingsType();
Type<ChangeClass> ChangeType();
Type<std::string> AccountType();   // "github:alice"
Type<std::string> VouchingType();  // a CI system that can say who approved
Type<LedgerConfig> LedgerType();
Type<PersonConfig> PersonType();
Type<OverrideRules> OverridesType();
Type<Slo> SloType();
Type<Sli> SliType();

}  // namespace slogate
