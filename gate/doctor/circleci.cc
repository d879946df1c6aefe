#include "gate/doctor/circleci.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>

#include "gate/doctor/steps.h"

namespace slogate {
namespace {

constexpr int kDepth = 16;  // of commands that call commands

bool IsFullVersion(absl::string_view version) {
  const std::vector<absl::string_view> parts = absl::StrSplit(version, '.');
  return parts.size() == 3 && std::all_of(parts.begin(), parts.end(), [](absl::string_view part) {
           return !part.empty() && std::all_of(part.begin(), part.end(), [](char c) {
             return absl::ascii_isdigit(static_cast<unsigned char>(c));
           });
         });
}

// A step of a job, with what is needed to look at it again once it is known what follows.
struct CircleStep {
  Step step;
  const Node* run = nullptr;   // its program
  const Node* when = nullptr;  // the value of `when`
  ShellFlags flags;
};

struct Requirement {
  std::string job;
  Position at;
  bool only_success = true;
};

struct Job {
  std::string name;  // in its workflow
  Position at;
  std::vector<CircleStep> steps;
  size_t gate = 0;
  bool approval = false, is_orb = false;
  std::vector<Requirement> needs;

  bool Gated() const { return gate < steps.size(); }
  std::vector<Step> Plain() const {
    std::vector<Step> plain;
    for (const CircleStep& step : steps) plain.push_back(step.step);
    return plain;
  }
};

class Examiner {
 public:
  Examiner(const Node& root, const TextPlaces& places, Findings& findings)
      : root_(root), places_(places), findings_(findings) {}

  size_t Go();

 private:
  void ReadOrbs();
  void ReadSteps(const Node& list, absl::string_view shell, int depth,
                 std::vector<CircleStep>& steps) const;
  void ReadStep(const Node& node, absl::string_view shell, int depth,
                std::vector<CircleStep>& steps) const;
  CircleStep ReadRun(const Node& run, absl::string_view shell) const;
  Job ReadJob(const std::string& name, const Node& node) const;
  // A job of a workflow: `entry` is its name, or its name and what it is given.
  Job ReadEntry(const Node& entry) const;
  void ReadWorkflow(const Node& workflow);
  void ExamineJob(const Job& job, bool needed);
  void ExamineWorkflow(const std::vector<Job>& jobs);

