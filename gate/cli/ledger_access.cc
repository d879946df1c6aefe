#include "gate/cli/ledger_access.h"

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/strip.h>

#include "gate/cli/report.h"
#include "gate/io/machine.h"

namespace slogate {
namespace {

constexpr char kVariable[] = "SLOGATE_LEDGER";

// Where CI systems keep what is gone after the run, by the variables that say so; and what is gone
// sooner or later on every machine.
constexpr const char* kPassingFolders[] = {"GITHUB_WORKSPACE",        "RUNNER_TEMP",    "WORKSPACE",
                                           "WORKSPACE_TMP",           "CI_PROJECT_DIR", "TMPDIR",
                                           "CIRCLE_WORKING_DIRECTORY"};
constexpr const char* kTemporaryFolders[] = {"/tmp", "/var/tmp", "/dev/shm", "/run"};

bool RunsInCi(World& world) {
  for (const char* variable : {"CI", "GITHUB_ACTIONS", "JENKINS_URL", "CIRCLECI", "GITLAB_CI"}) {
    if (!world.environment.Get(variable).value_or("").empty()) return true;
  }
  return false;
}

bool IsBelow(const std::string& path, const std::string& folder) {
  return absl::StartsWith(path, absl::StrCat(absl::StripSuffix(folder, "/"), "/"));
}

// The folder above `path` that vanishes with a CI machine, or "".
std::string PassingFolderOf(const std::string& path, World& world) {
  for (const char* variable : kPassingFolders) {
    std::string folder = world.environment.Get(variable).value_or("");
    if (absl::StartsWith(folder, "~/")) {
      folder = absl::StrCat(world.environment.Get("HOME").value_or(""), folder.substr(1));
    }
    if (folder.size() > 1 && IsBelow(path, WholePath(folder))) {
      return absl::StrCat(folder, " (", variable, ")");
    }
  }
  for (const char* folder : kTemporaryFolders) {
    if (IsBelow(path, folder)) return folder;
  }
  return "";
}

}  // namespace

absl::StatusOr<std::optional<LedgerLocation>> LocateLedger(const LedgerOptions& options,
                                                           World& world) {
  const bool by_option = !options.ledger.empty();
  const std::string text =
      by_option ? options.ledger : world.environment.Get(kVariable).value_or("");
  if (text.empty()) return std::nullopt;
  absl::StatusOr<LedgerLocation> location = ParseLedgerLocation(text);
  if (!location.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(by_option ? "--ledger" : kVariable, ": ", location.status().message()));
  }
  return std::optional(*std::move(location));
}

absl::Status CheckLedgerPlace(const LedgerLocation& location, const LedgerOptions& options,
                              World& world) {
  if (location.kind != LedgerLocation::Kind::kSqlite || options.temporary || !RunsInCi(world)) {
    return absl::OkStatus();
  }
  const std::string folder = PassingFolderOf(WholePath(location.place), world);
  if (folder.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "the ledger ", location.place, " lies below ", folder,
      ", which is gone after this run, and with it everything that was decided: keep it on a disk "
      "that stays, or in PostgreSQL; or, where this is wanted, give --allow-temporary-ledger"));
}

absl::StatusOr<std::unique_ptr<Ledger>> OpenLedger(const LedgerOptions& options,
                                                   const std::optional<LedgerConfig>& wanted,
                                                   World& world) {
  const absl::StatusOr<std::optional<LedgerLocation>> location = LocateLedger(options, world);
  if (!location.ok()) return location.status();
  if (!*location) {
    return absl::NotFoundError(absl::StrCat(
        wanted ? absl::StrCat("the policy wants every decision recorded in the ledger \"",
                              wanted->id, "\", and nobody says where that is")
               : "no ledger is named",
        ": give --ledger sqlite:FILE or --ledger postgresql://…, or set ", kVariable));
  }
  if (const absl::Status place = CheckLedgerPlace(**location, options, world); !place.ok()) {
    return place;
  }
  absl::StatusOr<std::unique_ptr<Store>> store = world.open_store(**location, world.clock);
  if (!store.ok()) return store.status();
  LedgerIdentity identity;
  if (wanted) identity = {wanted->id, wanted->genesis};
  return Ledger::Open(*std::move(store), identity, world.new_nonce);
}

absl::StatusOr<History> HistoryOf(const EffectivePolicy& policy, const Subject& subject,
                                  LedgerView& view) {
  absl::StatusOr<std::vector<Record>> records =
      view.Find(HistoryQueries(policy, subject, view.now()));
  if (!records.ok()) return records.status();
  return History{view.head().log_id, view.now(), *std::move(records), view.clock()};
}

Actor ActorOf(const Adapter& adapter, World& world) {
  const RunClaims claims = adapter.claims(world.environment);
  const auto claimed = claims.find("actor");
  if (claimed != claims.end() && !claimed->second.value.empty()) {
    return {absl::StrCat(adapter.name, ":", claimed->second.value), claimed->second.variable, ""};
  }
  return {absl::StrCat("local:", world.login_name()), "operating system", ""};
}

std::optional<Actor> ActorHere(World& world) {
  const auto chosen = ChooseAdapter("auto", world.environment);
  if (const auto* problem = std::get_if<std::string>(&chosen)) {
    Complain(world, absl::StrCat("slogate: ", *problem, "\n"));
    return std::nullopt;
  }
  return ActorOf(*std::get<const Adapter*>(chosen), world);
}

int FailOnLedger(World& world, const absl::Status& status) {
  Complain(world, status);
  return absl::IsInvalidArgument(status) ? kExitUsage : kExitLedger;
}

int FailToRecord(World& world, const absl::Status& status) {
  if (absl::IsInvalidArgument(status)) return FailOnLedger(world, status);
  const char* recorded =
      absl::IsUnknown(status) ? "nobody knows whether it is recorded" : "nothing is recorded";
  Complain(world, absl::StrCat("slogate: ", status.message(), "\nslogate: ", recorded,
                               ", so nothing proceeds: exit ", kExitLedger, "\n"));
  return kExitLedger;
}

}  // namespace slogate
