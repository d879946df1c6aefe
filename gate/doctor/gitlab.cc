#include "gate/doctor/gitlab.h"

#include <algorithm>
#include <string>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include "gate/doctor/steps.h"

namespace slogate {
namespace {

// GitLab runs the lines of before_script and script as one program, with -e and pipefail.
constexpr ShellFlags kFlags = {true, true};

struct Job {
  std::string name;
  const Node* node = nullptr;
  Script program;
  ShellReading reading;
};

void Append(const Node* lines, const TextPlaces& places, Script& program) {
  if (lines == nullptr) return;
  const auto add = [&](const Node& line) {
    if (line.kind != Node::Kind::kScalar) return;
    Script script = places.Of(line);
    absl::StrAppend(&program.text, script.text, "\n");
    program.at.insert(program.at.end(), script.at.begin(), script.at.end());
  };
  if (lines->kind == Node::Kind::kScalar) add(*lines);
  for (const Node& line : lines->list) {
    add(line);
    for (const Node& inner : line.list) add(inner);
  }
}

}  // namespace

size_t ExamineGitLab(const Node& root, const TextPlaces& places, Findings& findings) {
  std::vector<Job> jobs;
  for (const auto& [key, value] : root.map) {
    if (value.kind != Node::Kind::kMap || value.Find("script") == nullptr) continue;
    Job job;
    job.name = key.scalar;
    job.node = &value;
    Append(value.Find("before_script"), places, job.program);
    Append(value.Find("script"), places, job.program);
    job.program.at.push_back(value.at);
    job.reading = LookAtShell(job.program);
    jobs.push_back(std::move(job));
  }
  size_t gates = 0;
  const Job* gate_only = nullptr;
  for (const Job& job : jobs) {
    if (job.reading.gates.empty()) continue;
    gates += job.reading.gates.size();
    if (!job.reading.deploys) gate_only = &job;
    ReadShell(job.program, kFlags, true, findings);
    const Node* soft = job.node->Find("allow_failure");
    if (soft != nullptr && MayBeTrue(*soft)) {
      findings.Bypass(soft->at, "allow_failure",
                      "with 'allow_failure' the pipeline goes on after a denial",
                      "take it away; for a trial there is slogate check --dry-run");
    }
    for (const GateCall& call : job.reading.gates) {
      if (call.dry_run) RemarkDryRun(call.at, findings);
    }
  }
  for (const Job& job : jobs) {
    if (gate_only == nullptr || !job.reading.gates.empty()) continue;
    if (ReadsLikeTelling(job.name) || !(ReadsLikeDeploy(job.name) || job.reading.deploys)) continue;
    const Node* when = job.node->Find("when");
    if (when != nullptr && (when->scalar == "always" || when->scalar == "on_failure")) {
      findings.Bypass(
          when->at, "runs_after_denial",
          absl::StrCat("with 'when: ", when->scalar, "' the job runs after a denial, too"),
          "take it away: without it a job runs only after success");
    }
    findings.Bypass(job.node->at, "gate_apart",
                    absl::StrCat("the gate is in the job '", gate_only->name,
                                 "': when this one is run again, its old success counts"),
                    "put gate and deploy into one job, the gate right before the deploy");
  }
  return gates;
}

}  // namespace slogate
