"""The config policy of the central example, by the engine that CircleCI evaluates them with."""
import json
import os
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import results  # noqa: E402
import world  # noqa: E402

POLICY = world.EXAMPLES / "central" / "deploys_are_gated.rego"
TEAM = (world.EXAMPLES / "central" / "config.yml").read_text()
OVERRIDE = (world.EXAMPLES / "central" / "override.yml").read_text()
OWN = """
version: 2.1
jobs: {deploy: {docker: [{image: i}], steps: [run: ./deploy.sh]}}
workflows: {w: {jobs: [deploy: {context: %s}]}}
"""


@unittest.skipUnless(os.environ.get("SLOGATE_CIRCLECI_CLI"), "circleci-cli is not there; ./dev test installs it")
class PolicyTest(unittest.TestCase):
    def decide(self, text):
        """Why the configuration is refused, at most one reason here; nothing where it is not."""
        with tempfile.TemporaryDirectory() as folder:
            with open(folder + "/config.yml", "w", encoding="utf-8") as file:
                file.write(text)
            # A token is wanted, and never used: without compiling nobody is asked.
            done = subprocess.run(
                [os.environ["SLOGATE_CIRCLECI_CLI"], "policy", "decide", str(POLICY), "--no-compile",
                 "--skip-update-check", "--input", folder + "/config.yml"],
                capture_output=True, text=True, timeout=60, check=True,
                env={"PATH": os.environ["PATH"], "HOME": folder, "CIRCLECI_CLI_TOKEN": "none",
                     "CIRCLECI_CLI_TELEMETRY_OPTOUT": "1"})
        decision = json.loads(done.stdout)
        self.assertEqual(decision["enabled_rules"], ["deploys_are_gated"])
        reasons = [failure["reason"] for failure in decision.get("hard_failures", [])]
        self.assertEqual(decision["status"], "HARD_FAIL" if reasons else "PASS")
        self.assertLessEqual(len(reasons), 1)
        return reasons[0] if reasons else ""

    def test_allowed(self):
        for text in (TEAM,
                     OVERRIDE,
                     OWN % "deploy-staging",
                     world.put_in(TEAM, "context: deploy-production", "context: [a, deploy-production]"),
                     TEAM.replace("{release: acme", "{r: acme").replace("release/deploy", "r/deploy"),
                     "version: 2.1\nworkflows: {version: 2, w: {jobs: [a, b: {requires: [a]}]}}\n"):
            self.assertEqual(self.decide(text), "", text)

    def test_refused(self):
        job = "workflows.release.jobs.0.release/deploy.context"
        for text, place, context in (
                (OWN % "deploy-production", "workflows.w.jobs.0.deploy.context", "deploy-production"),
                (OWN % "[a, deploy-production]", "workflows.w.jobs.0.deploy.context", "deploy-production"),
                (OWN % "<< pipeline.parameters.a >>", "workflows.w.jobs.0.deploy.context", "<< pipeline.parameters.a >>"),
                ((world.EXAMPLES / "config.yml").read_text(), "workflows.release.jobs.0.release.context",
                 "deploy-production"),
                (world.put_in(TEAM, "acme/release@1", "evil/release@1"), job, "deploy-production"),
                (world.put_in(TEAM, "acme/release@1", "acme/release@1.0.0"), job, "deploy-production"),
                (world.put_in(TEAM, "acme/release@1", "acme/release@dev:mine"), job, "deploy-production"),
                (world.put_in(TEAM, "acme/release@1", "{jobs: {deploy: {machine: true, steps: [run: ./d]}}}"), job,
                 "deploy-production"),
                (world.put_in(TEAM, "release/deploy", "release/other"), job.replace("deploy.", "other."),
                 "deploy-production"),
                (world.put_in(TEAM, "{service:", "{pre-steps: [run: a], service:"), job, "deploy-production"),
                (world.put_in(TEAM, "{service:", "{post-steps: [], service:"), job, "deploy-production"),
                # Only the job that asks who approved may write approvals; and it is no way around the other.
                (OWN % "deploy-override", "workflows.w.jobs.0.deploy.context", "deploy-override"),
                (world.put_in(TEAM, "context: deploy-production", "context: deploy-override"), job, "deploy-override"),
                (world.put_in(OVERRIDE, "context: deploy-override", "context: deploy-production"),
                 "workflows.override.jobs.1.release/override.context", "deploy-production"),
                (world.put_in(OVERRIDE, "requires:", "pre-steps: [run: a], requires:"),
                 "workflows.override.jobs.1.release/override.context", "deploy-override"),
                ("version: 2.1\njob-groups: {g: {jobs: [a: {context: deploy-production}]}}\n",
                 "job-groups.g.jobs.0.a.context", "deploy-production")):
            with self.subTest(text):
                job_of = {"deploy-production": "deploy", "deploy-override": "override"}.get(context, "of its context")
                self.assertEqual(self.decide(text), f"{place}: the context {context} is for the job {job_of} of "
                                                    "acme/release@1 alone, without pre-steps and post-steps")


if __name__ == "__main__":
    results.run(__name__)
