"""Every example runs in every story: which jobs end how, whether the deploy ran, and what CircleCI has to show."""
import concurrent.futures
import hashlib
import json
import os
import sys
import unittest
import xml.etree.ElementTree

import yaml

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import ledger  # noqa: E402
import results  # noqa: E402
import world  # noqa: E402

# By story: slogate's exit code and the verdict in its document, which an invalid policy does not come to.
STORIES = {
    "dead": (3, "hold"),
    "allow": (0, "allow"),
    "warn": (0, "warn"),
    "deny": (1, "deny"),
    "hold": (3, "hold"),
    "invalid policy": (2, None),
}
STEP = "Ask the error budget"


def example(name):
    return (world.EXAMPLES / name).read_text()


def usage(name):
    """An example of the orb itself, as text."""
    return yaml.safe_dump(yaml.safe_load(world.orbs()["acme/slogate@0.1.0"])["examples"][name]["usage"])


@unittest.skipUnless(os.environ.get("SLOGATE_CIRCLECI_CLI"), "circleci-cli is not there; ./dev test installs it")
class ExamplesTest(unittest.TestCase):
    maxDiff = None

    def stories(self, check):
        """Calls it with a world for each story, several at a time: one whose server is dead waits most of its time."""

        def tell(story):
            with world.World(story) as a_world:
                check(a_world, *STORIES[story])

        with concurrent.futures.ThreadPoolExecutor(3) as pool:
            told = {story: pool.submit(tell, story) for story in STORIES}
        for story, check_of in told.items():
            with self.subTest(story):
                check_of.result()

    def expect(self, outcome, code, verdict, dry_run=False):
        """What one job with a gate came to."""
        real = code if code == 2 else 0 if dry_run else code
        self.assertEqual(outcome.codes.get(STEP), real, outcome.log)
        self.assertEqual(outcome.status, "success" if real == 0 else "failed")
        self.assertFalse(outcome.halted)
        self.assertNotIn(world.TOKEN, outcome.log)
        if verdict is None:
            self.assertEqual((outcome.tests, outcome.artifacts), ({}, {}))
            self.assertRegex(outcome.log, r"release-policy\.yaml:\d+:\d+: error: 'perhaps' is not a rule's verdict")
            return
        self.assertEqual(sorted(outcome.artifacts), ["decision.json", "junit.xml", "summary.md"])
        decision = json.loads(outcome.artifacts["decision.json"])
        self.assertEqual((decision["verdict"], decision["exit_code"], decision["dry_run"]), (verdict, code, dry_run))
        self.assertEqual((decision["subject"]["run_url"], decision["subject"]["actor"]),
                         ("https://circleci.example/acme/checkout/17", "alice"))
        self.assertIn(verdict.upper(), outcome.log)
        self.assertIn(verdict.upper(), outcome.artifacts["summary.md"].decode())
        suite = xml.etree.ElementTree.fromstring(outcome.tests["junit.xml"])
        self.assertEqual(bool(list(suite.iter("failure"))), real != 0)

    def release(self, text, deploys, job="release", dry_run=False, parameters=None):
        """A configuration with one job, in every story."""

        def check(a_world, code, verdict):
            outcomes = a_world.run(a_world.with_archive(text), parameters)
            self.assertEqual(list(outcomes), [job])
            self.expect(outcomes[job], code, verdict, dry_run)
            self.assertEqual(a_world.deploys(), deploys if outcomes[job].status == "success" else [])

        self.stories(check)

    def test_config(self):
        self.release(example("config.yml"), ["1.0.17"])

    def test_dry_run(self):
        self.release(example("dry-run.yml"), ["1.0.17"], dry_run=True)

    def test_orb_example_of_the_command(self):
        self.release(usage("gate_and_deploy"), [""])

    def test_orb_example_of_the_job(self):
        self.release(usage("job"), [""])

    def test_an_earlier_step_hands_on_the_artifact(self):
        with world.World("allow") as a_world:
            outcome = a_world.run(a_world.with_archive(usage("job")))["release"]
            digest = hashlib.sha256((a_world.repository / "checkout.tar.gz").read_bytes()).hexdigest()
            decision = json.loads(outcome.artifacts["decision.json"])
            self.assertEqual(decision["subject"]["artifact"], f"sha256:{digest}")

    def test_rollback_as_a_release(self):
        self.release(example("rollback.yml"), ["1.2.3"], parameters={"version": "1.2.3"})

    def test_rollback(self):
        def check(a_world, code, _):
            parameters = {"change": "rollback", "version": "1.2.3"}
            outcomes = a_world.run(a_world.with_archive(example("rollback.yml")), parameters)
            self.assertEqual(outcomes["release"].codes.get(STEP), 2 if code == 2 else 0, outcomes["release"].log)
            self.assertEqual(a_world.deploys(), [] if code == 2 else ["1.2.3"])
            if code != 2:
                subject = json.loads(outcomes["release"].artifacts["decision.json"])["subject"]
                self.assertEqual(subject["change"]["effective"], "rollback")

        self.stories(check)

    def test_observe(self):
        def check(a_world, code, verdict):
            outcomes = a_world.run(a_world.with_archive(example("observe.yml")))
            self.assertEqual(list(outcomes), ["staging", "production"])
            if code == 2:
                self.expect(outcomes["staging"], code, verdict)
                self.assertEqual(outcomes["production"].status, "not_run")
                self.assertEqual(a_world.deploys(), [])
                return
            self.assertEqual(outcomes["staging"].status, "success", outcomes["staging"].log)
            decision = json.loads(outcomes["staging"].artifacts["decision.json"])
            self.assertEqual((decision["verdict"], decision["outcome"]), (verdict, "proceed"))
            self.expect(outcomes["production"], code, verdict)
            self.assertEqual(a_world.deploys(), ["1.0.17 staging"] + ["1.0.17 production"] * (code == 0))

        self.stories(check)

    def test_central(self):
        def check(a_world, code, verdict):
            # A team's own file of that name changes nothing: the policy is the orb's.
            (a_world.repository / "platform").mkdir()
            (a_world.repository / "platform" / "release-policy.yaml").write_text("nonsense")
            outcomes = a_world.run(example("central/config.yml"))
            self.expect(outcomes["release/deploy"], code, verdict)
            self.assertEqual(a_world.deploys(), ["1.0.17"] * (code == 0))
            self.assertEqual(a_world.ledger.results(), ["deployed"] * (code == 0))
            self.assertEqual(len(a_world.ledger.records("decision")), 1 if code != 2 else 0)

        self.stories(check)

    def test_no_example_is_forgotten(self):
        files = {str(file.relative_to(world.EXAMPLES)) for file in world.EXAMPLES.glob("**/config.yml")}
        files |= {str(file.relative_to(world.EXAMPLES)) for file in world.EXAMPLES.glob("**/override.yml")
                  if "jobs" not in file.parts}
        files |= {file.name for file in world.EXAMPLES.glob("*.yml")}
        self.assertEqual(files, {"config.yml", "dry-run.yml", "observe.yml", "rollback.yml", "central/config.yml",
                                 "central/override.yml"})
        orb = yaml.safe_load(world.orbs()["acme/slogate@0.1.0"])
        self.assertEqual(set(orb["examples"]), {"gate_and_deploy", "job"})

    def test_other_branches_do_not_release(self):
        with world.World("allow") as a_world:
            for name in ("config.yml", "dry-run.yml", "observe.yml", "rollback.yml"):
                self.assertEqual(a_world.run(a_world.with_archive(example(name)), branch="topic"), {}, name)
            for name in ("central/config.yml", "central/override.yml"):
                for reason in ("", ledger.REASON) if "override" in name else ("",):
                    parameters = {"reason": reason} if reason else {}
                    self.assertEqual(a_world.run(example(name), parameters, branch="topic"), {}, name)


if __name__ == "__main__":
    results.run(__name__)
