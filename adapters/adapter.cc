#include "adapters/adapter.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "adapters/circleci/circleci.h"
#include "adapters/github/github.h"
#include "adapters/jenkins/jenkins.h"
#include "adapters/plain/plain.h"

namespace slogate {
namespace {

RunClaims NoRunClaims(Environment& /*environment*/) { return {}; }

const std::vector<Adapter>& Adapters() {
  static const std::vector<Adapter> adapters = {
      {"plain", {}, NoRunClaims, RenderPlain, {}},
      {"github",
       {{"GITHUB_ACTIONS", "true"}},
       GithubRunClaims,
       RenderGithubLog,
       {{"GITHUB_STEP_SUMMARY", /*required=*/false, /*last=*/false, RenderGithubSummary},
        {"GITHUB_OUTPUT", /*required=*/true, /*last=*/true, RenderGithubOutputs}}},
      {"jenkins", {{"JENKINS_URL", ""}, {"JENKINS_HOME", ""}}, JenkinsRunClaims, RenderPlain, {}},
      {"circleci", {{"CIRCLECI", "true"}}, CircleciRunClaims, RenderPlain, {}},
  };
  return adapters;
}

// The variable by which `adapter` is here; "" where it is not.
std::string SignOf(const Adapter& adapter, Environment& environment) {
  for (const Sign& sign : adapter.signs) {
    const std::string value = environment.Get(sign.variable).value_or("");
    if (!value.empty() && (*sign.value == '\0' || value == sign.value)) return sign.variable;
  }
  return "";
}

}  // namespace

std::variant<const Adapter*, std::string> ChooseAdapter(absl::string_view name,
                                                        Environment& environment) {
  if (name != "auto") {
    for (const Adapter& adapter : Adapters()) {
      if (name == adapter.name) return &adapter;
    }
    return absl::StrCat("there is no adapter '", name, "'");
  }
  const Adapter* here = &Adapters().front();
  std::vector<std::string> signs;
  for (const Adapter& adapter : Adapters()) {
    const std::string sign = SignOf(adapter, environment);
    if (sign.empty()) continue;
    here = &adapter;
    signs.push_back(absl::StrCat(sign, " (", adapter.name, ")"));
  }
  if (signs.size() <= 1) return here;
  return absl::StrCat("the environment speaks of several CI systems, by ",
                      absl::StrJoin(signs, " and "), "; say which with --adapter");
}

std::vector<std::string> AdapterNames() {
  std::vector<std::string> names = {"auto"};
  for (const Adapter& adapter : Adapters()) names.emplace_back(adapter.name);
  return names;
}

}  // namespace slogate
