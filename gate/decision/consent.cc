#include "gate/decision/consent.h"

#include <algorithm>
#include <set>

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "gate/policy/account.h"

namespace slogate {
namespace {

// "" where the account is nobody's.
std::string OwnerOf(const People& people, const std::string& account) {
  for (const auto& [name, person] : people) {
    for (const Placed<std::string>& owned : person.accounts) {
      if (SameAccount(owned.value, account)) return name;
    }
  }
  return "";
}

std::string RoleAccount(const Actor& actor) {
  return actor.role.empty() ? "" : absl::StrCat("postgresql:", actor.role);
}

std::set<std::string> PeopleBehind(const People& people, const Actor& actor) {
  std::set<std::string> behind = {OwnerOf(people, actor.account),
                                  OwnerOf(people, RoleAccount(actor))};
  behind.erase("");
  return behind;
}

bool IsIn(const std::vector<Placed<std::string>>& names, const std::string& name) {
  return std::any_of(names.begin(), names.end(),
                     [&](const Placed<std::string>& one) { return one.value == name; });
}

std::string Groups(const Consent& consent) {
  return absl::StrJoin(consent.approvers, " or ",
                       [](std::string* out, const auto& group) { out->append(group.value); });
}

}  // namespace

std::string PersonOf(const People& people, const Actor& actor) {
  const std::string by_role = OwnerOf(people, RoleAccount(actor));
  return by_role.empty() ? OwnerOf(people, actor.account) : by_role;
}

bool MayBeOne(const People& people, const Actor& a, const Actor& b) {
  if (absl::EqualsIgnoreCase(a.account, b.account)) return true;
  const std::set<std::string> behind_a = PeopleBehind(people, a);
  const std::set<std::string> behind_b = PeopleBehind(people, b);
  return std::any_of(behind_a.begin(), behind_a.end(),
                     [&](const std::string& person) { return behind_b.count(person) > 0; });
}

std::string ConsentText(const Consent& consent) {
  if (consent.approvals == 0) return "nobody's approval";
  return absl::StrCat(consent.approvals,
                      consent.approvals == 1 ? " approval by " : " approvals by ",
                      !consent.approvers.empty() ? Groups(consent)
                      : consent.approvals == 1   ? "somebody else"
                                                 : "others");
}

bool IsInGroups(const People& people, const Consent& consent, const Actor& actor) {
  if (consent.approvers.empty()) return !actor.account.empty();
  const auto person = people.find(PersonOf(people, actor));
  return person != people.end() &&
         std::any_of(person->second.groups.begin(), person->second.groups.end(),
                     [&](const auto& group) { return IsIn(consent.approvers, group.value); });
}

bool IsVouched(const EffectivePolicy& policy, const Actor& actor) {
  if (actor.known_by != kVouchedFor) return true;
  return policy.overrides &&
         std::any_of(policy.overrides->vouching.begin(), policy.overrides->vouching.end(),
                     [&](const Placed<std::string>& system) {
                       return absl::StartsWith(actor.account, absl::StrCat(system.value, ":"));
                     });
}

std::vector<OverrideWord> ApprovalsThatCount(const EffectivePolicy& policy, const Consent& consent,
                                             const Override& override) {
  std::set<std::string> approvers;  // persons, and accounts of nobody
  std::vector<OverrideWord> counting;
  for (const OverrideWord& word : override.approvals) {
    if (MayBeOne(policy.people, override.requested_by, word.by) || !IsVouched(policy, word.by) ||
        !IsInGroups(policy.people, consent, word.by)) {
      continue;
    }
    const std::string person = PersonOf(policy.people, word.by);
    const std::string key = person.empty() ? absl::AsciiStrToLower(word.by.account) : person;
    if (approvers.insert(key).second) counting.push_back(word);
  }
  return counting;
}

}  // namespace slogate
