#include "gate/starter/templates.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>

#include "gate/starter/examples.h"

namespace slogate {
namespace {

constexpr char kPolicyPath[] = "release-policy.yaml";

// Words that readers of YAML take for something else than a text.
constexpr absl::string_view kNotText[] = {"true", "false", "null", "yes", "no",
                                          "on",   "off",   "y",    "n"};

// A service's name in YAML: in quotes unless it is a plain word.
std::string NameInYaml(const std::string& name) {
  const std::string lower = absl::AsciiStrToLower(name);
  const bool word =
      absl::ascii_isalpha(static_cast<unsigned char>(name[0])) &&
      std::find(std::begin(kNotText), std::end(kNotText), lower) == std::end(kNotText);
  return word ? name : absl::StrCat("'", name, "'");
}

// Where the examples have the service's file.
std::string SlosPath(const std::string& service) {
  return absl::StrCat(absl::StrReplaceAll(service, {{"/", "-"}}), ".yaml");
}

std::string Policy(const StarterRequest& request) {
  std::vector<std::pair<std::string, std::string>> replaced;
  if (!request.prometheus.empty()) {
    replaced.emplace_back(
        "'https://prometheus.example:9090'",
        absl::StrCat("'", absl::StrReplaceAll(request.prometheus, {{"'", "''"}}), "'"));
  }
  if (!request.token) replaced.emplace_back(", auth: {bearer_token: {env: PROMETHEUS_TOKEN}}", "");
  if (request.found && request.found->environment_label.empty()) {
    replaced.emplace_back("\nenvironments:\n",
                          "\n# No label in common use, such as env, tells production from staging "
                          "here: both measure the "
                          "same until each has its\n# matchers: {LABEL: VALUE}.\nenvironments:\n");
    replaced.emplace_back(", matchers: {env: prod}", "");
    replaced.emplace_back(", matchers: {env: staging}", "");
  } else if (request.found) {
    const Proposals& found = *request.found;
    const std::string& label = found.environment_label;
    replaced.emplace_back("{env: prod}", absl::StrCat("{", label, ": ", found.production, "}"));
    replaced.emplace_back(
        "{env: staging}",
        absl::StrCat("{", label, ": ", found.staging.empty() ? "staging" : found.staging, "}"));
  }
  return absl::StrReplaceAll(kPolicyExample, replaced);
}

std::string Slos(const StarterRequest& request) {
  const std::vector<std::pair<std::string, std::string>> replaced = {
      {"service: checkout", absl::StrCat("service: ", NameInYaml(request.service))},
      {"checkout", request.service}};
  std::string example = kSlosExample;
  if (!request.found) return absl::StrReplaceAll(example, replaced);
  const std::string list = "\nslos:\n";
  example.resize(example.find(list) + list.size());
  std::string text = absl::StrReplaceAll(example, replaced);
  absl::StrAppend(&text,
                  "  # Objectives and windows are a place to start: a dry run shows what the "
                  "service really did.\n");
  for (const Proposal& slo : request.found->slos) {
    absl::StrAppend(&text, "  - name: ", slo.name, "\n    objective: ", slo.objective,
                    "\n    window: 30d\n");
    for (const std::string& note : slo.notes) absl::StrAppend(&text, "    # ", note, "\n");
    absl::StrAppend(&text, "    sli: ", slo.sli, "\n");
  }
  return text;
}

const char* PipelineExample(const std::string& system) {
  if (system == "github") return kGithubExample;
  return system == "jenkins" ? kJenkinsExample : kCircleciExample;
}

}  // namespace

const std::vector<StarterSystem>& StarterSystems() {
  static const std::vector<StarterSystem> systems = {
      {"github", ".github/workflows/release.yml",
       "the secret PROMETHEUS_TOKEN of the environment `production`",
       "the action's repository and commit, and the archive's URL and SHA-256",
       "`dry-run: true` under the gate's `with:`"},
      {"jenkins", "Jenkinsfile",
       "a credential of kind \"Secret text\" with the ID prometheus-token",
       "the version of your shared library", "`dryRun: true,` to the step slogate"},
      {"circleci", ".circleci/config.yml",
       "the variable PROMETHEUS_TOKEN of the context deploy-production",
       "your copy of the orb, and the archive's URL and SHA-256",
       "`dry-run: true` to slogate/check"},
  };
  return systems;
}

std::vector<std::string> StarterSystemNames() {
  std::vector<std::string> names;
  for (const StarterSystem& system : StarterSystems()) names.push_back(system.name);
  return names;
}

bool IsServiceName(absl::string_view text) {
  const auto alphanumeric = [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c));
  };
  return !text.empty() && text.size() <= 63 && alphanumeric(text[0]) &&
         std::all_of(text.begin(), text.end(), [&](char c) {
           return alphanumeric(c) || absl::string_view("._/-").find(c) != absl::string_view::npos;
         });
}

std::vector<SourceFile> StarterFiles(const StarterRequest& request) {
  const auto system =
      std::find_if(StarterSystems().begin(), StarterSystems().end(),
                   [&](const StarterSystem& known) { return known.name == request.system; });
  const std::string slos = SlosPath(request.service);
  return {{kPolicyPath, Policy(request)},
          {slos, Slos(request)},
          {system->pipeline,
           absl::StrReplaceAll(PipelineExample(request.system), {{"checkout.yaml", slos}})}};
}

}  // namespace slogate
