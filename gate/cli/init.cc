// slogate init: the files to start from, for one CI system and one service.
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "gate/cli/commands.h"
#include "gate/cli/report.h"
#include "gate/cli/values.h"
#include "gate/policy/load.h"
#include "gate/prometheus/series_list.h"
#include "gate/starter/templates.h"

namespace slogate {
namespace {

constexpr absl::Duration kWait = absl::Seconds(20);

const StarterSystem& SystemOf(const InitOptions& options) {
  size_t index = 0;
  while (StarterSystems()[index].name != options.system) ++index;
  return StarterSystems()[index];
}

std::string WayOut(FindingKind kind, const std::string& service) {
  switch (kind) {
    case FindingKind::kUnauthorized:
      return absl::StrCat("put a token that may read into the variable ", kTokenVariable);
    case FindingKind::kTooLarge:
      return absl::StrCat("name one metric of ", service, " with --metric");
    default:
      return "without --prometheus the files come with an example's URL and SLO, to be changed by "
             "hand";
  }
}

// What the server has of the service, or nullopt with the reason told.
std::optional<Proposals> AskPrometheus(const InitOptions& options, StarterRequest& request,
                                       World& world) {
  SourceConfig source;
  source.url.value = options.prometheus;
  // The starter policy names this variable, too; without it a server that is open can be asked.
  request.token = !world.environment.Get(kTokenVariable).value_or("").empty();
  if (request.token) {
    source.auth = BearerToken{{Secret::Kind::kEnvironment, kTokenVariable, {}}};
  }
  const Parsed<Credentials> credentials =
      ReadCredentials(source, "", world.files, world.environment);
  if (!credentials.value) {
    for (const Diagnostic& diagnostic : credentials.diagnostics) {
      Complain(world, absl::StrCat("slogate: ", diagnostic.message, "\n"));
    }
    return std::nullopt;
  }
  const auto listed =
      ListSeries(ProposalSelectors(options.service, options.metric), ProposalLabels(), source,
                 *credentials.value, world.clock.Now(), kWait, world.http);
  if (const auto* finding = std::get_if<Finding>(&listed)) {
    Complain(world, absl::StrCat("slogate: nothing is written: ", options.prometheus, ": ",
                                 Word(finding->kind), ": ", finding->detail,
                                 "\nslogate: ", WayOut(finding->kind, options.service), "\n"));
    return std::nullopt;
  }
  Proposals found =
      ProposeSlos(std::get<std::vector<SeriesGroup>>(listed), options.service, options.metric);
  if (!found.slos.empty()) return found;
  std::string told = absl::StrCat("slogate: nothing is written: ", options.prometheus, " has no ");
  if (found.seen.empty()) {
    absl::StrAppend(&told,
                    options.metric.empty() ? "counter or histogram of seconds" : options.metric,
                    " whose label ", absl::StrJoin(ServiceLabels(), ", "), " is ", options.service,
                    "\nslogate: perhaps the service has another name there; ");
  } else {
    if (found.seen.size() > 12) {
      found.seen.resize(12);
      found.seen.emplace_back("…");
    }
    absl::StrAppend(
        &told, "metric of ", options.service,
        " that tells failures from successes, or times requests, in a way that slogate knows\n"
        "slogate: there are ",
        absl::StrJoin(found.seen, ", "), "; ");
  }
  Complain(world, absl::StrCat(told, WayOut(FindingKind::kNoSeries, options.service), "\n"));
  return std::nullopt;
}

// Whether all paths are free; else names those that are not.
bool AllAreFree(const std::vector<SourceFile>& files, World& world) {
  std::vector<std::string> taken;
  for (const SourceFile& file : files) {
    const absl::Status status = world.files.Open(file.path).status();
    const bool there = status.ok() || absl::IsFailedPrecondition(status);
    if (there) taken.push_back(file.path);
    if (there || absl::IsNotFound(status)) continue;
    Complain(world, status);
    return false;
  }
  if (taken.empty()) return true;
  Complain(world, absl::StrCat("slogate: nothing is written: ", absl::StrJoin(taken, ", "),
                               taken.size() == 1 ? " is there already" : " are there already",
                               "\nslogate: --print shows what would be written, --folder writes it "
                               "elsewhere\n"));
  return false;
}

// All or nothing, as far as a disk lets it be.
absl::Status Write(const std::vector<SourceFile>& files, World& world) {
  std::vector<std::unique_ptr<NewFile>> made;
  for (const SourceFile& file : files) {
    absl::StatusOr<std::unique_ptr<NewFile>> created = world.files.CreateFirst(file.path);
    if (!created.ok()) return created.status();
    made.push_back(*std::move(created));
    if (absl::Status status = made.back()->Write(file.text); !status.ok()) return status;
  }
  for (const std::unique_ptr<NewFile>& file : made) {
    if (absl::Status status = file->Commit(); !status.ok()) return status;
  }
  return absl::OkStatus();
}

std::string NextSteps(const InitOptions& options, const StarterRequest& request,
                      const std::vector<SourceFile>& files) {
  const StarterSystem& system = SystemOf(options);
  const std::string &policy = files[0].path, &slos = files[1].path, &pipeline = files[2].path;
  const std::string look =
      request.found
          ? absl::StrCat("Read ", slos, ": are these the promises? Then check both files:")
          : absl::StrCat("Change what is made up, the URL in ", policy, " and the metric in ", slos,
                         ". Then check both files:");
  std::string secret = absl::StrCat("Put a token that may read into ", system.secret, ".");
  if (!request.token) {
    secret = absl::StrCat(
        options.prometheus, " asked for no token, so the policy names none",
        options.system == "jenkins" ? "; take withCredentials out of the pipeline." : ".");
  }
  return absl::StrCat(
      "Wrote ", policy, ", ", slos, " and ", pipeline, "\n\nNext\n  1 ", look, "\n      ",
      RepeatableCommand({"lint", policy, slos}), "\n  2 Ask without consequences",
      request.token ? absl::StrCat(", with a token in ", kTokenVariable) : "", ":\n      ",
      RepeatableCommand({"check", "--policy", policy, "--slos", slos, "--environment", "production",
                         "--dry-run"}),
      "\n  3 ", secret, "\n    In ", pipeline, " put in ", system.fill_in, ".\n    Add ",
      system.dry_run, " for the first two weeks; take it out to enforce.\n");
}

}  // namespace

int Init(const InitOptions& options, World& world) {
  StarterRequest request{options.system, options.service, options.prometheus, true, std::nullopt};
  if (!options.prometheus.empty()) {
    request.found = AskPrometheus(options, request, world);
    if (!request.found) return kExitUsage;
  }
  std::vector<SourceFile> files = StarterFiles(request);
  const Parsed<PolicyFiles> loaded = LoadPolicyFiles({files[0], files[1]});
  ShowDiagnostics(world, loaded.diagnostics, files);
  if (!loaded.value) {
    Complain(world,
             "slogate: nothing is written: it would be invalid, which is a mistake of slogate\n");
    return kExitInternal;
  }
  if (options.print) {
    std::string text;
    for (const SourceFile& file : files)
      absl::StrAppend(&text, "# ---- ", file.path, "\n", file.text);
    return Say(world, text);
  }
  if (options.folder != ".") {
    for (SourceFile& file : files) {
      file.path =
          absl::StrCat(options.folder, absl::EndsWith(options.folder, "/") ? "" : "/", file.path);
    }
  }
  if (!AllAreFree(files, world)) return kExitUsage;
  if (const absl::Status written = Write(files, world); !written.ok()) {
    Complain(world, written);
    return kExitUsage;
  }
  return Say(world, NextSteps(options, request, files));
}

}  // namespace slogate
