#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include <absl/strings/str_cat.h>

#include "gate/base/suggest.h"
#include "gate/policy/account.h"
#include "gate/policy/check_parts.h"

namespace slogate {
namespace {

// An account and whose it is.
struct Holding {
  const std::string* person;
  const Placed<std::string>* account;
};

std::vector<Holding> HoldingsInFileOrder(const ReleasePolicy& policy, const Doubts& doubts) {
  std::vector<Holding> holdings;
  for (const auto& [name, person] : policy.people) {
    if (doubts.About(policy.file, person.at, "accounts")) continue;
    for (const Placed<std::string>& account : person.accounts) {
      holdings.push_back({&name, &account});
    }
  }
  const auto place = [](const Holding& holding) {
    return std::tie(holding.account->at.line, holding.account->at.column);
  };
  std::sort(holdings.begin(), holdings.end(),
            [&](const Holding& a, const Holding& b) { return place(a) < place(b); });
  return holdings;
}

void CheckAccounts(const ReleasePolicy& policy, const Doubts& doubts, Report& report) {
  const std::vector<Holding> holdings = HoldingsInFileOrder(policy, doubts);
  for (auto holding = holdings.begin(); holding != holdings.end(); ++holding) {
    const std::string& account = holding->account->value;
    const auto first = std::find_if(holdings.begin(), holding, [&](const Holding& other) {
      return SameAccount(other.account->value, account);
    });
    if (first == holding) continue;
    if (first->person == holding->person) {
      report.Error("duplicate_entry", holding->account->at,
                   absl::StrCat("'", account, "' stands here again; first at line ",
                                first->account->at.line),
                   "remove one");
    } else {
      report.Error("shared_account", holding->account->at,
                   absl::StrCat("'", account, "' of '", *holding->person, "' is the account of '",
                                *first->person, "' at line ", first->account->at.line),
                   "an account is one person's; leave it at whoever it belongs to");
    }
  }
}

// Who belongs to which groups, as far as that is known.
struct Groups {
  std::map<std::string, std::set<std::string>> members;
  bool complete = true;
};

Groups GroupsOf(const ReleasePolicy& policy, const Doubts& doubts) {
  Groups groups;
  groups.complete = !doubts.About(policy.file, policy.at, "people");
  for (const auto& [name, person] : policy.people) {
    if (doubts.About(policy.file, person.at, "groups")) groups.complete = false;
    for (const Placed<std::string>& group : person.groups) groups.members[group.value].insert(name);
  }
  return groups;
}

// Whom something needs the consent of.
struct Asked {
  const Consent& consent;
  Position at;             // where its approvers do not stand
  std::string when;        // put before what is said: "beyond the limit, "
  bool repeats_approvers;  // they are those of the ordinary consent, checked there
};

// Groups that nobody belongs to. True iff it is known who belongs to all of them.
bool CheckGroups(const Asked& asked, const Groups& groups, Report& report) {
  bool known = groups.complete;
  if (!asked.repeats_approvers) CheckEntriesOnce(asked.consent.approvers, report);
  for (const Placed<std::string>& group : asked.consent.approvers) {
    if (!groups.complete || groups.members.count(group.value) > 0) continue;
    known = false;
    if (asked.repeats_approvers) continue;
    const std::vector<std::string> names = Names(groups.members);
    report.Error(
        "unknown_group", group.at,
        absl::StrCat("nobody belongs to '", group.value, "'", DidYouMean(group.value, names)),
        "people: says who belongs to which groups, such as alice: {accounts: ['github:alice'], "
        "groups: [sre-oncall]}");
  }
  return known;
}

// Whoever asks does not count, and may be one of the approvers.
void CheckEnough(const Asked& asked, const Groups& groups, Report& report) {
  std::set<std::string> people;
  std::vector<std::string> names;
  for (const Placed<std::string>& group : asked.consent.approvers) {
    const std::set<std::string>& members = groups.members.at(group.value);
    people.insert(members.begin(), members.end());
    names.push_back(group.value);
  }
  const auto needed = static_cast<size_t>(asked.consent.approvals);
  if (needed == 0 || people.size() > needed) return;
  const Position at = asked.repeats_approvers ? asked.at : asked.consent.approvers.front().at;
  const std::string approvals =
      absl::StrCat(asked.when, needed == 1 ? "1 approval is needed"
                                           : absl::StrCat(needed, " approvals are needed"));
  const std::string belong = absl::StrCat(
      people.size() == 1 ? "1 person belongs" : absl::StrCat(people.size(), " people belong"),
      " to ", Listed(names));
  if (people.size() < needed) {
    report.Error("too_few_approvers", at, absl::StrCat(approvals, ", but only ", belong),
                 "add people to a group that may approve, or ask for fewer approvals");
  } else {
    report.Warning(
        "no_spare_approver", at,
        absl::StrCat(approvals, ", and only ", belong,
                     people.size() == 1 ? ": what that person asks for is never approved"
                                        : ": what one of them asks for is never approved"),
        "add a person to a group that may approve, or ask for fewer approvals");
  }
}

void CheckConsent(const Asked& asked, const ReleasePolicy& policy, const Groups& groups,
                  Report& report) {
  if (!asked.consent.approvers.empty()) {
    if (CheckGroups(asked, groups, report)) CheckEnough(asked, groups, report);
  } else if (groups.complete && policy.people.empty() && asked.consent.approvals > 0) {
    report.Warning("nobody_named", asked.at,
                   absl::StrCat(asked.when,
                                "whoever asks could approve from a second account: people: says of "
                                "nobody which accounts are theirs"),
                   "add people:, each with all their accounts, and groups that may approve");
  }
}

}  // namespace

void CheckEntriesOnce(const std::vector<Placed<std::string>>& entries, Report& report) {
  for (auto entry = entries.begin(); entry != entries.end(); ++entry) {
    const auto same = [&](const Placed<std::string>& other) { return other.value == entry->value; };
    if (std::none_of(entries.begin(), entry, same)) continue;
    report.Error("duplicate_entry", entry->at,
                 absl::StrCat("'", entry->value, "' stands here twice"), "remove one");
  }
}

void CheckPeople(const ReleasePolicy& policy, const Doubts& doubts,
                 std::vector<Diagnostic>& diagnostics) {
  Report report(policy.file, diagnostics);
  const auto doubtful = [&](Position mapping, const char* key) {
    return doubts.About(policy.file, mapping, key);
  };
  CheckAccounts(policy, doubts, report);
  for (const auto& [name, person] : policy.people) {
    if (!doubtful(person.at, "groups")) CheckEntriesOnce(person.groups, report);
  }
  const Groups groups = GroupsOf(policy, doubts);
  if (policy.overrides && !doubtful(policy.overrides->at, "approvals") &&
      !doubtful(policy.overrides->at, "approvers")) {
    const OverrideRules& rules = *policy.overrides;
    CheckConsent({rules.consent, rules.at, "", false}, policy, groups, report);
    const bool same_anybody = rules.beyond.approvers.empty() && rules.consent.approvals > 0;
    if (rules.limit && !doubtful(rules.at, "limit") && !same_anybody) {
      CheckConsent({rules.beyond, rules.limit->at, "beyond the limit, ", RepeatsApprovers(rules)},
                   policy, groups, report);
    }
  }
  for (const auto& [name, change] : policy.changes) {
    if (!change.proof || !change.proof->consent || doubtful(change.at, "proof")) continue;
    CheckConsent(
        {*change.proof->consent, change.proof->at, absl::StrCat("for class '", name, "', "), false},
        policy, groups, report);
  }
}

}  // namespace slogate
