#include <algorithm>
#include <optional>

#include <absl/strings/str_cat.h>

#include "gate/base/suggest.h"
#include "gate/policy/check_parts.h"
#include "gate/policy/freeze.h"

namespace slogate {
namespace {

// What one policy says of freezes.
class FreezesCheck {
 public:
  FreezesCheck(const ReleasePolicy& policy, const Doubts& doubts, Report& report)
      : policy_(policy), doubts_(doubts), report_(report) {}

  void Run() const {
    for (const FreezeConfig& freeze : policy_.freezes) {
      if (!Has(freeze, "id")) continue;  // nothing to call it by
      CheckId(freeze);
      if (Has(freeze, "environments")) CheckEnvironments(freeze);
      if (Has(freeze, "from") && Has(freeze, "to") && Has(freeze, "time_zone")) CheckTimes(freeze);
    }
  }

 private:
  bool Has(const FreezeConfig& freeze, const char* key) const {
    return !doubts_.About(policy_.file, freeze.at, key);
  }

  void CheckId(const FreezeConfig& freeze) const {
    if (IsReservedId(freeze.id)) {
      report_.Error("reserved_rule_id", freeze.at,
                    absl::StrCat("'", freeze.id,
                                 "' cannot be a freeze's id, because skips: gives it another "
                                 "meaning"),
                    "choose another id");
    }
    const auto taken = [&](const auto& other) { return other.id == freeze.id; };
    const auto rule = std::find_if(policy_.rules.begin(), policy_.rules.end(), taken);
    const auto first = std::find_if(policy_.freezes.begin(), policy_.freezes.end(), taken);
    const bool is_rule = rule != policy_.rules.end();
    if (!is_rule && &*first == &freeze) return;
    report_.Error(
        "duplicate_rule", freeze.at,
        absl::StrCat(is_rule ? "rule '" : "freeze '", freeze.id, "' is already defined at line ",
                     is_rule ? rule->at.line : first->at.line),
        "give each rule and each freeze an id of its own");
  }

  void CheckEnvironments(const FreezeConfig& freeze) const {
    CheckEntriesOnce(freeze.environments, report_);
    if (doubts_.About(policy_.file, policy_.at, "environments")) return;
    const std::vector<std::string> known = Names(policy_.environments);
    for (const Placed<std::string>& name : freeze.environments) {
      if (policy_.environments.count(name.value) > 0) continue;
      report_.Error("unknown_environment", name.at,
                    absl::StrCat("the policy has no environment '", name.value, "'",
                                 DidYouMean(name.value, known)),
                    known.empty() ? "remove environments: from this freeze; it is then for all"
                                  : absl::StrCat("name one of ", Listed(known)));
    }
  }

  void CheckTimes(const FreezeConfig& freeze) const {
    for (const Placed<WrittenMoment>* moment : {&freeze.from, &freeze.to}) {
      if (freeze.time_zone || std::holds_alternative<absl::Time>(moment->value)) continue;
      report_.Error(
          "no_time_zone", moment->at,
          absl::StrCat("freeze '", freeze.id, "' does not say by which clocks this time is meant"),
          "add time_zone:, such as Europe/Berlin, or write the offset: "
          "2026-12-24T18:00:00+01:00");
      return;
    }
    const std::optional<Freeze> times = ResolvedFreeze(freeze);
    if (!times || times->from < times->to) return;
    report_.Error("empty_freeze", freeze.to.at,
                  absl::StrCat("freeze '", freeze.id, "' ends before it begins, or as it begins"),
                  "to: is the first moment after the freeze; a day alone is its first moment");
  }

  const ReleasePolicy& policy_;
  const Doubts& doubts_;
  Report& report_;
};

}  // namespace

void CheckFreezes(const ReleasePolicy& policy, const Doubts& doubts,
                  std::vector<Diagnostic>& diagnostics) {
  Report report(policy.file, diagnostics);
  FreezesCheck(policy, doubts, report).Run();
}

}  // namespace slogate
