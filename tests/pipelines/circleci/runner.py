"""Runs the jobs of an expanded configuration as CircleCI's agent runs them, without a container.

Each `run` is a file for `/bin/bash -eo pipefail`; BASH_ENV is a fresh file for each job; after a failed step only those
with `when: always` or `on_fail` run, and what stores results. `circleci-agent step halt` ends a job green, at once.
"""
import os
import pathlib
import shutil
import subprocess
from dataclasses import dataclass, field

# The agent's one command that matters here: it says what was asked, and ends nothing by itself.
AGENT = """#!/bin/bash
if [[ "$*" == 'step halt' ]]; then : >"$AGENT_HALTED"; else echo "no such command: $*" >&2; exit 64; fi
"""


WORKFLOW = "5034460f-c7c4-4c43-9457-de07e2029e7b"


@dataclass
class Outcome:
    status: str = "success"  # success, failed, not_run, or on_hold until somebody approves
    log: str = ""
    codes: dict = field(default_factory=dict)  # of each step that ran, by name
    halted: bool = False
    tests: dict = field(default_factory=dict)  # what store_test_results stored, by path
    artifacts: dict = field(default_factory=dict)


class Runner:
    """`repository` is what `checkout` brings, `path` what stands before the system's own PATH, `contexts` holds
    variables by the contexts' names, `user` started the pipeline, and the jobs of `approved` somebody has approved."""

    def __init__(self, folder, repository, path="", contexts=None, user="alice", approved=()):
        self.folder, self.repository, self.path = pathlib.Path(folder), repository, path
        self.contexts, self.user, self.approved = contexts or {}, user, approved

    def run(self, jobs):
        """The outcomes by the jobs' names. A job whose requirements did not all succeed does not run."""
        outcomes = {}
        for job in jobs:
            if job.approval:
                outcomes[job.name] = Outcome("success" if job.name in self.approved else "on_hold")
            elif all(outcomes[name].status == "success" for name in job.requires):
                outcomes[job.name] = self.run_job(job)
            else:
                outcomes[job.name] = Outcome("not_run")
        return outcomes

    def run_job(self, job):
        home = self.folder / f"job-{len(list(self.folder.glob('job-*')))}"
        project, stubs, halted = home / "project", home / "stubs", home / "halted"
        for folder in (project, stubs):
            folder.mkdir(parents=True)
        (home / "bash.env").touch()
        agent = stubs / "circleci-agent"
        agent.write_text(AGENT)
        agent.chmod(0o755)
        environment = {
            "PATH": os.pathsep.join(filter(None, [str(stubs), self.path, "/usr/bin", "/bin"])),
            "HOME": str(home), "TMPDIR": str(home), "BASH_ENV": str(home / "bash.env"), "AGENT_HALTED": str(halted),
            "CI": "true", "CIRCLECI": "true", "CIRCLE_JOB": job.name, "CIRCLE_SHA1": "0f3c9d1" * 5 + "0f3c9",
            "CIRCLE_BRANCH": "main", "CIRCLE_PROJECT_USERNAME": "acme", "CIRCLE_PROJECT_REPONAME": "checkout",
            "CIRCLE_USERNAME": self.user, "CIRCLE_WORKFLOW_ID": WORKFLOW, "CIRCLE_BUILD_URL": "https://circleci.example/acme/checkout/17",
        }
        for context in job.contexts:
            environment.update(self.contexts[context])
        environment.update(job.environment)

        outcome = Outcome()
        for number, step in enumerate(job.steps):
            failed = outcome.status == "failed"
            if outcome.halted:
                break
            if step.kind == "store_test_results":
                outcome.tests.update(stored(project, step.path))
            elif step.kind == "store_artifacts":
                outcome.artifacts.update(stored(project, step.path))
            elif step.kind == "checkout" and not failed:
                shutil.copytree(self.repository, project, dirs_exist_ok=True)
            elif step.kind == "run" and step.when in ("always", "on_fail" if failed else "on_success"):
                script = home / f"step-{number}.sh"
                script.write_text(step.command)
                done = subprocess.run(
                    ["/bin/bash", "-eo", "pipefail", script], cwd=project, env={**environment, **step.environment},
                    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120, check=False)
                outcome.log += done.stdout.decode("utf-8", "backslashreplace")
                outcome.codes[step.name] = done.returncode
                outcome.halted = halted.exists()
                if done.returncode != 0:
                    outcome.status = "failed"
        return outcome


def stored(project, path):
    """The files that a step stores, by their path below the stored one."""
    root = project / path
    return {str(file.relative_to(root)): file.read_bytes() for file in root.rglob("*") if file.is_file()}
