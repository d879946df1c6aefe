#include "gate/doctor/github.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/strip.h>

#include "gate/doctor/steps.h"

namespace slogate {
namespace {

constexpr size_t kShaDigits = 40;

// "owner/repository/path" and what stands behind the '@'.
std::pair<std::string, std::string> Reference(const std::string& uses) {
  const size_t at = uses.find('@');
  if (at == std::string::npos) return {uses, ""};
  return {uses.substr(0, at), uses.substr(at + 1)};
}

bool IsGateAction(const std::string& uses) {
  const std::string name = Reference(uses).first;
  return absl::EndsWith(name, "/slogate/adapters/github") ||
         (absl::StartsWith(name, "./") && absl::EndsWith(name, "adapters/github"));
}

bool IsCommit(const std::string& ref) {
  return ref.size() == kShaDigits && std::all_of(ref.begin(), ref.end(), [](char c) {
           return absl::ascii_isxdigit(static_cast<unsigned char>(c));
         });
}

// Whether a condition lets a step run after a failure before it.
bool RunsAfterFailure(absl::string_view condition) {
  return absl::StrContains(condition, "always()") || absl::StrContains(condition, "failure()") ||
         absl::StrContains(condition, "cancelled()");
}

// Whether it asks for the gate's own success all the same.
bool AsksForSuccess(absl::string_view condition) {
  if (absl::StrContains(condition, "||")) return false;
  return absl::StrContains(condition, "outputs.proceed") ||
         ((absl::StrContains(condition, ".outcome") ||
           absl::StrContains(condition, ".conclusion") ||
           absl::StrContains(condition, ".result")) &&
          absl::StrContains(condition, "success") && !absl::StrContains(condition, "!="));
}

ShellFlags ShellOf(const Node& root, const Node& job, const Node& step, bool& known) {
  std::string shell;
  for (const Node* level : {&root, &job}) {
    const Node* defaults = level->Find("defaults");
    if (defaults == nullptr || defaults->kind != Node::Kind::kMap) continue;
    const Node* run = defaults->Find("run");
    if (run != nullptr && !TextOf(*run, "shell").empty()) shell = TextOf(*run, "shell");
  }
  if (!TextOf(step, "shell").empty()) shell = TextOf(step, "shell");
  known = true;
  if (shell.empty() || shell == "sh") return {true, false};  // `bash -e {0}`: no pipefail
  if (shell == "bash") return {true, true};
  known = absl::StartsWith(shell, "bash ") || absl::StartsWith(shell, "sh ");
  return FlagsOf(shell);
}

struct Job {
  std::string id;
  Position at;
  const Node* node = nullptr;
  std::vector<Step> steps;
  std::vector<const Node*> step_nodes;
  std::vector<std::pair<std::string, Position>> needs;
  size_t gate = 0;  // the first step with a gate

  bool Gated() const { return gate < steps.size(); }
};

class Examiner {
 public:
  Examiner(const Node& root, const TextPlaces& places, Findings& findings)
      : root_(root), places_(places), findings_(findings) {}

  size_t Go();

 private:
  Job ReadJob(const std::string& id, Position at, const Node& node) const;
  Step ReadStep(const Node& node) const;
  void ExamineGates(const Job& job, bool deploy_elsewhere);
  void ExamineAction(const Node& step);
  void ExamineConditions(const Job& job);
  void ExamineJobs();
  void ExaminePolicy(const Job& job, size_t step, const GateCall& gate);
  bool On(absl::string_view event) const;

