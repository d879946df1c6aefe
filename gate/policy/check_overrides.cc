#include <algorithm>
#include <set>
#include <utility>

#include <absl/strings/str_cat.h>

#include "gate/base/suggest.h"
#include "gate/policy/check_parts.h"

namespace slogate {
namespace {

// What one policy says of them.
class OverridesCheck {
 public:
  OverridesCheck(const ReleasePolicy& policy, const Doubts& doubts, Report& report)
      : policy_(policy), doubts_(doubts), report_(report) {}

  void Run() const {
    if (!policy_.ledger && Has(policy_.at, "ledger")) CheckNeedsOfLedger();
    if (policy_.overrides) {
      CheckNever(*policy_.overrides);
      CheckNobodyApproves(*policy_.overrides);
      CheckBeyond(*policy_.overrides);
      if (Has(policy_.overrides->at, "vouching")) {
        CheckEntriesOnce(policy_.overrides->vouching, report_);
      }
    }
    for (const auto& [name, change] : policy_.changes) {
      CheckProof(change);
      CheckDefaultClass(name, change);
    }
  }

 private:
  bool Has(Position mapping, const char* key) const {
    return !doubts_.About(policy_.file, mapping, key);
  }

  void NeedLedger(Position at, const std::string& what) const {
    report_.Error("no_ledger", at, absl::StrCat(what, " needs a ledger, and the policy has none"),
                  "add the one that decisions are recorded in, such as ledger: {id: acme}");
  }

  void CheckNeedsOfClass(const std::string& name, const ChangeClass& change) const {
    if (change.is_default) return;  // CheckDefaultClass refuses them there
    const auto need = [&](Position at, const char* key) {
      NeedLedger(at, absl::StrCat(key, " of class '", name, "'"));
    };
    if (change.proof) need(change.proof->at, "proof");
    if (change.limit) need(change.limit->at, "limit");
    if (change.review_within) need(change.at, "review_within");
  }

  void CheckNeedsOfLedger() const {
    if (policy_.overrides) NeedLedger(policy_.overrides->at, "overrides:");
    for (const auto& [name, change] : policy_.changes) CheckNeedsOfClass(name, change);
    for (const Rule& rule : policy_.rules) {
      if (!Has(rule.at, "when") || !Has(rule.at, "id")) continue;
      if (const auto* release = std::get_if<LastRelease>(&rule.when)) {
        NeedLedger(release->younger_than.at, absl::StrCat("last_release of rule '", rule.id, "'"));
      }
      const auto* remaining = std::get_if<BudgetRemaining>(&rule.when);
      if (remaining && remaining->reopens_above) {
        NeedLedger(remaining->reopens_above->at,
                   absl::StrCat("reopens_above of rule '", rule.id, "'"));
      }
    }
  }

  void CheckNever(const OverrideRules& rules) const {
    if (!Has(rules.at, "never") || !HasAllIds(policy_, doubts_)) return;
    CheckEntriesOnce(rules.never, report_);
    const std::vector<std::string> ids = IdsOf(policy_);
    for (const Placed<std::string>& id : rules.never) {
      if (std::count(ids.begin(), ids.end(), id.value) > 0) continue;
      report_.Error(
          "unknown_rule", id.at,
          absl::StrCat("the policy has no rule '", id.value, "'", DidYouMean(id.value, ids)),
          absl::StrCat("name one of ", Listed(ids)));
    }
    CheckSomethingIsLeft(rules);
  }

  void CheckSomethingIsLeft(const OverrideRules& rules) const {
    bool known = true, closes = false, opens = false;
    const auto look = [&](const auto& one) {
      known = known && Has(one.at, "verdict");
      if (one.verdict < Verdict::kHold) return;
      closes = true;
      opens =
          opens || std::none_of(rules.never.begin(), rules.never.end(),
                                [&](const Placed<std::string>& id) { return id.value == one.id; });
    };
    for (const Rule& rule : policy_.rules) look(rule);
    for (const FreezeConfig& freeze : policy_.freezes) look(freeze);
    if (!known || !closes || opens) return;
    report_.Warning("nothing_to_override", rules.never.front().at,
                    "never: names every rule that closes the gate, so no override opens it",
                    "leave out the rules that may be overridden, or remove overrides:");
  }

