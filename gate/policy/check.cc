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

void CheckSourcesAndEnvironments(const ReleasePolicy& policy, Report& report) {
  if (policy.sources.empty()) {
    report.Error("no_source", {}, "the policy has no source to measure with",
                 "add sources:, such as main: {url: 'https://prometheus.example:9090'}");
  } else if (policy.environments.empty() && policy.sources.size() > 1) {
    report.Error("one_source", policy.sources.begin()->second.at,
                 absl::StrCat("the policy has ", policy.sources.size(),
                              " sources and no environments that choose between them"),
                 "add environments:, each with its source, or leave one source");
  }
  const std::vector<std::string> known = Names(policy.sources);
  for (const auto& [name, environment] : policy.environments) {
    if (environment.matchers.count("__name__") > 0) {
      report.Error("name_matcher", environment.at,
                   absl::StrCat("environment '", name, "' cannot match on __name__"),
                   "every selector names its metric itself; use other labels");
    }
    if (environment.sources.size() != 1) {
      report.Error("one_source",
                   environment.sources.empty() ? environment.at : environment.sources[1].at,
                   absl::StrCat("environment '", name, "' names ", environment.sources.size(),
                                " sources; this version reads exactly one an environment"),
                   absl::StrCat("name one of ", Listed(known)));
    }
    for (const Placed<std::string>& source : environment.sources) {
      if (policy.sources.count(source.value) > 0) continue;
      report.Error("unknown_source", source.at,
                   absl::StrCat("the policy has no source '", source.value, "'",
                                DidYouMean(source.value, known)),
                   absl::StrCat("name one of ", Listed(known)));
    }
  }
}

// What a class may skip: everything of a sort, one rule or one kind of finding.
std::vector<std::string> Skippable(const ReleasePolicy& policy) {
  std::vector<std::string> words = {"rules", "findings"};
  for (const Rule& rule : policy.rules) words.push_back(rule.id);
  for (const FindingTraits& traits : AllFindings()) words.emplace_back(traits.word);
  return words;
}

void CheckSkips(const std::pair<const std::string, ChangeClass>& change,
                const std::vector<std::string>& skippable, Report& report) {
  for (const Placed<std::string>& skip : change.second.skips) {
    if (std::count(skippable.begin(), skippable.end(), skip.value) == 0) {
      report.Error("unknown_skip", skip.at,
                   absl::StrCat("there is nothing called '", skip.value, "' to skip",
                                DidYouMean(skip.value, skippable)),
                   "skips: takes rules, findings, a rule's id or a kind of finding");
    } else if (change.second.is_default) {
      report.Warning("default_class_skips", skip.at,
                     absl::StrCat("every ordinary release skips '", skip.value, "': '",
                                  change.first, "' is the default class"),
                     "move skips: to a class that a release has to claim");
    }
  }
}

void CheckChanges(const ReleasePolicy& policy, Report& report) {
  const std::vector<std::string> skippable = Skippable(policy);
  using Class = std::pair<const std::string, ChangeClass>;
  std::vector<const Class*> in_file_order;
  for (const Class& change : policy.changes) in_file_order.push_back(&change);
  std::sort(in_file_order.begin(), in_file_order.end(), [](const Class* a, const Class* b) {
    return std::pair(a->second.at.line, a->second.at.column) <
           std::pair(b->second.at.line, b->second.at.column);
  });
  const Class* default_class = nullptr;
  for (const Class* change : in_file_order) {
    CheckSkips(*change, skippable, report);
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
  if (!in_file_order.empty() && !default_class) {
    report.Error("default_class", in_file_order.front()->second.at,
                 "none of the change classes is the default",
                 "add 'default: true' to the class of an ordinary release, such as feature");
  }
}

void CheckService(const ReleasePolicy& policy, Report& report) {
  if (policy.slos.empty() && policy.service) {
    report.Error("service_without_slos", policy.service->at,
                 "the policy names a service but has no slos",
                 "add slos:, or leave the service to the ServiceObjectives file");
  }
  if (!policy.slos.empty() && !policy.service) {
    report.Error("slos_without_service", policy.slos.front().at,
                 "the policy has slos but does not name the service", "add service: to the policy");
  }
}

// What several files say together.
void CheckTogether(const PolicyFiles& files, std::vector<Diagnostic>& diagnostics) {
  const ServiceObjectives* first = nullptr;
  for (const ServiceObjectives& objectives : files.objectives) {
    Report report(objectives.file, diagnostics);
    if (objectives.slos.empty()) {
      report.Error("no_slos", {}, "the file has no SLO", "add at least one under slos:");
    }
    if (!first) {
      first = &objectives;
    } else if (objectives.service.value != first->service.value) {
      report.Error("two_services", objectives.service.at,
                   absl::StrCat("this file is about service '", objectives.service.value, "', but ",
                                first->file, " is about '", first->service.value, "'"),
                   "a decision is about one service; check the two apart");
    }
  }
  if (first && files.policy && !files.policy->slos.empty()) {
    Report(files.policy->file, diagnostics)
        .Error("two_sets_of_slos", files.policy->slos.front().at,
               absl::StrCat("the policy has slos of its own beside those of ", first->file),
               "keep the SLOs in one place: remove slos: and service: here, or leave out the other "
               "file");
  }
}

void AddSlos(const std::string& file, const Labels& labels, const std::vector<Slo>& slos,
             std::vector<SloInFile>& all) {
  for (const Slo& slo : slos) {
    SloInFile& added = all.emplace_back(SloInFile{&file, &slo, slo.labels});
    added.labels.insert(labels.begin(),
                        labels.end());  // insert keeps what is there: the SLO's own win
  }
}

void CheckSloNames(absl::Span<const SloInFile> slos, std::vector<Diagnostic>& diagnostics) {
  for (const SloInFile& slo : slos) {
    const auto first = std::find_if(slos.begin(), slos.end(), [&](const SloInFile& other) {
      return other.slo->name == slo.slo->name;
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

void CheckPolicyFiles(const PolicyFiles& files, std::vector<Diagnostic>& diagnostics) {
  std::vector<SloInFile> slos;
  if (files.policy) {
    const ReleasePolicy& policy = *files.policy;
    Report report(policy.file, diagnostics);
    CheckSourcesAndEnvironments(policy, report);
    CheckChanges(policy, report);
    CheckService(policy, report);
    CheckRules(policy, diagnostics);
    AddSlos(policy.file, policy.labels, policy.slos, slos);
  }
  CheckTogether(files, diagnostics);
  for (const ServiceObjectives& objectives : files.objectives) {
    AddSlos(objectives.file, objectives.labels, objectives.slos, slos);
  }
  CheckSloNames(slos, diagnostics);
  std::vector<SloInFile> measurable;
  for (const SloInFile& slo : slos) {
    if (CheckSli(slo, diagnostics)) measurable.push_back(slo);
  }
  if (!files.policy || slos.empty()) return;
  CheckCoverage(*files.policy, slos, diagnostics);
  CheckEnvironmentMatchers(*files.policy, measurable, diagnostics);
}

}  // namespace slogate
