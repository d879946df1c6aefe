#include "gate/decision/override.h"

#include <algorithm>
#include <utility>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <absl/strings/string_view.h>

#include "gate/base/duration.h"
#include "gate/base/limits.h"
#include "gate/decision/consent.h"
#include "gate/decision/reason.h"
#include "gate/decision/sentences.h"
#include "gate/text/diagnostic.h"

namespace slogate {
namespace {

int CountUses(const Override& override, absl::Time since) {
  return static_cast<int>(
      std::count_if(override.uses.begin(), override.uses.end(),
                    [&](const OverrideUse& use) { return !use.again && use.at >= since; }));
}

bool IsAgain(const Override& override, absl::Time now) {
  if (override.uses.empty()) return false;
  const std::optional<absl::Time> failed = override.uses.back().failed_at;
  return failed && *failed <= now && now - *failed <= kAgainWithin;
}

// Where the policy has no overrides, their ordinary terms are those of a class's consent.
OverrideRules RulesOf(const EffectivePolicy& policy) {
  return policy.overrides.value_or(OverrideRules());
}

int AllowedUses(const EffectivePolicy& policy, const Override& override) {
  if (!override.request.change.empty()) return 1;
  return std::min(override.request.uses, RulesOf(policy).uses);
}

absl::Time ExpiryOf(const EffectivePolicy& policy, const Override& override) {
  return std::min(override.request.expires_at, override.requested_at + RulesOf(policy).expires);
}

// Why it is over, whatever it is for and whoever approved; or not begun.
std::string WhyOver(const EffectivePolicy& policy, const Override& override, absl::Time now) {
  const auto by = [](const OverrideWord& word) {
    return absl::StrCat(" by ", Printable(word.by.account), " at ", MomentText(word.at));
  };
  if (override.rejected) {
    return absl::StrCat("it was rejected", by(*override.rejected), ": ask for another one");
  }
  if (override.revoked) {
    return absl::StrCat("it was revoked", by(*override.revoked), ": ask for another one");
  }
  if (now < override.requested_at) {
    return absl::StrCat("it is of ", MomentText(override.requested_at), ", and now it is ",
                        MomentText(now), ": mend the clock of the ledger");
  }
  const absl::Time expiry = ExpiryOf(policy, override);
  if (now >= expiry) {
    return absl::StrCat("it expired at ", MomentText(expiry), ": ask for another one");
  }
  const int allowed = AllowedUses(policy, override);
  if (CountUses(override, absl::InfinitePast()) < allowed || IsAgain(override, now)) return "";
  if (override.uses.empty()) return "it allows no use: ask for another one";
  return absl::StrCat("it was used at ", MomentText(override.uses.back().at), ", ", allowed, " of ",
                      allowed, " times: ask for another one");
}

// A clock that was ahead once leaves a time in the ledger that `now` does not fall behind any more, and an
// override asked for since then would not expire before that time comes again.
std::string WhyNotByClock(const History& history, const Override& override) {
  const absl::Time clock = history.clock.value_or(history.now);
  if (override.requested_at <= clock + kClockSlack) return "";
  return absl::StrCat("it was asked for at ", MomentText(override.requested_at),
                      " by the ledger, and the clock says ", MomentText(clock),
                      ": a clock was wrong, then or now; set it, and release without an override "
                      "until that time is over");
}

bool IsThere(const Subject& a, const Subject& b) {
  return a.service == b.service && a.environment == b.environment;
}

// Whether another override of the service there was used under the ticket.
bool IsSpent(const History& history, const Subject& subject, const std::string& ticket,
             const std::string& id) {
  return !ticket.empty() &&
         std::any_of(history.records.begin(), history.records.end(), [&](const Record& record) {
           const auto* used = std::get_if<OverrideUsed>(&record.payload);
           return used != nullptr && record.refused.empty() && used->id != id &&
                  used->change.empty() && IsThere(record.subject, subject) &&
                  absl::EqualsIgnoreCase(used->ticket, ticket);
         });
}

// Whether another one there names the ticket and may yet be used.
bool IsTaken(const EffectivePolicy& policy, const History& history, const Subject& subject,
             const std::string& ticket) {
  const std::vector<Override> all = OverridesIn(history.records);
  return !ticket.empty() && std::any_of(all.begin(), all.end(), [&](const Override& one) {
    return one.request.change.empty() && IsThere(one.subject, subject) &&
           absl::EqualsIgnoreCase(one.request.ticket, ticket) &&
           WhyOver(policy, one, history.now).empty();
  });
}

std::string SpentText(const std::string& ticket) {
  return absl::StrCat(
      "the ticket ", Printable(ticket),
      " is another override's: one ticket, one override; open one for this release");
}

std::optional<Consent> ClassConsent(const EffectivePolicy& policy, const std::string& change) {
  const auto found = policy.changes.find(change);
  if (found == policy.changes.end() || !found->second.proof) return std::nullopt;
  return found->second.proof->consent;
}

std::string WhyNoClass(const std::string& change) {
  return absl::StrCat("the policy has no change class ", Printable(change),
                      " that people's consent proves");
}

constexpr char kNoOverrides[] =
    "the policy has no overrides: nothing opens its gate by hand (overrides: in the policy)";

// What is to open a gate, as the policy is now.
std::string WhyNotOpen(const EffectivePolicy& policy, const History& history,
                       const Override& override, const std::vector<std::string>& closed_by) {
  if (!policy.overrides) return kNoOverrides;
  const OverrideRules& rules = *policy.overrides;
  if (closed_by.empty()) return "no rule keeps the gate closed";
  for (const std::string& rule : closed_by) {
    const auto& asked = override.request.rules;
    if (std::find(asked.begin(), asked.end(), rule) == asked.end()) {
      return absl::StrCat("it is not for the rule ", Printable(rule),
                          ", which keeps the gate closed now: ask for another one");
    }
  }
  std::string why = WhyNever(rules, closed_by);
  if (why.empty()) why = WhyNotTicket(override.request.ticket, rules.ticket_prefix);
  const std::string& ticket = override.request.ticket;
  if (why.empty() && IsSpent(history, override.subject, ticket, override.request.id)) {
    why = SpentText(ticket);
  }
  return why;
}

// All but the approvals.
std::string WhyNotValid(const EffectivePolicy& policy, const History& history,
                        const Override& override, const Subject& subject,
                        const std::vector<std::string>& closed_by, absl::Time now) {
  if (!IsForRelease(override, subject)) {
    return "it is for another artifact, service or environment: ask for one for this release";
  }
  std::string why = WhyOver(policy, override, now);
  if (why.empty()) why = WhyNotByClock(history, override);
  if (why.empty()) why = WhyNotReason(override.request.reason, RulesOf(policy).reason_min_length);
  if (!why.empty()) return why;
  const std::string& change = override.request.change;
  if (change.empty()) return WhyNotOpen(policy, history, override, closed_by);
  if (!ClassConsent(policy, change)) return WhyNoClass(change);
  return WhyNotTicket(override.request.ticket, policy.changes.at(change).ticket_prefix);
}

// How many approvals are missing; 0 where consent is not what is missing.
int MissingApprovals(const EffectivePolicy& policy, const History& history,
                     const Override& override, absl::Time now) {
  const std::optional<Consent> consent = ConsentFor(policy, history, override, now);
  if (!consent) return 0;
  const size_t count = ApprovalsThatCount(policy, *consent, override).size();
  return std::max(0, consent->approvals - static_cast<int>(count));
}

Consent ConsentWith(const OverrideRules& rules, int used) {
  return rules.limit && used >= rules.limit->count ? rules.beyond : rules.consent;
}

}  // namespace

std::string WhyNever(const OverrideRules& rules, const std::vector<std::string>& closed_by) {
  for (const std::string& rule : closed_by) {
    if (std::any_of(rules.never.begin(), rules.never.end(),
                    [&](const Placed<std::string>& never) { return never.value == rule; })) {
      return absl::StrCat("no override opens the rule ", Printable(rule),
                          ": the policy says never");
    }
  }
  return "";
}

Consent ConsentFor(const OverrideRules& rules, const History& history, const Subject& subject,
                   absl::Time now) {
  if (!rules.limit) return rules.consent;
  return ConsentWith(rules, OverridesUsed(history, subject, now - rules.limit->per));
}

std::optional<Consent> ConsentFor(const EffectivePolicy& policy, const History& history,
                                  const Override& override, absl::Time now) {
  if (!override.request.change.empty()) return ClassConsent(policy, override.request.change);
  if (!policy.overrides) return std::nullopt;
  const OverrideRules& rules = *policy.overrides;
  if (!rules.limit) return rules.consent;
  const absl::Time since = now - rules.limit->per;
  const int used = OverridesUsed(history, override.subject, since);
  return ConsentWith(rules, IsAgain(override, now) ? used - CountUses(override, since) : used);
}

bool IsForRelease(const Override& override, const Subject& subject) {
  return !subject.artifact.empty() && override.subject.artifact == subject.artifact &&
         override.subject.service == subject.service &&
         override.subject.environment == subject.environment;
}

std::string WhyNotRequest(const EffectivePolicy& policy, const History& history,
                          const Subject& subject, const DecisionMade& decision,
                          const OverrideAsked& asked) {
  const bool opens = asked.change.empty();
  if (opens && !policy.overrides) return kNoOverrides;
  if (!opens && !ClassConsent(policy, asked.change)) return WhyNoClass(asked.change);
  if (decision.outcome != "blocked") {
    return "this decision let the release proceed: there is nothing to ask for";
  }
  if (decision.verdict != "hold" && decision.verdict != "deny") {
    return "this decision came to no verdict: run the check again";
  }
  if (subject.artifact.empty()) {
    return "this decision names no artifact, and consent is for one artifact: run the check again "
           "with --artifact sha256:…";
  }
  if (asked.by.account.empty()) return "nobody knows who asks";
  const OverrideRules rules = RulesOf(policy);
  if (opens) {
    if (decision.closed_by.empty()) return "this decision names no rule that keeps the gate closed";
    const std::string never = WhyNever(rules, decision.closed_by);
    if (!never.empty()) return never;
  }
  std::string why = WhyNotReason(asked.reason, rules.reason_min_length);
  if (why.empty()) {
    why = WhyNotTicket(asked.ticket,
                       opens ? rules.ticket_prefix : policy.changes.at(asked.change).ticket_prefix);
  }
  if (why.empty() && opens &&
      (IsSpent(history, subject, asked.ticket, "") ||
       IsTaken(policy, history, subject, asked.ticket))) {
    why = SpentText(asked.ticket);
  }
  return why;
}

OverrideRequested RequestOf(const EffectivePolicy& policy, const DecisionMade& decision,
                            const OverrideAsked& asked, const std::string& id, absl::Time now) {
  const OverrideRules rules = RulesOf(policy);
  const bool opens = asked.change.empty();
  return {id,
          decision.id,
          asked.change,
          opens ? decision.closed_by : std::vector<std::string>(),
          Cut(asked.reason, limits::kReasonBytes),  // of one that is refused for its length
          asked.ticket,
          now + rules.expires,
          opens ? rules.uses : 1,
          decision.policy,
          decision.slos};
}

std::string WhyNotApprove(const EffectivePolicy& policy, const History& history,
                          const Override& override, const Actor& actor, absl::Time now) {
  std::string why = WhyOver(policy, override, now);
  if (!why.empty()) return why;
  const std::optional<Consent> consent = ConsentFor(policy, history, override, now);
  if (!consent) {
    return override.request.change.empty() ? kNoOverrides : WhyNoClass(override.request.change);
  }
  if (actor.account.empty()) return "nobody knows who approves";
  if (MayBeOne(policy.people, override.requested_by, actor)) {
    return absl::StrCat("it was asked for by ", Printable(override.requested_by.account),
                        ", and nobody approves what they asked for: let somebody else approve");
  }
  if (!IsVouched(policy, actor)) {
    const std::pair<absl::string_view, absl::string_view> system =
        absl::StrSplit(actor.account, absl::MaxSplits(':', 1));
    return absl::StrCat("the policy does not take the word of ", Printable(system.first),
                        " for who approved (vouching: of overrides): approve with slogate "
                        "override approve");
  }
  if (!IsInGroups(policy.people, *consent, actor)) {
    const std::string person = PersonOf(policy.people, actor);
    return absl::StrCat(Printable(actor.account),
                        person.empty() ? " is nobody's account in the policy's people"
                                       : absl::StrCat(" is ", Printable(person), "'s account"),
                        ", and it needs ", ConsentText(*consent), ": let one of them approve");
  }
  for (const OverrideWord& word : override.approvals) {
    if (!MayBeOne(policy.people, word.by, actor)) continue;
    return absl::StrCat(Printable(word.by.account), " approved it already at ", MomentText(word.at),
                        ": it needs different people");
  }
  return "";
}

std::string WhyNotUse(const EffectivePolicy& policy, const History& history,
                      const Override& override, const Subject& subject,
                      const std::vector<std::string>& closed_by, absl::Time now) {
  std::string why = WhyNotValid(policy, history, override, subject, closed_by, now);
  if (!why.empty()) return why;
  const int missing = MissingApprovals(policy, history, override, now);
  if (missing == 0) return "";
  const Consent consent = *ConsentFor(policy, history, override, now);
  return absl::StrCat("it needs ", ConsentText(consent), " and has ", consent.approvals - missing,
                      ": let somebody approve it");
}

bool WaitsForApproval(const EffectivePolicy& policy, const History& history,
                      const Override& override, const Subject& subject,
                      const std::vector<std::string>& closed_by, absl::Time now) {
  return WhyNotValid(policy, history, override, subject, closed_by, now).empty() &&
         MissingApprovals(policy, history, override, now) > 0;
}

OverrideTaken Take(const EffectivePolicy& policy, const History& history, const Override& override,
                   absl::Time now) {
  OverrideTaken taken;
  taken.entry = override;
  if (const auto consent = ConsentFor(policy, history, override, now)) {
    taken.entry.approvals = ApprovalsThatCount(policy, *consent, override);
  }
  taken.again = IsAgain(override, now);
  taken.expires_at = ExpiryOf(policy, override);
  taken.used = CountUses(override, absl::InfinitePast()) + (taken.again ? 0 : 1);
  taken.allowed = AllowedUses(policy, override);
  const auto change = policy.changes.find(override.request.change);
  const std::optional<absl::Duration> within =
      change == policy.changes.end() ? RulesOf(policy).review_within : change->second.review_within;
  if (within) taken.review_due = now + *within;
  return taken;
}

}  // namespace slogate