  void CheckNobodyApproves(const OverrideRules& rules) const {
    if (!Has(rules.at, "approvals") || !Has(rules.at, "limit") || rules.consent.approvals > 0) {
      return;
    }
    const bool approvers_count = rules.limit && RepeatsApprovers(rules);
    if (Has(rules.at, "approvers") && !rules.consent.approvers.empty() && !approvers_count) {
      report_.Warning("idle_approvers", rules.consent.approvers.front().at,
                      "these approvers approve nothing: approvals is 0",
                      "raise approvals, or remove approvers");
    }
    if (!rules.limit) {
      report_.Warning("free_overrides", rules.at,
                      "anybody may open the gate, as often as they like: approvals is 0, and there "
                      "is no limit",
                      "raise approvals, or add limit:, such as {count: 3, per: 30d}");
    }
  }

  void CheckBeyond(const OverrideRules& rules) const {
    if (!rules.limit || !Has(rules.at, "limit") || !Has(rules.at, "approvals") ||
        !Has(rules.at, "approvers")) {
      return;
    }
    const auto names = [](const Consent& consent) {
      std::set<std::string> groups;
      for (const Placed<std::string>& group : consent.approvers) groups.insert(group.value);
      return groups;
    };
    if (rules.beyond.approvals < rules.consent.approvals) {
      report_.Error(
          "weak_beyond", rules.limit->at,
          absl::StrCat("beyond the limit an override would take fewer approvals (",
                       rules.beyond.approvals, ") than before (", rules.consent.approvals, ")"),
          "ask for more there, or leave approvals out: it is then one more than before");
    } else if (rules.beyond.approvals == rules.consent.approvals &&
               names(rules.beyond) == names(rules.consent)) {
      report_.Warning("same_beyond", rules.limit->at,
                      "the limit changes nothing: beyond it an override takes what it took before",
                      "ask for more approvals, or for those of another group");
    }
  }

  void CheckProof(const ChangeClass& change) const {
    if (!change.proof || !Has(change.at, "proof")) return;
    const Proof& proof = *change.proof;
    if (!proof.released_before || !proof.consent) return;
    report_.Error("idle_from", proof.consent->approvers.front().at,
                  "from names who approves, but this proof is a release before",
                  "remove from, or write approvals in place of released_before");
  }

  // A claim of the default class needs no proof: it is what every other claim falls back to.
  void CheckDefaultClass(const std::string& name, const ChangeClass& change) const {
    if (!change.is_default || !Has(change.at, "default")) return;
    const auto refuse = [&](Position at, const char* key) {
      report_.Error("default_class_proof", at,
                    absl::StrCat("'", name, "' is the default class and cannot have ", key),
                    "move it to a class that a release has to claim");
    };
    if (change.proof) refuse(change.proof->at, "a proof");
    if (change.limit) refuse(change.limit->at, "a limit");
    if (change.review_within) refuse(change.at, "review_within");
  }

  const ReleasePolicy& policy_;
  const Doubts& doubts_;
  Report& report_;
};

}  // namespace

bool RepeatsApprovers(const OverrideRules& rules) {
  const auto& groups = rules.beyond.approvers;
  return groups.empty() || (!rules.consent.approvers.empty() &&
                            groups.front().at == rules.consent.approvers.front().at);
}

void CheckOverrides(const ReleasePolicy& policy, const Doubts& doubts,
                    std::vector<Diagnostic>& diagnostics) {
  Report report(policy.file, diagnostics);
  OverridesCheck(policy, doubts, report).Run();
}

}  // namespace slogate
