#include "gate/policy/check.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <absl/strings/str_cat.h>

#include "gate/base/suggest.h"
#include "gate/policy/check_parts.h"
#include "gate/policy/report.h"

namespace slogate {
namespace {

// What a class may skip: everything of a sort, one rule or freeze, or one kind of finding.
std::vector<std::string> Skippable(const ReleasePolicy& policy) {
  std::vector<std::string> words = {"rules", "findings", "freezes"};
  for (std::string& id : IdsOf(policy)) words.push_back(std::move(id));
  for (const FindingTraits& traits : AllFindings()) words.emplace_back(traits.word);
  return words;
}

void CheckSkips(const std::pair<const std::string, ChangeClass>& change,
                const std::vector<std::string>& skippable, bool has_all_skippable, Report& report) {
  for (const Placed<std::string>& skip : change.second.skips) {
    if (std::count(skippable.begin(), skippable.end(), skip.value) == 0) {
      if (!has_all_skippable) continue;
      report.Error(
          "unknown_skip", skip.at,
          absl::StrCat("there is nothing called '", skip.value, "' to skip",
                       DidYouMean(skip.value, skippable)),
          "skips: takes rules, findings, freezes, the id of a rule or freeze, or a kind of "
          "finding");
    } else if (change.second.is_default) {
      report.Warning("default_class_skips", skip.at,
                     absl::StrCat("every ordinary release skips '", skip.value, "': '",
                                  change.first, "' is the default class"),
                     "move skips: to a class that a release has to claim");
    }
  }
}

void CheckChanges(const ReleasePolicy& policy, const Doubts& doubts, Report& report) {
  const std::vector<std::string> skippable = Skippable(policy);
  const bool has_all_skippable = HasAllIds(policy, doubts);
  using Class = std::pair<const std::string, ChangeClass>;
  std::vector<const Class*> in_file_order;
  for (const Class& change : policy.changes) in_file_order.push_back(&change);
  std::sort(in_file_order.begin(), in_file_order.end(), [](const Class* a, const Class* b) {
    return std::pair(a->second.at.line, a->second.at.column) <
           std::pair(b->second.at.line, b->second.at.column);
  });
  const Class* default_class = nullptr;
  bool has_all_defaults = !doubts.About(policy.file, policy.at, "changes");
  for (const Class* change : in_file_order) {
    const auto doubtful = [&](const char* key) {
      return doubts.About(policy.file, change->second.at, key);
    };
    if (!doubtful("skips")) CheckSkips(*change, skippable, has_all_skippable, report);
    if (doubtful("default")) has_all_defaults = false;
    if (!change->second.is_default) continue;
    if (default_class) {
      report.Error("default_class", change->second.at,
                   absl::StrCat("'", change->first, "' is a second default class beside '",
                                default_class->first, "'"),
                   "leave 'default: true' at the class of an ordinary release only");
    } else {
      default_class = change;
    }
  }
  if (has_all_defaults && !in_file_order.empty() && !default_class) {
    report.Error("default_class", in_file_order.front()->second.at,
                 "none of the change classes is the default",
                 "add 'default: true' to the class of an ordinary release, such as feature");
  }
}

void CheckService(const ReleasePolicy& policy, const Doubts& doubts, Report& report) {
  const bool has_all_slos = !doubts.About(policy.file, policy.at, "slos");
  if (has_all_slos && policy.slos.empty() && policy.service) {
    report.Error("service_without_slos", policy.service->at,
                 "the policy names a service but has no slos",
                 "add slos:, or leave the service to the ServiceObjectives file");
  }
  const bool has_no_service = !policy.service && !doubts.About(policy.file, policy.at, "service");
  if (!policy.slos.empty() && has_no_service) {
    report.Error("slos_without_service", policy.slos.front().at,
                 "the policy has slos but does not name the service", "add service: to the policy");
  }
}

// What several files say together.
void CheckTogether(const ReleasePolicy* policy, absl::Span<const ServiceObjectives> objectives,
                   const Doubts& doubts, std::vector<Diagnostic>& diagnostics) {
  const ServiceObjectives* first = nullptr;
  for (const ServiceObjectives& file : objectives) {
    if (doubts.About(file.file, file.at, "service")) continue;
    if (!first) first = &file;
    if (file.service.value == first->service.value) continue;
    Report(file.file, diagnostics)
        .Error("two_services", file.service.at,
               absl::StrCat("this file is about service '", file.service.value, "', but ",
                            first->file, " is about '", first->service.value, "'"),
               "a decision is about one service; check the two apart");
  }
  if (policy && !policy->slos.empty() && !objectives.empty()) {
    Report(policy->file, diagnostics)
        .Error("two_sets_of_slos", policy->slos.front().at,
               absl::StrCat("the policy has slos of its own beside those of ",
                            objectives.front().file),
               "keep the SLOs in one place: remove slos: and service: here, or leave out the other "
               "file");
  }
}

// Adds the SLOs of a ReleasePolicy or a ServiceObjectives.
template <class File>
void AddSlos(const File& file, const Doubts& doubts, SloSet& set) {
  const bool has_slos = !doubts.About(file.file, file.at, "slos");
  const bool has_file_labels = !doubts.About(file.file, file.at, "labels");
  set.has_all_names = set.has_all_names && has_slos;
  set.has_all_labels = set.has_all_labels && has_slos;
  for (const Slo& slo : file.slos) {
    const auto has = [&](const char* key) { return !doubts.About(file.file, slo.at, key); };
    SloInFile& added =
        set.slos.emplace_back(SloInFile{.file = &file.file,
                                        .slo = &slo,
                                        .labels = slo.labels,
                                        .has_name = has("name"),
                                        .has_labels = has_file_labels && has("labels"),
                                        .has_target = has("objective") && has("window")});
    added.labels.insert(file.labels.begin(),
                        file.labels.end());  // insert keeps what is there: the SLO's own win
    set.has_all_names = set.has_all_names && added.has_name;
    set.has_all_labels = set.has_all_labels && added.has_labels;
  }
}

void CheckSloNames(absl::Span<const SloInFile> slos, std::vector<Diagnostic>& diagnostics) {
  for (const SloInFile& slo : slos) {
    if (!slo.has_name) continue;
    const auto first = std::find_if(slos.begin(), slos.end(), [&](const SloInFile& other) {
      return other.has_name && other.slo->name == slo.slo->name;
    });
    if (first->slo == slo.slo) continue;
    Report(*slo.file, diagnostics)
        .Error("duplicate_slo", slo.slo->at,
               absl::StrCat("SLO '", slo.slo->name, "' is already defined at ", *first->file, ":",
                            first->slo->at.line),
               "give each SLO of the service a name of its own");
  }
}

}  // namespace

void CheckPolicyFiles(const ReleasePolicy* policy, absl::Span<const ServiceObjectives> objectives,
                      const Doubts& doubts, std::vector<Diagnostic>& diagnostics) {
  SloSet set;
  set.has_all_names = set.has_all_labels = !doubts.AboutAFile();
  if (policy) {
    Report report(policy->file, diagnostics);
    CheckSources(*policy, doubts, diagnostics);
    CheckEnvironments(*policy, doubts, diagnostics);
    CheckChanges(*policy, doubts, report);
    CheckService(*policy, doubts, report);
    CheckRules(*policy, doubts, diagnostics);
    CheckFreezes(*policy, doubts, diagnostics);
    CheckPeople(*policy, doubts, diagnostics);
    CheckOverrides(*policy, doubts, diagnostics);
    AddSlos(*policy, doubts, set);
  }
  CheckTogether(policy, objectives, doubts, diagnostics);
  for (const ServiceObjectives& file : objectives) AddSlos(file, doubts, set);
  CheckSloNames(set.slos, diagnostics);
  std::vector<SloInFile> measurable;
  for (const SloInFile& slo : set.slos) {
    if (CheckSli(slo, doubts, diagnostics)) measurable.push_back(slo);
  }
  if (!policy || set.slos.empty()) return;
  CheckCoverage(*policy, set, doubts, diagnostics);
  CheckEnvironmentMatchers(*policy, measurable, doubts, diagnostics);
}

}  // namespace slogate