  const Node& root_;
  const TextPlaces& places_;
  Findings& findings_;
  std::set<std::string> aliases_ = {"slogate"};  // of the gate's orb; files of one orb share them
  std::set<Position, bool (*)(const Position&, const Position&)> examined_{
      [](const Position& a, const Position& b) {
        return a.line != b.line ? a.line < b.line : a.column < b.column;
      }};
  size_t gates_ = 0;
  bool calls_ = false;  // what stands in other files
};

void Examiner::ReadOrbs() {
  const Node* orbs = root_.Find("orbs");
  if (orbs == nullptr) return;
  for (const auto& [alias, orb] : orbs->map) {
    const std::pair<std::string, std::string> parts =
        absl::StrSplit(orb.scalar, absl::MaxSplits('@', 1));
    if (!absl::EndsWith(parts.first, "/slogate")) continue;
    aliases_.insert(alias.scalar);
    if (IsFullVersion(parts.second) || absl::StrContains(parts.second, "<<")) continue;
    findings_.Bypass(orb.at, "unpinned_orb",
                     absl::StrCat("'", parts.second,
                                  "' is a version that changes: whoever publishes "
                                  "the next one changes the gate"),
                     "write a version in full, such as @0.1.0: it never changes");
  }
}

CircleStep Examiner::ReadRun(const Node& run, absl::string_view shell) const {
  CircleStep step;
  step.run = run.kind == Node::Kind::kMap ? run.Find("command") : &run;
  step.step.at = run.at;
  step.step.can_deploy = true;
  std::string own = TextOf(run, "shell");
  if (own.empty()) own = std::string(shell);
  if (run.kind == Node::Kind::kMap) step.when = run.Find("when");
  step.step.name = TextOf(run, "name");
  if (step.run == nullptr || step.run->kind != Node::Kind::kScalar) {
    step.run = nullptr;
    return step;
  }
  const absl::string_view program = step.run->scalar;
  if (absl::StartsWith(program, "#!")) own = std::string(program.substr(0, program.find('\n')));
  step.flags = own.empty() ? ShellFlags{true, true} : FlagsOf(own);
  const ShellReading reading = LookAtShell(places_.Of(*step.run));
  step.step.gates = reading.gates;
  step.step.deploys_itself = !reading.gates.empty() && reading.deploys;
  step.step.doing = step.run->scalar;
  return step;
}

void Examiner::ReadStep(const Node& node, absl::string_view shell, int depth,
                        std::vector<CircleStep>& steps) const {
  const bool bare = node.kind == Node::Kind::kScalar;
  if (!bare && node.map.empty()) return;
  const std::string name = bare ? node.scalar : node.map[0].key.scalar;
  const Node empty;
  const Node& given = bare ? empty : node.map[0].value;
  if (name == "run") {
    steps.push_back(ReadRun(given, shell));
    return;
  }
  if (name == "when" || name == "unless" || name == "steps") {
    const Node* inner = name == "steps" ? &given : given.Find("steps");
    if (inner != nullptr) ReadSteps(*inner, shell, depth + 1, steps);
    return;
  }
  const Node* commands = root_.Find("commands");
  if (const Node* command = commands == nullptr ? nullptr : commands->Find(name)) {
    if (const Node* inner = command->Find("steps")) ReadSteps(*inner, shell, depth + 1, steps);
    return;
  }
  CircleStep step;
  step.step.at = node.at;
  step.step.name = name;
  const std::pair<std::string, std::string> parts = absl::StrSplit(name, absl::MaxSplits('/', 1));
  if (parts.second == "check" && aliases_.count(parts.first) > 0) {
    GateCall gate;
    gate.at = node.at;
    const Node* dry_run = given.Find("dry-run");
    gate.dry_run =
        dry_run != nullptr && MayBeTrue(*dry_run) && !absl::StrContains(dry_run->scalar, "<<");
    step.step.gates.push_back(gate);
  }
  step.step.can_deploy = step.step.gates.empty() && !parts.second.empty();
  steps.push_back(std::move(step));
}

void Examiner::ReadSteps(const Node& list, absl::string_view shell, int depth,
                         std::vector<CircleStep>& steps) const {
  if (depth > kDepth) return;
  for (const Node& node : list.list) ReadStep(node, shell, depth, steps);
}

Job Examiner::ReadJob(const std::string& name, const Node& node) const {
  Job job;
  job.name = name;
  job.at = node.at;
  std::string shell = TextOf(node, "shell");
  const Node* executors = root_.Find("executors");
  if (const Node* executor = node.Find("executor");
      shell.empty() && executors != nullptr && executor != nullptr) {
    const std::string wanted =
        executor->kind == Node::Kind::kMap ? TextOf(*executor, "name") : executor->scalar;
    if (const Node* found = executors->Find(wanted)) shell = TextOf(*found, "shell");
  }
  if (const Node* steps = node.Find("steps")) ReadSteps(*steps, shell, 0, job.steps);
  job.gate = FirstGate(job.Plain());
  return job;
}

Job Examiner::ReadEntry(const Node& entry) const {
  const bool bare = entry.kind == Node::Kind::kScalar;
  if (!bare && entry.map.empty()) return {};
  const std::string name = bare ? entry.scalar : entry.map[0].key.scalar;
  const Node empty;
  const Node& given = bare ? empty : entry.map[0].value;
  const Node* jobs = root_.Find("jobs");
  const Node* node = jobs == nullptr ? nullptr : jobs->Find(name);
  Job job = node == nullptr ? Job() : ReadJob(name, *node);
  const std::pair<std::string, std::string> parts = absl::StrSplit(name, absl::MaxSplits('/', 1));
  job.is_orb = node == nullptr && !parts.second.empty();
  if (job.is_orb && parts.second == "gate" && aliases_.count(parts.first) > 0) {
    CircleStep gate;
    GateCall call;
    call.at = entry.at;
    const Node* dry_run = given.Find("dry-run");
    call.dry_run = dry_run != nullptr && MayBeTrue(*dry_run);
    gate.step.gates.push_back(call);
    job.steps.push_back(gate);
    job.gate = 0;
    if (const Node* deploy = given.Find("deploy")) ReadSteps(*deploy, "", 0, job.steps);
  }
  job.name = TextOf(given, "name").empty() ? name : TextOf(given, "name");
  job.at = entry.at;
  job.approval = TextOf(given, "type") == "approval" ||
                 (node != nullptr && TextOf(*node, "type") == "approval");
  if (const Node* requires_these = given.Find("requires")) {
    for (const Node& need : requires_these->list) {
      if (need.kind == Node::Kind::kScalar) job.needs.push_back({need.scalar, need.at, true});
      for (const auto& [required, states] : need.map) {
        const bool success = states.kind == Node::Kind::kScalar && states.scalar == "success";
        const bool listed = states.list.size() == 1 && states.list[0].scalar == "success";
        job.needs.push_back({required.scalar, required.at, success || listed});
      }
    }
  }
  return job;
}

void Examiner::ExamineJob(const Job& job, bool needed) {
  const std::vector<Step> plain = job.Plain();
  for (size_t i = job.gate; i < job.steps.size(); ++i) {
    const CircleStep& step = job.steps[i];
    if (step.step.gates.empty() || !examined_.insert(step.step.gates[0].at).second) continue;
    gates_ += step.step.gates.size();
    const bool deploys = step.step.deploys_itself || !DeploysFrom(plain, i + 1).empty();
    if (step.run != nullptr) {
      Findings inner{findings_.file, {}};
      ReadShell(places_.Of(*step.run), step.flags, needed || deploys, inner);
      for (Diagnostic& said : inner.list) {
        // A halt keeps the rest of its own job from running, and that is all it keeps.
        if (said.id != "step_halt" || needed || !deploys) findings_.list.push_back(std::move(said));
      }
    }
    for (const GateCall& gate : step.step.gates) {
      if (gate.dry_run && (needed || deploys)) RemarkDryRun(gate.at, findings_);
    }
  }
  for (const size_t i : DeploysFrom(plain, job.gate + 1)) {
    const Node* when = job.steps[i].when;
    if (when == nullptr || (when->scalar != "always" && when->scalar != "on_fail")) continue;
    if (!examined_.insert(when->at).second) continue;
    findings_.Bypass(
        when->at, "runs_after_denial",
        absl::StrCat("with 'when: ", when->scalar, "' the step runs after a denial, too"),
        "take it away: without it a step runs only after success");
  }
}

void Examiner::ExamineWorkflow(const std::vector<Job>& jobs) {
  std::map<std::string, const Job*> gated;
  for (const Job& job : jobs) {
    if (!job.Gated()) continue;
    gated[job.name] = &job;
    ExamineJob(job, std::any_of(jobs.begin(), jobs.end(), [&](const Job& other) {
                 return std::any_of(other.needs.begin(), other.needs.end(),
                                    [&](const Requirement& need) { return need.job == job.name; });
               }));
  }
  for (size_t round = 0; round < jobs.size(); ++round) {
    for (const Job& job : jobs) {
      if (gated.count(job.name) > 0) continue;
      for (const Requirement& need : job.needs) {
        const auto found = gated.find(need.job);
        if (found == gated.end()) continue;
        const Job& gate = *found->second;
        gated[job.name] = &gate;
        if (job.approval || ReadsLikeTelling(job.name)) break;
        const std::vector<Step> plain = job.Plain();
        const std::vector<Step> of_gate = gate.Plain();
        const bool plainly =
            ReadsLikeDeploy(job.name) || std::any_of(plain.begin(), plain.end(), PlainlyDeploys);
        const bool gate_deploys =
            of_gate[gate.gate].deploys_itself || !DeploysFrom(of_gate, gate.gate + 1).empty();
        if (gate_deploys && !plainly) break;
        if (!need.only_success) {
          findings_.Bypass(need.at, "runs_after_denial",
                           "this job also runs when the gate's job has not succeeded",
                           "require it by its name alone, which means success");
        }
        findings_.Bypass(need.at, "gate_apart",
                         absl::StrCat("the gate is in the job '", gate.name,
                                      "': when a workflow is rerun from failed, its old success "
                                      "counts"),
                         "put gate and deploy into one job, the gate right before the deploy");
        break;
      }
    }
  }
}

void Examiner::ReadWorkflow(const Node& workflow) {
  const Node* entries = workflow.Find("jobs");
  if (entries == nullptr) return;
  std::vector<Job> jobs;
  for (const Node& entry : entries->list) {
    jobs.push_back(ReadEntry(entry));
    if (!jobs.back().Gated()) jobs.back().gate = jobs.back().steps.size();
    calls_ = calls_ || jobs.back().is_orb;
  }
  ExamineWorkflow(jobs);
}

size_t Examiner::Go() {
  ReadOrbs();
  if (const Node* workflows = root_.Find("workflows")) {
    for (const auto& [name, workflow] : workflows->map) ReadWorkflow(workflow);
  }
  // Jobs that no workflow runs: those of an orb, whose users deploy after them.
  std::vector<Job> jobs;
  if (const Node* all = root_.Find("jobs")) {
    for (const auto& [name, job] : all->map) jobs.push_back(ReadJob(name.scalar, job));
  }
  if (const Node* all = root_.Find("commands")) {
    for (const auto& [name, command] : all->map) jobs.push_back(ReadJob(name.scalar, command));
  }
  if (root_.Find("steps") != nullptr) jobs.push_back(ReadJob("", root_));
  for (const Job& job : jobs) {
    if (job.Gated()) ExamineJob(job, true);
  }
  if (gates_ > 0 || calls_) return gates_;
  for (const Job& job : jobs) {
    for (const CircleStep& step : job.steps) {
      calls_ = calls_ || (step.run == nullptr && step.step.can_deploy);
    }
  }
  for (const Job& job : jobs) {
    for (const CircleStep& step : job.steps) {
      if (calls_ || !PlainlyDeploys(step.step)) continue;
      RemarkNoGate(step.step.at, findings_);
      return 0;
    }
  }
  return 0;
}

}  // namespace

size_t ExamineCircleCi(const Node& root, const TextPlaces& places, Findings& findings) {
  return Examiner(root, places, findings).Go();
}

}  // namespace slogate