  const Node& root_;
  const TextPlaces& places_;
  Findings& findings_;
  std::vector<Job> jobs_;
};

Step Examiner::ReadStep(const Node& node) const {
  Step step;
  step.at = node.at;
  if (node.kind != Node::Kind::kMap) return step;
  step.name = absl::StrCat(TextOf(node, "name"), " ", TextOf(node, "id"));
  const std::string uses = TextOf(node, "uses");
  step.doing = uses;
  step.can_deploy = !uses.empty() && !absl::StartsWith(uses, "actions/");
  if (IsGateAction(uses)) {
    const Node* with = node.Find("with");
    GateCall gate;
    gate.at = node.Find("uses")->at;
    if (with != nullptr && with->kind == Node::Kind::kMap) {
      const Node* dry_run = with->Find("dry-run");
      gate.dry_run = dry_run != nullptr && MayBeTrue(*dry_run);
      gate.policy = TextOf(*with, "policy");
      if (!gate.policy.empty()) gate.policy_at = with->Find("policy")->at;
    }
    step.gates.push_back(gate);
  }
  if (const Node* run = node.Find("run"); run != nullptr && run->kind == Node::Kind::kScalar) {
    const ShellReading reading = LookAtShell(places_.Of(*run));
    step.gates.insert(step.gates.end(), reading.gates.begin(), reading.gates.end());
    step.deploys_itself = !reading.gates.empty() && reading.deploys;
    step.can_deploy = true;
    absl::StrAppend(&step.doing, run->scalar);
  }
  return step;
}

Job Examiner::ReadJob(const std::string& id, Position at, const Node& node) const {
  Job job;
  job.id = id;
  job.at = at;
  job.node = &node;
  if (node.kind != Node::Kind::kMap) return job;
  if (const Node* steps = node.Find("steps")) {
    for (const Node& step : steps->list) {
      job.steps.push_back(ReadStep(step));
      job.step_nodes.push_back(&step);
    }
  }
  if (const Node* needs = node.Find("needs")) {
    if (needs->kind == Node::Kind::kScalar) job.needs.emplace_back(needs->scalar, needs->at);
    for (const Node& need : needs->list) job.needs.emplace_back(need.scalar, need.at);
  }
  job.gate = FirstGate(job.steps);
  return job;
}

bool Examiner::On(absl::string_view event) const {
  const Node* on = root_.Find("on");
  if (on == nullptr) return false;
  if (on->kind == Node::Kind::kMap) return on->Find(event) != nullptr;
  return on->scalar == event || std::any_of(on->list.begin(), on->list.end(),
                                            [&](const Node& name) { return name.scalar == event; });
}

void Examiner::ExamineAction(const Node& step) {
  const Node* uses = step.Find("uses");
  if (uses == nullptr || !IsGateAction(uses->scalar)) return;
  const std::string ref = Reference(uses->scalar).second;
  if (absl::StartsWith(uses->scalar, "./") || IsCommit(ref)) return;
  findings_.Bypass(uses->at, "unpinned_action",
                   absl::StrCat("'", ref,
                                "' is a tag or a branch: whoever can move it changes the "
                                "gate"),
                   "write the full commit, 40 hexadecimal digits, that you have read");
}

// A policy that comes with the pull request is the author's own judge.
void Examiner::ExaminePolicy(const Job& job, size_t step, const GateCall& gate) {
  const std::string& policy = gate.policy;
  const bool own_branch = On("pull_request");
  const std::string condition =
      absl::StrCat(TextOf(*job.node, "if"), TextOf(*job.step_nodes[step], "if"));
  if (absl::StrContains(condition, "event_name") || absl::StrContains(condition, "github.ref"))
    return;  // who wrote that has thought of it
  if (policy.empty() || !(own_branch || On("pull_request_target") || On("workflow_run"))) return;
  if (absl::StartsWith(policy, "/") || absl::StrContains(policy, "${{")) return;
  size_t best = 0;
  bool from_pull_request = false;
  for (size_t i = 0; i < step; ++i) {
    const Node* node = job.step_nodes[i];
    if (!absl::StartsWith(TextOf(*node, "uses"), "actions/checkout@")) continue;
    const Node* with = node->Find("with");
    const std::string repository = with == nullptr ? "" : TextOf(*with, "repository");
    const std::string ref = with == nullptr ? "" : TextOf(*with, "ref");
    std::string path = with == nullptr ? "" : TextOf(*with, "path");
    if (!path.empty()) path = absl::StrCat(absl::StripSuffix(path, "/"), "/");
    if (!absl::StartsWith(policy, path) || path.size() < best) continue;
    best = path.size();
    const bool head = absl::StrContains(ref, "head") || absl::StrContains(repository, "head");
    const bool foreign = !repository.empty() && !absl::StrContains(repository, "${{");
    from_pull_request =
        !foreign && (head || (own_branch && (ref.empty() || absl::StrContains(ref, "github.sha") ||
                                             absl::StrContains(ref, "github.ref"))));
  }
  if (!from_pull_request) return;
  findings_.Bypass(
      gate.policy_at, "policy_from_pull_request",
      "this policy comes from the pull request's own branch: its author picks the judge",
      "check out the policy from a protected branch or another repository, into a "
      "path of its own");
}

void Examiner::ExamineGates(const Job& job, bool deploy_elsewhere) {
  for (size_t i = job.gate; i < job.steps.size(); ++i) {
    const Step& step = job.steps[i];
    if (step.gates.empty()) continue;
    const Node& node = *job.step_nodes[i];
    const std::vector<size_t> deploys = DeploysFrom(job.steps, i + 1);
    const bool follows = deploy_elsewhere || !deploys.empty();
    const Node* soft = node.Find("continue-on-error");
    const bool asked =
        !deploy_elsewhere && !deploys.empty() &&
        std::all_of(deploys.begin(), deploys.end(), [&](size_t deploy) {
          // `conclusion` is success once an error may be.
          const std::string condition = TextOf(*job.step_nodes[deploy], "if");
          return AsksForSuccess(condition) && !absl::StrContains(condition, ".conclusion");
        });
    if (soft != nullptr && MayBeTrue(*soft) && !asked) {
      findings_.Bypass(soft->at, "continue_on_error",
                       "with 'continue-on-error' a denial is shown, and the job goes on",
                       "take it away; for a trial the gate has dry-run");
    }
    ExamineAction(node);
    if (const Node* run = node.Find("run"); run != nullptr && run->kind == Node::Kind::kScalar) {
      bool known = false;
      const ShellFlags flags = ShellOf(root_, *job.node, node, known);
      if (known) ReadShell(places_.Of(*run), flags, follows, findings_);
    }
    for (const GateCall& gate : step.gates) {
      if (gate.dry_run && (follows || step.deploys_itself)) RemarkDryRun(gate.at, findings_);
      ExaminePolicy(job, i, gate);
    }
    const Node* condition = node.Find("if");
    if (condition == nullptr || RunsAfterFailure(condition->scalar)) continue;
    for (const size_t deploy : deploys) {
      if (TextOf(*job.step_nodes[deploy], "if") == condition->scalar) continue;
      findings_.Bypass(
          condition->at, "gate_skipped",
          absl::StrCat("where this is false the gate is skipped, and the step on line ",
                       job.steps[deploy].at.line, " runs all the same"),
          "put the same 'if' on both, or on the job");
      break;
    }
  }
}

void Examiner::ExamineConditions(const Job& job) {
  for (const size_t i : DeploysFrom(job.steps, job.gate + 1)) {
    if (!job.steps[i].gates.empty()) continue;
    const Node* condition = job.step_nodes[i]->Find("if");
    if (condition == nullptr || !RunsAfterFailure(condition->scalar) ||
        AsksForSuccess(condition->scalar))
      continue;
    findings_.Bypass(condition->at, "runs_after_denial",
                     "with this condition the step runs after a denial, too",
                     "take it away: without one a step runs only after success");
  }
}

// Jobs that count on the gate of another.
void Examiner::ExamineJobs() {
  std::map<std::string, const Job*>
      gated;  // by the jobs that ask no gate themselves: whose they count on
  for (const Job& job : jobs_) {
    if (job.Gated()) gated[job.id] = &job;
  }
  std::set<const Job*> told;
  for (size_t round = 0; round < jobs_.size(); ++round) {
    for (const Job& job : jobs_) {
      if (job.Gated() || gated.count(job.id) > 0) continue;
      for (const auto& [need, at] : job.needs) {
        const auto found = gated.find(need);
        if (found == gated.end()) continue;
        const Job& gate = *found->second;
        gated[job.id] = &gate;
        const bool gate_deploys =
            !DeploysFrom(gate.steps, gate.gate + 1).empty() || gate.steps[gate.gate].deploys_itself;
        const std::string name = absl::StrCat(job.id, " ", TextOf(*job.node, "name"));
        const bool plainly = ReadsLikeDeploy(name) ||
                             std::any_of(job.steps.begin(), job.steps.end(), PlainlyDeploys);
        if (ReadsLikeTelling(name) || (gate_deploys && !plainly)) break;
        const Node* condition = job.node->Find("if");
        if (condition != nullptr && RunsAfterFailure(condition->scalar) &&
            !AsksForSuccess(condition->scalar)) {
          findings_.Bypass(condition->at, "runs_after_denial",
                           "with this condition the job runs after a denial, too",
                           "take it away: without one a job runs only after success");
        }
        findings_.Bypass(at, "gate_apart",
                         absl::StrCat("the gate is in the job '", gate.id,
                                      "': when failed jobs are run again, its old success counts"),
                         "put gate and deploy into one job, the gate right before the deploy");
        break;
      }
    }
  }
}

size_t Examiner::Go() {
  if (const Node* jobs = root_.Find("jobs"); jobs != nullptr && jobs->kind == Node::Kind::kMap) {
    for (const auto& [key, value] : jobs->map) jobs_.push_back(ReadJob(key.scalar, key.at, value));
  } else if (const Node* runs = root_.Find("runs")) {
    jobs_.push_back(ReadJob("", runs->at, *runs));
  }
  size_t gates = 0;
  for (const Job& job : jobs_) {
    if (!job.Gated()) continue;
    for (const Step& step : job.steps) gates += step.gates.size();
    const bool needed = std::any_of(jobs_.begin(), jobs_.end(), [&](const Job& other) {
      return std::any_of(other.needs.begin(), other.needs.end(),
                         [&](const auto& need) { return need.first == job.id; });
    });
    // Whoever calls a composite action deploys after it.
    ExamineGates(job, needed || root_.Find("runs") != nullptr);
    ExamineConditions(job);
    const Node* soft = job.node->Find("continue-on-error");
    if (soft != nullptr && MayBeTrue(*soft)) {
      findings_.Bypass(soft->at, "continue_on_error",
                       "with 'continue-on-error' the run stays green after a denial, and jobs that "
                       "need this one go on",
                       "take it away; for a trial the gate has dry-run");
    }
  }
  ExamineJobs();
  const bool calls = std::any_of(jobs_.begin(), jobs_.end(), [](const Job& job) {
    return job.node->kind == Node::Kind::kMap && job.node->Find("uses") != nullptr;
  });
  if (gates > 0 || calls) return gates;  // a workflow that is called may ask one
  for (const Job& job : jobs_) {
    for (const Step& step : job.steps) {
      if (!PlainlyDeploys(step)) continue;
      RemarkNoGate(step.at, findings_);
      return 0;
    }
  }
  return 0;
}

}  // namespace

size_t ExamineGitHub(const Node& root, const TextPlaces& places, Findings& findings) {
  return Examiner(root, places, findings).Go();
}

}  // namespace slogate
