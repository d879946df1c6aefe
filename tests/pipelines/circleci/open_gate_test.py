"""Orbs and pipelines with a hole: were ours so, the tests of the examples would see the deploy run, or nothing stored."""
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import results  # noqa: E402
import world  # noqa: E402

ASKS = '"$slogate" "${arguments[@]}"'
HALTS = """
version: 2.1
orbs: {slogate: acme/slogate@0.1.0}
jobs:
  gate:
    docker: [{image: i}]
    steps: [checkout, slogate/check: {policy: release-policy.yaml, slos: checkout.yaml, environment: production,
            slogate-url: %s, slogate-sha256: "%s"}]
  deploy: {docker: [{image: i}], steps: [checkout, run: ./deploy.sh]}
workflows: {release: {jobs: [gate: {context: deploy-production}, deploy: {requires: [gate]}]}}
""" % (world.ARCHIVE, world.DIGEST)


@unittest.skipUnless(os.environ.get("SLOGATE_CIRCLECI_CLI"), "circleci-cli is not there; ./dev test installs it")
class OpenGateTest(unittest.TestCase):
    def deny(self, text, **holes):
        """Runs a configuration with a budget that is spent and an orb in which something was replaced."""
        with world.World("deny") as a_world:
            for old, new in holes.values():
                a_world.orbs["acme/slogate@0.1.0"] = world.put_in(a_world.orbs["acme/slogate@0.1.0"], old, new)
            return a_world.run(a_world.with_archive(text)), a_world.deploys()

    def test_closed(self):
        outcomes, deploys = self.deny(HALTS)
        self.assertEqual({name: outcome.status for name, outcome in outcomes.items()},
                         {"gate": "failed", "deploy": "not_run"})
        self.assertEqual(deploys, [])

    def test_a_swallowed_exit_code(self):
        for swallow in (" || true", " | cat; exit 0"):
            with self.subTest(swallow):
                config = (world.EXAMPLES / "config.yml").read_text()
                outcomes, deploys = self.deny(config, swallow=(ASKS, "set +e; " + ASKS + swallow))
                self.assertEqual((outcomes["release"].status, deploys), ("success", ["1.0.17"]))

    def test_a_halted_job(self):
        outcomes, deploys = self.deny(HALTS, halt=(ASKS, ASKS + " || circleci-agent step halt"))
        self.assertEqual((outcomes["gate"].status, outcomes["gate"].halted, deploys), ("success", True, [""]))

    def test_nothing_stored(self):
        config = (world.EXAMPLES / "config.yml").read_text()
        tests, artifacts = "- store_test_results:", "- store_artifacts:"
        outcomes, _ = self.deny(config, moved=("path: << parameters.results >>", "path: elsewhere"))
        self.assertEqual((outcomes["release"].tests, outcomes["release"].artifacts), ({}, {}))
        outcomes, _ = self.deny(config, swapped=(tests, artifacts))
        self.assertEqual(outcomes["release"].tests, {})


if __name__ == "__main__":
    results.run(__name__)
