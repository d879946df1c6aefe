// Who somebody is, and whether people consent. Pure.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "gate/history/override.h"
#include "gate/policy/effective.h"

namespace slogate {

using People = std::map<std::string, PersonConfig>;

// Actor::known_by of somebody whom the CI system itself names, in a way that the pipeline cannot change.
inline constexpr char kVouchedFor[] = "CI system";

// Whose the actor is: by the database role where that is somebody's "postgresql:" account, as the
// database vouches for it and anybody can claim an account; else by the account. "": nobody's. Accounts
// are compared as SameAccount does: without case where their system knows none.
std::string PersonOf(const People& people, const Actor& actor);

// Whether two actors may be one person: the same account, whatever its case, or one person to whom an
// account or role of each belongs. A role that many work under belongs to nobody and tells nothing.
bool MayBeOne(const People& people, const Actor& a, const Actor& b);

// "1 approval by sre-oncall or directors", "2 approvals by others", "nobody's approval".
std::string ConsentText(const Consent& consent);

// Whether somebody is among those whose approval counts; without groups, whoever has an account.
bool IsInGroups(const People& people, const Consent& consent, const Actor& actor);

// Whether the policy takes the word of who vouches for the actor; true where nobody needs to.
bool IsVouched(const EffectivePolicy& policy, const Actor& actor);

// The approvals that count, by the policy as it is now, one for each person. Never whoever asked, by any
// account. Two accounts that are nobody's are two people: `people` says otherwise.
std::vector<OverrideWord> ApprovalsThatCount(const EffectivePolicy& policy, const Consent& consent,
                                             const Override& override);

}  // namespace slogate
