// Judging overrides: whose consent is needed, and whether a request, an approval or a use holds.
// Everything is judged by the policy as it is now, and by the ledger's clock: an approval says nothing
// any more once its approver has left the group. Pure; the command line and Decide ask the same
// functions. Each Why… gives "" or why not and what to do, in one printable line.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <absl/time/time.h>

#include "gate/decision/consent.h"
#include "gate/decision/decision.h"
#include "gate/history/history.h"
#include "gate/history/override.h"
#include "gate/policy/effective.h"

namespace slogate {

// Whose consent an override needs that opens a closed gate: the ordinary one, or `beyond` once the
// limit's uses are used up.
Consent ConsentFor(const OverrideRules& rules, const History& history, const Subject& subject,
                   absl::Time now);

// The same of one that is there: also of one that proves a change class, and of one that is used again.
// nullopt where the policy knows no such override any more.
std::optional<Consent> ConsentFor(const EffectivePolicy& policy, const History& history,
                                  const Override& override, absl::Time now);

// "" where an override may open all of these rules; else which one the policy keeps from it.
std::string WhyNever(const OverrideRules& rules, const std::vector<std::string>& closed_by);

// What somebody asks for.
struct OverrideAsked {
  std::string change;  // the class that it is to prove; "": it opens a closed gate
  std::string reason, ticket;
  Actor by;
};

// `decision` is the decision's record, and `subject` that record's.
//
// One ticket is for one override of a service in an environment: it is spent once an override that names
// it was used (for kTicketMemory), and taken while another one that could be used names it. An override
// that was refused, rejected, revoked, or expired without use frees it. A change class's ticket tells
// what the change is about, and may come again.
std::string WhyNotRequest(const EffectivePolicy& policy, const History& history,
                          const Subject& subject, const DecisionMade& decision,
                          const OverrideAsked& asked);

// The payload of a request that WhyNotRequest lets pass. `now`: by the ledger's clock.
OverrideRequested RequestOf(const EffectivePolicy& policy, const DecisionMade& decision,
                            const OverrideAsked& asked, const std::string& id, absl::Time now);

std::string WhyNotApprove(const EffectivePolicy& policy, const History& history,
                          const Override& override, const Actor& actor, absl::Time now);

// Whether it may be used now for a release that the rules `closed_by` keep in (none where it proves a
// class).
std::string WhyNotUse(const EffectivePolicy& policy, const History& history,
                      const Override& override, const Subject& subject,
                      const std::vector<std::string>& closed_by, absl::Time now);

// Whether approvals are all that is missing for that use.
bool WaitsForApproval(const EffectivePolicy& policy, const History& history,
                      const Override& override, const Subject& subject,
                      const std::vector<std::string>& closed_by, absl::Time now);

// What using it now, which WhyNotUse lets pass, comes to; with the approvals that count alone.
OverrideTaken Take(const EffectivePolicy& policy, const History& history, const Override& override,
                   absl::Time now);

// Whether an override is for this release; never where there is no artifact.
bool IsForRelease(const Override& override, const Subject& subject);

// How far the ledger's clock may lie behind an override's request where it is used.
inline constexpr absl::Duration kClockSlack = absl::Minutes(5);

// After a release that failed, the next use within this time uses nothing up.
inline constexpr absl::Duration kAgainWithin = absl::Minutes(30);

}  // namespace slogate
